//! Why a request was refused: in full for the operator, not at all for whoever sent it.

use std::fmt;

use http::StatusCode;

use crate::types::redacted_url;

/// A request was refused.
///
/// The message, the kind and `Debug` may be logged. The sender is told nothing but the status:
/// answer with [`into_response`](Self::into_response).
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureError(Box<Refusal>);

#[derive(Clone, PartialEq, Eq)]
struct Refusal {
    kind: SignatureErrorKind,
    tried_urls: Vec<String>,
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureErrorKind {
    /// There is no `X-Twilio-Signature`: the request is not from Twilio, or a proxy dropped it.
    MissingHeader,
    /// A signature header is no canonical base64 of a MAC, or is there twice.
    MalformedHeader,
    /// No key signs any of the candidate URLs that way: a forgery, another account's token, or
    /// another URL than the one that Twilio was given.
    SignatureMismatch,
    /// The URL is signed, but the body is not the one whose hash stands in it.
    BodyHashMismatch,
    /// There is a body that nothing covers: it is no form, and the URL holds no `bodySHA256`.
    UncoveredBody,
    /// The request names an account that none of the keys belongs to, or names none.
    UnknownAccount,
    /// The request names a shared key that is not known here.
    UnknownKey,
    /// The request names an algorithm that is unknown, or not the one that its key is bound to.
    UnsupportedAlgorithm,
    /// The body is larger than the limit.
    TooLarge,
    /// The form holds 500 parameters or more; each character that is not UTF-8 counts as one.
    ///
    /// Twilio sends about 20 parameters, all of them UTF-8. Sorting such a form would cost far
    /// more than its size suggests.
    MalformedForm,
    /// The method is not one that [`Validator::methods`](super::Validator::methods) permits.
    ///
    /// The parameters of a POST can be moved into the query and replayed as GET with the same
    /// signature.
    MethodNotAllowed,
    /// The signature holds, but the parameters may have been signed with another end of the URL.
    ///
    /// Nothing separates the URL from the first parameter in what is signed. Twilio's forms begin
    /// with `AccountSid`; this one has a name that sorts before it, or its URL holds `AccountSid`
    /// and its value.
    AmbiguousForm,
    /// The request's URL has no path, or cannot be read.
    BadUrl,
    /// The request is no WebSocket handshake where one was wanted.
    NotAHandshake,
}

impl SignatureErrorKind {
    /// A short name for logs and metrics, such as `signature-mismatch`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingHeader => "missing-header",
            Self::MalformedHeader => "malformed-header",
            Self::SignatureMismatch => "signature-mismatch",
            Self::BodyHashMismatch => "body-hash-mismatch",
            Self::UncoveredBody => "uncovered-body",
            Self::UnknownAccount => "unknown-account",
            Self::UnknownKey => "unknown-key",
            Self::UnsupportedAlgorithm => "unsupported-algorithm",
            Self::TooLarge => "too-large",
            Self::MalformedForm => "malformed-form",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::AmbiguousForm => "ambiguous-form",
            Self::BadUrl => "bad-url",
            Self::NotAHandshake => "not-a-handshake",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::MissingHeader => "the request has no X-Twilio-Signature header",
            Self::MalformedHeader => {
                "a signature header is malformed: it is not canonical base64 of a MAC, or is repeated"
            }
            Self::SignatureMismatch => {
                "no key signs this request for any of the candidate URLs; check the public origin \
                 and the account's primary auth token"
            }
            Self::BodyHashMismatch => "the body is not the one whose bodySHA256 was signed",
            Self::UncoveredBody => {
                "the body is neither a form nor named by a bodySHA256, so nothing signs it"
            }
            Self::UnknownAccount => "the request names no account whose keys are known",
            Self::UnknownKey => "the request names a shared key that is not known",
            Self::UnsupportedAlgorithm => {
                "the request names an algorithm that is unknown or not the one of its key"
            }
            Self::TooLarge => "the body is larger than the limit",
            Self::MalformedForm => {
                "the form has 500 parameters or more, or as many characters that are not UTF-8; \
                 Twilio sends no such form"
            }
            Self::MethodNotAllowed => {
                "the request has a method that the validator does not permit; it permits POST, and \
                 GET only where `Validator::methods` names it"
            }
            Self::AmbiguousForm => {
                "the form may have been signed for another URL: a parameter sorts before \
                 AccountSid, or the URL holds AccountSid and its value; rename a parameter of \
                 your own that sorts before AccountSid"
            }
            Self::BadUrl => "the request's URL cannot be read",
            Self::NotAHandshake => "the request is not a WebSocket handshake",
        }
    }
}

