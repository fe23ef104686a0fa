//! Store that a test watches: it is told at each point of a text, and counts failures.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Batch, BatchChange, BatchId, BatchRecord, Claim, Claimed, Counts, Decision, DeliveryReport,
    Doubt, Finish, LedgerEntry, MessageRecord, MessageState, NewMessage, Observed, OutboxStore,
    Pace, Reason, SenderKey, Settlement, StoreErrorKind, StoreResult, WorkerId,
};
use clinspark_twilio::types::{BoxFuture, MessageSid};

/// Point in the course of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// Nothing is claimed yet.
    BeforeClaim,
    /// The claim is committed.
    Claimed,
    /// The gates are passed, and the ledger entry is not committed.
    Passed,
    /// The ledger entry is committed, and the request has not left.
    Begun,
    /// The request has left, and is not answered. The store does not see it.
    Posted,
    /// The answer was read, and is not recorded.
    Answered,
    /// The answer is recorded, and the worker does not know it yet.
    Recorded,
}

impl Point {
    pub(crate) const ALL: [Self; 7] = [
        Self::BeforeClaim,
        Self::Claimed,
        Self::Passed,
        Self::Begun,
        Self::Posted,
        Self::Answered,
        Self::Recorded,
    ];

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|point| format!("{point:?}") == name)
    }
}

type Reached = dyn Fn(Point) -> BoxFuture<'static, ()> + Send + Sync;

/// Store with a function that is called at each [`Point`], and waited for.
#[derive(Clone)]
pub(crate) struct Probed {
    store: Arc<dyn OutboxStore>,
    reached: Arc<Reached>,
    failures: Arc<Mutex<Vec<StoreErrorKind>>>,
}

impl Probed {
    pub(crate) fn new(
        store: Arc<dyn OutboxStore>,
        reached: impl Fn(Point) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self {
            store,
            reached: Arc::new(reached),
            failures: Arc::default(),
        }
    }

    /// Creates a store that only counts failures.
    pub(crate) fn counting(store: Arc<dyn OutboxStore>) -> Self {
        Self::new(store, |_| Box::pin(std::future::ready(())))
    }

    /// Returns the number of calls that failed with a kind.
    pub(crate) fn failures(&self, kind: StoreErrorKind) -> usize {
        let failures = self.failures.lock().unwrap();
        failures.iter().filter(|failure| **failure == kind).count()
    }

    fn noted<'a, T: Send + 'a>(&'a self, call: StoreResult<'a, T>) -> StoreResult<'a, T> {
        Box::pin(async move {
            let result = call.await;
            if let Err(error) = &result {
                self.failures.lock().unwrap().push(error.kind());
            }
            result
        })
    }
}

impl OutboxStore for Probed {
    fn now(&self) -> StoreResult<'_, SystemTime> {
        self.noted(self.store.now())
    }

    fn set_pace<'a>(&'a self, sender: &'a SenderKey, pace: Pace) -> StoreResult<'a, ()> {
        self.noted(self.store.set_pace(sender, pace))
    }

    fn hold_sender<'a>(
        &'a self,
        sender: &'a SenderKey,
        until: SystemTime,
        reason: &'a Reason,
    ) -> StoreResult<'a, ()> {
        self.noted(self.store.hold_sender(sender, until, reason))
    }

    fn charge<'a>(
        &'a self,
        sender: &'a SenderKey,
        segments: u16,
    ) -> StoreResult<'a, Option<SystemTime>> {
        self.noted(self.store.charge(sender, segments))
    }

    fn stop_batch<'a>(&'a self, id: &'a MessageId, reason: &'a Reason) -> StoreResult<'a, bool> {
        self.noted(self.store.stop_batch(id, reason))
    }

    fn open_batch<'a>(&'a self, batch: &'a Batch) -> StoreResult<'a, ()> {
        self.noted(self.store.open_batch(batch))
    }

    fn batch<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Option<BatchRecord>> {
        self.noted(self.store.batch(id))
    }

    fn enqueue<'a>(
        &'a self,
        batch: &'a BatchId,
        messages: &'a [NewMessage],
    ) -> StoreResult<'a, u64> {
        self.noted(self.store.enqueue(batch, messages))
    }

    fn claim<'a>(&'a self, sender: &'a SenderKey, worker: &'a WorkerId) -> StoreResult<'a, Claim> {
        Box::pin(async move {
            (self.reached)(Point::BeforeClaim).await;
            let claim = self.noted(self.store.claim(sender, worker)).await?;
            if matches!(claim, Claim::Message(_)) {
                (self.reached)(Point::Claimed).await;
            }
            Ok(claim)
        })
    }

    fn begin<'a>(&'a self, claimed: &'a Claimed, entry: &'a LedgerEntry) -> StoreResult<'a, bool> {
        Box::pin(async move {
            (self.reached)(Point::Passed).await;
            let has_begun = self.noted(self.store.begin(claimed, entry)).await?;
            if has_begun {
                (self.reached)(Point::Begun).await;
            }
            Ok(has_begun)
        })
    }

    fn finish<'a>(&'a self, claimed: &'a Claimed, finish: &'a Finish) -> StoreResult<'a, bool> {
        Box::pin(async move {
            let is_sent = matches!(finish, Finish::Sent(_));
            if is_sent {
                (self.reached)(Point::Answered).await;
            }
            let has_ended = self.noted(self.store.finish(claimed, finish)).await?;
            if is_sent && has_ended {
                (self.reached)(Point::Recorded).await;
            }
            Ok(has_ended)
        })
    }

    fn observe<'a>(&'a self, report: &'a DeliveryReport) -> StoreResult<'a, Observed> {
        self.noted(self.store.observe(report))
    }

    fn doubts<'a>(
        &'a self,
        sender: &'a SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> StoreResult<'a, Vec<Doubt>> {
        self.noted(self.store.doubts(sender, since, limit))
    }

    fn settle<'a>(&'a self, doubt: &'a Doubt, settlement: &'a Settlement) -> StoreResult<'a, bool> {
        self.noted(self.store.settle(doubt, settlement))
    }

    fn decide<'a>(&'a self, id: &'a MessageId, decision: Decision) -> StoreResult<'a, bool> {
        self.noted(self.store.decide(id, decision))
    }

    fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>> {
        self.noted(self.store.owner_of(sid))
    }

    fn change_batch<'a>(
        &'a self,
        id: &'a BatchId,
        change: &'a BatchChange,
    ) -> StoreResult<'a, u64> {
        self.noted(self.store.change_batch(id, change))
    }

    fn counts<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Counts> {
        self.noted(self.store.counts(id))
    }

    fn records<'a>(
        &'a self,
        id: &'a BatchId,
        state: Option<MessageState>,
        after: i64,
        limit: u32,
    ) -> StoreResult<'a, Vec<MessageRecord>> {
        self.noted(self.store.records(id, state, after, limit))
    }
}
