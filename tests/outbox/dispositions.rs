//! What becomes of a message, by the answer of Twilio and of each gate.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use clinspark_twilio::Messenger;
use clinspark_twilio::client::messages::{ContentRetention, Sender};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Clock, Credentials, Delivery, RetryPolicy};
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ContactAttempt, MessengerBuilder, QuietHours, TimeOfDay, TimeZone,
    UnknownTimeZone, WithoutConsentGate,
};
use clinspark_twilio::outbox::{
    BatchState, Claim, MemoryStore, MessageState, NewMessage, Outbox, OutboxBuilder, OutboxStore,
    Person, Reason, RecipientKey, Resolver, WorkerId, resolver_fn,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::{AccountSid, AuthToken, BoxFuture};
use clinspark_twilio::webhook::{ConsentError, ConsentEvent, PublicOrigin};

use super::support::{
    Shared, TestClock, batch, data, everyone, fill, key, messages, number, reason_of, sender, sid,
    template_with,
};

const SENT: &str = r#"{"sid": "SM00000000000000000000000000000001", "status": "queued"}"#;

fn messenger(
    transport: &FakeTransport,
    clock: &Arc<TestClock>,
    gate: impl ConsentGate,
) -> MessengerBuilder {
    messenger_with(transport, clock, gate, Delivery::Live)
}

fn messenger_with(
    transport: &FakeTransport,
    clock: &Arc<TestClock>,
    gate: impl ConsentGate,
    delivery: Delivery,
) -> MessengerBuilder {
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let token = AuthToken::new("the-auth-token").unwrap();
    let credentials = Credentials::auth_token(account, token.clone());
    let client = Client::builder(credentials, delivery)
        .retry(RetryPolicy::none())
        .clock(Shared(Arc::clone(clock)));
    let from = Sender::Number(E164::parse("+14155550100").unwrap());
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let builder = Messenger::builder(client, from, origin, token, gate);
    builder.with_transport(transport.clone())
}

struct Clinic {
    clock: Arc<TestClock>,
    store: MemoryStore,
    outbox: Outbox,
}

impl Clinic {
    async fn new(replies: impl IntoIterator<Item = Reply>) -> (Self, FakeTransport) {
        Self::with(replies, WithoutConsentGate, everyone(), |it| it, |it| it).await
    }

    async fn with(
        replies: impl IntoIterator<Item = Reply>,
        gate: impl ConsentGate,
        resolver: impl Resolver,
        configure: impl FnOnce(MessengerBuilder) -> MessengerBuilder,
        outbox: impl FnOnce(OutboxBuilder) -> OutboxBuilder,
    ) -> (Self, FakeTransport) {
        let clock = TestClock::new();
        let transport = replies
            .into_iter()
            .fold(FakeTransport::new(), FakeTransport::reply);
        let messenger = configure(messenger(&transport, &clock, gate))
            .build()
            .unwrap();
        let store = MemoryStore::with_clock(Arc::<TestClock>::clone(&clock));
        let builder = Outbox::builder(store.clone(), sender(), messenger, resolver, key());
        let builder = builder.template(super::support::template());
        let builder = outbox(builder.clock(Arc::<TestClock>::clone(&clock)));
        let clinic = Self {
            clock,
            store,
            outbox: builder.concurrency(1).build(),
        };
        fill(&clinic.outbox, &messages(1)).await;
        (clinic, transport)
    }

    /// State, reason and code after one drain.
    async fn drained(&self) -> (MessageState, String, Option<u32>) {
        self.outbox.drain(1).await.unwrap();
        let records = self.store.records(batch().id(), None, 0, 10).await.unwrap();
        let code = records[0].code.map(clinspark_twilio::codes::ErrorCode::get);
        (records[0].state, reason_of(&records[0]), code)
    }

    async fn batch_state(&self) -> (BatchState, Option<Reason>) {
        let record = self.store.batch(batch().id()).await.unwrap().unwrap();
        (record.state, record.reason)
    }

    async fn claim(&self) -> Claim {
        let worker = WorkerId::parse("test").unwrap();
        self.store.claim(&sender(), &worker).await.unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_recipient_is_final_and_the_batch_goes_on() {
    for code in [21610, 21211, 21614, 21612, 21408, 21617, 21608] {
        let (clinic, transport) = Clinic::new([Reply::error(400, code)]).await;
        let (state, reason, stored) = clinic.drained().await;
        assert_eq!(
            (state, stored),
            (MessageState::Refused, Some(code)),
            "{code}"
        );
        assert!(!reason.is_empty() && !reason.contains("415"), "{reason}");
        assert_eq!(clinic.batch_state().await.0, BatchState::Open);
        assert_eq!(clinic.claim().await, Claim::Empty);
        assert_eq!(transport.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_configuration_stops_the_batch_once() {
    for (status, code) in [(401, 20003), (400, 30034), (400, 21606), (403, 20005)] {
        let replies = [Reply::error(status, code)];
        let (clinic, transport) = Clinic::new(replies).await;
        clinic
            .outbox
            .enqueue(batch().id(), &messages(500))
            .await
            .unwrap();
        let (state, reason, _) = clinic.drained().await;
        clinic.outbox.drain(1_000).await.unwrap();
        assert_eq!(state, MessageState::Paused, "{code}");
        let (batch_state, told) = clinic.batch_state().await;
        assert_eq!(batch_state, BatchState::Stopped, "{code}");
        assert_eq!(told.unwrap().as_str(), reason);
        assert_eq!(transport.requests().len(), 1, "{code}");
        let counts = clinic.store.counts(batch().id()).await.unwrap();
        assert_eq!(counts.of(MessageState::Paused), 500);
    }
}

/// Sends are switched off, such as on a test server: no row is spent, and the batch goes on later.
#[tokio::test(start_paused = true)]
async fn a_client_that_texts_no_one_stops_the_batch_and_keeps_its_rows() {
    for delivery in [
        Delivery::Off,
        Delivery::only([E164::parse("+14155550199").unwrap()]),
    ] {
        let is_off = delivery == Delivery::Off;
        let clock = TestClock::new();
        let transport = FakeTransport::new();
        let messenger = messenger_with(&transport, &clock, WithoutConsentGate, delivery);
        let store = MemoryStore::with_clock(Arc::<TestClock>::clone(&clock));
        let builder = Outbox::builder(
            store.clone(),
            sender(),
            messenger.build().unwrap(),
            everyone(),
            key(),
        );
        let builder = builder.template(super::support::template());
        let outbox = builder.clock(clock).build();
        fill(&outbox, &messages(50)).await;
        let drained = outbox.drain(1_000).await.unwrap();
        assert_eq!(transport.requests().len(), 0);
        let record = store.batch(batch().id()).await.unwrap().unwrap();
        let counts = store.counts(batch().id()).await.unwrap();
        if is_off {
            assert_eq!(record.state, BatchState::Stopped);
            assert!(record.reason.unwrap().as_str().contains("Delivery::Off"));
            assert_eq!(counts.of(MessageState::Paused), 50);
            assert_eq!((drained.stops, drained.refused), (1, 0));
        } else {
            // A list of testers refuses each other person, and is no fault of the batch.
            assert_eq!(record.state, BatchState::Open);
            assert_eq!(counts.of(MessageState::Refused), 50);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_holds_the_sender_for_the_time_that_twilio_names() {
    let busy = || Reply::json(429, r#"{"code": 20429}"#);
    for (reply, seconds) in [
        (busy().header("Retry-After", "77"), 77),
        (busy(), 10),
        (busy().header("Retry-After", "0"), 1),
        (busy().header("Retry-After", "99999999999999"), 3_600),
        (Reply::error(400, 21611), 10),
        (Reply::not_sent(), 10),
    ] {
        let (clinic, _) = Clinic::new([reply]).await;
        clinic
            .outbox
            .enqueue(batch().id(), &messages(2))
            .await
            .unwrap();
        let now = clinic.store.now().await.unwrap();
        assert_eq!(clinic.drained().await.0, MessageState::Queued);
        let Claim::Wait(until) = clinic.claim().await else {
            panic!("the other message waits, too")
        };
        let held = until.duration_since(now).unwrap().as_secs();
        // A time of Twilio that cannot be read is none.
        let expected = if seconds == 3_600 {
            [3_600, 10]
        } else {
            [seconds, seconds]
        };
        assert!(expected.contains(&held), "{held} for {seconds}");
    }
}

/// This machine's clock is an hour ahead of the store's: the others do not wait for it.
#[tokio::test(start_paused = true)]
async fn a_hold_follows_the_clock_of_the_store() {
    let ahead = TestClock::new();
    ahead.jump(3_600);
    let clock = move |builder: OutboxBuilder| builder.clock(ahead);
    let busy = Reply::json(429, "{}").header("Retry-After", "20");
    let (clinic, _) = Clinic::with([busy], WithoutConsentGate, everyone(), |it| it, clock).await;
    let now = clinic.clock.now();
    clinic.drained().await;
    assert_eq!(
        clinic.claim().await,
        Claim::Wait(now + Duration::from_secs(20))
    );
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_a_doubt_unless_the_answer_has_a_sid() {
    for reply in [
        Reply::connection_lost(),
        Reply::error(503, 20503),
        Reply::json(201, "{").cut(),
    ] {
        let (clinic, transport) = Clinic::new([reply]).await;
        assert_eq!(clinic.drained().await.0, MessageState::Sending);
        clinic.outbox.drain(10).await.unwrap();
        assert_eq!(transport.requests().len(), 1);
    }
    let cut = r#"{"sid": "SM00000000000000000000000000000001", "status": "#;
    let (clinic, _) = Clinic::new([Reply::json(201, cut)]).await;
    assert_eq!(clinic.drained().await.0, MessageState::Sent);
    let records = clinic
        .store
        .records(batch().id(), None, 0, 10)
        .await
        .unwrap();
    assert_eq!(records[0].sid, Some(sid(1)));
}

#[tokio::test(start_paused = true)]
async fn a_quiet_row_comes_back_with_the_opening_of_its_own_zone() {
    // The clock begins at noon in Sydney: 01:00 in London, 20:00 in New York.
    let opening = |zone: &'static str, policy: UnknownTimeZone| async move {
        let resolver = resolver_fn(move |_, _| async move {
            let person = Person::new(number(1).as_str(), data());
            Ok(Some(person.time_zone(TimeZone::parse(zone).ok())))
        });
        let (from, until) = (TimeOfDay::parse("19:00"), TimeOfDay::parse("08:00"));
        let quiet = QuietHours::new(from.unwrap(), until.unwrap(), policy);
        let configure = |builder: MessengerBuilder| builder.quiet_hours(quiet);
        let replies = [Reply::json(201, SENT)];
        let (clinic, transport) =
            Clinic::with(replies, WithoutConsentGate, resolver, configure, |it| it).await;
        let (state, reason, _) = clinic.drained().await;
        let due = match clinic.claim().await {
            Claim::Wait(at) => Some(at.duration_since(UNIX_EPOCH).unwrap().as_secs()),
            _ => None,
        };
        (state, reason, due, transport.requests())
    };
    let refuse = || UnknownTimeZone::Refuse;
    let (state, reason, due, _) = opening("Europe/London", refuse()).await;
    assert_eq!(
        (state, reason.as_str()),
        (MessageState::Queued, "quiet hours")
    );
    assert_eq!(due, Some(1_767_229_200 + 7 * 3_600));
    let (state, _, due, _) = opening("America/New_York", refuse()).await;
    assert_eq!(
        (state, due),
        (MessageState::Queued, Some(1_767_229_200 + 12 * 3_600))
    );
    let (state, reason, _, requests) = opening("Nowhere", refuse()).await;
    assert_eq!((state, requests.len()), (MessageState::Held, 0));
    assert!(reason.contains("time zone is unknown"), "{reason}");
    let (state, _, _, requests) = opening("Australia/Sydney", refuse()).await;
    assert_eq!(state, MessageState::Sent);
    // Quiet hours begin in seven hours.
    assert_eq!(
        requests[0].parameter("ValidityPeriod").as_deref(),
        Some("25200")
    );
    let (state, ..) = opening("Nowhere", UnknownTimeZone::Send).await;
    assert_eq!(state, MessageState::Sent);
}

/// Withholds consent, fails, or takes its time.
struct Gate(Option<Consent>, Duration);

impl ConsentGate for Gate {
    fn check<'a>(&'a self, _: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin(async move {
            tokio::time::sleep(self.1).await;
            self.0.ok_or_else(|| "the record is locked".into())
        })
    }

    fn on_event<'a>(&'a self, _: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

async fn gated(gate: Gate) -> (Clinic, FakeTransport) {
    let replies = [Reply::json(201, SENT)];
    Clinic::with(replies, gate, everyone(), |it| it, |it| it).await
}

#[tokio::test(start_paused = true)]
async fn no_consent_is_final_and_a_gate_that_fails_or_hangs_is_asked_again() {
    let (clinic, transport) = gated(Gate(Some(Consent::Withheld), Duration::ZERO)).await;
    assert_eq!(clinic.drained().await.0, MessageState::Refused);
    let (fails, _) = gated(Gate(None, Duration::ZERO)).await;
    assert_eq!(fails.drained().await.0, MessageState::Queued);
    let (hangs, _) = gated(Gate(Some(Consent::Given), Duration::from_secs(86_400))).await;
    let (state, reason, _) = hangs.drained().await;
    assert_eq!(
        (state, reason.as_str()),
        (MessageState::Queued, "the delivery took too long")
    );
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn twilio_drops_a_text_at_its_end_and_a_slow_gate_counts() {
    for (gate, seconds) in [(0, Some("600")), (250, None), (100, Some("500"))] {
        let (clinic, transport) =
            gated(Gate(Some(Consent::Given), Duration::from_secs(gate))).await;
        // The first message has no end.
        clinic.outbox.cancel(batch().id()).await.unwrap();
        let other = clinspark_twilio::outbox::Batch::new(
            clinspark_twilio::outbox::BatchId::parse("today").unwrap(),
            &super::support::template(),
            sender(),
            "visit reminder",
        );
        clinic.outbox.open(&other).await.unwrap();
        let end = clinic.store.now().await.unwrap() + Duration::from_secs(600);
        let end = if seconds.is_none() {
            end - Duration::from_secs(400)
        } else {
            end
        };
        let message = NewMessage::new(RecipientKey::parse("volunteer-1").unwrap()).not_after(end);
        clinic.outbox.enqueue(other.id(), &[message]).await.unwrap();
        let drained = clinic.outbox.drain(1).await.unwrap();
        let requests = transport.requests();
        let period = requests
            .first()
            .and_then(|sent| sent.parameter("ValidityPeriod"));
        assert_eq!(period.as_deref(), seconds, "{drained:?}");
        assert_eq!(drained.expired, u64::from(seconds.is_none()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_template_that_changed_or_is_missing_stops_the_batch() {
    for template in [Some(template_with("Hi {{ first_name }}, it is off.")), None] {
        let (clinic, transport) = Clinic::new([Reply::json(201, SENT)]).await;
        let messenger = messenger(&transport, &clinic.clock, WithoutConsentGate)
            .build()
            .unwrap();
        let store = clinic.store.clone();
        let newer = Outbox::builder(store, sender(), messenger, everyone(), key());
        let newer = match template {
            Some(template) => newer.template(template),
            None => newer,
        };
        let newer = newer.build();
        assert_eq!(newer.drain(10).await.unwrap().stopped, 1);
        let (state, reason) = clinic.batch_state().await;
        assert_eq!(state, BatchState::Stopped);
        assert!(
            reason
                .unwrap()
                .as_str()
                .contains("template is missing or has changed")
        );
        assert!(newer.open(&batch()).await.is_err());
        assert_eq!(transport.requests().len(), 0);
        // The version of the batch goes on.
        clinic.outbox.resume(batch().id()).await.unwrap();
        assert_eq!(clinic.outbox.drain(10).await.unwrap().sent, 1);
    }
}

/// The messenger's retention keeps texts out of the list: only a callback or a person settles.
#[tokio::test(start_paused = true)]
async fn a_retention_that_hides_texts_holds_the_doubt() {
    let discard = |builder: MessengerBuilder| builder.content_retention(ContentRetention::Discard);
    let empty = || Reply::json(200, r#"{"messages": []}"#);
    let replies = [Reply::connection_lost(), empty()];
    let (clinic, _) = Clinic::with(replies, WithoutConsentGate, everyone(), discard, |it| it).await;
    assert_eq!(clinic.drained().await.0, MessageState::Sending);
    assert_eq!(clinic.outbox.reconcile().await.unwrap().held, 1);
    let (state, reason, _) = clinic.drained().await;
    assert_eq!(state, MessageState::Held);
    assert!(reason.contains("content retention"), "{reason}");
}
