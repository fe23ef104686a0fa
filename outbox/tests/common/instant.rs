//! Rate and CPU time of a worker whose requests are answered at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use clinspark_twilio::client::messages::Sender;
use clinspark_twilio::client::{Body, Client, Credentials, Delivery, Transport, TransportError};
use clinspark_twilio::messenger::{Messenger, WithoutConsentGate};
use clinspark_twilio::outbox::{
    Batch, BatchId, MessageState, NewMessage, Outbox, OutboxStore, Pace, Person, ProofKey,
    RecipientKey, SenderKey, resolver_fn,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
use clinspark_twilio::types::{AccountSid, AuthToken, BoxFuture};
use clinspark_twilio::webhook::PublicOrigin;

/// Transport that accepts every text at once.
#[derive(Default)]
struct Instantly(AtomicU64);

impl Transport for Instantly {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"sid": "SM{number:032x}", "status": "queued"}}"#);
        let response = http::Response::builder().status(201);
        Box::pin(async move { Ok(response.body(Body::from(body)).unwrap()) })
    }
}

fn messenger() -> Messenger {
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let token = AuthToken::new("the-auth-token").unwrap();
    let credentials = Credentials::auth_token(account, token.clone());
    let client = Client::builder(credentials, Delivery::Live);
    let from = Sender::Number(E164::parse("+14155550100").unwrap());
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Messenger::builder(client, from, origin, token, WithoutConsentGate)
        .with_transport(Instantly::default())
        .build()
        .unwrap()
}

fn template() -> Template {
    let tag = Tag::text("first_name", Sensitivity::Personal).unwrap();
    Template::builder("visit-reminder", 1)
        .variant(
            Locale::parse("en").unwrap(),
            "Hi {{ first_name }}, your visit is tomorrow.",
        )
        .build(&Catalogue::new([tag]).unwrap())
        .unwrap()
}

/// CPU time of this process. The clock of Linux has ticks of 10 milliseconds.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks = fields.split(' ').skip(11).take(2);
    Duration::from_millis(10 * ticks.map(|it| it.parse::<u64>().unwrap()).sum::<u64>())
}

/// Kilobytes that a worker may need. The code of a debug build alone takes more.
pub(crate) const MOST_MEMORY: u64 = if cfg!(debug_assertions) {
    30_000
} else {
    20_000
};

/// Most memory that this process had, in kilobytes.
#[cfg(target_os = "linux")]
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse().unwrap()
}

/// Outbox of a worker, with a pace that never waits.
pub(crate) async fn outbox(store: impl OutboxStore) -> Outbox {
    let resolver = resolver_fn(|recipient: RecipientKey, _| async move {
        let number = recipient.as_str().strip_prefix("volunteer-").unwrap();
        let number = format!("+61491{number:0>6}");
        let data = MergeData::new().value("first_name", "Ann");
        Ok(Some(Person::new(&number, data)))
    });
    let key = ProofKey::new([7; 32]);
    let outbox = Outbox::builder(store, sender(), messenger(), resolver, key)
        .template(template())
        .build();
    let pace = Pace::per_second(10_000.0).unwrap();
    let pace = pace.burst(Duration::from_secs(60));
    outbox.set_pace(pace).await.unwrap();
    outbox
}

fn sender() -> SenderKey {
    SenderKey::parse("clinic-1").unwrap()
}

/// Opens a batch, and adds so many messages.
pub(crate) async fn fill(outbox: &Outbox, texts: u64) -> BatchId {
    let id = BatchId::parse("reminders").unwrap();
    let batch = Batch::new(id.clone(), &template(), sender(), "rate");
    outbox.open(&batch).await.unwrap();
    let mut first = 0;
    while first < texts {
        let end = texts.min(first + 10_000);
        let people = (first..end).map(|n| RecipientKey::numbered("volunteer", n).unwrap());
        let messages: Vec<_> = people.map(NewMessage::new).collect();
        let new = outbox.enqueue(&id, &messages).await.unwrap();
        assert_eq!(new, end - first);
        first = end;
    }
    id
}

/// Sends so many texts, and returns the texts a second.
pub(crate) async fn rate(store: impl OutboxStore, texts: u64) -> f64 {
    let outbox = outbox(store).await;
    let id = fill(&outbox, texts).await;

    let (cpu_before, began) = (cpu(), Instant::now());
    let drained = outbox.drain(u64::MAX).await.unwrap();
    let (cpu, seconds) = (
        cpu().saturating_sub(cpu_before),
        began.elapsed().as_secs_f64(),
    );
    assert_eq!(drained.sent, texts, "{drained:?}");
    let counts = outbox.store().counts(&id).await.unwrap();
    assert_eq!(counts.of(MessageState::Sent), texts);
    let rate = f64::from(u32::try_from(texts).unwrap()) / seconds;
    let each = cpu.as_micros() / u128::from(texts);
    println!("{rate:.0} texts a second, {each} us CPU each");
    rate
}
