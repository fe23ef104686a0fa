//! What a text and a call are given, and where they may go.

use clinspark_twilio::client::testing::{FakeTransport, RecordedRequest, Reply};
use clinspark_twilio::client::{ErrorKind as ClientErrorKind, Outcome};
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{ErrorKind, MessageId};
use clinspark_twilio::webhook::{MessageStatusCallback, RefusalKind};

use crate::{
    ACCOUNT, BODY, CALL_JSON, MESSAGE_JSON, NOON, SERVICE, TYPED, VOLUNTEER, at, id,
    inbound_message, messenger, only_request, settings, signed, transport_replying, twiml,
};

#[tokio::test]
async fn a_text_is_given_everything_from_the_settings() {
    let transport = transport_replying(MESSAGE_JSON);
    let clinic = messenger(
        settings()
            .messaging_service_sid(SERVICE)
            .content_retention("discard")
            .address_retention("obfuscate"),
        &transport,
    );
    clinic.text(TYPED, BODY).id(id("visit-1")).await.unwrap();
    assert_eq!(
        sorted(&only_request(&transport)),
        [
            ("AddressRetention", "obfuscate"),
            ("Body", BODY),
            ("ContentRetention", "discard"),
            ("From", "+61255501234"),
            ("MessagingServiceSid", SERVICE),
            (
                "StatusCallback",
                "https://demo.clinspark.com/hooks/message-status?message_id=visit-1.#rc=2&rp=5xx,ct,rt"
            ),
            ("To", VOLUNTEER),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

fn sorted(sent: &RecordedRequest) -> Vec<(String, String)> {
    let mut parameters = sent.parameters();
    parameters.sort();
    parameters
}

#[tokio::test]
async fn a_call_carries_its_id_and_never_an_application() {
    let transport = transport_replying(CALL_JSON);
    let clinic = messenger(settings(), &transport);
    clinic.call(TYPED, &twiml()).id(id("call-1")).await.unwrap();
    let sent = only_request(&transport);
    assert_eq!(
        sent.parameter("StatusCallback").unwrap(),
        "https://demo.clinspark.com/hooks/call-status?message_id=call-1.#rc=2&rp=5xx,ct,rt"
    );
    assert_eq!(sent.parameter("ApplicationSid"), None);
    assert_eq!(sent.parameter("From").unwrap(), "+61255501234");
    assert_eq!(sent.parameter("To").unwrap(), VOLUNTEER);
    let events: Vec<String> = sent
        .parameters()
        .into_iter()
        .filter_map(|(name, value)| (name == "StatusCallbackEvent").then_some(value))
        .collect();
    assert_eq!(events, ["initiated", "ringing", "answered", "completed"]);
}

#[tokio::test]
async fn no_status_callback_is_requested_without_a_path() {
    let bare = || {
        Settings::builder()
            .domain("demo")
            .account_sid(ACCOUNT)
            .auth_token("the-auth-token")
            .number("+61255501234")
            .default_country_prefix("61")
            .delivery("live")
    };
    let texts = transport_replying(MESSAGE_JSON);
    messenger(bare(), &texts).text(TYPED, BODY).await.unwrap();
    let calls = transport_replying(CALL_JSON);
    messenger(bare(), &calls)
        .call(TYPED, &twiml())
        .await
        .unwrap();
    for transport in [texts, calls] {
        assert_eq!(only_request(&transport).parameter("StatusCallback"), None);
    }
}

#[tokio::test]
async fn a_status_callback_returns_the_id_of_a_lost_answer() {
    let transport = FakeTransport::new().reply(Reply::connection_lost());
    let clinic = messenger(settings(), &transport);
    let error = clinic.text(TYPED, BODY).await.unwrap_err();
    assert!(matches!(error.outcome(), Outcome::Unknown { .. }));
    let made_up = error.message_id().unwrap().clone();
    let callback = only_request(&transport)
        .parameter("StatusCallback")
        .unwrap();
    let path = callback.strip_prefix("https://demo.clinspark.com").unwrap();
    // Twilio neither sends nor signs the fragment, which holds its connection overrides.
    let path = path.strip_suffix("#rc=2&rp=5xx,ct,rt").unwrap();
    assert_eq!(path, format!("/hooks/message-status?message_id={made_up}."));

    // Twilio reports on it after all: now it has a SID.
    let report = format!(
        "MessageSid=SM00000000000000000000000000000004&MessageStatus=sent&AccountSid={ACCOUNT}\
         &From=%2B61255501234&To=%2B61491570156"
    );
    let verified = clinic.receive(signed(path, &report)).await.unwrap();
    assert_eq!(MessageId::from_callback(&verified), Some(made_up.clone()));
    let report: MessageStatusCallback = verified.parse().unwrap();
    assert_eq!(
        report.message_sid.as_str(),
        "SM00000000000000000000000000000004"
    );

    // Each has its own.
    let other = clinic.text(TYPED, BODY).await.unwrap_err();
    assert_ne!(other.message_id(), Some(&made_up));
    assert!(!format!("{error:?} {error}").contains("491570156"));
}

#[test]
fn a_phone_number_is_no_message_id() {
    for sound in [
        "a",
        "reminder-4711",
        "0190b8d2-7d3f-7c1a-9f00-1234567890ab",
        "61491570156x",
        &"a".repeat(64),
    ] {
        assert_eq!(MessageId::parse(sound).unwrap().as_str(), sound);
    }
    for bad in [
        "",
        "a b",
        "a&b",
        "a.b",
        "visit-1.",
        "a%2B",
        "+61491570156",
        "é",
        &"a".repeat(65),
    ] {
        assert_eq!(
            MessageId::parse(bad).unwrap_err().to_string(),
            "an ID has 1 to 64 ASCII letters, digits, hyphens and underscores"
        );
    }
    // Of any length: 1234567 was refused once, and 123456 was not.
    let digits = "1234567890123456789012345678901234567890123456789012345678901234";
    let numbers = (1..=digits.len()).map(|length| digits[..length].to_owned());
    let marked = ["0491-570-156", "555_0123", "-", "2026-01-01"].map(str::to_owned);
    for number in numbers.chain(marked) {
        assert_eq!(
            MessageId::parse(&number).unwrap_err().to_string(),
            "an ID without a letter could be a phone number; put a word before it, such as \
             visit-4711"
        );
    }
    let numbered = |word, number| MessageId::numbered(word, number).map(|id| id.to_string());
    assert_eq!(numbered("visit", 4711).unwrap(), "visit-4711");
    assert_eq!(numbered("v", u64::MAX).unwrap(), "v-18446744073709551615");
    for word in ["", "7", "a b", &"a".repeat(64)] {
        assert!(numbered(word, 4711).is_err(), "{word}");
    }
}

#[tokio::test]
async fn a_text_is_scheduled_by_the_service_within_twilios_window() {
    const MINUTE: u64 = 60;
    let tomorrow = at(NOON + 24 * 60 * MINUTE);
    let transport = transport_replying(MESSAGE_JSON);
    let clinic = messenger(settings().messaging_service_sid(SERVICE), &transport);
    clinic.text_at(TYPED, BODY, tomorrow).await.unwrap();
    let sent = only_request(&transport);
    assert_eq!(sent.parameter("SendAt").unwrap(), "2026-01-02T01:00:00Z");
    assert_eq!(sent.parameter("ScheduleType").unwrap(), "fixed");
    assert_eq!(sent.parameter("MessagingServiceSid").unwrap(), SERVICE);

    for (ahead, fault) in [
        (5 * MINUTE, "SendAt must be more than 5 minutes ahead"),
        (
            35 * 24 * 60 * MINUTE + 1,
            "SendAt must be at most 35 days ahead",
        ),
    ] {
        let error = clinic
            .text_at(TYPED, BODY, at(NOON + ahead))
            .await
            .unwrap_err();
        assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Invalid);
        assert_eq!(
            error.to_string(),
            format!("SendMessage: {fault}; nothing was sent")
        );
    }
    let alone = messenger(settings(), &transport);
    let error = alone.text_at(TYPED, BODY, tomorrow).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(
        error.to_string(),
        "a scheduled message needs a Messaging Service; name one as the sender"
    );
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn a_delivery_guard_permits_only_listed_numbers() {
    let later = at(NOON + 3_600);
    for delivery in ["off", "only:+61491570157"] {
        let transport = FakeTransport::new();
        let staging = settings().messaging_service_sid(SERVICE).delivery(delivery);
        let clinic = messenger(staging, &transport);
        let texted = clinic.text(TYPED, BODY).await.unwrap_err();
        let scheduled = clinic.text_at(TYPED, BODY, later).await.unwrap_err();
        let called = clinic.call(TYPED, &twiml()).await.unwrap_err();
        for error in [texted, scheduled, called] {
            assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Blocked);
            assert_eq!(error.outcome(), &Outcome::NotSent);
        }
        assert!(transport.requests().is_empty());
    }
    let transport = FakeTransport::new()
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, CALL_JSON));
    let staging = settings().messaging_service_sid(SERVICE);
    let clinic = messenger(staging.delivery("only:+61491570156"), &transport);
    clinic.text(TYPED, BODY).await.unwrap();
    clinic.text_at(TYPED, BODY, later).await.unwrap();
    clinic.call(TYPED, &twiml()).await.unwrap();
    let reached: Vec<_> = transport
        .requests()
        .iter()
        .map(|r| r.parameter("To"))
        .collect();
    assert_eq!(reached, [VOLUNTEER; 3].map(|to| Some(to.to_owned())));
}

