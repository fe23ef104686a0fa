//! Tables of a [`MemoryStore`](super::MemoryStore), and the state machine over them.

use std::collections::{BTreeSet, HashMap};
use std::time::SystemTime;

use super::row::Row;
use crate::client::Clock;
use crate::messenger::MessageId;
use crate::outbox::batch::{BatchChange, BatchRecord, BatchState};
use crate::outbox::keys::{BatchId, SenderKey};
use crate::outbox::message::{
    Claim, Claimed, Decision, DeliveryReport, Doubt, Finish, MessageState, NewMessage, Observed,
    Reason, Settlement,
};
use crate::outbox::pace::Pace;
use crate::outbox::store::{StoreError, StoreErrorKind};
use crate::types::MessageSid;

#[derive(Default)]
pub(super) struct Tables {
    pub(super) senders: HashMap<SenderKey, Sender>,
    pub(super) batches: HashMap<BatchId, BatchRecord>,
    /// Number of times that each batch was resumed, and 1.
    pub(super) epochs: HashMap<BatchId, u32>,
    /// Rows in order of their keys, which begin at 1.
    pub(super) rows: Vec<Row>,
    pub(super) keys: HashMap<(BatchId, String, String), i64>,
    pub(super) ids: HashMap<MessageId, i64>,
    pub(super) sids: HashMap<MessageSid, i64>,
    /// Queued rows by sender, time and key.
    pub(super) due: BTreeSet<(SenderKey, SystemTime, i64)>,
}

pub(super) struct Sender {
    pub(super) pace: Pace,
    pub(super) next_at: SystemTime,
    pub(super) held_until: SystemTime,
}

impl Sender {
    /// Returns the time of the next segment. A clock that was put back must not stop the sender for
    /// hours.
    fn paced_from(&self, now: SystemTime) -> SystemTime {
        if self.next_at > now + self.pace.horizon() {
            now
        } else {
            self.next_at
        }
    }

    /// Returns the time from which pace and hold permit a segment.
    pub(super) fn permitted_from(&self, now: SystemTime) -> SystemTime {
        self.paced_from(now).max(self.held_until)
    }
}

const NO_BATCH: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "there is no such batch; open it first",
);

pub(super) const NO_SENDER: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "the sender has no pace; set it first",
);

impl Tables {
    pub(super) fn row(&mut self, row: i64) -> Option<&mut Row> {
        let at = usize::try_from(row).ok()?.checked_sub(1)?;
        self.rows.get_mut(at)
    }

    /// Changes the state of a row and keeps the queue in step.
    pub(super) fn set_state(&mut self, row: i64, state: MessageState, now: SystemTime) {
        let Some(entry) = self.row(row) else { return };
        let key = (entry.sender.clone(), entry.not_before, row);
        let (was, is) = (entry.state, state);
        entry.state = state;
        entry.changed_at = now;
        if was == MessageState::Queued {
            self.due.remove(&key);
        }
        if is == MessageState::Queued {
            self.due.insert(key);
        }
    }

    /// Puts a row back into the queue, or where its batch says.
    pub(super) fn requeue(&mut self, row: i64, not_before: SystemTime, now: SystemTime) {
        let Some(entry) = self.row(row) else { return };
        entry.not_before = not_before;
        entry.failures = 0;
        entry.clear_claim();
        let batch = entry.batch.clone();
        let state = self.batches.get(&batch).map(|batch| batch.state);
        self.set_state(row, queued_in(state), now);
    }

    /// Assigns a SID. `false` if another row has it.
    pub(super) fn assign_sid(&mut self, row: i64, sid: MessageSid) -> bool {
        let owner = *self.sids.entry(sid).or_insert(row);
        if owner != row {
            return false;
        }
        if let Some(entry) = self.row(row) {
            entry.sid = Some(sid);
        }
        true
    }

    pub(super) fn claim(
        &mut self,
        sender: &SenderKey,
        now: SystemTime,
    ) -> Result<Claim, StoreError> {
        let state = self.senders.get(sender).ok_or(NO_SENDER)?;
        let permitted_from = state.permitted_from(now);
        let from = (sender.clone(), SystemTime::UNIX_EPOCH, i64::MIN);
        let first = self.due.range(from..).next();
        let Some((not_before, row)) = first
            .filter(|(of, _, _)| of == sender)
            .map(|(_, not_before, row)| (*not_before, *row))
        else {
            return Ok(Claim::Empty);
        };
        let earliest = not_before.max(permitted_from);
        if earliest > now {
            return Ok(Claim::Wait(earliest));
        }
        let is_over = |entry: &mut Row| entry.not_after.is_some_and(|end| end <= now);
        if self.row(row).is_some_and(is_over) {
            self.set_state(row, MessageState::Expired, now);
            return Ok(Claim::Expired);
        }
        self.set_state(row, MessageState::Sending, now);
        self.charge(sender, 1, now);
        let epoch = self.epoch_of(row);
        let claimed = self.row(row).map(|entry| {
            entry.attempts += 1;
            entry.epoch = epoch;
            entry.claimed_at = Some(now);
            entry.claimed()
        });
        claimed.map_or(Ok(Claim::Empty), |claimed| {
            Ok(Claim::Message(Box::new(claimed)))
        })
    }

