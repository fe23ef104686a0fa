//! Changes of more than one row, each a transaction, and delivery reports.

use std::time::SystemTime;

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    BatchChange, BatchId, BatchState, DeliveryReport, MessageState, NewMessage, Observed, Reason,
    StoreError, StoreErrorKind,
};

use super::error::{is_deadlock, is_taken, store_error};
use super::pool::{Lease, Parameters, in_time};
use super::{rows, sql};

/// Messages in one statement.
const CHUNK: usize = 10_000;

/// Tries of a change that meets a deadlock.
///
/// A change locks the batch, and then its messages. One that was claimed in the meantime and is put back
/// has locked its row, and waits for the batch.
const TRIES: u32 = 5;

const NO_BATCH: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "there is no such batch; open it first",
);

/// Returns the state of a message that waits in a batch.
const fn waiting_state(batch: BatchState) -> MessageState {
    match batch {
        BatchState::Open => MessageState::Queued,
        BatchState::Paused | BatchState::Stopped => MessageState::Paused,
        BatchState::Cancelled => MessageState::Cancelled,
    }
}

pub(super) async fn enqueue(
    lease: &mut Lease,
    batch: &BatchId,
    messages: &[NewMessage],
) -> Result<u64, StoreError> {
    let ended = enqueue_once(lease, batch, messages).await;
    lease.end(ended)
}

async fn enqueue_once(
    lease: &mut Lease,
    batch: &BatchId,
    messages: &[NewMessage],
) -> Result<u64, StoreError> {
    let batch = batch.as_str();
    let transaction = lease.transaction().await?;
    in_time(transaction.query(sql::ENQUEUE_LOCK, &[&batch])).await?;
    let row = in_time(transaction.query_opt(sql::ENQUEUE_BATCH, &[&batch])).await?;
    let row = row.ok_or(NO_BATCH)?;
    let state = rows::batch_state(&row)?;
    if state == BatchState::Cancelled {
        return Err(StoreError::new(
            StoreErrorKind::Conflict,
            "the batch is canceled; open another one",
        ));
    }
    let (sender, state): (&str, _) = (rows::get(&row, "sender")?, waiting_state(state).as_str());
    let statement = in_time(transaction.prepare(sql::ENQUEUE)).await?;
    let mut new = 0;
    for chunk in messages.chunks(CHUNK) {
        let recipients: Vec<_> = chunk.iter().map(|it| it.recipient.as_str()).collect();
        let occurrences: Vec<_> = chunk.iter().map(|it| it.occurrence.as_str()).collect();
        let times = |time: fn(&NewMessage) -> Option<SystemTime>| -> Vec<_> {
            chunk.iter().map(|it| time(it).map(rows::time)).collect()
        };
        let (not_before, not_after) = (times(|it| it.not_before), times(|it| it.not_after));
        let with: Parameters<'_> = &[
            &batch,
            &sender,
            &state,
            &recipients,
            &occurrences,
            &not_before,
            &not_after,
        ];
        new += in_time(transaction.execute(&statement, with)).await?;
    }
    in_time(transaction.commit()).await?;
    Ok(new)
}

pub(super) async fn change_batch(
    lease: &mut Lease,
    id: &BatchId,
    change: &BatchChange,
) -> Result<u64, StoreError> {
    for _ in 1..TRIES {
        match change_batch_once(lease, id, change).await {
            Err(error) if is_deadlock(&error) => {}
            ended => return lease.end(ended),
        }
    }
    let ended = change_batch_once(lease, id, change).await;
    lease.end(ended)
}

async fn change_batch_once(
    lease: &mut Lease,
    id: &BatchId,
    change: &BatchChange,
) -> Result<u64, StoreError> {
    let id = id.as_str();
    let state = match change {
        BatchChange::Pause => BatchState::Paused,
        BatchChange::Resume => BatchState::Open,
        BatchChange::Cancel => BatchState::Cancelled,
    };
    let transaction = lease.transaction().await?;
    let with: Parameters<'_> = &[&id, &state.as_str()];
    if in_time(transaction.execute(sql::CHANGE_BATCH, with)).await? == 0 {
        let row = in_time(transaction.query_opt(sql::BATCH, &[&id])).await?;
        row.ok_or(NO_BATCH)?;
        return Ok(0);
    }
    // A statement of its own: it sees what was added while the first one waited for the lock.
    let with: Parameters<'_> = &[&id, &waiting_state(state).as_str()];
    let moved = in_time(transaction.execute(sql::MOVE_MESSAGES, with)).await?;
    in_time(transaction.commit()).await?;
    Ok(moved)
}

pub(super) async fn stop_batch(
    lease: &mut Lease,
    id: &MessageId,
    reason: &Reason,
) -> Result<bool, StoreError> {
    for _ in 1..TRIES {
        match stop_batch_once(lease, id, reason).await {
            Err(error) if is_deadlock(&error) => {}
            ended => return lease.end(ended),
        }
    }
    let ended = stop_batch_once(lease, id, reason).await;
    lease.end(ended)
}

async fn stop_batch_once(
    lease: &mut Lease,
    id: &MessageId,
    reason: &Reason,
) -> Result<bool, StoreError> {
    let transaction = lease.transaction().await?;
    let with: Parameters<'_> = &[&id.as_str(), &rows::text(reason.as_str())];
    let stopped = in_time(transaction.query_opt(sql::STOP_BATCH, with)).await?;
    let Some(row) = stopped else {
        return Ok(false);
    };
    let batch: &str = rows::get(&row, "id")?;
    // A statement of its own: it sees what was added while the first one waited for the lock.
    let with: Parameters<'_> = &[&batch, &MessageState::Paused.as_str()];
    in_time(transaction.execute(sql::MOVE_MESSAGES, with)).await?;
    in_time(transaction.commit()).await?;
    Ok(true)
}

pub(super) async fn observe(
    lease: &mut Lease,
    report: &DeliveryReport,
) -> Result<Observed, StoreError> {
    let (id, sid) = (report.message_id.as_str(), report.sid.as_str());
    let (status, rank) = (
        rows::text(report.status.as_str()),
        i16::from(report.status.rank()),
    );
    let code = report.code.and_then(|code| i32::try_from(code.get()).ok());
    let row = match lease
        .try_row(sql::OBSERVE, &[&id, &sid, &status, &rank, &code])
        .await?
    {
        Ok(row) => row,
        Err(error) if is_taken(&error) => return Ok(Observed::OtherSid),
        Err(error) => return Err(store_error(error)),
    };
    let Some(row) = row else {
        return Ok(Observed::Unknown);
    };
    if !rows::get::<bool>(&row, "is_changed")? {
        return Ok(Observed::OtherSid);
    }
    match rows::state(&row)? {
        MessageState::Sent => Ok(Observed::Recorded),
        _ => Ok(Observed::Settled),
    }
}
