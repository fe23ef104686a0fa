//! One request through all of its attempts.

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
    /// Runs a request: checks it, asks [`Delivery`](crate::client::Delivery), sends it, reads the answer.
    /// It is sent again only as [`RetryPolicy`](crate::client::RetryPolicy) describes, so a message or a
    /// call never after it may have left.
    ///
    /// # Errors
    ///
    /// By [`ErrorKind`](crate::client::ErrorKind):
    ///
    /// - `Invalid`: a parameter cannot be right; nothing was sent.
    /// - `Blocked`: the person may not be reached from here; nothing was sent.
    /// - `NoRuntime`: no Tokio runtime is running here; nothing was sent.
    /// - `Audit`: the audit trail could not be written; nothing was sent.
    /// - `Token`: the source of bearer tokens brought none; nothing was sent.
    /// - `Connect`: Twilio could not be reached; nothing was sent.
    /// - `Timeout`: time ran out; nothing was sent when it was in `Queue` or `Connect` (see
    ///   [`Phase`](crate::client::Phase)), otherwise the outcome is unknown.
    /// - `ConnectionLost`, `Decode`, `Redirect`: the answer did not arrive or cannot be read; the
    ///   outcome is unknown.
    /// - `Status`: 4xx was rejected; 5xx and 408 leave the outcome unknown.
    pub async fn execute<R: Request>(&self, request: R) -> Result<R::Output, Error> {
        let info = OperationInfo {
            operation: request.name(),
            effect: request.effect(),
            prefixes: <R::Reads as ResponseBody>::PREFIXES,
            largest: <R::Reads as ResponseBody>::LARGEST,
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
            attempt += u32::from(error.was_tried());
            failures += u32::from(error.was_tried() && !error.is_busy());
            // Boxed, so that the future of a request that needs no look stays small.
            if is_unknown
                && let Some(output) =
                    Box::pin(self.settled(&request, &context, attempt + 1, &error)).await
            {
                return Ok(output);
            }
            // Only a token that was just refused is renewed, and once.
            let renews = !renewed && matches!(self.config.sign_in, SignIn::Bearer(_));
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

    /// How long to wait before the next attempt, if there is to be one.
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