impl SignatureError {
    pub(crate) fn new(kind: SignatureErrorKind) -> Self {
        Self::with_urls(kind, Vec::new())
    }

    pub(crate) fn with_urls(kind: SignatureErrorKind, tried_urls: Vec<String>) -> Self {
        Self(Box::new(Refusal { kind, tried_urls }))
    }

    pub(crate) fn with_more_urls(mut self, other: Self) -> Self {
        self.0.tried_urls.extend(other.0.tried_urls);
        self
    }

    /// What was wrong.
    #[must_use]
    pub fn kind(&self) -> SignatureErrorKind {
        self.0.kind
    }

    /// The URLs that were tried for a signature mismatch, each as Twilio would have signed it.
    ///
    /// They may hold numbers: show them to the operator, do not log them. `Debug` prints them without
    /// the query and without parts of the path that may be numbers.
    pub fn tried_urls(&self) -> impl Iterator<Item = &str> {
        self.0.tried_urls.iter().map(String::as_str)
    }

    /// The status to answer with: 413 for a body over the limit, else 403.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind() {
            SignatureErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// The whole answer: the status and an empty body, so that a forger learns nothing.
    #[must_use]
    pub fn into_response(self) -> http::Response<String> {
        let mut response = http::Response::new(String::new());
        *response.status_mut() = self.status();
        response
    }
}

impl From<SignatureErrorKind> for SignatureError {
    fn from(kind: SignatureErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().message())
    }
}

impl fmt::Debug for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tried_urls: Vec<_> = self.tried_urls().map(redacted_url).collect();
        f.debug_struct("SignatureError")
            .field("kind", &self.kind())
            .field("tried_urls", &tried_urls)
            .finish()
    }
}

impl std::error::Error for SignatureError {}

/// A verified request cannot be read as the wanted payload.
///
/// The message names the parameter, never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the webhook cannot be read as \"{payload}\": {kind}; check which URL Twilio is configured with"
)]
pub struct PayloadError {
    payload: &'static str,
    kind: PayloadErrorKind,
}

/// Reason why a verified request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadErrorKind {
    /// A parameter that Twilio always sends is absent, or empty where it never is.
    #[error("parameter {0} is missing")]
    Missing(&'static str),
    /// A parameter cannot be read, such as a SID with another prefix.
    #[error("parameter {0} is malformed")]
    Malformed(&'static str),
    /// A parameter of which there is one has come with several values. Twilio's signature does
    /// not cover their order, so none of them is used.
    #[error("parameter {0} has several values")]
    Repeated(&'static str),
    /// A parameter that only another kind of webhook carries, such as `CallSid` in a message.
    ///
    /// Either the URL belongs to another handler, or a client of the Voice SDK added the
    /// parameters of a message to its call.
    #[error("parameter {0} belongs to another kind of webhook")]
    OtherKind(&'static str),
}

impl PayloadError {
    pub(crate) const fn new(payload: &'static str, kind: PayloadErrorKind) -> Self {
        Self { payload, kind }
    }

    /// Reason, with the name of the parameter.
    #[must_use]
    pub const fn kind(&self) -> &PayloadErrorKind {
        &self.kind
    }
}
