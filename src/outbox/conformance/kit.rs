//! Store under test, with a sender and a batch, and the comparisons of the cases.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::messenger::MessageId;
use crate::outbox::{
    Batch, BatchId, Claim, Claimed, DeliveryReport, Finish, LedgerEntry, MessageRecord,
    MessageState, NewMessage, Observed, Occurrence, OutboxStore, Pace, Proof, Reason, RecipientKey,
    SenderKey, StoreError, StoreErrorKind, WorkerId,
};
use crate::types::{BoxError, MessageSid, MessageStatus};

pub(super) use crate::types::conformance::{Violation, same};

/// Longest time for which a case waits at once. No case has a message that is due later.
const MOST_WAIT: Duration = Duration::from_secs(10);

impl From<StoreError> for Violation {
    fn from(error: StoreError) -> Self {
        Self::from(BoxError::from(error))
    }
}

impl From<crate::outbox::KeyError> for Violation {
    fn from(error: crate::outbox::KeyError) -> Self {
        Self::new(error.to_string())
    }
}

/// Checks a condition that `what` states.
pub(super) fn holds(what: &str, condition: bool) -> Result<(), Violation> {
    same(what, condition, true)
}

/// Checks that a call is refused as a contradiction.
pub(super) fn conflict<T: fmt::Debug>(
    what: &str,
    result: Result<T, StoreError>,
) -> Result<(), Violation> {
    same(
        what,
        result.map(|_| ()).map_err(|error| error.kind()),
        Err(StoreErrorKind::Conflict),
    )
}

pub(super) struct Kit {
    pub(super) store: Arc<dyn OutboxStore>,
    pub(super) sender: SenderKey,
    pub(super) worker: WorkerId,
    pub(super) batch: BatchId,
}

impl Kit {
    /// Opens a batch whose sender has practically no pace.
    pub(super) async fn new(store: Arc<dyn OutboxStore>) -> Result<Self, Violation> {
        Self::paced(store, 10_000.0, 60).await
    }

    /// Opens a batch with a pace a second and a burst in seconds.
    pub(super) async fn paced(
        store: Arc<dyn OutboxStore>,
        per_second: f64,
        burst: u64,
    ) -> Result<Self, Violation> {
        let kit = Self {
            store,
            sender: SenderKey::parse("clinic-12")?,
            worker: WorkerId::parse("host-a")?,
            batch: BatchId::parse("reminders")?,
        };
        kit.set_pace(&kit.sender, per_second, burst).await?;
        kit.open(&kit.batch, &kit.sender).await?;
        Ok(kit)
    }

    pub(super) async fn set_pace(
        &self,
        sender: &SenderKey,
        per_second: f64,
        burst: u64,
    ) -> Result<(), Violation> {
        let pace = Pace::per_second(per_second).ok_or_else(|| Violation::new("no such pace"))?;
        let pace = pace.burst(Duration::from_secs(burst));
        Ok(self.store.set_pace(sender, pace).await?)
    }

    pub(super) async fn open(&self, id: &BatchId, sender: &SenderKey) -> Result<(), Violation> {
        Ok(self.store.open_batch(&batch(id, sender, 1)?).await?)
    }

    /// Adds messages that are due at once, for persons numbered from 1.
    pub(super) async fn add(&self, number: u64) -> Result<(), Violation> {
        let messages = persons(1..=number)?;
        let new = self.store.enqueue(&self.batch, &messages).await?;
        same("messages that are new", new, number)
    }

    /// Adds two messages to another batch of the sender.
    pub(super) async fn add_to_another_batch(&self) -> Result<(), Violation> {
        let other = BatchId::parse("another")?;
        self.open(&other, &self.sender).await?;
        let new = self.store.enqueue(&other, &persons(1..=2)?).await?;
        same("messages of another batch", new, 2)
    }

    /// Returns the next claim that is not [`Claim::Wait`], and waits until then.
    pub(super) async fn next(&self) -> Result<Claim, Violation> {
        next(&*self.store, &self.sender, &self.worker).await
    }

    pub(super) async fn claim(&self) -> Result<Claimed, Violation> {
        match self.next().await? {
            Claim::Message(claimed) => Ok(*claimed),
            other => Err(Violation::new(format!(
                "claim: found {other:?}, expected a message"
            ))),
        }
    }

    /// Claims a message and commits its ledger entry.
    pub(super) async fn begun(&self) -> Result<Claimed, Violation> {
        let claimed = self.claim().await?;
        let begun = self.store.begin(&claimed, &entry(1)?).await?;
        same("ledger entry of a fresh claim", begun, true)?;
        Ok(claimed)
    }

