//! Refusals of webhooks.

use std::fmt;

use super::consent::ConsentError;
use super::webhook_paths::PathKind;
use crate::webhook::{SignatureError, SignatureErrorKind};

/// A webhook that was refused.
///
/// Its message and source are for the operator. The answer to the sender, [`into_response`],
/// holds the status alone.
///
/// [`into_response`]: Self::into_response
#[derive(Debug)]
pub struct Refusal {
    kind: RefusalKind,
    path: Option<PathKind>,
    signature: Option<SignatureError>,
    gate: Option<ConsentError>,
}

/// Reason for a [`Refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The signature does not hold: see [`Refusal::signature`].
    Signature,
    /// Not a POST, which is what the `TwiML` App is set to. A POST's parameters can be moved into
    /// the query and replayed as GET under the same signature.
    Method,
    /// The request is about another account, or names none.
    Account,
    /// Neither side of the conversation is the messenger's number, service or app.
    Number,
    /// Content and path contradict each other, such as a call at the message path, or a message at
    /// another path than the configured one: see [`Refusal::path_kind`]. Either the account is
    /// wired to the wrong path, or a caller of the Voice SDK poses as a message.
    Path,
    /// The request came to a message path and holds a body or a message's status, but this version
    /// cannot read it: a parameter is missing or malformed. The consent gate was not informed.
    Unreadable,
    /// The request is genuine, and the [`ConsentGate`](super::ConsentGate) failed to record what
    /// it says. It is answered with 503.
    ///
    /// By default Twilio retries a webhook only after a TCP or TLS failure, so a STOP that is
    /// answered with 503 comes no second time. With `#rc=2&rp=5xx,ct,rt` at the end of its URL it
    /// is sent up to twice more after a 5xx answer, and then to the fallback URL, where one is
    /// set. Configure both for the message path.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    ConsentGate,
}

impl Refusal {
    pub(super) const fn new(kind: RefusalKind) -> Self {
        Self {
            kind,
            path: None,
            signature: None,
            gate: None,
        }
    }

    pub(super) fn wrong_path(path: PathKind) -> Self {
        Self {
            path: Some(path),
            ..Self::new(RefusalKind::Path)
        }
    }

    pub(super) fn consent_gate_failed(error: ConsentError) -> Self {
        Self {
            gate: Some(error),
            ..Self::new(RefusalKind::ConsentGate)
        }
    }

    /// Reason for the refusal.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// Configured path to check, for [`RefusalKind::Path`]: that which the request came to, else
    /// that which its content belongs at.
    #[must_use]
    pub const fn path_kind(&self) -> Option<PathKind> {
        self.path
    }

    /// Fault of the signature, for [`RefusalKind::Signature`].
    #[must_use]
    pub const fn signature(&self) -> Option<&SignatureError> {
        self.signature.as_ref()
    }

    /// Status to answer with: 403; 413 for a body over the limit; 503 for [`RefusalKind::ConsentGate`].
    #[must_use]
    pub fn status(&self) -> http::StatusCode {
        if self.kind == RefusalKind::ConsentGate {
            return http::StatusCode::SERVICE_UNAVAILABLE;
        }
        self.signature
            .as_ref()
            .map_or(http::StatusCode::FORBIDDEN, SignatureError::status)
    }

    /// The answer to the sender: the status and an empty body.
    #[must_use]
    pub fn into_response(self) -> http::Response<String> {
        let mut response = http::Response::new(String::new());
        *response.status_mut() = self.status();
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            RefusalKind::Signature => "the webhook is not signed by Twilio for this origin",
            RefusalKind::Method => "the webhook is not a POST request",
            RefusalKind::Account => "the webhook is about another account, or names none",
            RefusalKind::Number => "the webhook is about another number",
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
            RefusalKind::ConsentGate => "the consent gate failed to record what the webhook says",
        })
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let signature = self.signature.as_ref().map(|error| error as _);
        signature.or_else(|| self.gate.as_deref().map(|error| error as _))
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
