//! Clock, delivery and store that a test scripts.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clinspark_twilio::client::Clock;
use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Batch, BatchChange, BatchId, BatchRecord, BatchText, Begin, CheckedBatchText, Claim, Claimed,
    Counts, Decision, Deliver, DeliveryReport, Doubt, Finish, LedgerEntry, ListedText, Listing,
    MemoryStore, MessageRecord, MessageState, NewMessage, Observed, Outbox, OutboxBuilder,
    OutboxStore, Pace, Person, ProofKey, Reason, RecipientKey, Resolver, SenderKey, Settlement,
    StoreError, StoreErrorKind, StoreResult, Undelivered, WorkerId, resolver_fn,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
use clinspark_twilio::types::{BoxFuture, MessageSid, Redacted};

/// Tokio's paused time, from a date of the test's own, which the test can move.
pub(crate) struct TestClock {
    started: tokio::time::Instant,
    shift: AtomicI64,
}

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            started: tokio::time::Instant::now(),
            shift: AtomicI64::new(1_767_229_200),
        })
    }

    /// Puts the time of day forward or back.
    pub(crate) fn jump(&self, seconds: i64) {
        self.shift.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        let shift = u64::try_from(self.shift.load(Ordering::SeqCst)).unwrap();
        UNIX_EPOCH + Duration::from_secs(shift) + self.started.elapsed()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// A clock of the test's, as the client takes it.
pub(crate) struct Shared(pub(crate) Arc<TestClock>);

impl Clock for Shared {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.0.sleep(time)
    }
}

pub(crate) fn sid(number: u64) -> MessageSid {
    MessageSid::parse(&format!("SM{number:032x}")).unwrap()
}

pub(crate) fn catalogue() -> Catalogue {
    let name = Tag::text("first_name", Sensitivity::Personal).unwrap();
    Catalogue::new([name.max_chars(300)]).unwrap()
}

pub(crate) fn template_with(text: &str) -> Template {
    let template = Template::builder("reminder", 1).variant(Locale::parse("en").unwrap(), text);
    template.build(&catalogue()).unwrap()
}

pub(crate) fn template() -> Template {
    template_with("Hi {{ first_name }}, your visit is tomorrow.")
}

pub(crate) fn data() -> MergeData {
    MergeData::new().value("first_name", "Ann")
}

pub(crate) fn number(of: u64) -> E164 {
    E164::parse(&format!("+1415{}", 2_000_000 + of)).unwrap()
}

/// Person 7 has the key `volunteer-7` and the number `+14152000007`.
pub(crate) fn person_of(key: &RecipientKey) -> Person {
    let of = key.as_str().rsplit('-').next().unwrap().parse().unwrap();
    Person::new(number(of).as_str(), data())
}

pub(crate) fn everyone() -> impl Resolver {
    resolver_fn(|key, _| async move { Ok(Some(person_of(&key))) })
}

pub(crate) fn key() -> ProofKey {
    ProofKey::new([7; 32])
}

pub(crate) fn sender() -> SenderKey {
    SenderKey::parse("clinic-12").unwrap()
}

pub(crate) fn batch() -> Batch {
    let id = BatchId::parse("reminders").unwrap();
    Batch::new(id, &template(), sender(), "visit reminder")
}

pub(crate) fn messages(people: u64) -> Vec<NewMessage> {
    let key = |of| RecipientKey::numbered("volunteer", of).unwrap();
    (1..=people).map(key).map(NewMessage::new).collect()
}

/// Act of [`Twilio`] for one text. `Send` after the end of the script.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Send,
    /// The text is sent, and its answer is lost.
    LoseAnswer,
    /// The request does not arrive, and the worker cannot know it.
    LoseRequest,
    PanicBefore,
    PanicAfter,
    HangBefore,
    HangAfter,
    Answer(Undelivered),
    /// An answer that takes its time.
    AnswerLate(Duration, Undelivered),
    /// A status callback arrives before the answer.
    CallbackFirst(MemoryStore),
}

/// Scripted Twilio behind a [`Deliver`]: clones share it.
#[derive(Clone)]
pub(crate) struct Twilio(Arc<Inner>);

struct Inner {
    clock: Arc<TestClock>,
    script: Mutex<VecDeque<Act>>,
    texts: Mutex<Vec<(E164, ListedText)>>,
    incomplete: Mutex<Option<Reason>>,
}

impl Twilio {
    pub(crate) fn new(clock: &Arc<TestClock>, script: impl IntoIterator<Item = Act>) -> Self {
        Self(Arc::new(Inner {
            clock: Arc::clone(clock),
            script: Mutex::new(script.into_iter().collect()),
            texts: Mutex::default(),
            incomplete: Mutex::default(),
        }))
    }

    /// Numbers of the texts that were sent, in order.
    pub(crate) fn sent(&self) -> Vec<E164> {
        let texts = self.0.texts.lock().unwrap();
        texts.iter().map(|(to, _)| *to).collect()
    }

