//! Access tokens for Twilio's Voice SDK, with which staff call from a browser or a phone.
//!
//! A token is a signed JWT that a service gives to its own signed-in users. Anyone who has it can
//! call as that identity until it expires. Send it over HTTPS, and keep it out of logs and URLs.
//!
//! ```
//! use std::time::Duration;
//! use clinspark_twilio::types::{AccountSid, ApiKeySecret, ApiKeySid, ApplicationSid};
//! use clinspark_twilio::phone::ClientIdentity;
//! use clinspark_twilio::voice_token::{TokenSigner, VoiceGrant};
//!
//! let signer = TokenSigner::new(
//!     AccountSid::parse("AC00000000000000000000000000000001")?,
//!     ApiKeySid::parse("SK00000000000000000000000000000001")?,
//!     &ApiKeySecret::new("the-secret-that-Twilio-showed-once")?,
//! );
//! let app = ApplicationSid::parse("AP00000000000000000000000000000001")?;
//! let nurse = ClientIdentity::parse("site_12_nurse")?;
//! let grant = VoiceGrant::incoming_and_outgoing(nurse, app);
//! let token = signer.sign(&grant, Duration::from_secs(3600))?;
//! assert_eq!(token.expose().split('.').count(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The call of the holder
//!
//! Twilio requests the voice URL of the `TwiML` App. `From` is the identity of the token. Everything
//! else in that request is typed by the browser: `To` and every parameter without a meaning of
//! Twilio's. Look up the person whom the holder may call in your own records.
//!
//! ```
//! use clinspark_twilio::phone::Address;
//! use clinspark_twilio::twiml::{Dial, Reject, VoiceResponse};
//! use clinspark_twilio::webhook::InboundCall;
//! # use clinspark_twilio::types::AuthToken;
//! # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
//!
//! fn answer(inbound: &InboundCall) -> VoiceResponse {
//!     match &inbound.call.from {
//!         Address::Client(identity) if identity.expose() == "site_12_nurse" => {
//!             // The number that this nurse may call, from your records.
//!             VoiceResponse::new().append(Dial::number("+14155550123"))
//!         }
//!         _ => VoiceResponse::new().append(Reject::new()),
//!     }
//! }
//! # let origin = PublicOrigin::parse("https://acme.example.com")?;
//! # let validator = Validator::new(AuthToken::new("12345")?, origin);
//! # let mut request = http::Request::post("/voice")
//! #     .header("content-type", "application/x-www-form-urlencoded")
//! #     .body(
//! #         "CallSid=CA00000000000000000000000000000001&CallStatus=ringing&Direction=inbound\
//! #          &AccountSid=AC00000000000000000000000000000001&From=client%3Asite_12_nurse\
//! #          &To=%2B19005550123&ApplicationSid=AP00000000000000000000000000000001",
//! #     )?;
//! # let signature = validator.sign(&request);
//! # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
//! # let inbound: InboundCall = validator.verify(request)?.parse()?;
//! # assert!(answer(&inbound).to_xml().contains("+14155550123"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Item | Purpose |
//! |---|---|
//! | [`TokenSigner`] | signs tokens with an API key of the account |
//! | [`VoiceGrant`] | identity and permissions of the holder |
//! | [`ClientIdentity`] | identity under which the holder calls and is called; `Debug` hides it |
//! | [`VoiceToken`] | signed token; `Debug` prints only its ID and expiry |
//! | [`TokenError`] | lifetime that Twilio would refuse |
//!
//! Tokens are signed with the HMAC and base64 that the crate already uses for webhooks, and not
//! with a JWT crate. There is one algorithm and nothing to verify, so a second cryptography library
//! is not needed.
//!
//! Source: <https://www.twilio.com/docs/iam/access-tokens>

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::phone::ClientIdentity;
use crate::types::{AccountSid, ApiKeySecret, ApiKeySid, ApplicationSid, Redacted};

/// Longest lifetime that Twilio accepts.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Content type of Twilio's access tokens.
const CONTENT_TYPE: &str = "twilio-fpa;v=1";

