//! One request against one set of keys: what its signature must cover, and which URLs are tried.

use http::{HeaderMap, HeaderName, Method};

use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::form;
use super::key::{Keys, Settings};
use super::signature::{Key, Signature, Sorted, sha256_hex};
use super::url::Url;

/// The header that carries the signature: `X-Twilio-Signature`.
///
/// Source: <https://www.twilio.com/docs/usage/security>
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-twilio-signature");

/// The header that names a shared key and its algorithm. It is not signed.
const SETTINGS_HEADER: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

/// The query parameter that carries the hash of a body that is no form.
const BODY_HASH: &str = "bodySHA256";

/// A request as the check sees it.
#[derive(Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) url: Url<'a>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) method: &'a Method,
    pub(crate) body: &'a [u8],
}

/// What covers the body of a request.
enum Body<'a> {
    /// There is none.
    Empty,
    /// A form: the signature covers its parameters.
    Form,
    /// The URL, which is signed, holds the body's hash.
    Hashed(&'a [u8]),
    /// A form, and the URL holds a hash as well: Twilio does not say which of the two it signs.
    FormOrHashed(&'a [u8]),
    /// Nothing.
    Uncovered,
}

impl<'a> Received<'a> {
    /// Whether the parameters are in the body: only there are they signed one by one.
    pub(crate) fn has_form(&self) -> bool {
        has_form(self.method, self.headers)
    }

    fn coverage(&self) -> Body<'a> {
        let query = self.url.query().unwrap_or_default().as_bytes();
        let hash = form::pairs(query)
            .find(|pair| form::decode(pair.name) == BODY_HASH)
            .map(|pair| pair.value);
        match (hash, self.has_form()) {
            (Some(hash), true) => Body::FormOrHashed(hash),
            (Some(hash), false) => Body::Hashed(hash),
            (None, _) if self.body.is_empty() => Body::Empty,
            (None, true) => Body::Form,
            (None, false) => Body::Uncovered,
        }
    }

    /// What the message holds besides the URL.
    pub(crate) fn parameters(&self) -> Sorted<'a> {
        if self.has_form() {
            Sorted::new(self.body)
        } else {
            Sorted::NONE
        }
    }

    /// The account that the request claims to come from.
    pub(crate) fn account(&self) -> Option<std::borrow::Cow<'a, str>> {
        let source = if self.has_form() {
            self.body
        } else {
            self.url.query().unwrap_or_default().as_bytes()
        };
        form::find(source, "AccountSid")
    }

    /// Checks the request against the keys of its account.
    pub(crate) fn check(&self, keys: &Keys) -> Result<(), SignatureError> {
        let signature = self.signature()?;
        let keys = keys.select(&self.settings()?)?;
        match self.coverage() {
            Body::Uncovered => Err(Kind::UncoveredBody.into()),
            Body::Empty => self.any_signs(keys, &signature, &Sorted::NONE),
            Body::Form => self.any_signs(keys, &signature, &Sorted::new(self.body)),
            Body::Hashed(hash) => {
                self.any_signs(keys, &signature, &Sorted::NONE)?;
                self.has_hash(hash)
            }
            Body::FormOrHashed(hash) => {
                match self.any_signs(keys, &signature, &Sorted::new(self.body)) {
                    Err(error) => {
                        self.any_signs(keys, &signature, &Sorted::NONE)
                            .map_err(|_| error)?;
                        self.has_hash(hash)
                    }
                    signed => signed,
                }
            }
        }
    }

    fn signature(&self) -> Result<Signature, SignatureError> {
        let mut values = self.headers.get_all(SIGNATURE_HEADER).iter();
        let header = values.next().ok_or(Kind::MissingHeader)?;
        if values.next().is_some() {
            return Err(Kind::MalformedHeader.into());
        }
        if header.is_empty() {
            return Err(Kind::MissingHeader.into());
        }
        Signature::parse(header.as_bytes()).ok_or_else(|| Kind::MalformedHeader.into())
    }

    fn settings(&self) -> Result<Settings<'a>, SignatureError> {
        let mut values = self.headers.get_all(SETTINGS_HEADER).iter();
        let Some(header) = values.next() else {
            return Ok(Settings::default());
        };
        let settings = header.to_str().ok().and_then(Settings::parse);
        match (settings, values.next()) {
            (Some(settings), None) => Ok(settings),
            _ => Err(Kind::MalformedHeader.into()),
        }
    }

    /// Whether one of the keys signs one of the candidate URLs; which one is no secret.
    fn any_signs(
        &self,
        keys: &[Key],
        signature: &Signature,
        parameters: &Sorted<'_>,
    ) -> Result<(), SignatureError> {
        let candidates = self.url.candidates();
        let signs = |url| {
            keys.iter()
                .any(|key| key.verify(signature, url, parameters))
        };
        if candidates.iter().any(signs) {
            Ok(())
        } else {
            let tried = candidates.iter().map(ToString::to_string).collect();
            Err(SignatureError::after(Kind::SignatureMismatch, tried))
        }
    }

    fn has_hash(&self, hash: &[u8]) -> Result<(), SignatureError> {
        // The hash came from a URL whose signature is verified: nothing secret is compared.
        if form::decode(hash) == sha256_hex(self.body) {
            Ok(())
        } else {
            Err(Kind::BodyHashMismatch.into())
        }
    }
}

/// Whether the parameters of a request are in its body.
pub(crate) fn has_form(method: &Method, headers: &HeaderMap) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    if matches!(*method, Method::GET | Method::HEAD) {
        return false;
    }
    headers
        .get(http::header::CONTENT_TYPE)
        .is_some_and(|value| {
            let essence = value
                .as_bytes()
                .split(|b| *b == b';')
                .next()
                .unwrap_or_default();
            essence.trim_ascii().eq_ignore_ascii_case(FORM)
        })
}
