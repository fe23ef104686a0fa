//! One request against one set of keys: what its signature must cover, and which URLs are tried.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::form;
use super::key::{Candidates, Keys, SignatureSettings, SignedBy};
use super::signature::{Signature, message, sha256_hex};
use super::sorted::{DecodedText, MAX_PARAMETERS, SortedParameters};
use super::url::{SignedUrl, Url};

/// The header that carries the signature: `X-Twilio-Signature`.
///
/// Its value is as secret as a session cookie. It holds no timestamp: whoever has a URL, a form and
/// their signature can send that request again at any time. Keep the header out of logs, of traces
/// and of what a firewall records.
///
/// Source: <https://www.twilio.com/docs/usage/security>
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-twilio-signature");

/// The header that names a shared key and its algorithm. It is not signed.
const SETTINGS_HEADER: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

/// The query parameter that carries the hash of a body that is no form.
const BODY_HASH: &str = "bodySHA256";

/// Kind of request that Twilio makes. The two kinds are signed differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestKind {
    /// Webhook: GET or POST.
    #[default]
    Webhook,
    /// Handshake of a WebSocket: Media Streams, `ConversationRelay`.
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

/// The signature headers. They are read before the body, which costs more.
pub(crate) struct SignatureHeaders<'a> {
    signature: Signature,
    settings: SignatureSettings<'a>,
}

impl<'a> SignatureHeaders<'a> {
    pub(crate) fn read(headers: &'a HeaderMap) -> Result<Self, SignatureError> {
        let mut values = headers.get_all(SIGNATURE_HEADER).iter();
        let header = values.next().ok_or(Kind::MissingHeader)?;
        if values.next().is_some() {
            return Err(Kind::MalformedHeader.into());
        }
        if header.is_empty() {
            return Err(Kind::MissingHeader.into());
        }
        let signature = Signature::parse(header.as_bytes()).ok_or(Kind::MalformedHeader)?;
        let settings = read_settings(headers).ok_or(Kind::MalformedHeader)?;
        Ok(Self {
            signature,
            settings,
        })
    }
}

fn read_settings(headers: &HeaderMap) -> Option<SignatureSettings<'_>> {
    let mut values = headers.get_all(SETTINGS_HEADER).iter();
    let Some(header) = values.next() else {
        return Some(SignatureSettings::default());
    };
    let settings = SignatureSettings::parse(header.to_str().ok()?)?;
    values.next().is_none().then_some(settings)
}

/// Result of a check that succeeded.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub(crate) signed_by: SignedBy,
    /// Set if the body's parameters are signed one by one.
    pub(crate) is_form: bool,
}

