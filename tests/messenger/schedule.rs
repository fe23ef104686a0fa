//! A scheduled text is canceled or replaced: never twice, and never lost in silence.

use std::error::Error as _;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use clinspark_twilio::client::messages::SendMessage;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Clock, Outcome, RetryPolicy};
use clinspark_twilio::clinspark::SettingsBuilder;
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::messenger::{
    Consent, ErrorKind, Messenger, MessengerBuilder, OriginalText, QuietHours, RescheduleError,
    TimeOfDay, TimeZone, UnknownTimeZone,
};
use clinspark_twilio::types::{BoxFuture, MessageSid};

use crate::consent::ScriptedGate;
use crate::{BODY, MESSAGE_JSON, NOON, SERVICE, TYPED, at, builder, id, settings};

const OLD: &str = "SM00000000000000000000000000000001";

/// Reply to the cancellation, reply to a fetch, state of the original text.
type Case = (fn() -> Reply, Option<Reply>, OriginalText);

fn old() -> MessageSid {
    OLD.parse().unwrap()
}

fn status(status: &str) -> Reply {
    Reply::json(200, format!(r#"{{"sid": "{OLD}", "status": "{status}"}}"#))
}

fn canceled() -> Reply {
    status("canceled")
}

fn sent() -> Reply {
    Reply::json(201, MESSAGE_JSON)
}

fn clinic(transport: &FakeTransport) -> MessengerBuilder {
    in_service(settings(), transport)
}

fn in_service(settings: SettingsBuilder, transport: &FakeTransport) -> MessengerBuilder {
    builder(settings.messaging_service_sid(SERVICE), transport)
        .client(|client| client.retry(RetryPolicy::none()))
}

/// Names of the requests that were sent.
fn requests(transport: &FakeTransport) -> Vec<&'static str> {
    let name = |status: Option<String>| match status.as_deref() {
        Some("canceled") => "cancel",
        Some(other) => panic!("{other}"),
        None => "send",
    };
    let sent = transport.requests();
    sent.iter()
        .map(|sent| name(sent.parameter("Status")))
        .collect()
}

async fn reschedule(clinic: &Messenger) -> Result<MessageSid, RescheduleError> {
    let text = clinic
        .text_at(TYPED, BODY, at(NOON + 7_200))
        .id(id("visit-2"));
    clinic
        .reschedule(old(), text)
        .await
        .map(|message| message.sid)
}

#[tokio::test]
async fn a_text_is_canceled_and_then_replaced() {
    let transport = FakeTransport::new().reply(canceled()).reply(sent());
    let clinic = clinic(&transport).build().unwrap();
    let replaced = reschedule(&clinic).await.unwrap();
    assert_eq!(replaced.as_str(), "SM00000000000000000000000000000004");
    assert_eq!(requests(&transport), ["cancel", "send"]);
    let sent = &transport.requests()[1];
    assert_eq!(sent.parameter("SendAt").unwrap(), "2026-01-01T03:00:00Z");
    assert!(
        sent.parameter("StatusCallback")
            .unwrap()
            .contains("message_id=visit-2.")
    );
}

/// A gate that refuses the new text leaves the old one as it is.
#[tokio::test]
async fn each_gate_is_passed_before_the_old_text_is_canceled() {
    let time = |text| TimeOfDay::parse(text).unwrap();
    let quiet = QuietHours::new(time("08:00"), time("21:00"), UnknownTimeZone::Refuse);
    let transport = FakeTransport::new();
    let withheld = ScriptedGate::new(Ok(Consent::Withheld));
    let off = settings().enabled("false");
    let pagers = settings().text_kinds("pager");
    for (builder, kind) in [
        (in_service(off, &transport), ErrorKind::Disabled),
        (in_service(pagers, &transport), ErrorKind::NumberKind),
        (clinic(&transport).quiet_hours(quiet), ErrorKind::QuietHours),
        (
            clinic(&transport).consent_gate(withheld),
            ErrorKind::Consent,
        ),
        (builder(settings(), &transport), ErrorKind::Configuration),
    ] {
        let error = reschedule(&builder.build().unwrap()).await.unwrap_err();
        assert_eq!(error.original(), OriginalText::Unchanged, "{kind:?}");
        assert_eq!(error.error().kind(), kind);
        assert_eq!(*error.error().outcome(), Outcome::NotSent);
        assert!(requests(&transport).is_empty(), "{kind:?}");
    }
}

/// A text that the client would refuse after the cancellation leaves the old one as it is.
#[tokio::test]
async fn a_text_that_cannot_be_sent_cancels_nothing() {
    let too_long = "x".repeat(1_601);
    for (delivery, body, time, change) in [
        (
            "live",
            BODY,
            NOON - 1,
            unchanged as fn(SendMessage) -> SendMessage,
        ),
        ("live", BODY, NOON + 60, unchanged),
        ("live", BODY, NOON + 36 * 86_400, unchanged),
        ("live", &too_long, NOON + 7_200, unchanged),
        ("live", "", NOON + 7_200, unchanged),
        ("live", BODY, NOON + 7_200, |text| {
            text.extra_param("To", "+61491570157")
        }),
        ("live", BODY, NOON + 7_200, |text| text.max_price("cheap")),
        ("only:+61491570157", BODY, NOON + 7_200, unchanged),
    ] {
        let transport = FakeTransport::new().reply(canceled()).reply(sent());
        let clinic = in_service(settings().delivery(delivery), &transport);
        let clinic = clinic.build().unwrap();
        let text = clinic.text_at(TYPED, body, at(time)).with(change);
        let error = clinic.reschedule(old(), text).await.unwrap_err();
        assert_eq!(
            error.original(),
            OriginalText::Unchanged,
            "{time} {error:?}"
        );
        assert_eq!(*error.error().outcome(), Outcome::NotSent);
        assert!(requests(&transport).is_empty(), "{time}");
    }
}

fn unchanged(text: SendMessage) -> SendMessage {
    text
}

/// Clock on which each wait takes ten minutes.
struct SlowClock(Mutex<SystemTime>);

impl Clock for SlowClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        *self.0.lock().unwrap() += Duration::from_secs(600);
        Box::pin(std::future::ready(()))
    }
}

