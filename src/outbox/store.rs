//! [`OutboxStore`]: what a database must do.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::batch::{Batch, BatchChange, BatchRecord};
use super::keys::{BatchId, SenderKey, WorkerId};
use super::message::Reason;
use super::message::{
    Claim, Claimed, Decision, DeliveryReport, Doubt, Finish, LedgerEntry, MessageRecord,
    MessageState, NewMessage, Observed, Settlement,
};
use super::pace::Pace;
use crate::messenger::MessageId;
use crate::types::{BoxError, BoxFuture, MessageSid, MessageStatus};

/// Result of a method of [`OutboxStore`].
pub type StoreResult<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// Database of an outbox: queue, send ledger and report in one.
///
/// [`MemoryStore`](super::MemoryStore) serves tests. The package `clinspark-twilio-outbox` has stores
/// for `SQLite` and `PostgreSQL`. A store of your own passes
/// [`conformance`](super::conformance) first. An `Arc<dyn OutboxStore>` is a store, too, for a program
/// that chooses its database when it starts.
///
/// Each method is one transaction, committed to disk when it returns. Each decides by the store's own
/// clock, so that machines whose clocks differ agree. Times are kept to the millisecond at least.
pub trait OutboxStore: Send + Sync + 'static {
    /// Returns the time of the store's clock.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store fails. This holds for every method.
    fn now(&self) -> StoreResult<'_, SystemTime>;

    /// Sets the pace of a sender, for all machines. A hold of the sender stays. A sender without a pace
    /// has no batches and sends nothing.
    ///
    /// Another pace than the one that is stored permits the next segment at once. The same pace again
    /// changes nothing.
    fn set_pace<'a>(&'a self, sender: &'a SenderKey, pace: Pace) -> StoreResult<'a, ()>;

    /// Sends nothing from a sender before this time, on any machine. An earlier time than the one
    /// that is stored changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if the sender has no pace.
    fn hold_sender<'a>(
        &'a self,
        sender: &'a SenderKey,
        until: SystemTime,
        reason: &'a Reason,
    ) -> StoreResult<'a, ()>;

    /// Charges segments to the pace of a sender, beside those of its own messages. Returns the time
    /// from which the next segment may be sent, if that is in the future. 0 segments change nothing.
    ///
    /// Outboxes that [share a pace](super::OutboxBuilder::shared_pace) call it.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if the sender has no pace.
    fn charge<'a>(
        &'a self,
        sender: &'a SenderKey,
        segments: u16,
    ) -> StoreResult<'a, Option<SystemTime>>;

    /// Stores a batch. The same batch again changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if the store has another batch with this ID, or if the sender has no
    /// pace.
    fn open_batch<'a>(&'a self, batch: &'a Batch) -> StoreResult<'a, ()>;

    /// Returns a batch. `None` if there is none.
    fn batch<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Option<BatchRecord>>;

    /// Adds messages to a batch, each with a random [`MessageId`], and returns how many are new. A
    /// message with the same recipient and occurrence is there already, and is left as it is.
    ///
    /// All messages are added, or none. Messages of a paused batch are paused.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is no such batch, or it is canceled.
    fn enqueue<'a>(
        &'a self,
        batch: &'a BatchId,
        messages: &'a [NewMessage],
    ) -> StoreResult<'a, u64>;

    /// Claims the message of this sender that is due first, if the pace permits one, and commits the
    /// claim. This is one statement: no two workers get the same message.
    ///
    /// Among messages that are due at the same time, the one that was added first is claimed first. A
    /// claim charges the pace for one segment. An expired message is not charged.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if the sender has no pace.
    fn claim<'a>(&'a self, sender: &'a SenderKey, worker: &'a WorkerId) -> StoreResult<'a, Claim>;

    /// Commits the ledger entry of a claim, immediately before the request leaves. Returns `false` if
    /// the claim is no longer valid, or has an entry already: then nothing may be sent.
    ///
    /// The pace is charged for segments beyond the first. A later pause or cancellation of the batch
    /// does not end a claim.
    fn begin<'a>(&'a self, claimed: &'a Claimed, entry: &'a LedgerEntry) -> StoreResult<'a, bool>;

    /// Ends a claim. Returns `false` if it had ended otherwise, such as by a status callback, or if
    /// another message has the SID.
    ///
    /// A message that is put back into the queue is paused or canceled if its batch is, and its ledger
    /// entry is forgotten. [`Finish::Doubt`] only marks the message: the claim stays valid, and another
    /// end is possible. [`Finish::Sent`] also ends a claim that was [held](MessageState::Held) in the
    /// meantime.
    fn finish<'a>(&'a self, claimed: &'a Claimed, finish: &'a Finish) -> StoreResult<'a, bool>;

    /// Records a status callback, which may arrive before the answer to the request. It proves that the
    /// message was sent: a message of any other state becomes [`MessageState::Sent`].
    ///
    /// The status replaces the stored one only if its [rank](MessageStatus::rank) is higher. A report
    /// with another SID than that of the message, or with the SID of another message, changes nothing.
    fn observe<'a>(&'a self, report: &'a DeliveryReport) -> StoreResult<'a, Observed>;

    /// Returns the messages of a sender that were claimed at this time or before and are still
    /// [`MessageState::Sending`], and those with [`Finish::Doubt`], whatever their time. At most `limit`.
    ///
    /// Those that were never looked at come first, then the others by the time of their last look. Among
    /// equals, the oldest ledger entry is first, and a claim without one is before all.
    fn doubts<'a>(
        &'a self,
        sender: &'a SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> StoreResult<'a, Vec<Doubt>>;

    /// Settles a doubt. Returns `false` if it was settled otherwise in the meantime, or if another
    /// message has the SID. A message that is put back is due at once, or paused or canceled if its
    /// batch is.
    fn settle<'a>(&'a self, doubt: &'a Doubt, settlement: &'a Settlement) -> StoreResult<'a, bool>;

    /// Carries out a person's decision about a held message. Returns `false` if it is not held, or if
    /// another message has the SID. A message to send again is due at once, or paused or canceled if its
    /// batch is.
    fn decide<'a>(&'a self, id: &'a MessageId, decision: Decision) -> StoreResult<'a, bool>;

    /// Returns the message that has this SID. `None` if none has.
    fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>>;

    /// Stops the batch of a message, because of an error that each of its messages would meet: queued
    /// messages become paused, as by [`BatchChange::Pause`]. Returns `true` if this call has stopped it.
    ///
    /// Returns `false`, and changes nothing, if the batch is stopped or canceled already, or has been
    /// resumed since the message was last claimed: the error is older than the resumption. So is that
    /// of a message that was never claimed. An unknown message stops nothing.
    fn stop_batch<'a>(&'a self, id: &'a MessageId, reason: &'a Reason) -> StoreResult<'a, bool>;

    /// Changes the state of a batch and of its messages. Returns the number of messages that changed.
    /// Claimed messages are left alone. A canceled batch stays canceled.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is no such batch.
    fn change_batch<'a>(&'a self, id: &'a BatchId, change: &'a BatchChange)
    -> StoreResult<'a, u64>;

    /// Counts the messages of a batch. An unknown batch has none.
    fn counts<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Counts>;

    /// Returns the messages of a batch after this row, ordered by row, at most `limit`. `state`
    /// selects those of one state.
    fn records<'a>(
        &'a self,
        id: &'a BatchId,
        state: Option<MessageState>,
        after: i64,
        limit: u32,
    ) -> StoreResult<'a, Vec<MessageRecord>>;
}