/// Part of the signed text that covers the body of a request.
enum Coverage<'a> {
    /// There is no body.
    Empty,
    /// A form: the signature covers its parameters.
    Form,
    /// The URL, which is signed, holds the body's hash.
    Hashed(&'a [u8]),
    /// A form, and the URL holds a hash as well: Twilio does not say which of the two it signs.
    FormOrHashed(&'a [u8]),
    /// Nothing covers it.
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

    fn coverage(&self) -> Coverage<'a> {
        let query = self.url.query().unwrap_or_default().as_bytes();
        let hash = form::find_raw(query, BODY_HASH);
        // Without a parameter the signature of a form covers no byte of it.
        let has_parameters = || form::pairs(self.body).next().is_some();
        match (hash, self.has_form()) {
            (Some(hash), true) if has_parameters() => Coverage::FormOrHashed(hash),
            (Some(hash), _) => Coverage::Hashed(hash),
            (None, _) if self.body.is_empty() => Coverage::Empty,
            (None, true) => Coverage::Form,
            (None, false) => Coverage::Uncovered,
        }
    }

    /// The form whose parameters are signed one by one; empty if there is none.
    pub(crate) fn form(&self) -> &'a [u8] {
        if self.has_form() { self.body } else { &[] }
    }

    /// The account that the request claims to come from.
    pub(crate) fn account(&self) -> Option<std::borrow::Cow<'a, str>> {
        let source = if self.has_form() {
            self.body
        } else {
            self.url.query().unwrap_or_default().as_bytes()
        };
        // A form with more parameters is refused.
        form::find_among(form::pairs(source).take(MAX_PARAMETERS), "AccountSid").map(form::decode)
    }

    /// Checks the request against the keys of its account.
    pub(crate) fn check(&self, kind: RequestKind, keys: &Keys) -> Result<Proof, SignatureError> {
        self.check_signed(kind, &SignatureHeaders::read(self.headers)?, keys)
    }

    /// As [`check`](Self::check), with headers that are read already.
    pub(crate) fn check_signed(
        &self,
        kind: RequestKind,
        head: &SignatureHeaders<'_>,
        keys: &Keys,
    ) -> Result<Proof, SignatureError> {
        let check = Check {
            keys: keys.select(&head.settings)?,
            signature: head.signature,
        };
        let proof = match kind {
            RequestKind::Webhook => self.check_http(&check),
            RequestKind::WebSocket => self.check_websocket(&check),
        }?;
        if holds_moved_form(self.url.path_and_query) {
            return Err(Kind::AmbiguousForm.into());
        }
        Ok(proof)
    }

    fn check_http(&self, check: &Check<'_>) -> Result<Proof, SignatureError> {
        let urls = &self.url.candidates();
        let by_form = || {
            let mut text = DecodedText::new();
            let parameters = SortedParameters::read(self.body, MAX_PARAMETERS, &mut text)
                .ok_or(Kind::MalformedForm)?;
            let signed_by = check.find_signer(urls, &parameters)?;
            if has_name_before_account(&parameters) {
                return Err(Kind::AmbiguousForm.into());
            }
            Ok(Proof {
                signed_by,
                is_form: true,
            })
        };
        let by_hash = |hash| {
            let signed_by = check.find_signer(urls, &SortedParameters::default())?;
            self.has_hash(hash)?;
            Ok(Proof {
                signed_by,
                is_form: false,
            })
        };
        match self.coverage() {
            Coverage::Uncovered => Err(Kind::UncoveredBody.into()),
            Coverage::Empty => Ok(Proof {
                signed_by: check.find_signer(urls, &SortedParameters::default())?,
                is_form: self.has_form(),
            }),
            Coverage::Form => by_form(),
            Coverage::Hashed(hash) => by_hash(hash),
            Coverage::FormOrHashed(hash) => by_form().or_else(|error: SignatureError| {
                by_hash(hash).map_err(|second| match second.kind() {
                    Kind::BodyHashMismatch => second,
                    _ => error,
                })
            }),
        }
    }

    /// Handshakes are signed as `wss` URLs, with or without a slash at the end; a query is
    /// reported to be signed like the parameters of a form.
    fn check_websocket(&self, check: &Check<'_>) -> Result<Proof, SignatureError> {
        if !is_handshake(self.method, self.headers) {
            return Err(Kind::NotAHandshake.into());
        }
        if !self.body.is_empty() {
            return Err(Kind::UncoveredBody.into());
        }
        let proof = |signed_by| Proof {
            signed_by,
            is_form: false,
        };
        let url = self.url.to_websocket();
        let signed = check
            .find_signer(&url.candidates(), &SortedParameters::default())
            .map(proof);
        let Err(error) = signed else { return signed };
        let second = match (url.query(), url.other_slash()) {
            (Some(query), _) => {
                let mut text = DecodedText::new();
                match SortedParameters::read(query.as_bytes(), MAX_PARAMETERS, &mut text) {
                    Some(parameters) if begins_with_word(&parameters) => {
                        check.find_signer(&url.without_query().candidates(), &parameters)
                    }
                    _ => return Err(error),
                }
            }
            (None, Some(urls)) => check.find_signer(&urls, &SortedParameters::default()),
            (None, None) => return Err(error),
        };
        second
            .map(proof)
            .map_err(|second| error.with_more_urls(second))
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

/// The keys and the signature of one request.
struct Check<'a> {
    keys: Candidates<'a>,
    signature: Signature,
}

impl Check<'_> {
    /// Finds the key that signs one of the URLs. Which one it is, is no secret.
    fn find_signer(
        &self,
        urls: &[SignedUrl<'_>],
        parameters: &SortedParameters<'_>,
    ) -> Result<SignedBy, SignatureError> {
        let signs = |url| {
            self.keys
                .find(|key| key.verify(&self.signature, message(url, parameters)))
        };
        urls.iter().find_map(signs).ok_or_else(|| {
            let tried_urls = urls.iter().map(ToString::to_string).collect();
            SignatureError::with_urls(Kind::SignatureMismatch, tried_urls)
        })
    }
}

/// Tells whether the end of a URL may have been a form: only there has `AccountSid` no `=` in front
/// of the account.
fn holds_moved_form(path_and_query: &str) -> bool {
    const SHORTEST: usize = "/AccountSidAC00000000000000000000000000000001".len();
    path_and_query.len() >= SHORTEST
        && memchr::memmem::find(path_and_query.as_bytes(), b"AccountSidAC").is_some()
}

/// Tells whether a form that names its account has a name before `AccountSid`.
///
/// Twilio's forms have none. Such a name may be the end of another URL, because nothing separates
/// the URL from the first name in what is signed.
fn has_name_before_account(parameters: &SortedParameters<'_>) -> bool {
    let is_account = |(name, _): (&[u8], &[u8])| name == b"AccountSid";
    !parameters.iter().take(1).any(is_account) && parameters.iter().any(is_account)
}

/// Tells whether the first name begins as a word does, and not as the end of a URL does: nothing
/// separates the two in what is signed.
fn begins_with_word(parameters: &SortedParameters<'_>) -> bool {
    let first = parameters.iter().next();
    first.is_some_and(|(name, _)| {
        let first = name.first();
        first.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    })
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