    pub(super) async fn finish(
        &self,
        claimed: &Claimed,
        finish: Finish,
    ) -> Result<bool, Violation> {
        Ok(self.store.finish(claimed, &finish).await?)
    }

    pub(super) async fn observe(
        &self,
        id: &MessageId,
        sid: MessageSid,
        status: MessageStatus,
    ) -> Result<Observed, Violation> {
        let report = DeliveryReport {
            message_id: id.clone(),
            sid,
            status,
            code: None,
        };
        Ok(self.store.observe(&report).await?)
    }

    /// Returns the records of the batch.
    pub(super) async fn records(&self) -> Result<Vec<MessageRecord>, Violation> {
        Ok(self
            .store
            .records(&self.batch, None, i64::MIN, 10_000)
            .await?)
    }

    pub(super) async fn record(&self, claimed: &Claimed) -> Result<MessageRecord, Violation> {
        let mut records = self.records().await?.into_iter();
        records
            .find(|record| record.row == claimed.row)
            .ok_or_else(|| Violation::new("the row of a claim is not among the records"))
    }

    pub(super) async fn state_is(
        &self,
        claimed: &Claimed,
        state: MessageState,
    ) -> Result<(), Violation> {
        same("state", self.record(claimed).await?.state, state)
    }

    pub(super) async fn count(&self, state: MessageState) -> Result<u64, Violation> {
        Ok(self.store.counts(&self.batch).await?.of(state))
    }
}

/// Claims for a worker, and waits as the store tells.
pub(super) async fn next(
    store: &dyn OutboxStore,
    sender: &SenderKey,
    worker: &WorkerId,
) -> Result<Claim, Violation> {
    for _ in 0..1_000 {
        let claim = store.claim(sender, worker).await?;
        let Claim::Wait(until) = claim else {
            return Ok(claim);
        };
        let wait = ahead(store, until).await?;
        if wait > MOST_WAIT {
            return Err(Violation::new(format!("the store waits for {wait:?}")));
        }
        // A store that rounds its clock down is asked one tick later.
        let tick = Duration::from_millis(1);
        crate::client::system_clock().sleep(wait + tick).await;
    }
    Err(Violation::new("1,000 claims in turn said to wait"))
}

/// Returns the time from now to `until`, by the store's clock.
pub(super) async fn ahead(
    store: &dyn OutboxStore,
    until: SystemTime,
) -> Result<Duration, Violation> {
    let now = store.now().await?;
    Ok(until.duration_since(now).unwrap_or_default())
}

/// Returns the store's time, in whole seconds, that many seconds later.
pub(super) async fn second(store: &dyn OutboxStore, later: i64) -> Result<SystemTime, Violation> {
    let now = store.now().await?.duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_err(|_| Violation::new("the store's clock is before 1970"))?;
    let time = Duration::from_secs(now.as_secs().saturating_add_signed(later));
    Ok(SystemTime::UNIX_EPOCH + time)
}

/// Returns a batch of a version of the template.
pub(super) fn batch(id: &BatchId, sender: &SenderKey, version: u32) -> Result<Batch, Violation> {
    let definition = format!(
        r#"{{"v":"1","template":"visit-reminder","version":{version},"digest":"0f","purpose":"visit reminder"}}"#
    );
    Batch::from_persisted(id.clone(), sender.clone(), &definition)
        .ok_or_else(|| Violation::new("the definition cannot be read"))
}

pub(super) fn person(number: u64) -> Result<NewMessage, Violation> {
    Ok(NewMessage::new(RecipientKey::numbered(
        "volunteer",
        number,
    )?))
}

pub(super) fn persons(
    numbers: std::ops::RangeInclusive<u64>,
) -> Result<Vec<NewMessage>, Violation> {
    numbers.map(person).collect()
}

pub(super) fn visit(message: NewMessage, number: u64) -> Result<NewMessage, Violation> {
    Ok(message.occurrence(Occurrence::parse(&format!("visit-{number}"))?))
}

pub(super) fn entry(segments: u16) -> Result<LedgerEntry, Violation> {
    let proof = Proof::from_bytes(&[7; 32]).ok_or_else(|| Violation::new("no proof"))?;
    Ok(LedgerEntry { proof, segments })
}

pub(super) fn sid(number: u32) -> Result<MessageSid, Violation> {
    let sid = format!("SM{number:032x}");
    MessageSid::parse(&sid).map_err(|error| Violation::new(error.to_string()))
}

pub(super) fn reason(reason: &str) -> Reason {
    Reason::new(reason)
}
