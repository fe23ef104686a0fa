//! One request against one set of keys: what its signature must cover, and which URLs are tried.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::form;
use super::key::{Keys, Settings};
use super::signature::{Key, Signature, Sorted, sha256_hex};
use super::url::{SignedUrl, Url};

/// The header that carries the signature: `X-Twilio-Signature`.
///
/// Source: <https://www.twilio.com/docs/usage/security>
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-twilio-signature");

/// The header that names a shared key and its algorithm. It is not signed.
const SETTINGS_HEADER: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

/// The query parameter that carries the hash of a body that is no form.
const BODY_HASH: &str = "bodySHA256";

/// How Twilio comes in: the two are signed differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Entry {
    /// A webhook: GET or POST.
    #[default]
    Http,
    /// The handshake of a WebSocket: Media Streams, `ConversationRelay`.
    WebSocket,
}

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
    pub(crate) fn new<B: AsRef<[u8]>>(url: Url<'a>, request: &'a Request<B>) -> Self {
        let (headers, method) = (request.headers(), request.method());
        Self {
            url,
            headers,
            method,
            body: request.body().as_ref(),
        }
    }

    /// Whether the parameters are in the body: only there are they signed one by one.
    pub(crate) fn has_form(&self) -> bool {
        has_form(self.method, self.headers)
    }

    fn coverage(&self) -> Body<'a> {
        let query = self.url.query().unwrap_or_default().as_bytes();
        let hash = form::find_raw(query, BODY_HASH);
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
    pub(crate) fn check(&self, entry: Entry, keys: &Keys) -> Result<(), SignatureError> {
        let signature = self.signature()?;
        let keys = keys.select(&self.settings()?)?;
        let attempt = Attempt { keys, signature };
        match entry {
            Entry::Http => self.check_http(&attempt),
            Entry::WebSocket => self.check_websocket(&attempt),
        }
    }

    fn check_http(&self, attempt: &Attempt<'_>) -> Result<(), SignatureError> {
        let urls = &self.url.candidates();
        match self.coverage() {
            Body::Uncovered => Err(Kind::UncoveredBody.into()),
            Body::Empty => attempt.on(urls, &Sorted::NONE),
            Body::Form => attempt.on(urls, &Sorted::new(self.body)),
            Body::Hashed(hash) => {
                attempt.on(urls, &Sorted::NONE)?;
                self.has_hash(hash)
            }
            Body::FormOrHashed(hash) => match attempt.on(urls, &Sorted::new(self.body)) {
                Err(error) => {
                    attempt.on(urls, &Sorted::NONE).map_err(|_| error)?;
                    self.has_hash(hash)
                }
                signed => signed,
            },
        }
    }

    /// Handshakes are signed as `wss` URLs, with or without a slash at the end; a query is
    /// reported to be signed like the parameters of a form.
    fn check_websocket(&self, attempt: &Attempt<'_>) -> Result<(), SignatureError> {
        if !is_handshake(self.method, self.headers) {
            return Err(Kind::NotAHandshake.into());
        }
        if !self.body.is_empty() {
            return Err(Kind::UncoveredBody.into());
        }
        let url = self.url.to_websocket();
        let signed = attempt.on(&url.candidates(), &Sorted::NONE);
        let Err(error) = signed else { return Ok(()) };
        let second = match (url.query(), url.other_slash()) {
            (Some(query), _) => {
                let parameters = Sorted::new(query.as_bytes());
                attempt.on(&url.without_query().candidates(), &parameters)
            }
            (None, Some(urls)) => attempt.on(&urls, &Sorted::NONE),
            (None, None) => Err(Kind::SignatureMismatch.into()),
        };
        second.map_err(|second| error.and_tried(second))
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

    fn has_hash(&self, hash: &[u8]) -> Result<(), SignatureError> {
        // The hash came from a URL whose signature is verified: nothing secret is compared.
        if form::decode(hash) == sha256_hex(self.body) {
            Ok(())
        } else {
            Err(Kind::BodyHashMismatch.into())
        }
    }
}

/// The keys and the signature of one check.
struct Attempt<'a> {
    keys: &'a [Key],
    signature: Signature,
}

impl Attempt<'_> {
    /// Whether one of the keys signs one of the URLs; which one is no secret.
    fn on(&self, urls: &[SignedUrl<'_>], parameters: &Sorted<'_>) -> Result<(), SignatureError> {
        let signs = |url| {
            self.keys
                .iter()
                .any(|key| key.verify(&self.signature, url, parameters))
        };
        if urls.iter().any(signs) {
            Ok(())
        } else {
            let tried = urls.iter().map(ToString::to_string).collect();
            Err(SignatureError::after(Kind::SignatureMismatch, tried))
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

/// Whether a request asks for a WebSocket, in HTTP/1.1 or in HTTP/2 and 3.
pub(crate) fn is_handshake(method: &Method, headers: &HeaderMap) -> bool {
    let asks = |value: &HeaderValue| {
        let mut protocols = value.as_bytes().split(|b| *b == b',');
        protocols.any(|protocol| protocol.trim_ascii().eq_ignore_ascii_case(b"websocket"))
    };
    *method == Method::CONNECT
        || (*method == Method::GET && headers.get_all(http::header::UPGRADE).iter().any(asks))
}