/// Passes each call on, so that a store that is chosen at run time is an `Arc<dyn OutboxStore>`.
macro_rules! pass_on {
    ($($name:ident($($arg:ident: $of:ty),*) -> $done:ty;)+) => {
        impl<S: OutboxStore + ?Sized> OutboxStore for Arc<S> {
            fn now(&self) -> StoreResult<'_, SystemTime> {
                (**self).now()
            }

            fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>> {
                (**self).owner_of(sid)
            }

            $(fn $name<'a>(&'a self, $($arg: $of),*) -> StoreResult<'a, $done> {
                (**self).$name($($arg),*)
            })+
        }
    };
}

pass_on! {
    set_pace(sender: &'a SenderKey, pace: Pace) -> ();
    hold_sender(sender: &'a SenderKey, until: SystemTime, reason: &'a Reason) -> ();
    charge(sender: &'a SenderKey, segments: u16) -> Option<SystemTime>;
    open_batch(batch: &'a Batch) -> ();
    batch(id: &'a BatchId) -> Option<BatchRecord>;
    enqueue(batch: &'a BatchId, messages: &'a [NewMessage]) -> u64;
    claim(sender: &'a SenderKey, worker: &'a WorkerId) -> Claim;
    begin(claimed: &'a Claimed, entry: &'a LedgerEntry) -> bool;
    finish(claimed: &'a Claimed, finish: &'a Finish) -> bool;
    observe(report: &'a DeliveryReport) -> Observed;
    doubts(sender: &'a SenderKey, since: SystemTime, limit: u32) -> Vec<Doubt>;
    settle(doubt: &'a Doubt, settlement: &'a Settlement) -> bool;
    decide(id: &'a MessageId, decision: Decision) -> bool;
    stop_batch(id: &'a MessageId, reason: &'a Reason) -> bool;
    change_batch(id: &'a BatchId, change: &'a BatchChange) -> u64;
    counts(id: &'a BatchId) -> Counts;
    records(id: &'a BatchId, state: Option<MessageState>, after: i64, limit: u32) -> Vec<MessageRecord>;
}

/// Counts of a batch's messages, by state and by delivery status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Messages of each state. States without messages may be missing.
    pub states: BTreeMap<MessageState, u64>,
    /// Messages of each delivery status.
    pub deliveries: BTreeMap<String, u64>,
    /// Segments of the messages that were sent.
    pub segments: u64,
}

impl Counts {
    /// Returns the messages in a state.
    #[must_use]
    pub fn of(&self, state: MessageState) -> u64 {
        self.states.get(&state).copied().unwrap_or(0)
    }

    /// Returns all messages.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.states.values().sum()
    }

    /// Returns the messages with a delivery status.
    #[must_use]
    pub fn delivery(&self, status: &MessageStatus) -> u64 {
        self.deliveries.get(status.as_str()).copied().unwrap_or(0)
    }

    /// Returns `true` if no worker has anything left to do: no message is queued, paused or sending.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        let open = [
            MessageState::Queued,
            MessageState::Paused,
            MessageState::Sending,
        ];
        open.into_iter().all(|state| self.of(state) == 0)
    }
}

/// Failure of a store. `Display` contains no number, message body or secret.
pub struct StoreError {
    kind: StoreErrorKind,
    what: &'static str,
    source: Option<BoxError>,
}

/// Kind of a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The database cannot be reached, restarts, or is busy. A worker tries again.
    Unavailable,
    /// The database cannot be written: read-only, or the disk is full.
    NotWritable,
    /// The schema is of a newer version of the package, or was not created.
    Schema,
    /// A row cannot be read, such as after a change by hand.
    Corrupt,
    /// The request contradicts what is stored.
    Conflict,
    /// Any other failure.
    Other,
}

impl StoreError {
    /// Creates an error. `what` states the failure and what to do.
    #[must_use]
    pub const fn new(kind: StoreErrorKind, what: &'static str) -> Self {
        Self {
            kind,
            what,
            source: None,
        }
    }

    /// Adds the error of the database. It must contain no number and no message body.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreError")
            .field("kind", &self.kind)
            .field("what", &self.what)
            .field("source", &self.source)
            .finish()
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
