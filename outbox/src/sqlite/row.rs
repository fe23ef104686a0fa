//! Rows as values of the library. A column that cannot be read costs that row, or that column.

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    BatchId, Claimed, Doubt, MessageRecord, MessageState, Occurrence, Proof, Reason, RecipientKey,
};
use clinspark_twilio::types::{MessageSid, MessageStatus};
use rusqlite::Row;

use super::micros;

/// Parses a text column. `None` if it has another type or form.
pub(super) fn key<T, E>(
    row: &Row<'_>,
    column: usize,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Option<T> {
    let text = row.get_ref(column).ok()?.as_str().ok()?;
    parse(text).ok()
}

/// Returns the value of a nullable column. `None` also if it cannot be read.
fn optional<T: rusqlite::types::FromSql>(row: &Row<'_>, column: usize) -> Option<T> {
    row.get::<_, Option<T>>(column).ok().flatten()
}

/// Columns of [`claimed`].
pub(super) const CLAIMED: &str =
    "id, batch, recipient, occurrence, message_id, attempts, not_after, failures";

/// Reads a claim from the columns of [`CLAIMED`]. `None` if one of them cannot be read.
pub(super) fn claimed(row: &Row<'_>) -> Option<Claimed> {
    Some(Claimed {
        row: row.get(0).ok()?,
        batch: key(row, 1, BatchId::parse)?,
        recipient: key(row, 2, RecipientKey::parse)?,
        occurrence: key(row, 3, Occurrence::parse)?,
        message_id: key(row, 4, MessageId::parse)?,
        attempt: row.get(5).ok()?,
        failures: row.get(7).ok()?,
        not_after: row.get::<_, Option<i64>>(6).ok()?.map(micros::time),
    })
}

/// Reads a doubt from the columns of [`CLAIMED`] and `began_at, proof, looks, looked_at`.
pub(super) fn doubt(row: &Row<'_>) -> Option<Doubt> {
    // A missing ledger entry means that nothing was sent, so an unreadable one must not pass for it.
    let began_at: Option<i64> = row.get(8).ok()?;
    let proof: Option<Vec<u8>> = row.get(9).ok()?;
    Some(Doubt {
        claimed: claimed(row)?,
        began_at: began_at.map(micros::time),
        proof: proof.and_then(|proof| Proof::from_bytes(&proof)),
        looks: row.get(10).ok()?,
        looked_at: optional(row, 11).map(micros::time),
    })
}

/// Columns of [`record`].
pub(super) const RECORD: &str = "id, recipient, occurrence, message_id, state, attempts, segments, \
                                 sid, delivery, code, reason, changed_at";

/// Reads a record from the columns of [`RECORD`]. An unreadable key is replaced by the number of the
/// row, and the reason says so.
///
/// An unknown state is [`MessageState::Held`]: no worker sends the message, and a person must look.
pub(super) fn record(row: &Row<'_>) -> Option<MessageRecord> {
    let state = row
        .get_ref(4)
        .ok()?
        .as_str()
        .ok()
        .and_then(MessageState::parse);
    let id: i64 = row.get(0).ok()?;
    let recipient = key(row, 1, RecipientKey::parse);
    let occurrence = key(row, 2, Occurrence::parse);
    let message_id = key(row, 3, MessageId::parse);
    let has_keys = recipient.is_some() && occurrence.is_some() && message_id.is_some();
    let reason = match state {
        Some(_) if has_keys => optional::<String>(row, 10),
        _ => Some(format!("row {id} cannot be read; it was changed by hand")),
    };
    let number = id.unsigned_abs();
    Some(MessageRecord {
        row: id,
        recipient: recipient.or_else(|| RecipientKey::numbered("unreadable", number).ok())?,
        occurrence: occurrence.unwrap_or_default(),
        message_id: message_id.or_else(|| MessageId::numbered("unreadable", number).ok())?,
        state: state.unwrap_or(MessageState::Held),
        attempts: optional(row, 5).unwrap_or(0),
        segments: optional(row, 6),
        sid: key(row, 7, MessageSid::parse),
        delivery: optional::<String>(row, 8).map(|status| MessageStatus::from(status.as_str())),
        code: optional::<u32>(row, 9).map(Into::into),
        reason: reason.map(|reason| Reason::new(&reason)),
        changed_at: micros::time(optional(row, 11).unwrap_or(0)),
    })
}
