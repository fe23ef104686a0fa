//! Stores with one planted fault each: the case of the suite that is named for the rule finds it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Batch, BatchChange, BatchId, BatchRecord, BatchState, Claim, Claimed, Counts, Decision,
    DeliveryReport, Doubt, Finish, LedgerEntry, MemoryStore, MessageRecord, MessageState,
    NewMessage, Observed, Occurrence, OutboxStore, Pace, Reason, SenderKey, Settlement, StoreError,
    StoreErrorKind, StoreResult, WorkerId, conformance,
};
use clinspark_twilio::types::MessageSid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Claims a message that another worker has.
    ClaimTwice,
    /// Claims what came last first.
    ClaimInReverse,
    /// Waits for a pace that no one set.
    ClaimWithoutPace,
    ForgetFence,
    ForgetSegments,
    LoseHold,
    ShortenHold,
    IgnoreNotBefore,
    IgnoreNotAfter,
    IgnorePace,
    IgnoreBurst,
    /// The same pace again permits the next segment at once.
    ResetPace,
    ChargeNothing,
    /// A charge is stored, but no one is told to wait.
    PermitAtOnce,
    /// A claim does not tell when the message expires.
    ForgetEnd,
    /// An empty queue looks as if a message had expired.
    NeverEmpty,
    EnqueueDuplicates,
    EnqueueInParts,
    EnqueueIntoCancelled,
    /// A message that is added again is due again.
    EnqueueOverClaims,
    OpenOverAnother,
    ResumeCancelled,
    PauseNothing,
    /// A pause takes the claimed messages back, too.
    PauseClaims,
    ChangeUnknown,
    StopNothing,
    StopAlways,
    StopWithoutReason,
    AcceptStaleFinish,
    FinishTwice,
    RequeueAtOnce,
    RequeueIntoPaused,
    ForgetFailures,
    EndDoubts,
    ForgetHeldSids,
    ShareSids,
    ForgetOwners,
    LoseReports,
    BelieveOtherSids,
    ReportAnything,
    LoseDoubts,
    DoubtEveryone,
    IgnoreDoubtLimit,
    DoubtWithoutOrder,
    ForgetLooks,
    RequeueBegun,
    DecideAlways,
    SettleAlways,
    RecordsOfAllBatches,
    RecordsWithoutState,
    RecordsFromTheStart,
    CountsOfAllBatches,
}

/// Memory with a fault.
struct Faulty {
    store: MemoryStore,
    fault: Fault,
    last: Mutex<Option<Claimed>>,
    batches: Mutex<HashSet<BatchId>>,
}

