//! What is known about a failed request, and the one place that decides whether it may be sent again.
//!
//! | What happened | read | update to a fixed state, deletion | create |
//! |---|---|---|---|
//! | 429: Twilio did not process it | again | again | again |
//! | never left: no such host, refused, handshake cut or too slow | again | again | again |
//! | timeout, reset, lost answer, 408, 5xx | again | again | **never** |
//! | 401 to a bearer token: nothing was done | again, once, with another token | the same | the same |
//! | other 4xx, redirect, an answer that cannot be read, a bad certificate | no | no | no |

use http::StatusCode;

use super::transport::Phase;

/// What a request changes at Twilio. It decides whether sending it again can do harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing.
    Read,
    /// It sets something to a stated value: doing it twice is doing it once.
    Update,
    /// It makes something new, such as a message or a call, or makes something happen, such as
    /// new instructions of a running call: doing it twice does it twice.
    Create,
}

/// What is known about a failed request.
///
/// For a request that only reads, the outcome still says how far it came, but nothing hangs on
/// it: a read changes nothing and may always be sent again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers have to answer each of the three; a fourth would have to break them"
)]
pub enum Outcome {
    /// It provably never reached Twilio. Sending it again is safe.
    NotSent,
    /// Twilio answered that it did not do it. Nothing was sent to anybody.
    Rejected,
    /// It may have been done, or not: the answer was lost, unreadable, or a server error. Never
    /// send it again by guess: look first.
    #[non_exhaustive]
    Unknown {
        /// The SID found in an answer that was otherwise unreadable: then it was done.
        sid: Option<String>,
    },
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Twilio could not be reached: no such host, refused, TLS failed, or the connection was gone
    /// before the request could be written.
    Connect,
    /// The connection broke after the request was written, or while the answer was read.
    ConnectionLost,
    /// Time ran out in the given phase.
    Timeout(Phase),
    /// Twilio, or something before it, answered with an error: see [`Error::api`](crate::client::Error::api).
    Status,
    /// The answer points to another address. It is never followed: the request carries the
    /// account's credentials.
    Redirect,
    /// The answer says success but cannot be read, or is about another account, person or SID than
    /// the request.
    Decode,
    /// The source of bearer tokens brought none. Twilio was not asked.
    Token,
    /// The request, or the client's setting, cannot be right. Twilio was not asked.
    Invalid,
    /// The audit trail could not be written, and the client is told not to send what is not on it
    /// ([`AuditPolicy::FailClosed`](crate::client::AuditPolicy::FailClosed)). Twilio was not asked.
    Audit,
    /// [`Delivery`](crate::client::Delivery) does not let this person be reached from here.
    Blocked,
    /// The future was polled outside of a Tokio runtime, such as by another executor. Twilio was
    /// not asked.
    NoRuntime,
}

/// The table above.
pub(in crate::client) fn is_retryable(
    outcome: &Outcome,
    kind: ErrorKind,
    status: Option<StatusCode>,
    effect: Effect,
    permanent: bool,
) -> bool {
    if status == Some(StatusCode::TOO_MANY_REQUESTS) && kind == ErrorKind::Status {
        // Earlier attempts may have left a doubt, which a create never has here.
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

/// Only a 4xx says that Twilio did not do it; 408 says that a gateway stopped waiting.
pub(in crate::client) fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT
}
