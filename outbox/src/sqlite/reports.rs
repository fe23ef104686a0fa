//! Queries: doubts, counts and records.

use std::time::SystemTime;

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{BatchId, Counts, Doubt, MessageRecord, MessageState, SenderKey};
use clinspark_twilio::types::MessageSid;
use rusqlite::Connection;

use super::error::Work;
use super::{micros, row};

/// Returns the doubts of a sender, and the rows in doubt that cannot be read.
pub(super) fn doubts(
    db: &Connection,
    sender: &SenderKey,
    since: SystemTime,
    limit: u32,
) -> Work<(Vec<Doubt>, Vec<i64>)> {
    // A claim without a time was edited by hand. It is in doubt, because it is not known to be recent.
    let mut statement = db.prepare_cached(&format!(
        "SELECT {}, began_at, proof, looks, looked_at
         FROM outbox_message
         WHERE sender = ?1 AND state = 'sending'
             AND (doubtful = 1 OR claimed_at IS NULL OR claimed_at <= ?2)
         ORDER BY looked_at, began_at, id LIMIT ?3",
        row::CLAIMED
    ))?;
    let mut rows = statement.query((sender.as_str(), micros::floor(since), limit))?;
    let (mut doubts, mut unreadable) = (Vec::new(), Vec::new());
    while let Some(columns) = rows.next()? {
        match row::doubt(columns) {
            Some(doubt) => doubts.push(doubt),
            None => unreadable.push(columns.get(0)?),
        }
    }
    Ok((doubts, unreadable))
}

pub(super) fn owner_of(db: &Connection, sid: MessageSid) -> Work<Option<MessageId>> {
    let mut statement =
        db.prepare_cached("SELECT message_id FROM outbox_message WHERE sid = ?1")?;
    let mut rows = statement.query([sid.as_str()])?;
    let owner = rows.next()?;
    Ok(owner.and_then(|columns| row::key(columns, 0, MessageId::parse)))
}

pub(super) fn counts(db: &Connection, id: &BatchId) -> Work<Counts> {
    let mut statement = db.prepare_cached(
        "SELECT state, delivery, count(*), sum(CASE state WHEN 'sent' THEN segments END)
         FROM outbox_message WHERE batch = ?1 GROUP BY state, delivery",
    )?;
    let mut rows = statement.query([id.as_str()])?;
    let mut counts = Counts::default();
    while let Some(columns) = rows.next()? {
        let state: String = columns.get(0)?;
        let delivery: Option<String> = columns.get(1)?;
        let messages = u64::try_from(columns.get::<_, i64>(2)?).unwrap_or(0);
        // An unknown state is one that a person must look at, as in a report.
        let state = MessageState::parse(&state).unwrap_or(MessageState::Held);
        *counts.states.entry(state).or_default() += messages;
        if let Some(delivery) = delivery {
            *counts.deliveries.entry(delivery).or_default() += messages;
        }
        counts.segments += columns
            .get::<_, i64>(3)
            .map_or(0, |it| u64::try_from(it).unwrap_or(0));
    }
    Ok(counts)
}

pub(super) fn records(
    db: &Connection,
    id: &BatchId,
    state: Option<MessageState>,
    after: i64,
    limit: u32,
) -> Work<Vec<MessageRecord>> {
    let mut records = Vec::new();
    if limit == 0 {
        return Ok(records);
    }
    let mut statement = db.prepare_cached(&format!(
        "SELECT {} FROM outbox_message WHERE batch = ?1 AND id > ?2 ORDER BY id",
        row::RECORD
    ))?;
    let mut rows = statement.query((id.as_str(), after))?;
    while let Some(columns) = rows.next()? {
        let record = row::record(columns).filter(|it| state.is_none_or(|state| state == it.state));
        records.extend(record);
        if records.len() >= limit as usize {
            break;
        }
    }
    Ok(records)
}
