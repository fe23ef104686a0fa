//! Refusals and failures as events of the crate `tracing` (feature `tracing`). Without the feature
//! nothing is logged.

use http::request::Parts;

#[cfg(feature = "client")]
use super::consent::ConsentEvent;
use super::refusal::Refusal;
#[cfg(all(feature = "client", feature = "tracing"))]
use crate::types::MessageSid;

/// Logs a refusal: the reason, and the URLs tried without query and numbers. Never the head, whose
/// path may hold a number and whose headers hold the signature.
pub(crate) fn log(_head: &Parts, refusal: &Refusal) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "clinspark_twilio",
        kind = ?refusal.kind(),
        status = refusal.status().as_u16(),
        "webhook refused: {refusal}"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = refusal;
}

/// Logs that no handler took a verified webhook. The reason names no value of the request.
#[cfg(feature = "axum")]
pub(crate) fn log_rejection(reason: &dyn std::fmt::Display) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "clinspark_twilio", "webhook rejected: {reason}");
    #[cfg(not(feature = "tracing"))]
    let _ = reason;
}

/// Logs that a replay guard failed to store the end of a handled webhook.
pub(super) fn log_guard_failure(error: &(dyn std::error::Error + Send + Sync)) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: "clinspark_twilio", "replay guard failed: {error}");
    #[cfg(not(feature = "tracing"))]
    let _ = error;
}

/// Logs that a person withdraws consent, and that no record is kept. Never the person.
#[cfg(feature = "client")]
pub(crate) fn log_unrecorded_withdrawal(event: &ConsentEvent) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "clinspark_twilio",
        message_sid = event.message_sid.as_ref().map(MessageSid::as_str),
        "a person has withdrawn consent, and this messenger has no consent gate to record it"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = event;
}