/// Signs tokens with an API key of the account. A subaccount needs its own key.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use clinspark_twilio::types::{AccountSid, ApiKeySecret, ApiKeySid};
/// use clinspark_twilio::phone::ClientIdentity;
/// use clinspark_twilio::voice_token::{TokenSigner, VoiceGrant};
///
/// let signer = TokenSigner::new(
///     AccountSid::parse("AC00000000000000000000000000000001")?,
///     ApiKeySid::parse("SK00000000000000000000000000000001")?,
///     &ApiKeySecret::new("the-secret-that-Twilio-showed-once")?,
/// )
/// .region("ie1");
/// let grant = VoiceGrant::incoming(ClientIdentity::parse("site_12_nurse")?);
/// let now = SystemTime::now();
/// let token = signer.sign_at(&grant, Duration::from_secs(600), now, "token-1")?;
/// assert_eq!(token.id(), "token-1");
/// assert!(token.expires_at() <= now + Duration::from_secs(600));
/// assert!(signer.sign(&grant, Duration::from_secs(25 * 60 * 60)).is_err()); // over 24 hours
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TokenSigner {
    account_sid: AccountSid,
    api_key_sid: ApiKeySid,
    key: Hmac<Sha256>,
    region: Option<String>,
}

impl TokenSigner {
    /// Creates a signer. The secret is that of the API key, not the auth token.
    ///
    /// - `account_sid`: the account that is billed for the calls
    /// - `api_key_sid`: a standard API key of that account
    /// - `secret`: the secret of the API key
    #[must_use]
    pub fn new(account_sid: AccountSid, api_key_sid: ApiKeySid, secret: &ApiKeySecret) -> Self {
        Self {
            account_sid,
            api_key_sid,
            key: key(secret.expose().as_bytes()),
            region: None,
        }
    }

    /// Sets the region in which the key was created, such as `ie1`. Default `us1`.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Signs a token that is valid from now on, for 1 second to 24 hours.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the lifetime is out of range.
    pub fn sign(&self, grant: &VoiceGrant, lifetime: Duration) -> Result<VoiceToken, TokenError> {
        use std::hash::{BuildHasher as _, RandomState};
        let issued_at = SystemTime::now();
        // Twilio identifies a token by its ID, so two tokens of the same second must differ in it.
        let random = RandomState::new().hash_one(0_u8);
        let seconds = unix_seconds(issued_at);
        let id = format!("{}-{seconds}-{random:016x}", self.api_key_sid);
        self.sign_at(grant, lifetime, issued_at, id)
    }

    /// Signs a token with a given time and ID, for tests. Each token needs its own ID.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if the lifetime is out of range.
    pub fn sign_at(
        &self,
        grant: &VoiceGrant,
        lifetime: Duration,
        issued_at: SystemTime,
        id: impl Into<String>,
    ) -> Result<VoiceToken, TokenError> {
        // Twilio counts whole seconds: a shorter lifetime would expire at once.
        if lifetime.as_secs() == 0 || lifetime > MAX_LIFETIME {
            return Err(TokenError(()));
        }
        let issued = unix_seconds(issued_at);
        let expires = issued.saturating_add(lifetime.as_secs());
        let expires_at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(expires));
        let expires_at = expires_at.ok_or(TokenError(()))?;
        let id = id.into();
        let header = Header {
            alg: "HS256",
            cty: CONTENT_TYPE,
            twr: self.region.as_deref(),
            typ: "JWT",
        };
        let claims = Claims {
            jti: &id,
            iss: self.api_key_sid,
            sub: self.account_sid,
            iat: issued,
            exp: expires,
            grants: Grants {
                identity: grant.identity.expose(),
                voice: grant.voice(),
            },
        };
        let mut token = Zeroizing::new(format!("{}.{}", encoded(&header), encoded(&claims)));
        let mut mac = self.key.clone();
        mac.update(token.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        token.push('.');
        token.push_str(&signature);
        Ok(VoiceToken {
            token,
            id,
            expires_at,
        })
    }
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSigner")
            .field("account_sid", &self.account_sid)
            .field("api_key_sid", &self.api_key_sid)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// Identity and permissions of the holder of a token.
///
/// ```
/// use clinspark_twilio::types::ApplicationSid;
/// use clinspark_twilio::phone::ClientIdentity;
/// use clinspark_twilio::voice_token::VoiceGrant;
///
/// let app = ApplicationSid::parse("AP00000000000000000000000000000001")?;
/// let nurse = ClientIdentity::parse("site_12_nurse")?;
/// let grant = VoiceGrant::outgoing(nurse, app).param("site", "12");
/// assert!(!format!("{grant:?}").contains("nurse"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct VoiceGrant {
    identity: ClientIdentity,
    incoming: bool,
    outgoing: Option<ApplicationSid>,
    params: BTreeMap<String, Redacted<String>>,
    push_credential_sid: Option<String>,
}

