//! Spans for the crate `tracing` (feature `tracing`). Without the feature, this module compiles to
//! nothing.
//!
//! Each attempt has one span `twilio` at level INFO. No field contains a phone number, a body, a
//! URL or a secret.

#[cfg(feature = "tracing")]
use tracing::field::Empty;

use std::time::Duration;

use http::{HeaderMap, StatusCode};

#[cfg(feature = "tracing")]
use super::api_error;
use super::error::Error;
#[cfg(feature = "tracing")]
use super::outcome::Outcome;

/// The span of one attempt.
pub(in crate::client) struct Span(#[cfg(feature = "tracing")] tracing::Span);

#[cfg(feature = "tracing")]
impl Span {
    pub(in crate::client) fn new(
        operation: &'static str,
        sid: Option<&str>,
        attempt: u32,
        message_id: Option<&str>,
    ) -> Self {
        Self(tracing::info_span!(
            target: "clinspark_twilio",
            "twilio",
            operation,
            sid,
            attempt,
            message_id,
            status = Empty,
            code = Empty,
            outcome = Empty,
            duration_ms = Empty,
            concurrent_requests = Empty,
            request_id = Empty,
        ))
    }

    /// Runs a future inside the span.
    pub(in crate::client) fn around<F: Future>(
        &self,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        tracing::Instrument::instrument(future, self.0.clone())
    }

    /// Records the head of a successful response.
    pub(in crate::client) fn record_head(&self, status: StatusCode, headers: &HeaderMap) {
        self.head(
            status,
            api_error::concurrent_requests(headers),
            api_error::request_id(headers),
        );
    }

    /// Records the result of the attempt: the SID of the created resource, or an error.
    pub(in crate::client) fn ended(&self, ended: Result<Option<&str>, &Error>, took: Duration) {
        let outcome = match ended {
            Ok(sid) => {
                if let Some(sid) = sid {
                    self.0.record("sid", sid);
                }
                "done"
            }
            Err(error) => {
                self.failed(error);
                match error.outcome() {
                    Outcome::NotSent => "not_sent",
                    Outcome::Rejected => "rejected",
                    Outcome::Unknown { .. } => "unknown",
                }
            }
        };
        self.0.record("outcome", outcome);
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.0.record("duration_ms", took);
    }

    fn failed(&self, error: &Error) {
        if let Some(status) = error.status() {
            let api = error.api();
            self.head(
                status,
                api.and_then(|api| api.concurrent_requests),
                api.and_then(|api| api.request_id.as_deref()),
            );
        }
        if let Some(code) = error.api().and_then(|api| api.code) {
            self.0.record("code", code.get());
        }
        if let Outcome::Unknown { sid: Some(sid) } = error.outcome() {
            self.0.record("sid", sid.as_str());
        }
    }

    fn head(&self, status: StatusCode, concurrent: Option<u32>, request_id: Option<&str>) {
        self.0.record("status", status.as_u16());
        if let Some(concurrent) = concurrent {
            self.0.record("concurrent_requests", concurrent);
        }
        if let Some(request_id) = request_id {
            self.0.record("request_id", request_id);
        }
    }
}

#[cfg(not(feature = "tracing"))]
#[expect(clippy::unused_self, reason = "the same methods as with the feature")]
impl Span {
    pub(in crate::client) const fn new(
        _: &'static str,
        _: Option<&str>,
        _: u32,
        _: Option<&str>,
    ) -> Self {
        Self()
    }

    pub(in crate::client) const fn around<F: Future>(&self, future: F) -> F {
        future
    }

    pub(in crate::client) const fn record_head(&self, _: StatusCode, _: &HeaderMap) {}

    pub(in crate::client) const fn ended(&self, _: Result<Option<&str>, &Error>, _: Duration) {}
}

/// Logs that the audit trail could not be written while the request continues.
pub(in crate::client) fn audit_failed(operation: &'static str) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "clinspark_twilio", operation, "the audit trail could not be written");
    #[cfg(not(feature = "tracing"))]
    let _ = operation;
}
