//! Error of a request: its cause, and what is known about its effect.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::api_error::ApiError;
use super::outcome::{self, Effect, ErrorKind, Outcome};
use super::transport::Phase;
use crate::codes::ErrorCode;
use crate::types::BoxError;

/// Error of a request.
///
/// [`outcome`](Self::outcome) states whether the request was carried out, as far as known.
/// [`kind`](Self::kind) states the cause. The message contains no phone number, body, secret or URL
/// of the caller: it can be logged. For an [`ErrorCode`] of Twilio it states meaning and advice, in
/// this crate's own words.
///
/// ```
/// use clinspark_twilio::client::{Error, Outcome, testing};
///
/// /// Decides how an application continues after a failed message or call.
/// fn next_step(error: &Error) -> &'static str {
///     match error.outcome() {
///         // No connection, or 429: certainly not carried out.
///         _ if error.is_retryable() => "send it again later",
///         Outcome::NotSent | Outcome::Rejected => "show the error to a person",
///         Outcome::Unknown { .. } => "reconcile it before sending it again",
///     }
/// }
///
/// assert_eq!(next_step(&testing::not_sent()), "send it again later");
/// assert_eq!(next_step(&testing::rejected(400, 21610)), "show the error to a person");
/// assert_eq!(next_step(&testing::unknown()), "reconcile it before sending it again");
/// assert_eq!(
///     testing::rejected(400, 21610).to_string(),
///     "Scripted: status 400, Twilio error 21610: the recipient has opted out; nothing was done; do \
///      not text them until they text START"
/// );
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    operation: &'static str,
    effect: Effect,
    kind: ErrorKind,
    outcome: Outcome,
    what: Cow<'static, str>,
    status: Option<StatusCode>,
    api: Option<ApiError>,
    retry_after: Option<Duration>,
    /// `true` if a retry would fail in the same way, such as after a bad certificate.
    permanent: bool,
    attempts: u32,
    source: Option<BoxError>,
}

