//! Keys that may sign a webhook: auth tokens and shared keys of an account, and their lookup.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use super::error::SignatureErrorKind;
use super::signature::{Algorithm, Key};
use crate::types::{AccountSid, AuthToken, SharedKeySecret};

/// Keys of one account, prepared for verification.
///
/// Configure more than one auth token during a rotation. A secondary token does not sign before it
/// is promoted; after that, only the promoted token signs.
///
/// ```
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{Keys, PublicOrigin, Validator};
///
/// // During a rotation: the primary token, then the secondary one.
/// let keys = Keys::new(AuthToken::new("12345")?).add_auth_token(AuthToken::new("67890")?);
/// assert_eq!(format!("{keys:?}"), "Keys(2 auth tokens, 0 shared keys)"); // no secret
/// let validator = Validator::with_key_source(keys, PublicOrigin::parse("https://acme.example.com")?);
/// # let _ = validator;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/iam/api/authtoken>
#[derive(Clone)]
pub struct Keys {
    pub(crate) tokens: Vec<Key>,
    shared: Vec<SharedKey>,
}

impl Keys {
    /// Creates keys from the account's primary auth token.
    #[must_use]
    pub fn new(token: AuthToken) -> Self {
        let keys = Self {
            tokens: Vec::with_capacity(1),
            shared: Vec::new(),
        };
        keys.add_auth_token(token)
    }

    /// Adds an auth token whose signatures are also accepted, for a rotation.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "takes ownership, so that the caller keeps no copy of the secret"
    )]
    pub fn add_auth_token(mut self, token: AuthToken) -> Self {
        let key = Key::new(Algorithm::HmacSha1, token.expose().as_bytes());
        self.tokens.push(key);
        self
    }

    /// Adds a shared key whose signatures are also accepted.
    #[must_use]
    pub fn add_shared_key(mut self, key: SharedKey) -> Self {
        self.shared.push(key);
        self
    }

    /// Returns every key, so that `diagnose` can find one that matches.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Key> {
        self.tokens
            .iter()
            .chain(self.shared.iter().map(|shared| &shared.key))
    }

    /// Selects the keys that may have signed a request with these settings.
    pub(crate) fn select(
        &self,
        settings: &SignatureSettings<'_>,
    ) -> Result<Candidates<'_>, SignatureErrorKind> {
        let (algorithm, candidates) = match settings.key {
            None => (Algorithm::HmacSha1, Candidates::Tokens(&self.tokens)),
            Some(id) => {
                let shared = self.shared.iter().find(|shared| &*shared.id == id);
                let shared = shared.ok_or(SignatureErrorKind::UnknownKey)?;
                (shared.key.algorithm(), Candidates::Shared(shared))
            }
        };
        // The header is not signed. Accepting another algorithm would let a sender weaken the
        // check.
        let named = settings.algorithm.unwrap_or(Algorithm::HmacSha1.as_str());
        if named.eq_ignore_ascii_case(algorithm.as_str()) {
            Ok(candidates)
        } else {
            Err(SignatureErrorKind::UnsupportedAlgorithm)
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tokens, shared } = self;
        write!(
            f,
            "Keys({} auth tokens, {} shared keys)",
            tokens.len(),
            shared.len()
        )
    }
}

/// Keys that may have signed one request.
#[derive(Clone, Copy)]
pub(crate) enum Candidates<'a> {
    Tokens(&'a [Key]),
    Shared(&'a SharedKey),
}

impl Candidates<'_> {
    /// Finds the first key that matches, and returns its name.
    pub(crate) fn find(self, mut fits: impl FnMut(&Key) -> bool) -> Option<SignedBy> {
        match self {
            Self::Tokens(tokens) => {
                let index = tokens.iter().position(fits)?;
                Some(SignedBy::AuthToken { index })
            }
            Self::Shared(shared) => fits(&shared.key).then(|| SignedBy::SharedKey {
                id: Arc::clone(&shared.id),
            }),
        }
    }
}

/// Key that signed a request. It holds no secret and may be logged.
///
/// ```
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, SignedBy, Validator};
///
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// let primary = Validator::new(AuthToken::new("12345")?, origin.clone());
/// let secondary = Validator::new(AuthToken::new("67890")?, origin);
///
/// // Twilio signs with the secondary token as soon as it is promoted.
/// let mut request = http::Request::post("/twilio/sms").body("")?;
/// let signature = secondary.sign(&request);
/// request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
///
/// let verified = primary.add_auth_token(AuthToken::new("67890")?).verify(request)?;
/// assert_eq!(verified.signed_by(), &SignedBy::AuthToken { index: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedBy {
    /// Auth token of the account.
    AuthToken {
        /// Position among the account's tokens: 0 for the token of [`Keys::new`], 1 for the first
        /// token added by [`Keys::add_auth_token`].
        index: usize,
    },
    /// Shared key.
    SharedKey {
        /// ID of the key, such as `webhooks_sharedkey_01`.
        id: Arc<str>,
    },
}