    /// Time of the first text.
    pub(crate) fn first_sent(&self) -> Option<SystemTime> {
        self.0.texts.lock().unwrap().first()?.1.created
    }

    pub(crate) fn set_incomplete(&self, reason: &str) {
        *self.0.incomplete.lock().unwrap() = Some(Reason::new(reason));
    }

    /// Changes the listed texts, such as by the retention.
    pub(crate) fn change(&self, change: impl FnMut(&mut (E164, ListedText))) {
        self.0.texts.lock().unwrap().iter_mut().for_each(change);
    }

    pub(crate) fn add(&self, to: E164, body: &str) -> MessageSid {
        let mut texts = self.0.texts.lock().unwrap();
        let sid = sid(texts.len() as u64 + 1);
        let text = ListedText {
            sid,
            body: Some(Redacted::new(body.to_owned())),
            created: Some(self.0.clock.now()),
        };
        texts.push((to, text));
        sid
    }
}

impl Deliver for Twilio {
    fn deliver<'a>(
        &'a self,
        text: BatchText<'a>,
        begin: Begin<'a>,
    ) -> BoxFuture<'a, Result<MessageSid, Undelivered>> {
        Box::pin(async move {
            let act = self.0.script.lock().unwrap().pop_front();
            let act = act.unwrap_or(Act::Send);
            match act {
                Act::PanicBefore => panic!("before"),
                Act::HangBefore => pending::<()>().await,
                _ => {}
            }
            let to = E164::parse(text.number.expose()).unwrap();
            let body = text.template.render(text.data).unwrap().into_body();
            begin.commit(to, &body).await?;
            let unknown = || Undelivered::Unknown {
                sid: None,
                reason: Reason::new("no answer"),
            };
            match act {
                Act::LoseRequest => return Err(unknown()),
                Act::Answer(answer) => return Err(answer),
                Act::AnswerLate(time, answer) => {
                    tokio::time::sleep(time).await;
                    return Err(answer);
                }
                _ => {}
            }
            let sid = self.add(to, &body);
            // The other worker gets its turn.
            tokio::time::sleep(Duration::from_millis(100)).await;
            match act {
                Act::LoseAnswer => return Err(unknown()),
                Act::PanicAfter => panic!("after"),
                Act::HangAfter => pending::<()>().await,
                Act::CallbackFirst(store) => {
                    let report = report(text.message_id, sid);
                    store.observe(&report).await.unwrap();
                }
                _ => {}
            }
            Ok(sid)
        })
    }

    fn check<'a>(
        &'a self,
        text: BatchText<'a>,
    ) -> BoxFuture<'a, Result<CheckedBatchText, Undelivered>> {
        Box::pin(async move {
            let body = text.template.render(text.data).unwrap().into_body();
            let to = E164::parse(text.number.expose()).unwrap();
            let body = Redacted::new(body);
            let waits_until = None;
            Ok(CheckedBatchText {
                to,
                body,
                waits_until,
            })
        })
    }

    fn list<'a>(
        &'a self,
        typed: &'a Redacted<String>,
    ) -> BoxFuture<'a, Result<Listing, Undelivered>> {
        Box::pin(async move {
            let number = E164::parse(typed.expose()).unwrap();
            let mut listing = Listing::new(number);
            let texts = self.0.texts.lock().unwrap();
            let of_number = texts.iter().filter(|(to, _)| *to == number);
            listing.texts = of_number.map(|(_, text)| text.clone()).collect();
            let incomplete = self.0.incomplete.lock().unwrap();
            listing.incomplete.clone_from(&incomplete);
            Ok(listing)
        })
    }
}

pub(crate) fn report(id: &MessageId, sid: MessageSid) -> DeliveryReport {
    DeliveryReport {
        message_id: id.clone(),
        sid,
        status: "delivered".into(),
        code: None,
    }
}

/// Outbox over a scripted Twilio, with a batch of some people.
pub(crate) struct Bench {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) store: MemoryStore,
    pub(crate) twilio: Twilio,
    pub(crate) outbox: Outbox,
}

impl Bench {
    pub(crate) async fn new(people: u64, script: impl IntoIterator<Item = Act>) -> Self {
        Self::with(people, script, everyone(), |builder| builder).await
    }

    pub(crate) async fn with(
        people: u64,
        script: impl IntoIterator<Item = Act>,
        resolver: impl Resolver,
        configure: impl FnOnce(OutboxBuilder) -> OutboxBuilder,
    ) -> Self {
        let clock = TestClock::new();
        let store = MemoryStore::with_clock(Arc::<TestClock>::clone(&clock));
        let twilio = Twilio::new(&clock, script);
        let deliver = twilio.clone();
        let builder = Outbox::builder(store.clone(), sender(), deliver, resolver, key());
        let builder = builder.template(template());
        let outbox = configure(builder.clock(Arc::<TestClock>::clone(&clock))).build();
        fill(&outbox, &messages(people)).await;
        Self {
            clock,
            store,
            twilio,
            outbox,
        }
    }

