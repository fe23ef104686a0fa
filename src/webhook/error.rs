//! Errors of verification: detailed for the operator, a bare status for the sender.

use std::fmt;

use http::StatusCode;

use crate::types::redacted_url;

/// Refusal of a request.
///
/// The message, the kind and `Debug` may be logged. Send only the status to the sender: answer with
/// [`into_response`](Self::into_response).
///
/// ```
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{PublicOrigin, SignatureErrorKind, Validator};
///
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// let validator = Validator::new(AuthToken::new("12345")?, origin);
/// let unsigned = http::Request::post("/twilio/sms").body("Body=Yes")?;
/// let refusal = validator.verify(unsigned).unwrap_err();
/// assert_eq!(refusal.kind(), SignatureErrorKind::MissingHeader);
/// eprintln!("refused: {refusal}"); // for the operator
/// let response = refusal.into_response(); // for the sender
/// assert_eq!((response.status(), response.body().as_str()), (http::StatusCode::FORBIDDEN, ""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
// Boxed, because a large error would make every `Result` of a verification large.
pub struct SignatureError(Box<Refusal>);

#[derive(Clone, PartialEq, Eq)]
struct Refusal {
    kind: SignatureErrorKind,
    tried_urls: Vec<String>,
}

/// Reason why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureErrorKind {
    /// The `X-Twilio-Signature` header is missing: the request is not from Twilio, or a proxy
    /// dropped the header.
    MissingHeader,
    /// A signature header is not the canonical base64 of a MAC, or appears twice.
    MalformedHeader,
    /// No key signs any of the candidate URLs. The request is forged, another account signed it, or
    /// Twilio is configured with another URL.
    SignatureMismatch,
    /// The body does not match the signed `bodySHA256`. It was changed on the way, or the request
    /// is forged.
    BodyHashMismatch,
    /// Nothing signs the body: it is not a form, and the URL has no `bodySHA256`. Anyone can
    /// replace it.
    UncoveredBody,
    /// The request names no account, or an account that has no key here.
    UnknownAccount,
    /// The request names a shared key that is not configured here.
    UnknownKey,
    /// The request names an unknown algorithm, or another than the one that its key is bound to.
    UnsupportedAlgorithm,
    /// The body is larger than the limit.
    TooLarge,
    /// The form holds more than 500 parameters, where each invalid UTF-8 sequence counts as one.
    ///
    /// Twilio sends about 20 parameters, all of them UTF-8. Sorting such a form would cost far more
    /// than its size suggests.
    MalformedForm,
    /// The method is not permitted by [`Validator::methods`](super::Validator::methods).
    ///
    /// The parameters of a POST can be moved into the query and replayed as GET with the same
    /// signature.
    MethodNotAllowed,
    /// The signature holds, but it may have been made for another URL.
    ///
    /// The signed text has no separator between the URL and the first parameter. Twilio's forms
    /// begin with `AccountSid`. This form has a name that sorts before it, or the URL holds
    /// `AccountSid` and its value.
    AmbiguousForm,
    /// The URL of the request has no path, or cannot be parsed.
    BadUrl,
    /// The path does not start with the prefix that the proxy adds
    /// ([`PublicOrigin::server_prefix`](super::PublicOrigin::server_prefix)). The request did not
    /// come through the proxy.
    ///
    /// Its signature may have been made for another endpoint, whose public path is the same.
    MissingServerPrefix,
    /// The request is not a WebSocket handshake, but the endpoint accepts only handshakes.
    NotAHandshake,
}