/// Key that signs webhooks in place of the auth token.
///
/// The key is bound to its algorithm: a request that names another algorithm is refused.
///
/// ```
/// use clinspark_twilio::types::{AuthToken, SharedKeySecret};
/// use clinspark_twilio::webhook::{Algorithm, Keys, SharedKey};
///
/// let secret = SharedKeySecret::new("c2VjcmV0")?;
/// let shared = SharedKey::new("webhooks_sharedkey_01", Algorithm::HmacSha256, &secret);
/// let keys = Keys::new(AuthToken::new("12345")?).add_shared_key(shared);
/// assert_eq!(format!("{keys:?}"), "Keys(1 auth tokens, 1 shared keys)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/usage/security>
#[derive(Clone)]
pub struct SharedKey {
    id: Arc<str>,
    key: Key,
}

impl SharedKey {
    /// Creates a key from its ID (`webhooks_sharedkey_...`), its algorithm and its secret.
    #[must_use]
    pub fn new(id: &str, algorithm: Algorithm, secret: &SharedKeySecret) -> Self {
        Self {
            id: id.into(),
            key: Key::new(algorithm, secret.expose().as_bytes()),
        }
    }

    /// Returns the ID by which requests name the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SharedKey({}, {:?}, [redacted])",
            self.id,
            self.key.algorithm()
        )
    }
}

/// Value of `X-Twilio-Webhooks-Signature-Settings`: `key=<id>,algorithm=<name>`.
#[derive(Clone, Copy, Default)]
pub(crate) struct SignatureSettings<'a> {
    key: Option<&'a str>,
    algorithm: Option<&'a str>,
}

impl<'a> SignatureSettings<'a> {
    /// Parses the header. Returns `None` if a part is repeated.
    pub(crate) fn parse(header: &'a str) -> Option<Self> {
        let mut settings = Self::default();
        for part in header.split(',') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = Some(value.trim()).filter(|value| !value.is_empty());
            let slot = match name.trim() {
                "key" => &mut settings.key,
                "algorithm" => &mut settings.algorithm,
                _ => continue,
            };
            if value.is_some() && slot.is_some() {
                return None;
            }
            *slot = slot.or(value);
        }
        Some(settings)
    }
}

/// Lookup of an account's keys, for services with several accounts or subaccounts.
///
/// Each account signs with its own token.
///
/// ```
/// use std::collections::HashMap;
///
/// use clinspark_twilio::types::{AccountSid, AuthToken};
/// use clinspark_twilio::webhook::{Keys, PublicOrigin, Validator};
///
/// let clinic = AccountSid::parse("AC00000000000000000000000000000001")?;
/// let token = AuthToken::new("12345")?;
/// let keys = HashMap::from([(clinic, Keys::new(token))]);
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// let validator = Validator::with_key_source(keys, origin);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait KeySource {
    /// Returns the keys of an account, or `None` if the account is unknown.
    ///
    /// The request only claims this account, and nothing is verified yet: use it for the lookup and
    /// for nothing else. The account is `None` if the request names none, as JSON requests and
    /// WebSocket handshakes do. Their endpoint must know its account ([`Validator::for_account`]).
    ///
    /// [`Validator::for_account`]: super::Validator::for_account
    fn keys(&self, account: Option<&AccountSid>) -> Option<Cow<'_, Keys>>;

    /// Returns `true` if the keys depend on the account. `false` skips the search for it in the
    /// request. Default: `true`.
    fn is_per_account(&self) -> bool {
        true
    }
}

/// Keys of a single account. The claimed account is ignored, because only this account's key signs.
impl KeySource for Keys {
    fn keys(&self, _: Option<&AccountSid>) -> Option<Cow<'_, Keys>> {
        Some(Cow::Borrowed(self))
    }

    fn is_per_account(&self) -> bool {
        false
    }
}

impl<S: BuildHasher> KeySource for HashMap<AccountSid, Keys, S> {
    fn keys(&self, account: Option<&AccountSid>) -> Option<Cow<'_, Keys>> {
        self.get(account?).map(Cow::Borrowed)
    }
}

impl KeySource for BTreeMap<AccountSid, Keys> {
    fn keys(&self, account: Option<&AccountSid>) -> Option<Cow<'_, Keys>> {
        self.get(account?).map(Cow::Borrowed)
    }
}

impl<K: KeySource + ?Sized> KeySource for Arc<K> {
    fn keys(&self, account: Option<&AccountSid>) -> Option<Cow<'_, Keys>> {
        (**self).keys(account)
    }

    fn is_per_account(&self) -> bool {
        (**self).is_per_account()
    }
}