impl Faulty {
    fn new(fault: Fault) -> Self {
        Self {
            store: MemoryStore::new(),
            fault,
            last: Mutex::default(),
            batches: Mutex::default(),
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn batches(&self) -> Vec<BatchId> {
        let mut batches: Vec<_> = self.batches.lock().unwrap().iter().cloned().collect();
        batches.sort();
        batches
    }

    async fn record(&self, row: i64) -> Option<MessageRecord> {
        for batch in self.batches() {
            let records = self.store.records(&batch, None, row - 1, 1).await.unwrap();
            if let Some(record) = records.into_iter().find(|record| record.row == row) {
                return Some(record);
            }
        }
        None
    }

    /// Adds messages as the fault does.
    async fn add(&self, batch: &BatchId, messages: &[NewMessage]) -> Result<u64, StoreError> {
        let mut messages = messages.to_vec();
        match self.fault {
            Fault::ClaimInReverse => messages.reverse(),
            Fault::IgnoreNotBefore => messages.iter_mut().for_each(|it| it.not_before = None),
            Fault::IgnoreNotAfter => messages.iter_mut().for_each(|it| it.not_after = None),
            Fault::EnqueueInParts => {
                let mut new = 0;
                for message in messages {
                    new += self.store.enqueue(batch, &[message]).await?;
                    tokio::task::yield_now().await;
                }
                return Ok(new);
            }
            Fault::EnqueueDuplicates => {
                let known = self.store.records(batch, None, 0, 100_000).await?;
                for (number, message) in messages.iter_mut().enumerate() {
                    let is_known = known.iter().any(|it| it.recipient == message.recipient);
                    if is_known && message.occurrence == Occurrence::default() {
                        let again = format!("again-{number}-{}", known.len());
                        message.occurrence = Occurrence::parse(&again).unwrap();
                    }
                }
            }
            Fault::EnqueueOverClaims => {
                let soon = self.store.now().await? + Duration::from_secs(1);
                let claimed = self.last.lock().unwrap().clone();
                if claimed.is_some_and(|it| messages.iter().any(|m| m.recipient == it.recipient)) {
                    let sender = SenderKey::parse("clinic-12").unwrap();
                    for doubt in self.store.doubts(&sender, soon, 100).await? {
                        self.store.settle(&doubt, &Settlement::Requeue).await?;
                    }
                }
            }
            _ => {}
        }
        let added = self.store.enqueue(batch, &messages).await;
        match added {
            Err(_) if self.has(Fault::EnqueueIntoCancelled) => Ok(0),
            added => added,
        }
    }

    async fn take(&self, sender: &SenderKey, worker: &WorkerId) -> Result<Claim, StoreError> {
        let last = self.last.lock().unwrap().take();
        if let Some(last) = last.filter(|_| self.has(Fault::ClaimTwice)) {
            return Ok(Claim::Message(Box::new(last)));
        }
        let mut claim = match self.store.claim(sender, worker).await {
            Err(_) if self.has(Fault::ClaimWithoutPace) => return Ok(Claim::Empty),
            Ok(Claim::Empty) if self.has(Fault::NeverEmpty) => return Ok(Claim::Expired),
            claim => claim?,
        };
        if let Claim::Message(claimed) = &mut claim {
            if self.has(Fault::ForgetEnd) {
                claimed.not_after = None;
            }
            *self.last.lock().unwrap() = Some((**claimed).clone());
        }
        Ok(claim)
    }

    async fn end(&self, claimed: &Claimed, finish: &Finish) -> Result<bool, StoreError> {
        let (mut claimed, mut finish) = (claimed.clone(), finish.clone());
        let record = self.record(claimed.row).await;
        let state = record.as_ref().map(|record| record.state);
        let now = self.store.now().await?;
        match (self.fault, &mut finish) {
            (Fault::AcceptStaleFinish, _) => {
                claimed.attempt = record.map_or(0, |record| record.attempts);
            }
            (Fault::RequeueAtOnce, Finish::Requeue { not_before, .. }) => *not_before = now,
            (Fault::ForgetFailures, Finish::Retry { not_before, reason }) => {
                let (not_before, reason) = (*not_before, reason.clone());
                finish = Finish::Requeue { not_before, reason };
            }
            (Fault::EndDoubts, Finish::Doubt(reason)) => finish = Finish::Held(reason.clone()),
            (Fault::ForgetHeldSids, Finish::Sent(_)) if state == Some(MessageState::Held) => {
                return Ok(false);
            }
            (Fault::ShareSids, Finish::Sent(sid)) => {
                let is_taken = self.store.owner_of(*sid).await?.is_some();
                let other = MessageSid::parse(&format!("SM{:031x}f", claimed.row)).unwrap();
                *sid = if is_taken { other } else { *sid };
            }
            (Fault::RequeueIntoPaused, Finish::Requeue { .. }) => {
                let batch = claimed.batch.clone();
                let done = self.store.finish(&claimed, &finish).await?;
                let open = self.store.batch(&batch).await?.map(|record| record.state);
                if open == Some(BatchState::Paused) {
                    self.store
                        .change_batch(&batch, &BatchChange::Resume)
                        .await?;
                }
                return Ok(done);
            }
            _ => {}
        }
        let done = self.store.finish(&claimed, &finish).await?;
        Ok(done || self.has(Fault::FinishTwice))
    }

    async fn list_doubts(
        &self,
        sender: &SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> Result<Vec<Doubt>, StoreError> {
        let far = self.store.now().await? + Duration::from_secs(3_600);
        let all = u32::MAX;
        match self.fault {
            Fault::LoseDoubts => Ok(Vec::new()),
            Fault::DoubtEveryone => self.store.doubts(sender, far, limit).await,
            Fault::IgnoreDoubtLimit => self.store.doubts(sender, since, all).await,
            Fault::DoubtWithoutOrder => {
                let mut doubts = self.store.doubts(sender, since, limit).await?;
                doubts.sort_by_key(|doubt| doubt.claimed.row);
                Ok(doubts)
            }
            _ => self.store.doubts(sender, since, limit).await,
        }
    }

    async fn carry_out(&self, doubt: &Doubt, settlement: &Settlement) -> Result<bool, StoreError> {
        let mut doubt = doubt.clone();
        if self.has(Fault::ForgetLooks) && *settlement == Settlement::Looked {
            return Ok(true);
        }
        if self.has(Fault::RequeueBegun) && *settlement == Settlement::Requeue {
            let sender = SenderKey::parse("clinic-12").unwrap();
            let far = self.store.now().await? + Duration::from_secs(3_600);
            let doubts = self.store.doubts(&sender, far, 100).await?;
            let now = doubts.iter().find(|it| it.claimed == doubt.claimed);
            doubt.proof = now.map_or(doubt.proof, |now| now.proof);
        }
        let done = self.store.settle(&doubt, settlement).await?;
        Ok(done || self.has(Fault::SettleAlways))
    }

    async fn change(&self, id: &BatchId, change: &BatchChange) -> Result<u64, StoreError> {
        match (self.fault, change) {
            (Fault::PauseNothing, BatchChange::Pause) => return Ok(0),
            (Fault::PauseClaims, BatchChange::Pause) => {
                let paused = self.store.change_batch(id, change).await?;
                let sender = SenderKey::parse("clinic-12").unwrap();
                let far = self.store.now().await? + Duration::from_secs(3_600);
                for doubt in self.store.doubts(&sender, far, 100).await? {
                    self.store.settle(&doubt, &Settlement::Requeue).await?;
                }
                return Ok(paused);
            }
            (Fault::ResumeCancelled, BatchChange::Cancel) => {
                return self.store.change_batch(id, &BatchChange::Pause).await;
            }
            _ => {}
        }
        match self.store.change_batch(id, change).await {
            Err(_) if self.has(Fault::ChangeUnknown) => Ok(0),
            changed => changed,
        }
    }

    async fn stop(&self, id: &MessageId, reason: &Reason) -> Result<bool, StoreError> {
        match self.fault {
            Fault::StopNothing => Ok(true),
            Fault::StopWithoutReason => self.store.stop_batch(id, &Reason::default()).await,
            Fault::StopAlways => {
                self.store.stop_batch(id, reason).await?;
                Ok(true)
            }
            _ => self.store.stop_batch(id, reason).await,
        }
    }

    async fn report(&self, report: &DeliveryReport) -> Result<Observed, StoreError> {
        let observed = match self.fault {
            Fault::LoseReports => return Ok(Observed::Recorded),
            _ => self.store.observe(report).await?,
        };
        Ok(match (self.fault, observed) {
            (Fault::BelieveOtherSids, Observed::OtherSid)
            | (Fault::ReportAnything, Observed::Unknown) => Observed::Recorded,
            (_, observed) => observed,
        })
    }

    async fn list(
        &self,
        id: &BatchId,
        state: Option<MessageState>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<MessageRecord>, StoreError> {
        let state = state.filter(|_| !self.has(Fault::RecordsWithoutState));
        let after = if self.has(Fault::RecordsFromTheStart) {
            i64::MIN
        } else {
            after
        };
        if !self.has(Fault::RecordsOfAllBatches) {
            return self.store.records(id, state, after, limit).await;
        }
        let mut records = Vec::new();
        for batch in self.batches() {
            records.extend(self.store.records(&batch, state, after, limit).await?);
        }
        Ok(records)
    }

    async fn count(&self, id: &BatchId) -> Result<Counts, StoreError> {
        if !self.has(Fault::CountsOfAllBatches) {
            return self.store.counts(id).await;
        }
        let mut sum = Counts::default();
        for batch in self.batches() {
            for (state, count) in self.store.counts(&batch).await?.states {
                *sum.states.entry(state).or_default() += count;
            }
        }
        Ok(sum)
    }
}

impl OutboxStore for Faulty {
    fn now(&self) -> StoreResult<'_, SystemTime> {
        self.store.now()
    }

    fn set_pace<'a>(&'a self, sender: &'a SenderKey, pace: Pace) -> StoreResult<'a, ()> {
        let pace = match self.fault {
            Fault::IgnorePace => Pace::per_second(10_000.0).unwrap(),
            Fault::IgnoreBurst => pace.burst(Duration::ZERO),
            _ => pace,
        };
        Box::pin(async move {
            if self.has(Fault::ResetPace) {
                let another = Pace::per_second(9_999.0).unwrap();
                self.store.set_pace(sender, another).await?;
            }
            self.store.set_pace(sender, pace).await
        })
    }

    fn hold_sender<'a>(
        &'a self,
        sender: &'a SenderKey,
        until: SystemTime,
        reason: &'a Reason,
    ) -> StoreResult<'a, ()> {
        Box::pin(async move {
            let earlier = until - Duration::from_secs(30);
            match self.fault {
                Fault::LoseHold => Ok(()),
                Fault::ShortenHold => self.store.hold_sender(sender, earlier, reason).await,
                _ => self.store.hold_sender(sender, until, reason).await,
            }
        })
    }

    fn charge<'a>(
        &'a self,
        sender: &'a SenderKey,
        segments: u16,
    ) -> StoreResult<'a, Option<SystemTime>> {
        match self.fault {
            Fault::ChargeNothing => self.store.charge(sender, 0),
            Fault::PermitAtOnce => Box::pin(async move {
                self.store.charge(sender, segments).await?;
                Ok(None)
            }),
            _ => self.store.charge(sender, segments),
        }
    }

    fn open_batch<'a>(&'a self, batch: &'a Batch) -> StoreResult<'a, ()> {
        Box::pin(async move {
            self.batches.lock().unwrap().insert(batch.id().clone());
            match self.store.open_batch(batch).await {
                Err(error)
                    if self.has(Fault::OpenOverAnother)
                        && error.kind() == StoreErrorKind::Conflict =>
                {
                    Ok(())
                }
                opened => opened,
            }
        })
    }

    fn batch<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Option<BatchRecord>> {
        self.store.batch(id)
    }

    fn enqueue<'a>(
        &'a self,
        batch: &'a BatchId,
        messages: &'a [NewMessage],
    ) -> StoreResult<'a, u64> {
        Box::pin(self.add(batch, messages))
    }

    fn claim<'a>(&'a self, sender: &'a SenderKey, worker: &'a WorkerId) -> StoreResult<'a, Claim> {
        Box::pin(self.take(sender, worker))
    }

    fn begin<'a>(&'a self, claimed: &'a Claimed, entry: &'a LedgerEntry) -> StoreResult<'a, bool> {
        Box::pin(async move {
            let mut entry = entry.clone();
            if self.has(Fault::ForgetSegments) {
                entry.segments = 1;
            }
            let begun = self.store.begin(claimed, &entry).await?;
            Ok(begun || self.has(Fault::ForgetFence))
        })
    }

    fn finish<'a>(&'a self, claimed: &'a Claimed, finish: &'a Finish) -> StoreResult<'a, bool> {
        Box::pin(self.end(claimed, finish))
    }

    fn observe<'a>(&'a self, report: &'a DeliveryReport) -> StoreResult<'a, Observed> {
        Box::pin(self.report(report))
    }

    fn doubts<'a>(
        &'a self,
        sender: &'a SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> StoreResult<'a, Vec<Doubt>> {
        Box::pin(self.list_doubts(sender, since, limit))
    }

    fn settle<'a>(&'a self, doubt: &'a Doubt, settlement: &'a Settlement) -> StoreResult<'a, bool> {
        Box::pin(self.carry_out(doubt, settlement))
    }

    fn decide<'a>(&'a self, id: &'a MessageId, decision: Decision) -> StoreResult<'a, bool> {
        Box::pin(async move {
            let decided = self.store.decide(id, decision).await?;
            Ok(decided || self.has(Fault::DecideAlways))
        })
    }

    fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>> {
        Box::pin(async move {
            let owner = self.store.owner_of(sid).await?;
            Ok(owner.filter(|_| !self.has(Fault::ForgetOwners)))
        })
    }

    fn stop_batch<'a>(&'a self, id: &'a MessageId, reason: &'a Reason) -> StoreResult<'a, bool> {
        Box::pin(self.stop(id, reason))
    }

    fn change_batch<'a>(
        &'a self,
        id: &'a BatchId,
        change: &'a BatchChange,
    ) -> StoreResult<'a, u64> {
        Box::pin(self.change(id, change))
    }

    fn counts<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Counts> {
        Box::pin(self.count(id))
    }

    fn records<'a>(
        &'a self,
        id: &'a BatchId,
        state: Option<MessageState>,
        after: i64,
        limit: u32,
    ) -> StoreResult<'a, Vec<MessageRecord>> {
        Box::pin(self.list(id, state, after, limit))
    }
}