/// Quiet hours begin at 21:00. The cancellation takes ten minutes.
#[tokio::test]
async fn a_slow_cancellation_does_not_lead_into_quiet_hours() {
    let time = |text| TimeOfDay::parse(text).unwrap();
    for (before, is_sent) in [(60, false), (1_200, true)] {
        let transport = FakeTransport::new()
            .reply(Reply::not_sent())
            .reply(canceled())
            .reply(sent());
        let evening = at(NOON + 9 * 3_600 - before);
        let quiet = QuietHours::new(time("21:00"), time("08:00"), UnknownTimeZone::Refuse);
        let clinic = builder(settings().messaging_service_sid(SERVICE), &transport)
            .quiet_hours(quiet)
            .client(|client| client.clock(SlowClock(Mutex::new(evening))))
            .build()
            .unwrap();
        let text = clinic
            .text(TYPED, BODY)
            .time_zone(TimeZone::parse("Australia/Sydney").ok());
        let result = clinic.reschedule(old(), text).await;
        let last = transport.requests().pop().unwrap();
        assert_eq!(last.parameter("Body").is_some(), is_sent);
        match result {
            // Ten minutes are left of the open hours.
            Ok(_) => assert_eq!(last.parameter("ValidityPeriod").as_deref(), Some("600")),
            Err(error) => {
                assert_eq!(error.error().kind(), ErrorKind::QuietHours);
                assert_eq!(error.original(), OriginalText::Canceled);
            }
        }
    }
}