impl VoiceGrant {
    /// Permits calls to the holder, by `<Dial><Client>`.
    pub const fn incoming(identity: ClientIdentity) -> Self {
        Self::new(identity, true, None)
    }

    /// Permits calls by the holder. Twilio requests the app's voice URL with
    /// `From=client:{identity}`.
    pub const fn outgoing(identity: ClientIdentity, application: ApplicationSid) -> Self {
        Self::new(identity, false, Some(application))
    }

    /// Permits calls to the holder and by the holder.
    pub const fn incoming_and_outgoing(
        identity: ClientIdentity,
        application: ApplicationSid,
    ) -> Self {
        Self::new(identity, true, Some(application))
    }

    const fn new(
        identity: ClientIdentity,
        incoming: bool,
        outgoing: Option<ApplicationSid>,
    ) -> Self {
        Self {
            identity,
            incoming,
            outgoing,
            params: BTreeMap::new(),
            push_credential_sid: None,
        }
    }

    /// Adds a parameter that Twilio sends to the app's voice URL with each outgoing call.
    ///
    /// The holder can read it but cannot change it. Without [`outgoing`](Self::outgoing) it is not
    /// sent.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.insert(name.into(), Redacted::new(value.into()));
        self
    }

    /// Sets the SID of the push credential that wakes the holder's mobile phone for incoming calls.
    pub fn push_credential_sid(mut self, sid: impl Into<String>) -> Self {
        self.push_credential_sid = Some(sid.into());
        self
    }

    fn voice(&self) -> Voice<'_> {
        let params: BTreeMap<&str, &str> = self
            .params
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose().as_str()))
            .collect();
        Voice {
            incoming: self.incoming.then_some(Incoming { allow: true }),
            outgoing: self.outgoing.map(|application_sid| Outgoing {
                application_sid,
                params: (!params.is_empty()).then_some(params),
            }),
            push_credential_sid: self.push_credential_sid.as_deref(),
        }
    }
}

/// Signed token.
///
/// `Debug` prints only the ID and the expiry. There is no `Display` and no `Serialize`, and the
/// memory is wiped when the token is dropped.
///
/// ```
/// use std::time::Duration;
/// use clinspark_twilio::types::{AccountSid, ApiKeySecret, ApiKeySid};
/// use clinspark_twilio::phone::ClientIdentity;
/// use clinspark_twilio::voice_token::{TokenSigner, VoiceGrant};
///
/// # let signer = TokenSigner::new(
/// #     AccountSid::parse("AC00000000000000000000000000000001")?,
/// #     ApiKeySid::parse("SK00000000000000000000000000000001")?,
/// #     &ApiKeySecret::new("the-secret-that-Twilio-showed-once")?,
/// # );
/// let grant = VoiceGrant::incoming(ClientIdentity::parse("site_12_nurse")?);
/// let token = signer.sign(&grant, Duration::from_secs(3600))?;
/// assert!(!format!("{token:?}").contains(token.expose()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VoiceToken {
    token: Zeroizing<String>,
    id: String,
    expires_at: SystemTime,
}

impl VoiceToken {
    /// Returns the token. Send it over HTTPS to the signed-in user only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.token
    }

    /// Returns the ID of the token (`jti`), for logs.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the time of expiry, to the second.
    #[must_use]
    pub const fn expires_at(&self) -> SystemTime {
        self.expires_at
    }
}

impl fmt::Debug for VoiceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceToken")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Error returned when the lifetime of a token is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the lifetime of a voice token is out of range; choose 1 second to 24 hours")]
pub struct TokenError(());

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    cty: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    twr: Option<&'a str>,
    typ: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    jti: &'a str,
    iss: ApiKeySid,
    sub: AccountSid,
    iat: u64,
    exp: u64,
    grants: Grants<'a>,
}

#[derive(Serialize)]
struct Grants<'a> {
    identity: &'a str,
    voice: Voice<'a>,
}

#[derive(Serialize)]
struct Voice<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    incoming: Option<Incoming>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outgoing: Option<Outgoing<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    push_credential_sid: Option<&'a str>,
}

#[derive(Serialize)]
struct Incoming {
    allow: bool,
}

#[derive(Serialize)]
struct Outgoing<'a> {
    application_sid: ApplicationSid,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<BTreeMap<&'a str, &'a str>>,
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn key(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).expect("any length")
}

fn encoded(part: &impl Serialize) -> String {
    // Texts, numbers and maps of texts always serialise, so the fallback is never used.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).unwrap_or_default())
}

/// Returns seconds since 1970. An earlier time counts as 1970, which makes the token expired.
fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
