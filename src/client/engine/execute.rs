//! One request through all of its attempts.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{StatusCode, header};

use super::audit::Entries;
use super::client::Client;
use super::concurrency::Permit;
use super::credentials::SignIn;
use super::error::{Effect, Error, Outcome};
use super::exchange::{self, Asked, Limits};
use super::request::Request;
use super::request::sealed::Answer;
use super::retry::{Retry, RetryEvent};
use super::trace::Span;
use super::transport::Progress;
use crate::types::BearerToken;

/// One request, through all of its attempts.
pub(in crate::client) struct About<'a> {
    pub(in crate::client) asked: Asked,
    /// The SID in its path.
    pub(in crate::client) sid: Option<&'a str>,
    pub(in crate::client) entries: Entries<'a>,
    pub(in crate::client) start: Instant,
}

/// A request that nothing stops any more.
struct Ready<'a> {
    outgoing: http::Request<Bytes>,
    token: Option<BearerToken>,
    permit: Permit<'a>,
}

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
    /// - `ConnectionLost`, `Decode`, `Redirect`: the answer did not arrive or cannot be read; the outcome
    ///   is unknown.
    /// - `Status`: 4xx was rejected; 5xx and 408 leave the outcome unknown.
    pub async fn execute<R: Request>(&self, request: R) -> Result<R::Output, Error> {
        let asked = Asked {
            operation: request.name(),
            effect: request.effect(),
            prefixes: <R::Reads as Answer>::PREFIXES,
            largest: <R::Reads as Answer>::LARGEST,
        };
        exchange::require_runtime(asked)?;
        let target = request.target();
        let about = About {
            asked,
            sid: target.sid(),
            entries: Entries::of(self, asked, target.sid(), || request.form()),
            start: self.clock.instant(),
        };
        let (mut doubt, mut renewed) = (false, false);
        let (mut attempt, mut failures) = (0, 0);
        loop {
            let error = match self.attempt(&request, &about, attempt + 1).await {
                Ok(output) => {
                    self.budget.give_back();
                    return Ok(output);
                }
                Err(error) => error,
            };
            attempt += u32::from(error.was_tried());
            failures += u32::from(error.was_tried() && !error.is_busy());
            // Boxed, so that the future of a request that needs no look stays small.
            if doubt
                && let Some(output) =
                    Box::pin(self.settled(&request, &about, attempt + 1, &error)).await
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
            let Some(wait) = self.wait(asked, &error, retry, about.start) else {
                return Err(error.after(attempt, doubt));
            };
            renewed |= error.status() == Some(StatusCode::UNAUTHORIZED);
            doubt |= matches!(error.outcome(), Outcome::Unknown { .. });
            if let Some(hook) = &self.hook {
                hook.call(&RetryEvent {
                    operation: asked.operation,
                    attempt,
                    error: &error,
                    wait,
                });
            }
            drop(error);
            self.clock.sleep(wait).await;
        }
    }

    /// Sends a request once.
    pub(in crate::client) async fn attempt<R: Request>(
        &self,
        request: &R,
        about: &About<'_>,
        attempt: u32,
    ) -> Result<R::Output, Error> {
        let Ready {
            mut outgoing,
            token,
            permit,
        } = match self.ready(request, about).await {
            Ok(ready) => ready,
            Err(error) => {
                about.entries.refused(&error).await;
                return Err(error);
            }
        };
        let asked = about.asked;
        let progress = Progress::default();
        outgoing.extensions_mut().insert(progress.clone());
        let open = about.entries.sending(attempt, &progress).await?;
        let span = Span::new(asked.operation, about.sid, attempt);
        let begun = self.clock.instant();
        // The token and the audit trail may have taken the time that an answer needs.
        let answer = if self.time_to_begin(asked, about.start).is_zero() {
            Err(exchange::out_of_time(asked))
        } else {
            let limits = self.limits(about.start);
            let exchange = exchange::exchange(&*self.transport, outgoing, asked, limits);
            span.around(exchange).await
        };
        permit.ended(answer.as_ref().err());
        let ended = match answer {
            Ok(answer) => {
                span.answered(answer.status, &answer.headers);
                match <R::Reads as Answer>::read(&answer.body) {
                    Ok(read) => self.compared(request, asked, answer.status, read),
                    Err(cause) => {
                        let (status, body) = (answer.status, &answer.body);
                        Err(exchange::unreadable(asked, status, body, &cause))
                    }
                }
            }
            Err(error) => {
                self.hear_refusal(&error, token.as_ref());
                Err(error)
            }
        };
        let made = ended.as_ref().map(Answer::sid);
        let took = self.clock.instant().saturating_duration_since(begun);
        span.ended(made, took);
        open.ended(made).await;
        ended
    }

    /// Everything that can stop a request before it leaves.
    async fn ready<R: Request>(&self, request: &R, about: &About<'_>) -> Result<Ready<'_>, Error> {
        let mut outgoing = self.prepare(request, about.asked)?;
        let permit = self.permit(about.asked, about.start).await?;
        let timeout = self.time_to_begin(about.asked, about.start);
        let timeout = timeout.min(self.config.attempt_timeout);
        let (authorization, token) = self.sign_in(about.asked, timeout).await?;
        outgoing
            .headers_mut()
            .insert(header::AUTHORIZATION, authorization);
        Ok(Ready {
            outgoing,
            token,
            permit,
        })
    }

    /// How long an attempt may take that begins now.
    fn limits(&self, start: Instant) -> Limits {
        Limits {
            attempt: self.config.attempt_timeout.min(self.left(start)),
            stall: self.config.stall_timeout,
        }
    }

    /// How much of the operation's time is left.
    fn left(&self, start: Instant) -> Duration {
        let spent = self.clock.instant().saturating_duration_since(start);
        self.config.operation_timeout.saturating_sub(spent)
    }

    /// How long an attempt may be put off. Zero once it is too late to begin.
    ///
    /// A create needs time for its answer: one that is cut short by the operation timeout would
    /// leave its outcome unknown.
    fn time_to_begin(&self, asked: Asked, start: Instant) -> Duration {
        let left = self.left(start);
        if asked.effect != Effect::Create {
            return left;
        }
        let config = &self.config;
        let answer = config.attempt_timeout.min(config.operation_timeout / 2);
        left.saturating_sub(answer)
    }

    /// Waits for a permit, as long as the attempt may be put off.
    pub(in crate::client) async fn permit(
        &self,
        asked: Asked,
        start: Instant,
    ) -> Result<Permit<'_>, Error> {
        // Mostly one is free, and no timer has to be made.
        if let Some(permit) = self.concurrency.try_acquire() {
            return Ok(permit);
        }
        let time = self.time_to_begin(asked, start);
        tokio::time::timeout(time, self.concurrency.acquire())
            .await
            .map_err(|_| exchange::out_of_time(asked))
    }

    /// How long to wait before the next attempt, if there is to be one.
    fn wait(&self, asked: Asked, error: &Error, retry: Retry, start: Instant) -> Option<Duration> {
        if !error.was_tried() {
            return None;
        }
        let random = self.clock.random();
        let wait = self.config.retry.wait(error, retry, random)?;
        let in_time = wait < self.time_to_begin(asked, start);
        let free = error.is_busy() || *error.outcome() == Outcome::NotSent;
        (in_time && (free || self.budget.take(self.clock.instant()))).then_some(wait)
    }
}
