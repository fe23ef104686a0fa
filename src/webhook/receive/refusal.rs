//! Refusals of webhooks.

use std::fmt;

use super::paths::PathKind;
use crate::types::{BoxError, redacted_url};
use crate::webhook::{SignatureError, SignatureErrorKind};

/// Reason why a webhook was refused.
///
/// Its message and source are for the operator's log. The sender gets only a status and an empty
/// body, by [`into_response`](Self::into_response).
///
/// ```
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{PublicOrigin, Receiver, RefusalKind, Validator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// let receiver = Receiver::calls_only(Validator::new(AuthToken::new("12345")?, origin));
///
/// let unsigned = http::Request::post("/hooks/voice").body("")?;
/// let refusal = receiver.receive(unsigned).await.unwrap_err();
/// assert_eq!(refusal.kind(), RefusalKind::Signature);
/// assert_eq!(refusal.into_response().status(), 403);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Refusal {
    kind: RefusalKind,
    path: Option<PathKind>,
    signature: Option<SignatureError>,
    cause: Option<BoxError>,
}

/// Kind of a [`Refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The signature is missing or not valid; see [`Refusal::signature`].
    Signature,
    /// The method is not permitted: `POST` is, and `GET` only if
    /// [`Validator::methods`](crate::webhook::Validator::methods) names it.
    ///
    /// An attacker can move the parameters of a POST into the query, and replay it as a GET with the
    /// same signature. Set the `TwiML` App to POST.
    Method,
    /// The request is for a host that no messenger of the router has. `Host` and the forwarded headers
    /// are not trusted, so a proxy must pass on the public host.
    Host,
    /// The request is about another account, or names none.
    Account,
    /// Neither side of the conversation is the configured number, service or app.
    Number,
    /// The content does not belong at the path; see [`Refusal::path_kind`]. Examples are a call at
    /// the message path, and a message at another path than the configured one.
    ///
    /// Either the account is configured with the wrong path, or a caller of the Voice SDK has added
    /// the parameters of a message.
    Path,
    /// The request is a message or a status callback of one, and the receiver is for calls only
    /// ([`Receiver::calls_only`](super::Receiver::calls_only)).
    CallsOnly,
    /// The request is a message or a status callback of one, but this version cannot read it: a
    /// parameter is missing or malformed. The consent handler was not informed, so no handler gets
    /// the request either.
    Unreadable,
    /// The request is genuine, and the consent handler or gate failed to record its event. It is
    /// answered with 503.
    ///
    /// By default Twilio retries a webhook only after a TCP or TLS failure. A STOP that is answered
    /// with 503 is then lost. If the URL ends in `#rc=2&rp=5xx,ct,rt`, Twilio retries up to twice
    /// after a 5xx answer, and then requests the fallback URL, if one is set. Configure both for the
    /// message path.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    Consent,
    /// The request is genuine, and the replay guard failed, so it is unknown whether the request
    /// was handled before. It is answered with 503.
    ReplayGuard,
    /// The request is genuine and is being handled already. It is answered with 503, so that a
    /// later retry gets the answer.
    InProgress,
}

impl Refusal {
    pub(super) const fn new(kind: RefusalKind) -> Self {
        Self {
            kind,
            path: None,
            signature: None,
            cause: None,
        }
    }

    #[cfg(feature = "client")]
    pub(crate) const fn unknown_host() -> Self {
        Self::new(RefusalKind::Host)
    }

    #[cfg(feature = "client")]
    pub(crate) const fn unknown_account() -> Self {
        Self::new(RefusalKind::Account)
    }

    pub(super) fn wrong_path(path: PathKind) -> Self {
        Self {
            path: Some(path),
            ..Self::new(RefusalKind::Path)
        }
    }

    pub(super) fn caused_by(kind: RefusalKind, error: BoxError) -> Self {
        Self {
            cause: Some(error),
            ..Self::new(kind)
        }
    }

    /// Returns the kind of the refusal.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// Returns the configured path to check, for [`RefusalKind::Path`]: the path of the request, or
    /// else the path at which the content belongs.
    #[must_use]
    pub const fn path_kind(&self) -> Option<PathKind> {
        self.path
    }

    /// Returns the error of the signature, for [`RefusalKind::Signature`].
    #[must_use]
    pub const fn signature(&self) -> Option<&SignatureError> {
        self.signature.as_ref()
    }

    /// Returns the status of the answer: 403, 413 for a body over the limit, and 503 for
    /// [`RefusalKind::Consent`], [`RefusalKind::ReplayGuard`] and [`RefusalKind::InProgress`].
    #[must_use]
    pub fn status(&self) -> http::StatusCode {
        use http::StatusCode;
        match self.kind {
            RefusalKind::Consent | RefusalKind::ReplayGuard | RefusalKind::InProgress => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            _ => self
                .signature
                .as_ref()
                .map_or(StatusCode::FORBIDDEN, SignatureError::status),
        }
    }

    /// Returns the answer to the sender: the status and an empty body.
    #[must_use]
    pub fn into_response(self) -> http::Response<String> {
        let mut response = http::Response::new(String::new());
        *response.status_mut() = self.status();
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(signature) = &self.signature {
            // The tried URLs show at once which part of the public URL is wrong. `redacted_url`
            // leaves out what may be a number.
            write!(f, "{signature}")?;
            for (position, url) in signature.tried_urls().enumerate() {
                let before = if position == 0 { "; tried " } else { ", " };
                write!(f, "{before}{}", redacted_url(url))?;
            }
            return Ok(());
        }
        f.write_str(match self.kind {
            RefusalKind::Signature => "the webhook is not signed by Twilio for this origin",
            RefusalKind::Method => "the method of the webhook is not permitted",
            RefusalKind::Host => {
                "no messenger has the host of the webhook; let the proxy pass on the public host"
            }
            RefusalKind::Account => "the webhook is about another account, or names none",
            RefusalKind::Number => "the webhook is about another number",
            RefusalKind::CallsOnly => {
                "the webhook is about a message, and the receiver is for calls only; make it with \
                 Receiver::new to receive messages"
            }
            RefusalKind::Unreadable => {
                "a parameter of the message or report is missing or malformed; compare its names \
                 with Twilio's documentation"
            }
            RefusalKind::Path => {
                f.write_str("the content of the webhook does not belong at its path")?;
                return match self.path {
                    Some(path) => write!(f, "; check the {path}"),
                    None => Ok(()),
                };
            }
            RefusalKind::Consent => "the consent event of the webhook could not be recorded",
            RefusalKind::ReplayGuard => {
                "the replay guard failed, so it is unknown whether the webhook was handled before"
            }
            RefusalKind::InProgress => "the webhook is being handled already",
        })
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let signature = self.signature.as_ref().map(|error| error as _);
        signature.or_else(|| self.cause.as_deref().map(|error| error as _))
    }
}

impl From<SignatureError> for Refusal {
    fn from(error: SignatureError) -> Self {
        let kind = match error.kind() {
            SignatureErrorKind::MethodNotAllowed => RefusalKind::Method,
            _ => RefusalKind::Signature,
        };
        Self {
            signature: Some(error),
            ..Self::new(kind)
        }
    }
}

impl From<SignatureErrorKind> for Refusal {
    fn from(kind: SignatureErrorKind) -> Self {
        SignatureError::from(kind).into()
    }
}