impl Error {
    pub(in crate::client) fn new(operation: &'static str, effect: Effect, kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            operation,
            effect,
            kind,
            outcome: Outcome::NotSent,
            what: Cow::Borrowed(""),
            status: None,
            api: None,
            retry_after: None,
            permanent: false,
            attempts: 0,
            source: None,
        }))
    }

    pub(in crate::client) fn with_message(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.0.what = what.into();
        self
    }

    pub(in crate::client) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = outcome;
        self
    }

    pub(in crate::client) fn with_status(mut self, status: Option<StatusCode>) -> Self {
        self.0.status = status;
        self
    }

    pub(in crate::client) fn with_permanent(mut self, permanent: bool) -> Self {
        self.0.permanent = permanent;
        self
    }

    /// Returns the error with the outcome of all attempts together. After an attempt with unknown
    /// outcome, a rejection of the next attempt does not prove that nothing was done.
    pub(in crate::client) fn after(mut self, attempts: u32, earlier_unknown: bool) -> Self {
        self.0.attempts = attempts;
        let certain = matches!(self.0.outcome, Outcome::NotSent | Outcome::Rejected);
        if earlier_unknown && certain && self.0.effect != Effect::Read {
            self.0.outcome = Outcome::Unknown { sid: None };
        }
        self
    }

    pub(in crate::client) fn with_source(mut self, source: Option<impl Into<BoxError>>) -> Self {
        self.0.source = source.map(Into::into);
        self
    }

    pub(in crate::client) fn with_api_error(
        mut self,
        api: ApiError,
        retry_after: Option<Duration>,
    ) -> Self {
        self.0.api = Some(api);
        self.0.retry_after = retry_after;
        self
    }

    /// Returns the cause of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns what is known about the effect of all attempts together.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.0.outcome
    }

    /// Returns `true` if Twilio rejected the credentials themselves (401). Twilio responds with 401
    /// to an inactive account, too, although its credentials are correct.
    pub(crate) fn rejects_credentials(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED) && !self.is_account_inactive()
    }

    /// Returns `true` if the account is suspended or closed (20005).
    pub(crate) fn is_account_inactive(&self) -> bool {
        self.code().is_some_and(|code| code.get() == 20005)
    }

    /// Returns the effect that the request has at Twilio when it succeeds.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.0.effect
    }

    /// Returns `true` if the same request can be sent again without harm and could then succeed.
    ///
    /// `true` if no connection could be made, or if Twilio responded with 429 (it does not process
    /// such a request). For reads and updates, also `true` if the response was lost or was a
    /// server error. `false` if the request would be refused or its response unreadable again, and
    /// for every message and call whose outcome is unknown.
    ///
    /// The client retries by the same rule, as often as its
    /// [`RetryPolicy`](crate::client::RetryPolicy) permits: an error that it returns has been
    /// retried already.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let inner = &self.0;
        outcome::is_retryable(
            &inner.outcome,
            inner.kind,
            inner.status,
            inner.effect,
            inner.permanent,
        )
    }

    /// Returns the number of attempts to send the request. 0 if it was refused before the first.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the HTTP status, if the head of a response arrived.
    #[must_use]
    pub const fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the contents of the error response. `Some` if the kind is [`ErrorKind::Status`],
    /// otherwise `None`.
    #[must_use]
    pub const fn api(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// Returns Twilio's error code, where the response has one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.api().and_then(|api| api.code)
    }

    /// Returns the wait that Twilio requested (`Retry-After`, seconds or a date), at most a day.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the name of the request, such as `SendMessage`.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Returns `true` if Twilio refused the request unprocessed, because the account had too many
    /// concurrent requests. A 429 with another code than 20429 is about another limit, such as a
    /// daily one.
    pub(in crate::client) fn is_busy(&self) -> bool {
        let inner = &self.0;
        let code = inner.api.as_ref().and_then(|api| api.code);
        inner.status == Some(StatusCode::TOO_MANY_REQUESTS)
            && matches!(code, None | Some(ErrorCode::TOO_MANY_REQUESTS))
    }

    /// Returns `true` if the request was handed to the transport.
    pub(in crate::client) const fn was_tried(&self) -> bool {
        use ErrorKind::{Audit, Blocked, Invalid, NoRuntime, Timeout, Token};
        !matches!(
            self.0.kind,
            Invalid | Blocked | NoRuntime | Token | Audit | Timeout(Phase::Queue)
        )
    }

    const fn consequence(&self) -> &'static str {
        match (&self.0.outcome, self.0.effect) {
            (Outcome::NotSent, _) => "; nothing was sent",
            (Outcome::Rejected | Outcome::Unknown { .. }, Effect::Read) => "",
            (Outcome::Rejected, _) => "; nothing was done",
            (Outcome::Unknown { .. }, Effect::Update) => "; it may have been done",
            (Outcome::Unknown { .. }, Effect::Create) => {
                "; it may have been done: check before sending it again"
            }
        }
    }

    /// Returns the advice about Twilio's error code. `None` if the request may have been carried
    /// out: the code describes the last attempt only, so its advice could lead to a second message
    /// or call.
    fn advice(&self) -> Option<&'static str> {
        let is_unknown = matches!(self.0.outcome, Outcome::Unknown { .. });
        if is_unknown && self.0.effect != Effect::Read {
            return None;
        }
        self.code()?.advice()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}{}",
            self.0.operation,
            self.0.what,
            self.consequence()
        )?;
        match (self.advice(), self.code()) {
            (Some(advice), _) => write!(f, "; {advice}"),
            (None, Some(code)) if !code.is_known() => write!(f, "; see {}", code.url()),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("kind", &self.0.kind)
            .field("outcome", &self.0.outcome)
            .field("what", &self.0.what)
            .field("status", &self.0.status)
            .field("api", &self.0.api)
            .field("retry_after", &self.0.retry_after)
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