    pub(super) fn charge(&mut self, sender: &SenderKey, segments: u32, now: SystemTime) {
        if let Some(sender) = self.senders.get_mut(sender) {
            let earliest = now.checked_sub(sender.pace.burst_time()).unwrap_or(now);
            sender.next_at =
                sender.paced_from(now).max(earliest) + sender.pace.interval() * segments;
        }
    }

    /// Returns the row of a claim that is still valid.
    pub(super) fn claimed(&mut self, claimed: &Claimed) -> Option<&mut Row> {
        let entry = self.row(claimed.row)?;
        let is_valid = entry.attempts == claimed.attempt && entry.state == MessageState::Sending;
        is_valid.then_some(entry)
    }

    pub(super) fn finish(&mut self, claimed: &Claimed, finish: &Finish, now: SystemTime) -> bool {
        let row = claimed.row;
        if let Finish::Sent(sid) = finish {
            return self.finish_sent(claimed, *sid, now);
        }
        let Some(entry) = self.claimed(claimed) else {
            return false;
        };
        match finish {
            Finish::Sent(_) => {}
            Finish::Refused { code, reason } => {
                entry.code = *code;
                entry.reason = Some(reason.clone());
                self.set_state(row, MessageState::Refused, now);
            }
            Finish::Requeue { not_before, reason } => {
                entry.reason = Some(reason.clone());
                self.requeue(row, *not_before, now);
            }
            Finish::Retry { not_before, reason } => {
                let failures = entry.failures.saturating_add(1);
                entry.reason = Some(reason.clone());
                self.requeue(row, *not_before, now);
                if let Some(entry) = self.row(row) {
                    entry.failures = failures;
                }
            }
            Finish::Expired => self.set_state(row, MessageState::Expired, now),
            Finish::Held(reason) => {
                entry.reason = Some(reason.clone());
                self.set_state(row, MessageState::Held, now);
            }
            Finish::Doubt(reason) => {
                entry.reason = Some(reason.clone());
                entry.is_doubtful = true;
            }
        }
        true
    }

    pub(super) fn finish_sent(
        &mut self,
        claimed: &Claimed,
        sid: MessageSid,
        now: SystemTime,
    ) -> bool {
        let row = claimed.row;
        let is_open = self.row(row).is_some_and(|entry| {
            let states = [MessageState::Sending, MessageState::Held];
            entry.attempts == claimed.attempt && states.contains(&entry.state)
        });
        if !is_open || !self.assign_sid(row, sid) {
            return false;
        }
        if let Some(entry) = self.row(row) {
            entry.reason = None;
        }
        self.set_state(row, MessageState::Sent, now);
        true
    }

    pub(super) fn observe(&mut self, report: &DeliveryReport, now: SystemTime) -> Observed {
        let Some(row) = self.ids.get(&report.message_id).copied() else {
            return Observed::Unknown;
        };
        let sid = self.row(row).and_then(|entry| entry.sid);
        if sid.is_some_and(|sid| sid != report.sid) || !self.assign_sid(row, report.sid) {
            return Observed::OtherSid;
        }
        let Some(entry) = self.row(row) else {
            return Observed::Unknown;
        };
        entry.report(report);
        let settles = entry.state != MessageState::Sent;
        if settles {
            entry.reason = None;
            self.set_state(row, MessageState::Sent, now);
            return Observed::Settled;
        }
        Observed::Recorded
    }

    pub(super) fn settle(
        &mut self,
        doubt: &Doubt,
        settlement: &Settlement,
        now: SystemTime,
    ) -> bool {
        let row = doubt.claimed.row;
        let Some(entry) = self.claimed(&doubt.claimed) else {
            return false;
        };
        if *settlement == Settlement::Requeue && entry.proof != doubt.proof {
            return false;
        }
        match settlement {
            Settlement::Sent(sid) => {
                return self.finish_sent(&doubt.claimed, *sid, now);
            }
            Settlement::Looked => {
                if let Some(entry) = self.row(row) {
                    entry.looks += 1;
                    entry.looked_at = Some(now);
                }
            }
            Settlement::Requeue => self.requeue(row, now, now),
            Settlement::Held(reason) => {
                if let Some(entry) = self.row(row) {
                    entry.reason = Some(reason.clone());
                }
                self.set_state(row, MessageState::Held, now);
            }
        }
        true
    }