#[tokio::test]
async fn messengers_in_one_process_share_nothing() {
    let (ours, theirs) = (
        transport_replying(MESSAGE_JSON),
        transport_replying(MESSAGE_JSON),
    );
    let demo = messenger(settings(), &ours);
    let acme = messenger(
        settings()
            .domain("acme")
            .account_sid("AC00000000000000000000000000000009")
            .auth_token("another-token")
            .number("+442079460018")
            .default_country_prefix("44"),
        &theirs,
    );
    demo.text(TYPED, BODY).id(id("a")).await.unwrap();
    acme.text("07911 123456", BODY).id(id("a")).await.unwrap();
    for (transport, account, from, to, origin) in [
        (
            ours,
            ACCOUNT,
            "+61255501234",
            VOLUNTEER,
            "https://demo.clinspark.com",
        ),
        (
            theirs,
            "AC00000000000000000000000000000009",
            "+442079460018",
            "+447911123456",
            "https://acme.clinspark.com",
        ),
    ] {
        let sent = only_request(&transport);
        assert!(sent.path().contains(account));
        assert_eq!(sent.parameter("From").unwrap(), from);
        assert_eq!(sent.parameter("To").unwrap(), to);
        assert!(
            sent.parameter("StatusCallback")
                .unwrap()
                .starts_with(origin)
        );
    }
    let webhook = || signed("/hooks/message", &inbound_message("Hello", ""));
    assert!(demo.receive(webhook()).await.is_ok());
    let refusal = acme.receive(webhook()).await.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Signature);
}

