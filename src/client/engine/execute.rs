//! Runs a request through all of its attempts.

use std::time::{Duration, Instant};

use http::StatusCode;

use super::attempt::RequestContext;
use super::client::Client;
use super::credentials::SignIn;
use super::error::Error;
use super::exchange::{self, OperationInfo};
use super::outcome::Outcome;
use super::read::ResponseBody;
use super::request::Request;
use super::retry::{Retry, RetryEvent};
use super::trail::Entries;

impl Client {
    /// Runs a request: checks it, applies [`Delivery`](crate::client::Delivery), sends it and reads
    /// the response.
    ///
    /// A failed request is retried where [`Error::is_retryable`] permits it. A message or a call
    /// that may have been sent is never retried.
    ///
    /// # Errors
    ///
    /// By [`ErrorKind`](crate::client::ErrorKind):
    ///
    /// | Kind | Cause | Outcome |
    /// |---|---|---|
    /// | `Invalid` | a parameter is invalid | not sent |
    /// | `Blocked` | `Delivery` does not permit the recipient | not sent |
    /// | `NoRuntime` | no Tokio runtime is running | not sent |
    /// | `Audit` | the audit trail could not be written | not sent |
    /// | `Token` | the token source returned no token | not sent |
    /// | `Connect` | Twilio could not be reached | not sent |
    /// | `Timeout` | time ran out | not sent in [`Phase`](crate::client::Phase) `Queue` or `Connect`, otherwise unknown |
    /// | `ConnectionLost`, `Decode`, `Redirect` | the response did not arrive or cannot be read | unknown |
    /// | `Status` | Twilio responded with an error | rejected after 4xx; unknown after 5xx and 408 |
    pub async fn execute<R: Request>(&self, request: R) -> Result<R::Output, Error> {
        let info = OperationInfo {
            operation: request.name(),
            effect: request.effect(),
            prefixes: <R::Reads as ResponseBody>::PREFIXES,
            largest: <R::Reads as ResponseBody>::LARGEST,
            is_redirect: <R::Reads as ResponseBody>::IS_REDIRECT,
        };
        exchange::require_runtime(info)?;
        let target = request.target();
        let context = RequestContext {
            info,
            sid: target.sid(),
            entries: Entries::of(self, info, target.sid(), || request.form()),
            start: self.clock.instant(),
        };
        let (mut is_unknown, mut renewed) = (false, false);
        let (mut attempt, mut failures) = (0, 0);
        loop {
            let error = match self.attempt(&request, &context, attempt + 1).await {
                Ok(output) => {
                    self.budget.give_back();
                    return Ok(output);
                }
                Err(error) => error,
            };
            // A request that was refused before it reached the transport is not an attempt.
            attempt += u32::from(error.was_tried());
            failures += u32::from(error.was_tried() && !error.is_busy());
            // Boxed, so that the future of a request without this check stays small.
            if is_unknown
                && let Some(output) =
                    Box::pin(self.settled(&request, &context, attempt + 1, &error)).await
            {
                return Ok(output);
            }
            // Only a token that was just refused is renewed, and once.
            let renews = !renewed
                && request.product().signs_in()
                && matches!(self.config.sign_in, SignIn::Bearer(_));
            let retry = Retry {
                attempt,
                failures,
                retries: request.retries(),
                renews,
            };
            let Some(wait) = self.wait(info, &error, retry, context.start) else {
                return Err(error.after(attempt, is_unknown));
            };
            renewed |= error.status() == Some(StatusCode::UNAUTHORIZED);
            is_unknown |= matches!(error.outcome(), Outcome::Unknown { .. });
            if let Some(hook) = &self.hook {
                hook.call(&RetryEvent {
                    operation: info.operation,
                    attempt,
                    error: &error,
                    wait,
                });
            }
            drop(error);
            self.clock.sleep(wait).await;
        }
    }

    /// Returns the wait before the next attempt, or `None` if there must be none.
    fn wait(
        &self,
        info: OperationInfo,
        error: &Error,
        retry: Retry,
        start: Instant,
    ) -> Option<Duration> {
        if !error.was_tried() {
            return None;
        }
        let random = self.clock.random();
        let wait = self.config.retry.wait(error, retry, random)?;
        let in_time = wait < self.time_to_begin(info, start);
        let free = error.is_busy() || *error.outcome() == Outcome::NotSent;
        (in_time && (free || self.budget.take(self.clock.instant()))).then_some(wait)
    }
}
