//! Every public way of the messenger to text or to call passes every gate, once.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall, TwimlUrl};
use clinspark_twilio::client::messages::{
    ChannelSender, ContentRetention, ContentTemplate, Media, SendMessage, Sender,
};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{ErrorKind as ClientErrorKind, Outcome};
use clinspark_twilio::messenger::{
    Consent, ConsentError, ConsentEvent, ConsentGate, ContactAttempt, Error, ErrorKind, Messenger,
    MessengerBuilder, QuietHours, TimeOfDay, TimeZone, UnknownTimeZone,
};
use clinspark_twilio::phone::{Address, Callee, E164, Recipient};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::types::ContentSid;

use crate::consent::Gate;
use crate::{
    CALLED, NOON, SERVICE, TEXTED, TYPED, VOLUNTEER, WORDS, at, builder, id, line, messenger, only,
    says, settings,
};

type Outcomes<'m> = Pin<Box<dyn Future<Output = Option<Error>> + Send + 'm>>;
type Closed = fn(&FakeTransport) -> Messenger;
type Method = for<'m> fn(&'m Messenger) -> Outcomes<'m>;

/// Every public method that texts or calls, by the name of the method.
const SENDING_METHODS: [(&str, Method); 5] = [
    ("text", |clinic| {
        Box::pin(async { clinic.text(TYPED, WORDS).await.err() })
    }),
    ("text_at", |clinic| {
        Box::pin(async { clinic.text_at(TYPED, WORDS, at(NOON + 3_600)).await.err() })
    }),
    ("send", |clinic| {
        Box::pin(async { clinic.send(request(WORDS)).await.err() })
    }),
    ("call", |clinic| {
        Box::pin(async { clinic.call(TYPED, &says()).await.err() })
    }),
    ("place", |clinic| {
        Box::pin(async { clinic.place(placing(VOLUNTEER)).await.err() })
    }),
];

/// Every other public method of the messenger, and of a text or call before it leaves.
const OTHER_METHODS: [&str; 27] = [
    "address_retention",
    "admit",
    "application_sid",
    "build",
    "builder",
    "call_kinds",
    "client",
    "consent_gate",
    "content_retention",
    "enabled",
    "id",
    "normalizer",
    "number",
    "on_behalf_of",
    "opt_out_keywords",
    "origin",
    "path_kind",
    "quiet_hours",
    "receive",
    "secondary_auth_token",
    "sender",
    "text_kinds",
    "time_zone",
    "validator",
    "webhook_paths",
    "with_client",
    "with_transport",
];

const SOURCES: [&str; 3] = [
    include_str!("../../src/messenger/messenger.rs"),
    include_str!("../../src/messenger/builder.rs"),
    include_str!("../../src/messenger/outgoing.rs"),
];

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

fn sender() -> Sender {
    Sender::NumberInService {
        service: SERVICE.parse().unwrap(),
        number: number("+61255501234"),
    }
}

fn request(words: &str) -> SendMessage {
    SendMessage::new(number(VOLUNTEER), sender(), words)
}

fn placing(to: &str) -> PlaceCall {
    PlaceCall::new(number(to), number("+61255501234"), says())
}

fn clinic(line: &FakeTransport) -> Messenger {
    clinic_builder(line).build().unwrap()
}

fn clinic_builder(line: &FakeTransport) -> MessengerBuilder {
    builder(settings().messaging_service_sid(SERVICE), line)
}