impl SignatureErrorKind {
    /// Returns a short name for logs and metrics, such as `signature-mismatch`.
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
            Self::MissingServerPrefix => "missing-server-prefix",
            Self::NotAHandshake => "not-a-handshake",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::MissingHeader => {
                "the request has no X-Twilio-Signature header; it is not from Twilio, or a proxy \
                 dropped the header"
            }
            Self::MalformedHeader => {
                "a signature header is not the canonical base64 of a MAC, or appears twice; Twilio \
                 sends one well-formed header"
            }
            Self::SignatureMismatch => {
                "no key signs this request for any of the candidate URLs; check the public origin \
                 and the account's primary auth token"
            }
            Self::BodyHashMismatch => {
                "the body does not match the signed bodySHA256; pass the body on unchanged"
            }
            Self::UncoveredBody => {
                "nothing signs the body: it is not a form, and the URL has no bodySHA256; Twilio \
                 sends one with every other body"
            }
            Self::UnknownAccount => {
                "the request names no account whose keys are configured; add the account's keys"
            }
            Self::UnknownKey => {
                "the request names a shared key that is not configured; add it with \
                 `Keys::add_shared_key`"
            }
            Self::UnsupportedAlgorithm => {
                "the request names an unknown signature algorithm, or another than the one of its \
                 key; configure the shared key with Twilio's algorithm"
            }
            Self::TooLarge => {
                "the body is larger than the limit; raise `Validator::body_limit` if the URL \
                 expects larger bodies"
            }
            Self::MalformedForm => {
                "the form has more than 500 parameters, or as many invalid UTF-8 sequences; \
                 Twilio sends no such form"
            }
            Self::MethodNotAllowed => {
                "the method is not permitted; the validator permits POST, and GET only if \
                 `Validator::methods` names it"
            }
            Self::AmbiguousForm => {
                "the form may have been signed for another URL: a parameter sorts before \
                 AccountSid, or the URL holds AccountSid and its value; rename a parameter of \
                 your own that sorts before AccountSid"
            }
            Self::BadUrl => "the URL of the request has no path or cannot be parsed",
            Self::MissingServerPrefix => {
                "the path does not start with the server prefix, so the request did not come \
                 through the proxy; check `PublicOrigin::server_prefix`"
            }
            Self::NotAHandshake => {
                "the request is not a WebSocket handshake; this endpoint accepts only handshakes"
            }
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

    /// Returns the reason for the refusal.
    #[must_use]
    pub fn kind(&self) -> SignatureErrorKind {
        self.0.kind
    }

    /// Returns the URLs that were tried for a signature mismatch, each as Twilio would sign it.
    ///
    /// They may hold phone numbers: show them to the operator, do not log them. `Debug` omits the
    /// query and each path segment that may be a number.
    pub fn tried_urls(&self) -> impl Iterator<Item = &str> {
        self.0.tried_urls.iter().map(String::as_str)
    }

    /// Returns the HTTP status of the response: 413 for a body over the limit, else 403.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind() {
            SignatureErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// Returns the whole response: the status and an empty body, so that a forger learns nothing.
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

/// Error returned when a verified request cannot be read as the expected payload.
///
/// The message names the parameter, never its value.
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::webhook::{InboundMessage, PayloadError, PayloadErrorKind};
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/twilio")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body(
/// #         "CallSid=CA00000000000000000000000000000001&CallStatus=in-progress&Direction=inbound\
/// #          &AccountSid=AC00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199&Body=STOP",
/// #     )?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// // A caller of the Voice SDK added a body, so that its call looks like a message.
/// let error: PayloadError = validator.verify(request)?.parse::<InboundMessage>().unwrap_err();
/// assert_eq!(error.kind(), &PayloadErrorKind::OtherKind("CallSid"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// A required parameter is missing or empty. Twilio always sends it with a value.
    #[error("parameter {0} is missing")]
    Missing(&'static str),
    /// A parameter cannot be parsed, such as a SID with another prefix.
    #[error("parameter {0} is malformed")]
    Malformed(&'static str),
    /// A parameter that has one value appears with several. Twilio's signature does not cover their
    /// order, so none of them is used.
    #[error("parameter {0} has several values")]
    Repeated(&'static str),
    /// A parameter belongs to another kind of webhook, such as `CallSid` in a message.
    ///
    /// Either the URL belongs to another handler, or a client of the Voice SDK added the parameters
    /// of a message to its call.
    #[error("parameter {0} belongs to another kind of webhook")]
    OtherKind(&'static str),
}

impl PayloadError {
    pub(crate) const fn new(payload: &'static str, kind: PayloadErrorKind) -> Self {
        Self { payload, kind }
    }

    /// Returns the reason, with the name of the parameter.
    #[must_use]
    pub const fn kind(&self) -> &PayloadErrorKind {
        &self.kind
    }
}
