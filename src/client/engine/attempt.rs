//! Runs one attempt of a request: permit, sign-in, audit entry, exchange, comparison.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header;

use super::client::Client;
use super::comparison::check_response;
use super::concurrency::Permit;
use super::error::Error;
use super::exchange::{self, Limits, OperationInfo};
use super::outcome::Effect;
use super::read::{ResponseBody, UnreadableBody};
use super::request::Request;
use super::trace::Span;
use super::trail::Entries;
use super::transport::Progress;
use crate::types::BearerToken;

/// Data of one request that all of its attempts share.
pub(in crate::client) struct RequestContext<'a> {
    pub(in crate::client) info: OperationInfo,
    /// SID in the path of the request.
    pub(in crate::client) sid: Option<&'a str>,
    pub(in crate::client) entries: Entries<'a>,
    pub(in crate::client) start: Instant,
}

/// A request that has passed every check, with its token and permit.
struct PreparedRequest<'a> {
    outgoing: http::Request<Bytes>,
    token: Option<BearerToken>,
    permit: Permit<'a>,
}

impl Client {
    /// Sends a request once.
    pub(in crate::client) async fn attempt<R: Request>(
        &self,
        request: &R,
        context: &RequestContext<'_>,
        attempt: u32,
    ) -> Result<R::Output, Error> {
        let PreparedRequest {
            mut outgoing,
            token,
            permit,
        } = match self.prepare_attempt(request, context).await {
            Ok(prepared) => prepared,
            Err(error) => {
                context.entries.refused(&error).await;
                return Err(error);
            }
        };
        let info = context.info;
        let progress = Progress::default();
        outgoing.extensions_mut().insert(progress.clone());
        let open = context.entries.sending(attempt, &progress).await?;
        let span = Span::new(
            info.operation,
            context.sid,
            attempt,
            self.message_id.as_deref(),
        );
        let begun = self.clock.instant();
        // The token source and the audit sink may have used up the time that the response needs.
        let answer = if self.time_to_begin(info, context.start).is_zero() {
            Err(exchange::out_of_time(info))
        } else {
            let limits = self.limits(context.start);
            let exchange = exchange::exchange(&*self.transport, outgoing, info, limits);
            span.around(exchange).await
        };
        permit.ended(answer.as_ref().err());
        let ended = match answer {
            Ok(answer) => {
                span.record_head(answer.status, &answer.headers);
                match <R::Reads as ResponseBody>::read(&answer.body) {
                    Ok(read) => {
                        let account_sid = self.config.account_sid;
                        check_response(request, account_sid, info, answer.status, read)
                    }
                    Err(UnreadableBody(cause)) => {
                        let (status, body) = (answer.status, &answer.body);
                        Err(exchange::unreadable(info, status, body, &cause))
                    }
                }
            }
            Err(error) => {
                self.report_refusal(&error, token.as_ref());
                Err(error)
            }
        };
        let made = ended.as_ref().map(ResponseBody::sid);
        let took = self.clock.instant().saturating_duration_since(begun);
        span.ended(made, took);
        open.ended(made).await;
        ended
    }

    /// Runs every step that can refuse a request before it is sent.
    async fn prepare_attempt<R: Request>(
        &self,
        request: &R,
        context: &RequestContext<'_>,
    ) -> Result<PreparedRequest<'_>, Error> {
        let mut outgoing = self.prepare(request, context.info)?;
        // The permit comes before the token: a token fetched first could expire while waiting.
        let permit = self.permit(context.info, context.start).await?;
        let token = if request.product().signs_in() {
            let timeout = self.time_to_begin(context.info, context.start);
            let timeout = timeout.min(self.config.attempt_timeout);
            let (authorization, token) = self.sign_in(context.info, timeout).await?;
            outgoing
                .headers_mut()
                .insert(header::AUTHORIZATION, authorization);
            token
        } else {
            None
        };
        Ok(PreparedRequest {
            outgoing,
            token,
            permit,
        })
    }

    /// Returns the time limits of an attempt that begins now.
    fn limits(&self, start: Instant) -> Limits {
        Limits {
            attempt: self.config.attempt_timeout.min(self.left(start)),
            stall: self.config.stall_timeout,
        }
    }

    /// Returns the remaining time of the operation.
    fn left(&self, start: Instant) -> Duration {
        let spent = self.clock.instant().saturating_duration_since(start);
        self.config.operation_timeout.saturating_sub(spent)
    }

    /// Returns the time within which an attempt must begin. Zero once it is too late.
    ///
    /// A create needs time for its response: cut short by the operation timeout, its outcome
    /// would be unknown.
    pub(in crate::client) fn time_to_begin(&self, info: OperationInfo, start: Instant) -> Duration {
        let left = self.left(start);
        if info.effect != Effect::Create {
            return left;
        }
        let config = &self.config;
        let answer = config.attempt_timeout.min(config.operation_timeout / 2);
        left.saturating_sub(answer)
    }

    /// Waits for a permit until the attempt must begin.
    pub(in crate::client) async fn permit(
        &self,
        info: OperationInfo,
        start: Instant,
    ) -> Result<Permit<'_>, Error> {
        // Usually a permit is free, which saves the timer.
        if let Some(permit) = self.concurrency.try_acquire() {
            return Ok(permit);
        }
        let time = self.time_to_begin(info, start);
        tokio::time::timeout(time, self.concurrency.acquire())
            .await
            .map_err(|_| exchange::out_of_time(info))
    }
}
