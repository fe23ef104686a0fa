//! [`MemoryStore`]: an outbox in the memory of one process.

mod row;
mod tables;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::SystemTime;

use self::row::Row;
use self::tables::{NO_SENDER, Sender, Tables};
use crate::client::Clock;
use crate::messenger::MessageId;
use crate::outbox::batch::{Batch, BatchChange, BatchRecord, BatchState};
use crate::outbox::keys::{BatchId, SenderKey, WorkerId};
use crate::outbox::message::{
    Claim, Claimed, Decision, DeliveryReport, Doubt, Finish, LedgerEntry, MessageRecord,
    MessageState, NewMessage, Observed, Reason, Settlement,
};
use crate::outbox::pace::Pace;
use crate::outbox::store::{Counts, OutboxStore, StoreError, StoreErrorKind, StoreResult};
use crate::types::{MessageSid, MessageStatus};

/// Outbox in the memory of one process, for tests. A restart loses what it holds.
///
/// ```
/// use clinspark_twilio::outbox::MemoryStore;
///
/// let store = MemoryStore::new();
/// # let _ = store;
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    tables: Arc<Mutex<Tables>>,
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryStore")
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(crate::client::system_clock())
    }

    /// Creates an empty store with a clock of your own, for tests.
    #[must_use]
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            tables: Arc::default(),
        }
    }

    fn tables(&self) -> Result<MutexGuard<'_, Tables>, StoreError> {
        self.tables.lock().map_err(|_| {
            StoreError::new(
                StoreErrorKind::Other,
                "the store is poisoned by a panic; create another",
            )
        })
    }
}

