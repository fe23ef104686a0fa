//! Rows as values of the library. A row that was edited by hand is [`StoreErrorKind::Corrupt`].

use std::time::{Duration, SystemTime};

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Batch, BatchId, BatchRecord, BatchState, Claimed, Counts, Doubt, MessageRecord, MessageState,
    Occurrence, Proof, Reason, RecipientKey, SenderKey, StoreError, StoreErrorKind,
};
use clinspark_twilio::types::{MessageSid, MessageStatus};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::error::CORRUPT;

const fn corrupt() -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, CORRUPT)
}

/// Reads a column.
pub(super) fn get<'r, T: FromSql<'r>>(row: &'r Row, column: &str) -> Result<T, StoreError> {
    row.try_get(column).map_err(|_| corrupt())
}

/// Reads a column of text as a checked value.
fn parse<T, E>(
    row: &Row,
    column: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, StoreError> {
    parse(get(row, column)?).map_err(|_| corrupt())
}

/// Reads a column of text, which may be null, as a checked value.
fn parse_optional<T, E>(
    row: &Row,
    column: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = get(row, column)?;
    text.map(parse).transpose().map_err(|_| corrupt())
}

fn number(row: &Row, column: &str) -> Result<u32, StoreError> {
    u32::try_from(get::<i32>(row, column)?).map_err(|_| corrupt())
}

fn reason(row: &Row) -> Result<Option<Reason>, StoreError> {
    Ok(get::<Option<&str>>(row, "reason")?.map(Reason::new))
}

pub(super) fn message_id(row: &Row) -> Result<MessageId, StoreError> {
    parse(row, "message_id", MessageId::parse)
}

pub(super) fn state(row: &Row) -> Result<MessageState, StoreError> {
    MessageState::parse(get(row, "state")?).ok_or_else(corrupt)
}

pub(super) fn batch_state(row: &Row) -> Result<BatchState, StoreError> {
    BatchState::parse(get(row, "state")?).ok_or_else(corrupt)
}

pub(super) fn batch(row: &Row, id: &BatchId) -> Result<BatchRecord, StoreError> {
    let sender = parse(row, "sender", SenderKey::parse)?;
    let batch = Batch::from_persisted(id.clone(), sender, get(row, "definition")?);
    Ok(BatchRecord {
        batch: batch.ok_or_else(corrupt)?,
        state: batch_state(row)?,
        reason: reason(row)?,
    })
}

pub(super) fn claimed(row: &Row) -> Result<Claimed, StoreError> {
    Ok(Claimed {
        row: get(row, "id")?,
        batch: parse(row, "batch", BatchId::parse)?,
        recipient: parse(row, "recipient", RecipientKey::parse)?,
        occurrence: parse(row, "occurrence", Occurrence::parse)?,
        message_id: message_id(row)?,
        attempt: number(row, "attempts")?,
        failures: number(row, "failures")?,
        not_after: get(row, "not_after")?,
    })
}

pub(super) fn doubt(row: &Row) -> Result<Doubt, StoreError> {
    let proof: Option<&[u8]> = get(row, "proof")?;
    let proof = proof.map(|bytes| Proof::from_bytes(bytes).ok_or_else(corrupt));
    Ok(Doubt {
        claimed: claimed(row)?,
        began_at: get(row, "began_at")?,
        proof: proof.transpose()?,
        looks: number(row, "looks")?,
        looked_at: get(row, "looked_at")?,
    })
}

/// Reads a record. A column that cannot be read costs that column, not the page: an unreadable key is
/// replaced by the number of the row, and the reason says so.
///
/// An unknown state is [`MessageState::Held`]: no worker sends the message, and a person must look.
pub(super) fn record(row: &Row) -> Result<MessageRecord, StoreError> {
    let id: i64 = get(row, "id")?;
    let number_of_row = id.unsigned_abs();
    let recipient = parse(row, "recipient", RecipientKey::parse);
    let occurrence = parse(row, "occurrence", Occurrence::parse);
    let (message_id, state) = (message_id(row), state(row));
    let is_readable =
        recipient.is_ok() && occurrence.is_ok() && message_id.is_ok() && state.is_ok();
    let reason = if is_readable {
        reason(row).unwrap_or_default()
    } else {
        Some(Reason::new(&format!(
            "row {id} cannot be read; it was changed by hand"
        )))
    };
    let small = |column| get::<Option<i32>>(row, column).ok().flatten();
    Ok(MessageRecord {
        row: id,
        recipient: match recipient {
            Ok(recipient) => recipient,
            Err(_) => RecipientKey::numbered("unreadable", number_of_row).map_err(|_| corrupt())?,
        },
        occurrence: occurrence.unwrap_or_default(),
        message_id: match message_id {
            Ok(message_id) => message_id,
            Err(_) => MessageId::numbered("unreadable", number_of_row).map_err(|_| corrupt())?,
        },
        state: state.unwrap_or(MessageState::Held),
        attempts: number(row, "attempts").unwrap_or_default(),
        segments: small("segments").and_then(|it| u16::try_from(it).ok()),
        sid: parse_optional(row, "sid", MessageSid::parse).unwrap_or_default(),
        delivery: get::<Option<&str>>(row, "delivery")
            .unwrap_or_default()
            .map(MessageStatus::from),
        code: small("code")
            .and_then(|it| u32::try_from(it).ok())
            .map(ErrorCode::from),
        reason,
        changed_at: get(row, "changed_at").unwrap_or(SystemTime::UNIX_EPOCH),
    })
}

/// Adds the counts of a state and delivery status.
pub(super) fn count(counts: &mut Counts, row: &Row) -> Result<(), StoreError> {
    let messages = u64::try_from(get::<i64>(row, "messages")?).map_err(|_| corrupt())?;
    let segments = u64::try_from(get::<i64>(row, "segments")?).map_err(|_| corrupt())?;
    // As in a report.
    let state = state(row).unwrap_or(MessageState::Held);
    *counts.states.entry(state).or_default() += messages;
    if let Some(delivery) = get::<Option<String>>(row, "delivery")? {
        *counts.deliveries.entry(delivery).or_default() += messages;
    }
    counts.segments += segments;
    Ok(())
}

/// Returns a time that the database can hold: from 1970 to 9999.
pub(super) fn time(time: SystemTime) -> SystemTime {
    let last = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    time.clamp(SystemTime::UNIX_EPOCH, last)
}

/// Returns a text that the database can hold: without NUL.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', " ")
}