    /// Another worker of the same sender.
    pub(crate) fn another(&self) -> Outbox {
        let deliver = self.twilio.clone();
        let builder = Outbox::builder(self.store.clone(), sender(), deliver, everyone(), key());
        let builder = builder.template(template());
        builder.clock(Arc::<TestClock>::clone(&self.clock)).build()
    }

    pub(crate) fn clock_now(&self) -> SystemTime {
        self.clock.now()
    }

    pub(crate) async fn drain(&self) {
        self.outbox.drain(1_000).await.unwrap();
    }

    /// Drains and reconciles for so many seconds of the test's clock.
    pub(crate) async fn live_for(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(30) {
            self.drain().await;
            self.outbox.reconcile().await.unwrap();
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
    }

    pub(crate) async fn records(&self) -> Vec<MessageRecord> {
        let id = batch().id().clone();
        self.store.records(&id, None, 0, 10_000).await.unwrap()
    }

    /// State and reason of the only message.
    pub(crate) async fn only(&self) -> (MessageState, String) {
        let [record] = self.records().await.try_into().unwrap();
        (record.state, reason_of(&record))
    }
}

pub(crate) fn reason_of(record: &MessageRecord) -> String {
    let reason = record.reason.as_ref();
    reason.map(|it| it.as_str().to_owned()).unwrap_or_default()
}

pub(crate) async fn fill(outbox: &Outbox, messages: &[NewMessage]) {
    let pace = Pace::per_second(10_000.0).unwrap();
    outbox.set_pace(pace).await.unwrap();
    outbox.open(&batch()).await.unwrap();
    outbox.enqueue(batch().id(), messages).await.unwrap();
}

/// Store whose statements fail at random: before they are committed, or after.
#[derive(Clone)]
pub(crate) struct Flaky {
    pub(crate) store: MemoryStore,
    seed: Arc<AtomicU64>,
    /// Of 100 statements.
    pub(crate) failures: Arc<AtomicU64>,
    late: Arc<Mutex<Option<(Claimed, LedgerEntry)>>>,
    has_begun: Arc<AtomicBool>,
}

impl Flaky {
    pub(crate) fn new(store: MemoryStore, seed: u64, failures: u64) -> Self {
        Self {
            store,
            seed: Arc::new(AtomicU64::new(seed)),
            failures: Arc::new(AtomicU64::new(failures)),
            late: Arc::default(),
            has_begun: Arc::default(),
        }
    }

    /// Begins a claim when the doubts have been read, as a slow worker may.
    pub(crate) fn begin_after_doubts(&self, claimed: Claimed, entry: LedgerEntry) {
        *self.late.lock().unwrap() = Some((claimed, entry));
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::SeqCst)
    }

    async fn read_doubts(
        &self,
        sender: &SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> Result<Vec<Doubt>, StoreError> {
        let doubts = self.run(self.store.doubts(sender, since, limit)).await?;
        let late = self.late.lock().unwrap().take();
        if let Some((claimed, entry)) = late {
            let begun = self.store.begin(&claimed, &entry).await?;
            self.has_begun.store(begun, Ordering::SeqCst);
        }
        Ok(doubts)
    }

    fn draw(&self) -> u64 {
        let next = |seed: u64| Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        let seed = self
            .seed
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
        (seed.unwrap() >> 33) % 100
    }

    async fn run<T>(&self, work: StoreResult<'_, T>) -> Result<T, StoreError> {
        let failed = || StoreError::new(StoreErrorKind::Unavailable, "the database restarts");
        let failures = self.failures.load(Ordering::SeqCst);
        let draw = self.draw();
        if draw < failures / 2 {
            return Err(failed());
        }
        let done = work.await?;
        if draw < failures {
            Err(failed())
        } else {
            Ok(done)
        }
    }
}

macro_rules! flaky {
    ($($name:ident($($arg:ident: $of:ty),*) -> $done:ty;)+) => {
        impl OutboxStore for Flaky {
            $(fn $name<'a>(&'a self, $($arg: $of),*) -> StoreResult<'a, $done> {
                Box::pin(self.run(self.store.$name($($arg),*)))
            })+

            fn now(&self) -> StoreResult<'_, SystemTime> {
                Box::pin(self.run(self.store.now()))
            }

            fn doubts<'a>(
                &'a self,
                sender: &'a SenderKey,
                since: SystemTime,
                limit: u32,
            ) -> StoreResult<'a, Vec<Doubt>> {
                Box::pin(self.read_doubts(sender, since, limit))
            }

            fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>> {
                Box::pin(self.run(self.store.owner_of(sid)))
            }
        }
    };
}

flaky! {
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
    settle(doubt: &'a Doubt, settlement: &'a Settlement) -> bool;
    decide(id: &'a MessageId, decision: Decision) -> bool;
    stop_batch(id: &'a MessageId, reason: &'a Reason) -> bool;
    change_batch(id: &'a BatchId, change: &'a BatchChange) -> u64;
    counts(id: &'a BatchId) -> Counts;
    records(id: &'a BatchId, state: Option<MessageState>, after: i64, limit: u32) -> Vec<MessageRecord>;
}
