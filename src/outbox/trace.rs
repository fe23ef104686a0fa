//! Events of the worker for the crate `tracing` (feature `tracing`). Without the feature nothing is
//! logged.
//!
//! They carry counts, IDs of batches and messages, and reasons, never a number, a message body or the key of a person.

use super::drained::{Drained, Processed};
use super::keys::BatchId;
use super::message::{MessageState, Reason};
use crate::messenger::MessageId;

/// Reports that a claim has ended, at level DEBUG.
pub(super) fn ended(batch: &BatchId, processed: Processed) {
    #[cfg(feature = "tracing")]
    tracing::debug!(
        target: "clinspark_twilio",
        batch = batch.as_str(),
        outcome = processed.as_str(),
        "outbox: claim ended"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (batch, processed.as_str());
}

/// Reports that a batch was stopped, once for each stop, at level WARN.
pub(super) fn stopped(batch: Option<&BatchId>, reason: &Reason) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "clinspark_twilio",
        batch = batch.map(BatchId::as_str),
        reason = reason.as_str(),
        "outbox: batch stopped; resume it after the fix"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (batch, reason);
}

/// Reports a SID that contradicts the ledger, at level WARN: a worker was given up while it was
/// suspended, and has sent all the same.
pub(super) fn sent_twice(message: &MessageId) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "clinspark_twilio",
        message_id = message.as_str(),
        "outbox: a report names another SID than the message has, or the SID of another message; the person may have got two texts"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = message;
}

/// Reports the counts since the last report, at level INFO. Nothing if all are 0.
pub(super) fn counted(now: &Drained, before: &Drained) {
    let since = now.since(before);
    #[cfg(feature = "tracing")]
    if since.total() > 0 || since.pace_waits > 0 {
        tracing::info!(
            target: "clinspark_twilio",
            claimed = since.total(),
            sent = since.sent,
            sent_twice = since.sent_twice,
            refused = since.refused,
            requeued = since.requeued,
            expired = since.expired,
            held = since.held,
            doubts = since.doubts,
            stopped = since.stopped,
            stops = since.stops,
            lost = since.lost,
            pace_waits = since.pace_waits,
            "outbox: counts"
        );
    }
    #[cfg(not(feature = "tracing"))]
    let _ = since;
}

/// Reports a settled doubt, at level DEBUG.
pub(super) fn settled(batch: &BatchId, state: MessageState) {
    #[cfg(feature = "tracing")]
    tracing::debug!(
        target: "clinspark_twilio",
        batch = batch.as_str(),
        state = state.as_str(),
        "outbox: doubt settled"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (batch, state);
}
