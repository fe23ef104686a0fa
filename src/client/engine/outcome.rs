//! Outcome of a failed request, and the only rule for retries:
//!
//! | Failure | read | update to a fixed state, deletion | create |
//! |---|---|---|---|
//! | 429: Twilio did not process the request | retried | retried | retried |
//! | not sent: no such host, connection refused, handshake cut or too slow | retried | retried | retried |
//! | timeout, reset, lost response, 408, 5xx | retried | retried | **never** |
//! | 401 to a bearer token: nothing was done | retried once, with another token | the same | the same |
//! | other 4xx, redirect, unreadable response, bad certificate | no | no | no |

use http::StatusCode;

use super::transport::Phase;

/// Effect of a request at Twilio. It determines whether a retry can do harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Sets a stated value, or deletes. Idempotent: twice has the same effect as once.
    Update,
    /// Creates a resource, such as a message or a call, or triggers an action, such as new
    /// instructions for a running call. Not idempotent: twice has the effect twice.
    Create,
}

/// Outcome of a failed request, as far as known.
///
/// For a read, the outcome states whether the request reached Twilio. It has no consequence: a read
/// changes nothing and can always be sent again.
///
/// ```
/// use clinspark_twilio::client::{Outcome, testing};
///
/// /// Returns `true` if a message or call can be sent again without reaching the person twice.
/// fn can_be_sent_again(outcome: &Outcome) -> bool {
///     match outcome {
///         Outcome::NotSent | Outcome::Rejected => true,
///         Outcome::Unknown { .. } => false,
///     }
/// }
///
/// assert!(can_be_sent_again(testing::not_sent().outcome()));
/// assert!(!can_be_sent_again(testing::unknown().outcome()));
///
/// // A SID shows that the request was carried out: store it.
/// let error = testing::unreadable("SM00000000000000000000000000000001");
/// assert!(matches!(error.outcome(), Outcome::Unknown { sid: Some(_), .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers must handle each of the three; a fourth must be a breaking change"
)]
pub enum Outcome {
    /// The request provably never reached Twilio. Sending it again is safe.
    NotSent,
    /// Twilio refused the request. No one was texted or called.
    Rejected,
    /// The request may have been carried out: the response was lost, unreadable, or a server
    /// error. Do not send a create again before checking, such as by
    /// [`Client::reconcile`](crate::client::Client::reconcile).
    #[non_exhaustive]
    Unknown {
        /// SID found in an otherwise unreadable response. It shows that the request was carried
        /// out.
        sid: Option<String>,
    },
}

/// Cause of an [`Error`](crate::client::Error).
///
/// ```
/// use clinspark_twilio::client::{ErrorKind, Outcome, Phase, testing};
///
/// // A timeout before anything was sent, and one after it.
/// let waiting = testing::timed_out(Phase::Queue);
/// assert_eq!(waiting.kind(), ErrorKind::Timeout(Phase::Queue));
/// assert_eq!(*waiting.outcome(), Outcome::NotSent);
///
/// let sent = testing::timed_out(Phase::Answer);
/// assert_eq!(sent.kind(), ErrorKind::Timeout(Phase::Answer));
/// assert!(matches!(sent.outcome(), Outcome::Unknown { .. }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Twilio could not be reached: no such host, connection refused, TLS failed, or the
    /// connection closed before the request was written.
    Connect,
    /// The connection broke after the request was written, or while the response was read.
    ConnectionLost,
    /// Time ran out in this phase.
    Timeout(Phase),
    /// Twilio, or a gateway in front of it, responded with an error: see
    /// [`Error::api`](crate::client::Error::api).
    Status,
    /// The response is a redirect that the client does not follow, because requests carry the
    /// account's credentials.
    Redirect,
    /// The response reports success, but cannot be read or is about another account, person or
    /// SID than the request.
    Decode,
    /// The source of bearer tokens returned no token. Nothing was sent.
    Token,
    /// The request or a setting of the client is invalid. Nothing was sent.
    Invalid,
    /// The audit trail could not be written, and
    /// [`AuditPolicy::FailClosed`](crate::client::AuditPolicy::FailClosed) forbids requests
    /// without an entry. Nothing was sent.
    Audit,
    /// [`Delivery`](crate::client::Delivery) does not permit the recipient. Nothing was sent.
    Blocked,
    /// The future was polled outside of a Tokio runtime, such as by another executor. Nothing was
    /// sent.
    NoRuntime,
}

/// Applies the table above.
pub(in crate::client) fn is_retryable(
    outcome: &Outcome,
    kind: ErrorKind,
    status: Option<StatusCode>,
    effect: Effect,
    permanent: bool,
) -> bool {
    if status == Some(StatusCode::TOO_MANY_REQUESTS) && kind == ErrorKind::Status {
        // Even if an earlier attempt has an unknown outcome: a create has none here, because it is
        // not retried after one.
        return true;
    }
    match (outcome, kind) {
        (Outcome::NotSent, ErrorKind::Connect | ErrorKind::Timeout(_)) => !permanent,
        (Outcome::NotSent | Outcome::Rejected, _)
        | (Outcome::Unknown { .. }, ErrorKind::Redirect | ErrorKind::Decode) => false,
        (Outcome::Unknown { .. }, ErrorKind::Status) => {
            let refused = status.is_some_and(is_refusal);
            effect != Effect::Create && !refused
        }
        (Outcome::Unknown { .. }, _) => effect != Effect::Create && !permanent,
    }
}

/// Returns `true` for a status that proves that Twilio did not carry out the request. This is every
/// 4xx except 408, by which a gateway reports that it stopped waiting.
pub(in crate::client) fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT
}