impl OutboxStore for MemoryStore {
    fn now(&self) -> StoreResult<'_, SystemTime> {
        Box::pin(async move { Ok(self.clock.now()) })
    }

    fn set_pace<'a>(&'a self, sender: &'a SenderKey, pace: Pace) -> StoreResult<'a, ()> {
        Box::pin(async move {
            let mut tables = self.tables()?;
            let entry = tables.senders.entry(sender.clone()).or_insert(Sender {
                pace,
                next_at: SystemTime::UNIX_EPOCH,
                held_until: SystemTime::UNIX_EPOCH,
            });
            if entry.pace != pace {
                entry.pace = pace;
                entry.next_at = SystemTime::UNIX_EPOCH;
            }
            Ok(())
        })
    }

    fn hold_sender<'a>(
        &'a self,
        sender: &'a SenderKey,
        until: SystemTime,
        _: &'a Reason,
    ) -> StoreResult<'a, ()> {
        Box::pin(async move {
            let mut tables = self.tables()?;
            let sender = tables.senders.get_mut(sender).ok_or(NO_SENDER)?;
            sender.held_until = sender.held_until.max(until);
            Ok(())
        })
    }

    fn charge<'a>(
        &'a self,
        sender: &'a SenderKey,
        segments: u16,
    ) -> StoreResult<'a, Option<SystemTime>> {
        Box::pin(async move {
            let (mut tables, now) = (self.tables()?, self.clock.now());
            if segments > 0 {
                tables.charge(sender, u32::from(segments), now);
            }
            let sender = tables.senders.get(sender).ok_or(NO_SENDER)?;
            let free = sender.permitted_from(now);
            Ok((free > now).then_some(free))
        })
    }

    fn open_batch<'a>(&'a self, batch: &'a Batch) -> StoreResult<'a, ()> {
        Box::pin(async move {
            let mut tables = self.tables()?;
            if !tables.senders.contains_key(batch.sender()) {
                return Err(NO_SENDER);
            }
            let record = tables.batches.entry(batch.id().clone());
            let record = record.or_insert_with(|| BatchRecord {
                batch: batch.clone(),
                state: BatchState::Open,
                reason: None,
            });
            if record.batch == *batch {
                return Ok(());
            }
            Err(StoreError::new(
                StoreErrorKind::Conflict,
                "there is another batch with this ID: its template, sender or purpose differs; choose \
                 another ID",
            ))
        })
    }

    fn batch<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Option<BatchRecord>> {
        Box::pin(async move { Ok(self.tables()?.batches.get(id).cloned()) })
    }

    fn enqueue<'a>(
        &'a self,
        batch: &'a BatchId,
        messages: &'a [NewMessage],
    ) -> StoreResult<'a, u64> {
        Box::pin(async move { self.tables()?.enqueue(batch, messages, &*self.clock) })
    }

    fn claim<'a>(&'a self, sender: &'a SenderKey, _: &'a WorkerId) -> StoreResult<'a, Claim> {
        Box::pin(async move { self.tables()?.claim(sender, self.clock.now()) })
    }

    fn begin<'a>(&'a self, claimed: &'a Claimed, entry: &'a LedgerEntry) -> StoreResult<'a, bool> {
        Box::pin(async move {
            let now = self.clock.now();
            let mut tables = self.tables()?;
            let Some(row) = tables.claimed(claimed).filter(|row| row.proof.is_none()) else {
                return Ok(false);
            };
            row.proof = Some(entry.proof);
            row.segments = Some(entry.segments);
            row.began_at = Some(now);
            let sender = row.sender.clone();
            tables.charge(&sender, u32::from(entry.segments.saturating_sub(1)), now);
            Ok(true)
        })
    }

    fn finish<'a>(&'a self, claimed: &'a Claimed, finish: &'a Finish) -> StoreResult<'a, bool> {
        Box::pin(async move { Ok(self.tables()?.finish(claimed, finish, self.clock.now())) })
    }

    fn observe<'a>(&'a self, report: &'a DeliveryReport) -> StoreResult<'a, Observed> {
        Box::pin(async move { Ok(self.tables()?.observe(report, self.clock.now())) })
    }

    fn doubts<'a>(
        &'a self,
        sender: &'a SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> StoreResult<'a, Vec<Doubt>> {
        Box::pin(async move {
            let tables = self.tables()?;
            let is_doubt = |row: &&Row| row.sender == *sender && row.is_in_doubt(since);
            let mut doubts: Vec<_> = tables
                .rows
                .iter()
                .filter(is_doubt)
                .map(Row::doubt)
                .collect();
            doubts.sort_by_key(|doubt| (doubt.looked_at, doubt.began_at, doubt.claimed.row));
            doubts.truncate(limit as usize);
            Ok(doubts)
        })
    }

    fn settle<'a>(&'a self, doubt: &'a Doubt, settlement: &'a Settlement) -> StoreResult<'a, bool> {
        Box::pin(async move { Ok(self.tables()?.settle(doubt, settlement, self.clock.now())) })
    }

    fn decide<'a>(&'a self, id: &'a MessageId, decision: Decision) -> StoreResult<'a, bool> {
        Box::pin(async move { Ok(self.tables()?.decide(id, decision, self.clock.now())) })
    }

    fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>> {
        Box::pin(async move {
            let mut tables = self.tables()?;
            let row = tables.sids.get(&sid).copied();
            let owner = row.and_then(|row| tables.row(row).map(|row| row.message_id.clone()));
            Ok(owner)
        })
    }

    fn stop_batch<'a>(&'a self, id: &'a MessageId, reason: &'a Reason) -> StoreResult<'a, bool> {
        Box::pin(async move { Ok(self.tables()?.stop_batch(id, reason, self.clock.now())) })
    }

    fn change_batch<'a>(
        &'a self,
        id: &'a BatchId,
        change: &'a BatchChange,
    ) -> StoreResult<'a, u64> {
        Box::pin(async move { self.tables()?.change_batch(id, change, self.clock.now()) })
    }

    fn counts<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Counts> {
        Box::pin(async move {
            let tables = self.tables()?;
            let mut counts = Counts::default();
            for row in tables.rows.iter().filter(|row| row.batch == *id) {
                *counts.states.entry(row.state).or_default() += 1;
                if let Some(status) = &row.delivery {
                    let name = MessageStatus::as_str(status).to_owned();
                    *counts.deliveries.entry(name).or_default() += 1;
                }
                if row.state == MessageState::Sent {
                    counts.segments += u64::from(row.segments.unwrap_or(0));
                }
            }
            Ok(counts)
        })
    }

    fn records<'a>(
        &'a self,
        id: &'a BatchId,
        state: Option<MessageState>,
        after: i64,
        limit: u32,
    ) -> StoreResult<'a, Vec<MessageRecord>> {
        Box::pin(async move {
            let tables = self.tables()?;
            let is_listed = |row: &&Row| {
                row.batch == *id && row.key > after && state.is_none_or(|it| it == row.state)
            };
            let rows = tables.rows.iter().filter(is_listed);
            Ok(rows.take(limit as usize).map(Row::record).collect())
        })
    }
}
