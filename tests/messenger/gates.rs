//! Every public method of the messenger that texts or calls passes every gate once.

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
    Consent, ConsentGate, ContactAttempt, Error, ErrorKind, Messenger, MessengerBuilder,
    QuietHours, TimeOfDay, TimeZone, UnknownTimeZone,
};
use clinspark_twilio::phone::{Address, Callee, E164, Recipient};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::types::ContentSid;
use clinspark_twilio::webhook::{ConsentError, ConsentEvent};

use crate::consent::ScriptedGate;
use crate::{
    BODY, CALL_JSON, MESSAGE_JSON, NOON, SERVICE, TYPED, VOLUNTEER, at, builder, id, messenger,
    only_request, settings, transport_replying, twiml,
};

type PendingError<'m> = Pin<Box<dyn Future<Output = Option<Error>> + Send + 'm>>;
type ClosedMessenger = fn(&FakeTransport) -> Messenger;
type SendingMethod = for<'m> fn(&'m Messenger) -> PendingError<'m>;

/// Every public method that texts or calls, by the name of the method.
const SENDING_METHODS: &[(&str, SendingMethod)] = &[
    ("text", |clinic| {
        Box::pin(async { clinic.text(TYPED, BODY).await.err() })
    }),
    ("text_at", |clinic| {
        Box::pin(async { clinic.text_at(TYPED, BODY, at(NOON + 3_600)).await.err() })
    }),
    #[cfg(feature = "templates")]
    ("text_template", |clinic| {
        Box::pin(async {
            let (template, data) = crate::templates::reminder_for_ann();
            clinic.text_template(TYPED, &template, &data).await.err()
        })
    }),
    ("send", |clinic| {
        Box::pin(async { clinic.send(request(BODY)).await.err() })
    }),
    ("call", |clinic| {
        Box::pin(async { clinic.call(TYPED, &twiml()).await.err() })
    }),
    ("place", |clinic| {
        Box::pin(async { clinic.place(place_call(VOLUNTEER)).await.err() })
    }),
];

/// Every other public method of the messenger, and of a text or call before it leaves.
const OTHER_METHODS: &[&str] = &[
    "address_retention",
    "admit",
    "application_sid",
    "build",
    "builder",
    "call_kinds",
    "callback_url",
    "cancel",
    "client",
    "consent_gate",
    "content_retention",
    "delete",
    "delete_before",
    "edge",
    "enabled",
    "error",
    "id",
    "is_complete",
    "layer",
    "literal_braces",
    "look_for",
    "may_answer",
    "normalizer",
    "number",
    "on_behalf_of",
    "on_refusal",
    "opt_out_keywords",
    "origin",
    "original",
    "quiet_hours",
    "receive",
    "receiver",
    "redact",
    "redact_before",
    "region",
    "replay_guard",
    // Sends a text too: tests/messenger/schedule.rs shows that it passes every gate.
    "reschedule",
    "secondary_auth_token",
    "sender",
    "text_kinds",
    #[cfg(not(feature = "templates"))]
    "text_template",
    "time_zone",
    "to",
    "webhook_paths",
    "with",
    "with_client",
    "with_transport",
];

