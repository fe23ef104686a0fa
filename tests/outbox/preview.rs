//! The preview of a whole cohort: every gate, nothing sent.

use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::Messenger;
use clinspark_twilio::client::messages::Sender;
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::client::{Client, Clock as _, Credentials, Delivery};
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ContactAttempt, MessengerBuilder, QuietHours, TimeOfDay, TimeZone,
    UnknownTimeZone,
};
use clinspark_twilio::outbox::{
    MemoryStore, Occurrence, Outbox, Person, RecipientKey, Resolver, resolver_fn,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sms::Encoding;
use clinspark_twilio::template::MergeData;
use clinspark_twilio::types::{AccountSid, AuthToken, BoxFuture};
use clinspark_twilio::webhook::{ConsentError, ConsentEvent, PublicOrigin};

use super::support::{Shared, TestClock, data, key, number, sender, template};

/// Consents for everyone but one person.
struct AllBut(E164);

impl ConsentGate for AllBut {
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        let consent = Consent::given_if(contact.to != self.0);
        Box::pin(std::future::ready(Ok(consent)))
    }

    fn on_event<'a>(&'a self, _: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

fn outbox(transport: &FakeTransport, resolver: impl Resolver) -> Outbox {
    configured(transport, resolver, None, |it| it)
}

fn configured(
    transport: &FakeTransport,
    resolver: impl Resolver,
    clock: Option<&Arc<TestClock>>,
    configure: impl FnOnce(MessengerBuilder) -> MessengerBuilder,
) -> Outbox {
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let token = AuthToken::new("the-auth-token").unwrap();
    let credentials = Credentials::auth_token(account, token.clone());
    let client = Client::builder(credentials, Delivery::Live);
    let client = match clock {
        Some(clock) => client.clock(Shared(Arc::clone(clock))),
        None => client,
    };
    let from = Sender::Number(E164::parse("+14155550100").unwrap());
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let messenger = Messenger::builder(client, from, origin, token, AllBut(number(4)))
        .with_transport(transport.clone());
    let messenger = configure(messenger).build().unwrap();
    let builder = Outbox::builder(MemoryStore::new(), sender(), messenger, resolver, key());
    builder.resolver_timeout(Duration::from_secs(1)).build()
}

/// Noon in Sydney is one o'clock at night in London.
#[tokio::test(start_paused = true)]
async fn people_in_quiet_hours_wait_and_are_counted() {
    let clock = TestClock::new();
    let transport = FakeTransport::new();
    let resolver = resolver_fn(|key: RecipientKey, _| async move {
        let of = if key.as_str() == "no-consent" { 4 } else { 5 };
        let zone = match key.as_str() {
            "sydney" => "Australia/Sydney",
            "nowhere" => "Nowhere",
            _ => "Europe/London",
        };
        let person = Person::new(number(of).as_str(), data());
        Ok(Some(person.time_zone(TimeZone::parse(zone).ok())))
    });
    let (from, until) = (TimeOfDay::parse("19:00"), TimeOfDay::parse("08:30"));
    let (from, until) = (from.unwrap(), until.unwrap());
    let quiet = QuietHours::new(from, until, UnknownTimeZone::Refuse);
    let configure = |messenger: MessengerBuilder| messenger.quiet_hours(quiet);
    let outbox = configured(&transport, resolver, Some(&clock), configure);
    let keys = ["sydney", "london", "no-consent", "nowhere"];
    let cohort = keys.map(|key| (RecipientKey::parse(key).unwrap(), Occurrence::default()));
    let preview = outbox.preview(&template(), cohort, |_| 100).await;
    let people: Vec<_> = preview
        .people
        .iter()
        .map(|it| (it.recipient.as_str(), it.waits_until, it.segments))
        .collect();
    let opening = clock.now() + Duration::from_secs(7 * 3_600 + 1_800);
    assert_eq!(people, [("sydney", None, 1), ("london", Some(opening), 1)]);
    assert_eq!((preview.texts.messages, preview.cost), (2, 200));
    let waiting: Vec<_> = preview.waiting().collect();
    assert_eq!(waiting.len(), 1);
    let zone = waiting[0].time_zone.as_ref().unwrap();
    assert_eq!(zone.time_of_day(opening), Some(until));
    // The other gates refuse in quiet hours, too.
    let refused: Vec<_> = preview
        .refused
        .iter()
        .map(|(who, _)| who.as_str())
        .collect();
    assert_eq!(refused, ["no-consent", "nowhere"]);
    assert_eq!(transport.requests().len(), 0);
}

fn named(name: &str) -> MergeData {
    MergeData::new().value("first_name", name)
}

#[tokio::test(start_paused = true)]
async fn a_cohort_is_checked_counted_and_not_texted() {
    let transport = FakeTransport::new();
    let resolver = resolver_fn(|key: RecipientKey, _| async move {
        let of = |of: u64, data| Ok(Some(Person::new(number(of).as_str(), data)));
        match key.as_str() {
            "missing-value" => of(1, MergeData::new()),
            "long" => of(2, named(&"a".repeat(200))),
            "emoji" => of(3, named("\u{1f600}\u{1f600}")),
            "no-consent" => of(4, data()),
            "no-number" => Ok(Some(Person::new("0000", data()))),
            "abroad" => Ok(Some(Person::new("+61491570156", data()))),
            "gone" => Ok(None),
            "broken" => Err("+14152000001 is locked".into()),
            "panics" => panic!("broken"),
            "hangs" => std::future::pending().await,
            _ => of(5, data()),
        }
    });
    let outbox = outbox(&transport, resolver);
    let keys = [
        "ann",
        "missing-value",
        "long",
        "emoji",
        "no-consent",
        "no-number",
        "abroad",
        "gone",
        "broken",
        "panics",
        "hangs",
        "bob",
    ];
    let cohort = keys.map(|key| (RecipientKey::parse(key).unwrap(), Occurrence::default()));
    let price = |to: E164| {
        if to.as_str().starts_with("+61") {
            51_500
        } else {
            8_300
        }
    };
    let preview = outbox.preview(&template(), cohort, price).await;

    let sendable: Vec<_> = preview
        .people
        .iter()
        .map(|it| it.recipient.as_str())
        .collect();
    assert_eq!(sendable, ["ann", "long", "emoji", "abroad", "bob"]);
    let refused: Vec<_> = preview
        .refused
        .iter()
        .map(|(who, _)| who.as_str())
        .collect();
    let expected = [
        "missing-value",
        "no-consent",
        "no-number",
        "gone",
        "broken",
        "panics",
        "hangs",
    ];
    assert_eq!(refused, expected);
    for (who, reason) in &preview.refused {
        let reason = reason.as_str();
        assert!(
            !reason.is_empty() && !reason.contains("415"),
            "{who}: {reason}"
        );
    }
    assert!(preview.refused[0].1.as_str().contains("first_name"));
    let pairs: Vec<_> = preview
        .same_number
        .iter()
        .map(|(one, other)| (one.as_str(), other.as_str()))
        .collect();
    assert_eq!(pairs, [("ann", "bob")]);

    let longest = preview.longest().unwrap();
    assert_eq!((longest.recipient.as_str(), longest.segments), ("long", 2));
    let most_expensive = preview.most_expensive().unwrap();
    assert_eq!(
        (most_expensive.recipient.as_str(), most_expensive.cost),
        ("abroad", 51_500)
    );
    let emoji = &preview.people[2];
    assert_eq!((emoji.encoding, emoji.segments), (Encoding::Ucs2, 1));
    assert_eq!(preview.texts.messages, 5);
    assert_eq!(preview.texts.segments, 6);
    assert_eq!(preview.cost, 5 * 8_300 + 51_500);
    assert_eq!(transport.requests().len(), 0);
    // Neither numbers nor texts.
    let shown = format!("{preview:?}");
    assert!(
        !shown.contains("415") && !shown.contains("visit"),
        "{shown}"
    );
}
