//! Signature check of one request against one set of keys.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::form;
use super::key::{Candidates, Keys, SignatureSettings, SignedBy};
use super::signature::{Signature, message, sha256_hex};
use super::sorted::{DecodedText, MAX_PARAMETERS, SortedParameters};
use super::url::{SignedUrl, Url};

/// Header that carries the signature: `X-Twilio-Signature`.
///
/// The value is as secret as a session cookie. It holds no timestamp: anyone who has a URL, a form
/// and their signature can send that request again at any time. Keep the header out of logs, traces
/// and firewall records.
///
/// Source: <https://www.twilio.com/docs/usage/security>
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-twilio-signature");

/// Header that names a shared key and its algorithm. The signature does not cover it.
const SETTINGS_HEADER: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

/// Query parameter that carries the hash of a body that is not a form.
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

/// Request data that the signature check reads.
#[derive(Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) url: Url<'a>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) method: &'a Method,
    pub(crate) body: &'a [u8],
}

/// Parsed signature headers. They are checked before the body is read, because the body costs more.
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
    pub(crate) kind: RequestKind,
}

/// Part of the signed text that covers the body of a request.
enum Coverage<'a> {
    /// The request has no body.
    Empty,
    /// The body is a form, and the signature covers its parameters.
    Form,
    /// The signed URL holds the hash of the body.
    Hashed(&'a [u8]),
    /// The body is a form and the URL holds a hash. Twilio does not document which of the two it
    /// signs.
    FormOrHashed(&'a [u8]),
    /// Neither the signature nor a hash covers the body.
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

    /// Returns `true` if the parameters are in the body. Only then are they signed one by one.
    pub(crate) fn has_form(&self) -> bool {
        has_form(self.method, self.headers)
    }

    fn coverage(&self) -> Coverage<'a> {
        let query = self.url.query().unwrap_or_default().as_bytes();
        let hash = form::find_raw(query, BODY_HASH);
        // The signature of a form without parameters covers no byte of the body.
        let has_parameters = || form::pairs(self.body).next().is_some();
        match (hash, self.has_form()) {
            (Some(hash), true) if has_parameters() => Coverage::FormOrHashed(hash),
            (Some(hash), _) => Coverage::Hashed(hash),
            (None, _) if self.body.is_empty() => Coverage::Empty,
            (None, true) => Coverage::Form,
            (None, false) => Coverage::Uncovered,
        }
    }

    /// Returns the form whose parameters are signed one by one, or an empty slice if there is none.
    pub(crate) fn form(&self) -> &'a [u8] {
        if self.has_form() { self.body } else { &[] }
    }

    /// Returns the account that the request claims to come from.
    pub(crate) fn account(&self) -> Option<std::borrow::Cow<'a, str>> {
        // The parameters of a request without a form, such as a GET, are in its query.
        let source = if self.has_form() {
            self.body
        } else {
            self.url.query().unwrap_or_default().as_bytes()
        };
        // The check refuses a form with more parameters, so searching further would be wasted.
        form::find_among(form::pairs(source).take(MAX_PARAMETERS), "AccountSid").map(form::decode)
    }

    /// Checks the request against the keys of its account.
    pub(crate) fn check(&self, kind: RequestKind, keys: &Keys) -> Result<Proof, SignatureError> {
        self.check_signed(kind, &SignatureHeaders::read(self.headers)?, keys)
    }

    /// Does the same as [`check`](Self::check), with signature headers that are already read.
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
        // Refused last: without a valid signature, the error is the mismatch.
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
                kind: RequestKind::Webhook,
            })
        };
        let by_hash = |hash| {
            let signed_by = check.find_signer(urls, &SortedParameters::default())?;
            self.has_hash(hash)?;
            Ok(Proof {
                signed_by,
                is_form: false,
                kind: RequestKind::Webhook,
            })
        };
        match self.coverage() {
            Coverage::Uncovered => Err(Kind::UncoveredBody.into()),
            Coverage::Empty => Ok(Proof {
                signed_by: check.find_signer(urls, &SortedParameters::default())?,
                is_form: self.has_form(),
                kind: RequestKind::Webhook,
            }),
            Coverage::Form => by_form(),
            Coverage::Hashed(hash) => by_hash(hash),
            // Either way of signing proves the whole body, so both may be tried.
            Coverage::FormOrHashed(hash) => by_form().or_else(|error: SignatureError| {
                by_hash(hash).map_err(|second| match second.kind() {
                    Kind::BodyHashMismatch => second,
                    _ => error,
                })
            }),
        }
    }

    /// Checks a handshake, which Twilio signs as a `wss` URL with or without a trailing slash.
    ///
    /// Twilio is reported to sign the query like the parameters of a form.
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
            kind: RequestKind::WebSocket,
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
        // The hash comes from a verified URL and is not secret, so the comparison need not take
        // constant time.
        if form::decode(hash) == sha256_hex(self.body) {
            Ok(())
        } else {
            Err(Kind::BodyHashMismatch.into())
        }
    }
}

/// Keys and signature of one request.
struct Check<'a> {
    keys: Candidates<'a>,
    signature: Signature,
}

impl Check<'_> {
    /// Finds the key that signs one of the URLs.
    fn find_signer(
        &self,
        urls: &[SignedUrl<'_>],
        parameters: &SortedParameters<'_>,
    ) -> Result<SignedBy, SignatureError> {
        // The time reveals which key matched. That is not a secret.
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

/// Returns `true` if the end of the URL may have been a form.
///
/// Only then does `AccountSid` stand directly before the account, without `=`.
fn holds_moved_form(path_and_query: &str) -> bool {
    const SHORTEST: usize = "/AccountSidAC00000000000000000000000000000001".len();
    path_and_query.len() >= SHORTEST
        && memchr::memmem::find(path_and_query.as_bytes(), b"AccountSidAC").is_some()
}

/// Returns `true` if a form that names its account has a name that sorts before `AccountSid`.
///
/// Twilio's forms have no such name. It may be the end of another URL, because the signed text has
/// no separator between the URL and the first name.
fn has_name_before_account(parameters: &SortedParameters<'_>) -> bool {
    let is_account = |(name, _): (&[u8], &[u8])| name == b"AccountSid";
    !parameters.iter().take(1).any(is_account) && parameters.iter().any(is_account)
}

/// Returns `true` if the first name begins like a word and not like the end of a URL.
///
/// The signed text has no separator between the URL and the first name.
fn begins_with_word(parameters: &SortedParameters<'_>) -> bool {
    let first = parameters.iter().next();
    first.is_some_and(|(name, _)| {
        let first = name.first();
        first.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    })
}

/// Returns `true` if the parameters of a request are in its body.
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

/// Returns `true` if a request asks for a WebSocket, in HTTP/1.1, HTTP/2 or HTTP/3.
pub(crate) fn is_handshake(method: &Method, headers: &HeaderMap) -> bool {
    let asks = |value: &HeaderValue| {
        let mut protocols = value.as_bytes().split(|b| *b == b',');
        protocols.any(|protocol| protocol.trim_ascii().eq_ignore_ascii_case(b"websocket"))
    };
    *method == Method::CONNECT
        || (*method == Method::GET && headers.get_all(http::header::UPGRADE).iter().any(asks))
}