const SOURCES: [&str; 7] = [
    include_str!("../../src/messenger/retention.rs"),
    include_str!("../../src/messenger/schedule.rs"),
    include_str!("../../src/messenger/look_for.rs"),
    include_str!("../../src/messenger/answer.rs"),
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

fn place_call(to: &str) -> PlaceCall {
    PlaceCall::new(number(to), number("+61255501234"), twiml())
}

fn clinic(transport: &FakeTransport) -> Messenger {
    clinic_builder(transport).build().unwrap()
}

fn clinic_builder(transport: &FakeTransport) -> MessengerBuilder {
    builder(settings().messaging_service_sid(SERVICE), transport)
}

#[test]
fn every_public_method_is_listed() {
    let mut found: Vec<&str> = SOURCES
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|text| {
            let (head, rest) = text.trim_start().split_once("fn ")?;
            head.starts_with("pub ")
                .then(|| rest.split(['(', '<']).next().unwrap())
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    let mut listed: Vec<&str> = SENDING_METHODS.iter().map(|(name, _)| *name).collect();
    listed.extend_from_slice(OTHER_METHODS);
    listed.sort_unstable();
    assert_eq!(found, listed, "each method texts or calls, or does not");

    // Two requests reach a person, and each is executed in one place, behind the gate. Consent is
    // also asked before a TwiML reply.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/messenger");
    let files = std::fs::read_dir(folder).unwrap();
    let source: String = files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for (code, times) in [
        (".execute(", 6),
        // Four of them cannot reach a person: this client refuses texts and calls.
        ("self.client().execute(", 4),
        (".ask_consent(", 3),
        (".check_quiet_hours(", 5),
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

/// Records the number of requests that had been sent at each check.
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
async fn each_sending_method_checks_consent_once_before_the_request() {
    for (name, send_by) in SENDING_METHODS.iter().copied() {
        let reply = if name == "call" || name == "place" {
            CALL_JSON
        } else {
            MESSAGE_JSON
        };
        // Twilio is busy at first: the gate is not asked again for the retry.
        let transport = FakeTransport::new()
            .reply(Reply::error(429, 20429))
            .reply(Reply::json(201, reply));
        let asked = Arc::default();
        let clinic = clinic_builder(&transport)
            .consent_gate(CountingGate(transport.clone(), Arc::clone(&asked)))
            .build()
            .unwrap();
        let error = send_by(&clinic).await;
        assert!(error.is_none(), "{name}: {error:?}");
        assert_eq!(*asked.lock().unwrap(), [0], "{name}");
        let sent = transport.requests();
        assert_eq!(sent.len(), 2, "{name}");
        let callback = sent[1].parameter("StatusCallback").unwrap();
        assert!(callback.contains("?message_id=m-"), "{name}: {callback}");
    }
}

#[tokio::test]
async fn each_gate_stops_each_sending_method() {
    let quiet_at_night = || {
        let time = |text| TimeOfDay::parse(text).unwrap();
        QuietHours::new(time("08:00"), time("21:00"), UnknownTimeZone::Refuse)
    };
    let gates: [(ErrorKind, ClosedMessenger); 4] = [
        (ErrorKind::Disabled, |transport| {
            let off = settings().messaging_service_sid(SERVICE).enabled("false");
            messenger(off, transport)
        }),
        (ErrorKind::NumberKind, |transport| {
            let landlines = settings()
                .messaging_service_sid(SERVICE)
                .text_kinds("fixed-line")
                .call_kinds("fixed-line");
            messenger(landlines, transport)
        }),
        (ErrorKind::Consent, |transport| {
            clinic_builder(transport)
                .consent_gate(ScriptedGate::new(Ok(Consent::Withheld)))
                .build()
                .unwrap()
        }),
        (ErrorKind::Client, |transport| {
            messenger(
                settings().messaging_service_sid(SERVICE).delivery("off"),
                transport,
            )
        }),
    ];
    for (name, send_by) in SENDING_METHODS.iter().copied() {
        for (kind, closed) in gates {
            let transport = FakeTransport::new();
            let error = send_by(&closed(&transport)).await.unwrap();
            assert_eq!(error.kind(), kind, "{name}");
            assert_eq!(error.outcome(), &Outcome::NotSent, "{name}");
            assert!(transport.requests().is_empty(), "{name}");
        }
        // Quiet hours: without a zone, they refuse.
        let transport = FakeTransport::new();
        let error = send_by(
            &clinic_builder(&transport)
                .quiet_hours(quiet_at_night())
                .build()
                .unwrap(),
        )
        .await
        .unwrap();
        assert_eq!(error.kind(), ErrorKind::QuietHours, "{name}");
        assert!(transport.requests().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn no_message_option_bypasses_consent() {
    let template = ContentSid::parse("HX00000000000000000000000000000007").unwrap();
    let of = |to: Recipient| SendMessage::new(to, sender(), BODY);
    for request in [
        SendMessage::new(
            number(VOLUNTEER),
            sender(),
            Media::new("https://clinic.example/map.png"),
        ),
        SendMessage::new(number(VOLUNTEER), sender(), ContentTemplate::new(template)),
        of(Recipient::WhatsApp(number(VOLUNTEER))),
        of(Recipient::Rcs(number(VOLUNTEER))),
        request(BODY).send_at(at(NOON + 7_200)),
        request(BODY).validity_period(Duration::from_secs(60)),
        request(BODY).send_as_mms(true).smart_encoded(true),
        request(BODY).extra_param("NewParameter", "1"),
        SendMessage::new(
            number(VOLUNTEER),
            ChannelSender::whatsapp(number("+61255501234")),
            BODY,
        ),
    ] {
        let transport = FakeTransport::new();
        let gate = ScriptedGate::new(Ok(Consent::Withheld));
        let clinic = clinic_builder(&transport)
            .consent_gate(gate.clone())
            .build()
            .unwrap();
        let error = clinic.send(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Consent);
        assert_eq!(gate.asked.lock().unwrap().len(), 1);
        assert!(transport.requests().is_empty());
    }
}

#[tokio::test]
async fn quiet_hours_apply_at_the_scheduled_time_and_limit_validity() {
    let time = |text| TimeOfDay::parse(text).unwrap();
    let nights = QuietHours::new(time("21:00"), time("08:00"), UnknownTimeZone::Refuse);
    let sydney = || TimeZone::parse("Australia/Sydney").unwrap();
    let evening = at(NOON + 10 * 3_600);
    let sent_with = async |request: SendMessage| {
        let transport = transport_replying(MESSAGE_JSON);
        let clinic = clinic_builder(&transport)
            .quiet_hours(nights.clone())
            .build()
            .unwrap();
        clinic
            .send(request)
            .time_zone(sydney())
            .await
            .map(|_| only_request(&transport))
    };
    let error = sent_with(request(BODY).send_at(evening)).await.unwrap_err();
    assert_eq!(error.quiet_until(), Some(at(NOON + 20 * 3_600)));

    // Nine hours are left at noon: a longer validity is cut short, a shorter one stays.
    let hour = Duration::from_secs(3_600);
    for (own, kept) in [
        (None, "32400"),
        (Some(hour * 10), "32400"),
        (Some(hour), "3600"),
    ] {
        let request = own.map_or_else(|| request(BODY), |own| request(BODY).validity_period(own));
        let sent = sent_with(request).await.unwrap();
        assert_eq!(sent.parameter("ValidityPeriod").as_deref(), Some(kept));
    }
}

#[tokio::test]
async fn a_request_keeps_its_own_options() {
    let transport = transport_replying(MESSAGE_JSON);
    let discard = settings()
        .messaging_service_sid(SERVICE)
        .content_retention("discard")
        .address_retention("obfuscate");
    let own = request(BODY)
        .content_retention(ContentRetention::Retain)
        .status_callback("https://demo.clinspark.com/hooks/message-status/trial?arm=b#rc=2");
    let clinic = messenger(discard, &transport);
    clinic.send(own).id(id("visit-1")).await.unwrap();
    let sent = only_request(&transport);
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

    let placed = transport_replying(CALL_JSON);
    let menu = TwimlUrl::new("https://demo.clinspark.com/hooks/voice/menu");
    let call = PlaceCall::new(number(VOLUNTEER), number("+61255501234"), menu)
        .timeout(Duration::from_secs(20));
    let clinic = messenger(settings(), &placed);
    clinic.place(call).id(id("call-1")).await.unwrap();
    let sent = only_request(&placed);
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
async fn a_foreign_sender_or_status_callback_is_refused() {
    let to = || number(VOLUNTEER);
    let other = || number("+61255501299");
    let service = |sid: &str| Sender::Service(sid.parse().unwrap());
    let reporting = |url: &str| request(BODY).status_callback(url);
    for request in [
        SendMessage::new(to(), Sender::Number(other()), BODY),
        SendMessage::new(to(), service("MG00000000000000000000000000000009"), BODY),
        SendMessage::new(to(), ChannelSender::whatsapp(other()), BODY),
        request(BODY).fallback_from(other()),
        request(BODY).application_sid("AP00000000000000000000000000000009".parse().unwrap()),
        reporting("https://other.example/status"),
        reporting("https://demo.clinspark.com.evil.example/hooks/message-status"),
        reporting("https://demo.clinspark.com/hooks/voice"),
        reporting("https://demo.clinspark.com/elsewhere"),
        reporting("https://demo.clinspark.com/hooks/message-status?message_id=visit-2."),
    ] {
        let transport = FakeTransport::new();
        let gate = ScriptedGate::new(Ok(Consent::Given));
        let clinic = clinic_builder(&transport)
            .consent_gate(gate.clone())
            .build()
            .unwrap();
        let error = clinic.send(request.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{request:?}");
        assert!(gate.asked.lock().unwrap().is_empty());
        assert!(transport.requests().is_empty());
    }
    let inline = InlineTwiml::new(&twiml()).status_callback("https://other.example/status");
    for call in [
        PlaceCall::new(to(), other(), twiml()),
        PlaceCall::new(to(), number("+61255501234"), inline),
    ] {
        let transport = FakeTransport::new();
        let error = clinic(&transport).place(call).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(transport.requests().is_empty());
    }
}

#[tokio::test]
async fn a_recipient_without_a_telephone_number_is_refused() {
    let transport = FakeTransport::new();
    let clinic = clinic(&transport);
    let page = Recipient::try_from(Address::parse("messenger:1234567890")).unwrap();
    let message = SendMessage::new(page, sender(), BODY);
    let error = clinic.send(message).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Recipient);
    for callee in ["client:nurse", "sip:nurse@clinic.example"] {
        let callee = Callee::try_from(Address::parse(callee)).unwrap();
        let call = PlaceCall::new(callee, number("+61255501234"), twiml());
        let error = clinic.place(call).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Recipient);
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn the_messengers_client_neither_texts_nor_calls() {
    let transport = FakeTransport::new();
    let clinic = clinic(&transport);
    let texted = clinic.client().execute(request(BODY)).await.unwrap_err();
    let called = clinic.client().execute(place_call(VOLUNTEER)).await;
    for error in [texted, called.unwrap_err()] {
        assert_eq!(error.kind(), ClientErrorKind::Blocked);
        assert!(error.to_string().contains("use Messenger::send"), "{error}");
    }
    let staff = clinic.on_behalf_of("staff-17", "reminder");
    let error = staff.client().execute(request(BODY)).await;
    assert_eq!(error.unwrap_err().kind(), ClientErrorKind::Blocked);
    assert!(transport.requests().is_empty());
}
