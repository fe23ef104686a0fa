//! Batches, and the messages that are added to them.

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Batch, BatchChange, BatchId, BatchRecord, BatchState, NewMessage, Reason, SenderKey,
    StoreError, StoreErrorKind,
};
use rusqlite::{Connection, OptionalExtension as _};

use super::error::Work;
use super::{micros, queue};

const NO_BATCH: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "there is no such batch; open it first",
);

const OTHER_BATCH: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "there is another batch with this ID: its template, sender or purpose differs; choose another ID",
);

const CANCELLED: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "the batch is canceled; open another one",
);

const BAD_BATCH: StoreError = StoreError::new(
    StoreErrorKind::Corrupt,
    "the batch cannot be read: it was changed by hand, or is of a newer version; open another one",
);

pub(super) fn open(db: &Connection, batch: &Batch, now: i64) -> Work<()> {
    let sender = db
        .prepare_cached("SELECT 1 FROM outbox_sender WHERE sender = ?1")?
        .query_row([batch.sender().as_str()], |_| Ok(()))
        .optional()?;
    if sender.is_none() {
        return Err(queue::NO_SENDER.into());
    }
    let new = db
        .prepare_cached(
            "INSERT INTO outbox_batch (id, sender, definition, state, created_at)
             VALUES (?1, ?2, ?3, 'open', ?4) ON CONFLICT (id) DO NOTHING",
        )?
        .execute((
            batch.id().as_str(),
            batch.sender().as_str(),
            batch.to_persisted(),
            now,
        ))?;
    if new == 1 {
        return Ok(());
    }
    match find(db, batch.id())? {
        Some(stored) if stored.batch == *batch => Ok(()),
        _ => Err(OTHER_BATCH.into()),
    }
}

pub(super) fn find(db: &Connection, id: &BatchId) -> Work<Option<BatchRecord>> {
    let mut statement = db.prepare_cached(
        "SELECT sender, definition, state, reason FROM outbox_batch WHERE id = ?1",
    )?;
    let columns: Option<(String, String, String, Option<String>)> = statement
        .query_row([id.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((sender, definition, state, reason)) = columns else {
        return Ok(None);
    };
    let sender = SenderKey::parse(&sender).map_err(|_| BAD_BATCH)?;
    let batch = Batch::from_persisted(id.clone(), sender, &definition).ok_or(BAD_BATCH)?;
    Ok(Some(BatchRecord {
        batch,
        state: BatchState::parse(&state).ok_or(BAD_BATCH)?,
        reason: reason.map(|reason| Reason::new(&reason)),
    }))
}

/// Returns the state of a message that waits in a batch.
const fn waiting_state(batch: BatchState) -> &'static str {
    match batch {
        BatchState::Open => "queued",
        BatchState::Paused | BatchState::Stopped => "paused",
        BatchState::Cancelled => "cancelled",
    }
}

pub(super) fn enqueue(
    db: &Connection,
    id: &BatchId,
    messages: &[NewMessage],
    now: i64,
) -> Work<u64> {
    let record = find(db, id)?.ok_or(NO_BATCH)?;
    if record.state == BatchState::Cancelled {
        return Err(CANCELLED.into());
    }
    let sender = record.batch.sender().as_str();
    let state = waiting_state(record.state);
    // The letter in front makes an ID of any 16 bytes: an ID without a letter could be a number.
    let mut insert = db.prepare_cached(
        "INSERT INTO outbox_message (batch, recipient, occurrence, message_id, sender, state,
             not_before, not_after, changed_at)
         VALUES (?1, ?2, ?3, 'm-' || lower(hex(randomblob(16))), ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (batch, recipient, occurrence) DO NOTHING",
    )?;
    let mut new = 0;
    for message in messages {
        let inserted = insert.execute((
            id.as_str(),
            message.recipient.as_str(),
            message.occurrence.as_str(),
            sender,
            state,
            message.not_before.map_or(now, micros::ceil),
            message.not_after.map(micros::floor),
            now,
        ))?;
        new += u64::from(inserted == 1);
    }
    Ok(new)
}

pub(super) fn change(db: &Connection, id: &BatchId, change: &BatchChange, now: i64) -> Work<u64> {
    let to = match change {
        BatchChange::Pause => BatchState::Paused,
        BatchChange::Resume => BatchState::Open,
        BatchChange::Cancel => BatchState::Cancelled,
    };
    // An unreadable definition does not matter here: a damaged batch can be canceled, too.
    let state: Option<String> = db
        .prepare_cached("SELECT state FROM outbox_batch WHERE id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?;
    let state = state.ok_or(NO_BATCH)?;
    if BatchState::parse(&state) == Some(BatchState::Cancelled) {
        return Ok(0);
    }
    db.prepare_cached(
        "UPDATE outbox_batch SET epoch = epoch + (state <> 'open' AND ?2 = 'open'), state = ?2,
             reason = NULL
         WHERE id = ?1",
    )?
    .execute((id.as_str(), to.as_str()))?;
    move_waiting(db, id.as_str(), to, now)
}

/// Stops the batch of a message, unless it was stopped, or resumed since the message's claim.
pub(super) fn stop(db: &Connection, id: &MessageId, reason: &Reason, now: i64) -> Work<bool> {
    let mut statement = db.prepare_cached(
        "UPDATE outbox_batch SET state = 'stopped', reason = ?2
         WHERE state IN ('open', 'paused') AND (id, epoch) =
             (SELECT batch, epoch FROM outbox_message WHERE message_id = ?1)
         RETURNING id",
    )?;
    let batch: Option<String> = statement
        .query_row((id.as_str(), reason.as_str()), |row| row.get(0))
        .optional()?;
    let Some(batch) = batch else {
        return Ok(false);
    };
    move_waiting(db, &batch, BatchState::Stopped, now)?;
    Ok(true)
}

/// Moves the waiting messages of a batch, and returns how many.
fn move_waiting(db: &Connection, id: &str, to: BatchState, now: i64) -> Work<u64> {
    let changed = db
        .prepare_cached(
            "UPDATE outbox_message SET state = ?2, changed_at = ?3
             WHERE batch = ?1 AND state IN ('queued', 'paused') AND state <> ?2",
        )?
        .execute((id, waiting_state(to), now))?;
    Ok(changed as u64)
}