#[tokio::test]
async fn without_a_confirmed_cancellation_nothing_is_sent() {
    let late: fn() -> Reply = || Reply::error(400, 30409);
    let cases: [Case; 9] = [
        // A refusal does not tell whether an earlier attempt has canceled the text: it is fetched.
        (late, Some(status("sent")), OriginalText::Unchanged),
        (late, Some(canceled()), OriginalText::Canceled),
        (late, Some(Reply::connection_lost()), OriginalText::Unknown),
        (
            || Reply::error(404, 20404),
            Some(Reply::error(404, 20404)),
            OriginalText::Unknown,
        ),
        (Reply::not_sent, None, OriginalText::Unchanged),
        (Reply::connection_lost, None, OriginalText::Unknown),
        (|| Reply::error(503, 20500), None, OriginalText::Unknown),
        (|| status("scheduled"), None, OriginalText::Unknown),
        (|| status("sent"), None, OriginalText::Unknown),
    ];
    for (reply, fetched, original) in cases {
        let transport = FakeTransport::new().reply(reply());
        let is_fetched = fetched.is_some();
        let transport = fetched.into_iter().fold(transport, FakeTransport::reply);
        let clinic = clinic(&transport).build().unwrap();
        let error = reschedule(&clinic).await.unwrap_err();
        assert_eq!(error.original(), original);
        let methods: Vec<_> = transport
            .requests()
            .iter()
            .map(|r| r.method().clone())
            .collect();
        assert_eq!(methods[0], "POST");
        assert_eq!(methods.len(), 1 + usize::from(is_fetched), "{original:?}");
        assert!(methods.iter().skip(1).all(|method| *method == "GET"));
        assert_eq!(requests(&transport)[0], "cancel");
    }
}

#[tokio::test]
async fn a_lost_reminder_is_never_silent() {
    for (reply, is_unknown) in [
        (Reply::not_sent(), false),
        (Reply::error(400, 21610), false),
        (Reply::connection_lost(), true),
    ] {
        let transport = FakeTransport::new().reply(canceled()).reply(reply);
        let clinic = clinic(&transport).build().unwrap();
        let error = reschedule(&clinic).await.unwrap_err();
        assert_eq!(error.original(), OriginalText::Canceled);
        assert_eq!(requests(&transport), ["cancel", "send"]);
        let outcome = error.error().outcome();
        assert_eq!(matches!(outcome, Outcome::Unknown { .. }), is_unknown);
        assert_eq!(error.error().message_id(), Some(&id("visit-2")));
        assert_eq!(
            error.to_string(),
            "the scheduled text was canceled, but the new one failed"
        );
        assert!(error.source().is_some());
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains("491") && !shown.contains(BODY), "{shown}");
    }
}

#[tokio::test]
async fn a_cancellation_is_confirmed_or_an_error() {
    let cancel = |reply| async {
        let transport = FakeTransport::new().reply(reply);
        clinic(&transport).build().unwrap().cancel(old()).await
    };
    assert_eq!(cancel(canceled()).await.unwrap().sid, old());
    let error = cancel(status("sending")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unconfirmed);
    assert!(matches!(error.outcome(), Outcome::Unknown { .. }));
    let error = cancel(Reply::error(400, 30409)).await.unwrap_err();
    let code = error.client().unwrap().code();
    assert_eq!(code, Some(ErrorCode::TOO_LATE_TO_CANCEL));

    // A job that runs again finds the text canceled.
    let again = |later| async {
        let transport = FakeTransport::new().reply(Reply::error(400, 30409));
        let transport = transport.reply(later);
        clinic(&transport).build().unwrap().cancel(old()).await
    };
    assert_eq!(again(canceled()).await.unwrap().sid, old());
    let error = again(status("delivered")).await.unwrap_err();
    let code = error.client().unwrap().code();
    assert_eq!(code, Some(ErrorCode::TOO_LATE_TO_CANCEL));
}