/// Each fault, and the case that must find it.
const FAULTS: &[(Fault, &str)] = &[
    (Fault::ClaimTwice, "claims::are_exclusive"),
    (Fault::ClaimInReverse, "claims::follow_the_time_due"),
    (Fault::ClaimWithoutPace, "claims::need_a_pace"),
    (Fault::ForgetFence, "ledger::begins_once"),
    (Fault::ForgetSegments, "pace::charges_further_segments"),
    (Fault::LoseHold, "pace::holds_a_sender"),
    (Fault::ShortenHold, "pace::holds_a_sender"),
    (Fault::IgnoreNotBefore, "claims::wait_for_the_time_due"),
    (Fault::IgnoreNotAfter, "claims::expire_late_messages"),
    (Fault::IgnorePace, "pace::spaces_claims"),
    (Fault::IgnoreBurst, "pace::permits_a_burst"),
    (Fault::ResetPace, "pace::can_be_changed"),
    (Fault::ChargeNothing, "pace::charges_without_a_message"),
    (Fault::PermitAtOnce, "pace::charges_without_a_message"),
    (Fault::ForgetEnd, "claims::carry_the_message"),
    (Fault::NeverEmpty, "claims::end_with_an_empty_queue"),
    (Fault::EnqueueDuplicates, "queue::adds_each_message_once"),
    (Fault::EnqueueInParts, "queue::adds_all_or_none"),
    (
        Fault::EnqueueIntoCancelled,
        "queue::refuses_without_an_open_batch",
    ),
    (
        Fault::EnqueueOverClaims,
        "queue::leaves_known_messages_alone",
    ),
    (Fault::OpenOverAnother, "batches::open_once"),
    (Fault::ResumeCancelled, "batches::cancel_for_good"),
    (Fault::PauseNothing, "batches::pause_and_resume"),
    (Fault::PauseClaims, "batches::leave_others_alone"),
    (Fault::ChangeUnknown, "batches::change_only_if_known"),
    (Fault::StopNothing, "batches::stop_with_a_reason"),
    (Fault::StopAlways, "batches::stop_once"),
    (Fault::StopWithoutReason, "batches::stop_with_a_reason"),
    (Fault::AcceptStaleFinish, "ledger::refuses_stale_claims"),
    (Fault::FinishTwice, "ledger::ends_a_claim_once"),
    (Fault::RequeueAtOnce, "ledger::requeues_with_a_time"),
    (
        Fault::RequeueIntoPaused,
        "ledger::requeues_into_the_batch_state",
    ),
    (Fault::ForgetFailures, "ledger::counts_failures_in_turn"),
    (Fault::EndDoubts, "ledger::keeps_doubts_sending"),
    (Fault::ForgetHeldSids, "ledger::sends_what_was_held"),
    (Fault::ShareSids, "ledger::gives_a_sid_to_one_message"),
    (Fault::ForgetOwners, "ledger::gives_a_sid_to_one_message"),
    (Fault::LoseReports, "reports::settle_any_state"),
    (Fault::BelieveOtherSids, "reports::refuse_another_sid"),
    (Fault::ReportAnything, "reports::refuse_unknown_messages"),
    (Fault::LoseDoubts, "doubts::are_settled"),
    (Fault::DoubtEveryone, "doubts::are_selected"),
    (Fault::IgnoreDoubtLimit, "doubts::are_selected"),
    (Fault::DoubtWithoutOrder, "doubts::are_ordered"),
    (Fault::ForgetLooks, "doubts::are_ordered"),
    (Fault::RequeueBegun, "doubts::are_put_back_by_their_entry"),
    (Fault::DecideAlways, "doubts::are_decided"),
    (Fault::SettleAlways, "doubts::settle_known_messages_only"),
    (Fault::RecordsOfAllBatches, "batches::are_listed_by_page"),
    (Fault::RecordsWithoutState, "batches::are_listed_by_page"),
    (Fault::RecordsFromTheStart, "batches::are_listed_by_page"),
    (Fault::CountsOfAllBatches, "batches::are_counted"),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_planted_fault_breaks_the_case_of_its_rule() {
    for (fault, name) in FAULTS {
        let case = conformance::cases()
            .iter()
            .find(|case| case.name() == *name);
        let case = case.unwrap_or_else(|| panic!("there is no case {name}"));
        let found = case.run(Arc::new(Faulty::new(*fault))).await;
        assert!(found.is_err(), "{name} does not find {fault:?}");
        // The same case finds nothing wrong with the store beneath.
        let sound = case.run(Arc::new(MemoryStore::new())).await;
        sound.unwrap_or_else(|violation| panic!("{name}: {violation}"));
    }
}