#[test]
fn the_table_of_ways_is_complete() {
    let mut found: Vec<&str> = SOURCES
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| {
            let (head, rest) = line.trim_start().split_once("fn ")?;
            head.starts_with("pub ")
                .then(|| rest.split(['(', '<']).next().unwrap())
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    let mut listed: Vec<&str> = SENDING_METHODS.iter().map(|(name, _)| *name).collect();
    listed.extend(OTHER_METHODS);
    listed.sort_unstable();
    assert_eq!(found, listed, "each method texts or calls, or does not");

    // Two requests reach a person, and each is executed in one place, behind the gate.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/messenger");
    let files = std::fs::read_dir(folder).unwrap();
    let source: String = files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for (code, times) in [
        (".execute(", 2),
        (".ask_consent(", 2),
        (".check_quiet_hours(", 2),
    ] {
        assert_eq!(source.matches(code).count(), times, "{code}");
    }
    // No other file gives these types a method.
    for name in [
        "Messenger",
        "OutgoingText<'_>",
        "OutgoingText<'m>",
        "OutgoingCall<'m>",
    ] {
        let everywhere = source.matches(&format!("impl {name} {{")).count();
        let known = SOURCES.concat().matches(&format!("impl {name} {{")).count();
        assert_eq!(everywhere, known, "{name}");
    }
}

/// Keeps how many requests had left each time that it was asked.
struct CountingGate(FakeTransport, Arc<Mutex<Vec<usize>>>);

impl ConsentGate for CountingGate {
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        assert_eq!(contact.to, number(VOLUNTEER));
        self.1.lock().unwrap().push(self.0.requests().len());
        Box::pin(async { Ok(Consent::Given) })
    }

    fn on_event<'a>(&'a self, _: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn each_way_asks_the_gate_once_before_anything_leaves() {
    for (name, way) in SENDING_METHODS {
        let reply = if name == "call" || name == "place" {
            CALLED
        } else {
            TEXTED
        };
        // Twilio is busy at first: the gate is not asked again for the retry.
        let line = FakeTransport::new()
            .reply(Reply::error(429, 20429))
            .reply(Reply::json(201, reply));
        let asked = Arc::default();
        let clinic = clinic_builder(&line)
            .consent_gate(CountingGate(line.clone(), Arc::clone(&asked)))
            .build()
            .unwrap();
        let error = way(&clinic).await;
        assert!(error.is_none(), "{name}: {error:?}");
        assert_eq!(*asked.lock().unwrap(), [0], "{name}");
        let sent = line.requests();
        assert_eq!(sent.len(), 2, "{name}");
        let callback = sent[1].parameter("StatusCallback").unwrap();
        assert!(callback.contains("?message_id=m-"), "{name}: {callback}");
    }
}

#[tokio::test]
async fn each_way_stops_at_each_gate() {
    let nights = || {
        let time = |text| TimeOfDay::parse(text).unwrap();
        QuietHours::new(time("08:00"), time("21:00"), UnknownTimeZone::Refuse)
    };
    let gates: [(ErrorKind, Closed); 4] = [
        (ErrorKind::Disabled, |line| {
            let off = settings().messaging_service_sid(SERVICE).enabled("false");
            messenger(off, line)
        }),
        (ErrorKind::NumberKind, |line| {
            let landlines = settings()
                .messaging_service_sid(SERVICE)
                .text_kinds("fixed-line")
                .call_kinds("fixed-line");
            messenger(landlines, line)
        }),
        (ErrorKind::Consent, |line| {
            clinic_builder(line)
                .consent_gate(Gate::new(Ok(Consent::Withheld)))
                .build()
                .unwrap()
        }),
        (ErrorKind::Client, |line| {
            messenger(
                settings().messaging_service_sid(SERVICE).delivery("off"),
                line,
            )
        }),
    ];
    for (name, way) in SENDING_METHODS {
        for (kind, closed) in gates {
            let line = FakeTransport::new();
            let error = way(&closed(&line)).await.unwrap();
            assert_eq!(error.kind(), kind, "{name}");
            assert_eq!(error.outcome(), &Outcome::NotSent, "{name}");
            assert!(line.requests().is_empty(), "{name}");
        }
        // Quiet hours: without a zone, they refuse.
        let line = FakeTransport::new();
        let error = way(&clinic_builder(&line).quiet_hours(nights()).build().unwrap())
            .await
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::QuietHours, "{name}");
        assert!(line.requests().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn no_option_of_a_message_leads_around_consent() {
    let template = ContentSid::parse("HX00000000000000000000000000000007").unwrap();
    let of = |to: Recipient| SendMessage::new(to, sender(), WORDS);
    for request in [
        SendMessage::new(
            number(VOLUNTEER),
            sender(),
            Media::new("https://clinic.example/map.png"),
        ),
        SendMessage::new(number(VOLUNTEER), sender(), ContentTemplate::new(template)),
        of(Recipient::WhatsApp(number(VOLUNTEER))),
        of(Recipient::Rcs(number(VOLUNTEER))),
        request(WORDS).send_at(at(NOON + 7_200)),
        request(WORDS).validity_period(Duration::from_secs(60)),
        request(WORDS).send_as_mms(true).smart_encoded(true),
        request(WORDS).extra_param("NewParameter", "1"),
        SendMessage::new(
            number(VOLUNTEER),
            ChannelSender::whatsapp(number("+61255501234")),
            WORDS,
        ),
    ] {
        let line = FakeTransport::new();
        let gate = Gate::new(Ok(Consent::Withheld));
        let clinic = clinic_builder(&line)
            .consent_gate(gate.clone())
            .build()
            .unwrap();
        let error = clinic.send(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Consent);
        assert_eq!(gate.asked.lock().unwrap().len(), 1);
        assert!(line.requests().is_empty());
    }
}

#[tokio::test]
async fn a_scheduled_request_is_judged_at_its_own_hour_and_kept_out_of_the_night() {
    let time = |text| TimeOfDay::parse(text).unwrap();
    let nights = QuietHours::new(time("21:00"), time("08:00"), UnknownTimeZone::Refuse);
    let sydney = || TimeZone::parse("Australia/Sydney").unwrap();
    let evening = at(NOON + 10 * 3_600);
    let sent_with = async |request: SendMessage| {
        let line = line(TEXTED);
        let clinic = clinic_builder(&line)
            .quiet_hours(nights.clone())
            .build()
            .unwrap();
        clinic
            .send(request)
            .time_zone(sydney())
            .await
            .map(|_| only(&line))
    };
    let error = sent_with(request(WORDS).send_at(evening))
        .await
        .unwrap_err();
    assert_eq!(error.quiet_until(), Some(at(NOON + 20 * 3_600)));

    // Nine hours are left at noon: a longer validity is cut short, a shorter one stays.
    let hour = Duration::from_secs(3_600);
    for (own, kept) in [
        (None, "32400"),
        (Some(hour * 10), "32400"),
        (Some(hour), "3600"),
    ] {
        let request = own.map_or_else(|| request(WORDS), |own| request(WORDS).validity_period(own));
        let sent = sent_with(request).await.unwrap();
        assert_eq!(sent.parameter("ValidityPeriod").as_deref(), Some(kept));
    }
}

#[tokio::test]
async fn a_request_keeps_its_own_options() {
    let line = line(TEXTED);
    let discard = settings()
        .messaging_service_sid(SERVICE)
        .content_retention("discard")
        .address_retention("obfuscate");
    let own = request(WORDS)
        .content_retention(ContentRetention::Retain)
        .status_callback("https://demo.clinspark.com/hooks/message-status/trial?arm=b#rc=2");
    let clinic = messenger(discard, &line);
    clinic.send(own).id(id("visit-1")).await.unwrap();
    let sent = only(&line);
    for (name, value) in [
        ("ContentRetention", "retain"),
        ("AddressRetention", "obfuscate"),
        (
            "StatusCallback",
            "https://demo.clinspark.com/hooks/message-status/trial?arm=b&message_id=visit-1.#rc=2&rp=5xx,ct,rt",
        ),
    ] {
        assert_eq!(sent.parameter(name).as_deref(), Some(value));
    }

    let placed = crate::line(CALLED);
    let menu = TwimlUrl::new("https://demo.clinspark.com/hooks/voice/menu");
    let call = PlaceCall::new(number(VOLUNTEER), number("+61255501234"), menu)
        .timeout(Duration::from_secs(20));
    let clinic = messenger(settings(), &placed);
    clinic.place(call).id(id("call-1")).await.unwrap();
    let sent = only(&placed);
    for (name, value) in [
        ("Timeout", "20"),
        ("Url", "https://demo.clinspark.com/hooks/voice/menu"),
        (
            "StatusCallback",
            "https://demo.clinspark.com/hooks/call-status?message_id=call-1.#rc=2&rp=5xx,ct,rt",
        ),
    ] {
        assert_eq!(sent.parameter(name).as_deref(), Some(value));
    }
}

#[tokio::test]
async fn another_sender_or_place_for_reports_is_refused() {
    let to = || number(VOLUNTEER);
    let other = || number("+61255501299");
    let service = |sid: &str| Sender::Service(sid.parse().unwrap());
    let reporting = |url: &str| request(WORDS).status_callback(url);
    for request in [
        SendMessage::new(to(), Sender::Number(other()), WORDS),
        SendMessage::new(to(), service("MG00000000000000000000000000000009"), WORDS),
        SendMessage::new(to(), ChannelSender::whatsapp(other()), WORDS),
        request(WORDS).fallback_from(other()),
        request(WORDS).application_sid("AP00000000000000000000000000000009".parse().unwrap()),
        reporting("https://other.example/status"),
        reporting("https://demo.clinspark.com.evil.example/hooks/message-status"),
        reporting("https://demo.clinspark.com/hooks/voice"),
        reporting("https://demo.clinspark.com/elsewhere"),
        reporting("https://demo.clinspark.com/hooks/message-status?message_id=visit-2."),
    ] {
        let line = FakeTransport::new();
        let gate = Gate::new(Ok(Consent::Given));
        let clinic = clinic_builder(&line)
            .consent_gate(gate.clone())
            .build()
            .unwrap();
        let error = clinic.send(request.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{request:?}");
        assert!(gate.asked.lock().unwrap().is_empty());
        assert!(line.requests().is_empty());
    }
    let inline = InlineTwiml::new(&says()).status_callback("https://other.example/status");
    for call in [
        PlaceCall::new(to(), other(), says()),
        PlaceCall::new(to(), number("+61255501234"), inline),
    ] {
        let line = FakeTransport::new();
        let error = clinic(&line).place(call).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(line.requests().is_empty());
    }
}

#[tokio::test]
async fn a_recipient_without_a_telephone_number_is_refused() {
    let line = FakeTransport::new();
    let clinic = clinic(&line);
    let page = Recipient::try_from(Address::parse("messenger:1234567890")).unwrap();
    let message = SendMessage::new(page, sender(), WORDS);
    let error = clinic.send(message).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Recipient);
    for callee in ["client:nurse", "sip:nurse@clinic.example"] {
        let callee = Callee::try_from(Address::parse(callee)).unwrap();
        let call = PlaceCall::new(callee, number("+61255501234"), says());
        let error = clinic.place(call).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Recipient);
    }
    assert!(line.requests().is_empty());
}

#[tokio::test]
async fn the_client_that_is_handed_out_reaches_no_person() {
    let line = FakeTransport::new();
    let clinic = clinic(&line);
    let texted = clinic.client().execute(request(WORDS)).await.unwrap_err();
    let called = clinic.client().execute(placing(VOLUNTEER)).await;
    for error in [texted, called.unwrap_err()] {
        assert_eq!(error.kind(), ClientErrorKind::Blocked);
        assert!(error.to_string().contains("use Messenger::send"), "{error}");
    }
    let staff = clinic.on_behalf_of("staff-17", "reminder");
    let error = staff.client().execute(request(WORDS)).await;
    assert_eq!(error.unwrap_err().kind(), ClientErrorKind::Blocked);
    assert!(line.requests().is_empty());
}