    pub(super) fn decide(&mut self, id: &MessageId, decision: Decision, now: SystemTime) -> bool {
        let Some(row) = self.ids.get(id).copied() else {
            return false;
        };
        let is_held = |row: &mut Row| row.state == MessageState::Held;
        if self.row(row).is_none_or(|row| !is_held(row)) {
            return false;
        }
        match decision {
            Decision::Sent(sid) if !self.assign_sid(row, sid) => return false,
            Decision::Sent(_) => self.set_state(row, MessageState::Sent, now),
            Decision::SendAgain => self.requeue(row, now, now),
            Decision::Refuse => self.set_state(row, MessageState::Refused, now),
        }
        true
    }

    pub(super) fn enqueue(
        &mut self,
        batch: &BatchId,
        messages: &[NewMessage],
        clock: &dyn Clock,
    ) -> Result<u64, StoreError> {
        let now = clock.now();
        let record = self.batches.get(batch).ok_or(NO_BATCH)?;
        if record.state == BatchState::Cancelled {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                "the batch is canceled; open another one",
            ));
        }
        let sender = record.batch.sender().clone();
        let state = queued_in(Some(record.state));
        let mut new = 0;
        for message in messages {
            let key = (
                batch.clone(),
                message.recipient.as_str().to_owned(),
                message.occurrence.as_str().to_owned(),
            );
            if self.keys.contains_key(&key) {
                continue;
            }
            let row = i64::try_from(self.rows.len()).unwrap_or(i64::MAX - 1) + 1;
            let id = MessageId::random(clock);
            self.keys.insert(key, row);
            self.ids.insert(id.clone(), row);
            let entry = Row::new(row, batch, &sender, message, id, now);
            self.rows.push(entry);
            self.set_state(row, state, now);
            new += 1;
        }
        Ok(new)
    }

    pub(super) fn change_batch(
        &mut self,
        id: &BatchId,
        change: &BatchChange,
        now: SystemTime,
    ) -> Result<u64, StoreError> {
        let batch = self.batches.get_mut(id).ok_or(NO_BATCH)?;
        if batch.state == BatchState::Cancelled {
            return Ok(0);
        }
        let was = batch.state;
        batch.reason = None;
        batch.state = match change {
            BatchChange::Pause => BatchState::Paused,
            BatchChange::Resume => BatchState::Open,
            BatchChange::Cancel => BatchState::Cancelled,
        };
        let to = queued_in(Some(batch.state));
        if *change == BatchChange::Resume && was != BatchState::Open {
            *self.epochs.entry(id.clone()).or_insert(1) += 1;
        }
        Ok(self.move_waiting(id, to, now))
    }

    /// Stops the batch of a message, unless it was stopped, or resumed since the message's claim.
    pub(super) fn stop_batch(&mut self, id: &MessageId, reason: &Reason, now: SystemTime) -> bool {
        let Some(row) = self.ids.get(id).copied() else {
            return false;
        };
        let epoch = self.epoch_of(row);
        let Some(entry) = self.row(row).filter(|entry| entry.epoch == epoch) else {
            return false;
        };
        let id = entry.batch.clone();
        let states = [BatchState::Open, BatchState::Paused];
        let batch = self.batches.get_mut(&id);
        let Some(batch) = batch.filter(|batch| states.contains(&batch.state)) else {
            return false;
        };
        batch.state = BatchState::Stopped;
        batch.reason = Some(reason.clone());
        self.move_waiting(&id, MessageState::Paused, now);
        true
    }

    fn epoch_of(&mut self, row: i64) -> u32 {
        let batch = self.row(row).map(|entry| entry.batch.clone());
        batch
            .and_then(|id| self.epochs.get(&id).copied())
            .unwrap_or(1)
    }

    /// Moves the waiting messages of a batch, and returns how many.
    fn move_waiting(&mut self, id: &BatchId, to: MessageState, now: SystemTime) -> u64 {
        let waiting = [MessageState::Queued, MessageState::Paused];
        let is_changed =
            |row: &&Row| row.batch == *id && waiting.contains(&row.state) && row.state != to;
        let rows: Vec<i64> = self
            .rows
            .iter()
            .filter(is_changed)
            .map(|row| row.key)
            .collect();
        for row in &rows {
            self.set_state(*row, to, now);
        }
        rows.len() as u64
    }
}

/// Returns the state of a message that waits in a batch.
const fn queued_in(batch: Option<BatchState>) -> MessageState {
    match batch {
        Some(BatchState::Open) | None => MessageState::Queued,
        Some(BatchState::Paused | BatchState::Stopped) => MessageState::Paused,
        Some(BatchState::Cancelled) => MessageState::Cancelled,
    }
}