#[test]
fn an_id_is_text_for_serde_and_joins_any_url() {
    let visit: MessageId = "visit-4711".parse().unwrap();
    let written = serde_json::to_string(&visit).unwrap();
    assert_eq!(written, r#""visit-4711""#);
    assert_eq!(serde_json::from_str::<MessageId>(&written).unwrap(), visit);
    // Borrowed, escaped and owned text are read alike, and checked.
    let owned = serde_json::json!("visit-4711");
    assert_eq!(serde_json::from_value::<MessageId>(owned).unwrap(), visit);
    let escaped = r#""\u0076isit-4711""#;
    assert_eq!(serde_json::from_str::<MessageId>(escaped).unwrap(), visit);
    for refused in [r#""+61491570156""#, r#""61491570156""#, r#""""#, "17"] {
        assert!(
            serde_json::from_str::<MessageId>(refused).is_err(),
            "{refused}"
        );
    }
    assert!("4711".parse::<MessageId>().is_err());
    for (url, marked) in [
        ("/confirm", "/confirm?message_id=visit-4711."),
        (
            "/confirm?site=2#rc=1",
            "/confirm?site=2&message_id=visit-4711.#rc=1",
        ),
        (
            "https://demo.clinspark.com/confirm",
            "https://demo.clinspark.com/confirm?message_id=visit-4711.",
        ),
    ] {
        assert_eq!(visit.add_to_url(url).unwrap(), marked);
        let error = visit.add_to_url(marked).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the URL has a message_id already; remove it"
        );
    }
}
