//! Quiet hours, as they keep a text or a call from leaving.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Clock, Outcome};
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ContactAttempt, ErrorKind, QuietHours, TimeOfDay, TimeZone,
    UnknownTimeZone,
};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::webhook::{ConsentError, ConsentEvent};

use crate::consent::ScriptedGate;
use crate::{
    BODY, CALL_JSON, MESSAGE_JSON, NOON, SERVICE, TYPED, at, builder, settings, transport_replying,
    twiml,
};

fn quiet_at_night(unknown: UnknownTimeZone) -> QuietHours {
    let time = |text| TimeOfDay::parse(text).unwrap();
    QuietHours::new(time("21:00"), time("08:00"), unknown)
}

#[tokio::test]
async fn nothing_is_sent_in_quiet_hours() {
    let transport = FakeTransport::new()
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, CALL_JSON));
    let gate = ScriptedGate::new(Ok(Consent::Given));
    let clinic = builder(settings().messaging_service_sid(SERVICE), &transport)
        .quiet_hours(quiet_at_night(UnknownTimeZone::Refuse))
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    let zone = |name: &str| TimeZone::parse(name).unwrap();
    // Noon in Sydney is one at night in London.
    let london = clinic
        .text(TYPED, BODY)
        .time_zone(zone("Europe/London"))
        .await
        .unwrap_err();
    let called = clinic
        .call(TYPED, &twiml())
        .time_zone(zone("Europe/London"))
        .await
        .unwrap_err();
    for error in [london, called] {
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::QuietHours, &Outcome::NotSent)
        );
        assert_eq!(
            error.to_string(),
            "it is a quiet hour in the person's time zone; send it when the quiet hours end"
        );
        // Eight in the morning of 1 January in London.
        assert_eq!(error.quiet_until(), Some(at(1_767_254_400)));
    }
    let unknown = clinic.text(TYPED, BODY).await.unwrap_err();
    assert_eq!(
        (unknown.kind(), unknown.quiet_until()),
        (ErrorKind::QuietHours, None)
    );
    assert_eq!(
        unknown.to_string(),
        "the person's time zone is unknown, and the quiet hours refuse to send without one; set \
         it with `time_zone`"
    );
    // A scheduled text is judged by the hour at which it arrives.
    let night = at(NOON + 10 * 3_600);
    let sydney = || zone("Australia/Sydney");
    let error = clinic
        .text_at(TYPED, BODY, night)
        .time_zone(sydney())
        .await
        .unwrap_err();
    assert_eq!(error.quiet_until(), Some(at(NOON + 20 * 3_600)));
    assert!(transport.requests().is_empty());
    assert!(gate.asked.lock().unwrap().is_empty());

    clinic.text(TYPED, BODY).time_zone(sydney()).await.unwrap();
    let morning = at(NOON + 20 * 3_600);
    clinic
        .text_at(TYPED, BODY, morning)
        .time_zone(sydney())
        .await
        .unwrap();
    clinic
        .call(TYPED, &twiml())
        .time_zone(sydney())
        .await
        .unwrap();
    // Nine hours are left until the evening; after eight in the morning there are more than
    // Twilio holds a message for.
    let validity: Vec<_> = transport
        .requests()
        .iter()
        .map(|sent| sent.parameter("ValidityPeriod"))
        .collect();
    assert_eq!(validity, [Some("32400".to_owned()), None, None]);
}

#[tokio::test]
async fn an_unknown_zone_follows_the_policy() {
    let sydney = || TimeZone::parse("Australia/Sydney").unwrap();
    let london = || TimeZone::parse("Europe/London").unwrap();
    for (policy, sent) in [
        (UnknownTimeZone::Refuse, false),
        (UnknownTimeZone::Send, true),
        (UnknownTimeZone::OpenIn(vec![sydney()]), true),
        (UnknownTimeZone::OpenIn(vec![sydney(), london()]), false),
        (UnknownTimeZone::OpenIn(Vec::new()), false),
    ] {
        let transport = transport_replying(MESSAGE_JSON);
        let clinic = builder(settings(), &transport)
            .quiet_hours(quiet_at_night(policy.clone()))
            .build()
            .unwrap();
        let zone = TimeZone::parse("Nowhere/Nothing").ok();
        let result = clinic.text(TYPED, BODY).time_zone(zone).await;
        assert_eq!(result.is_ok(), sent, "{policy:?}");
        assert_eq!(transport.requests().len(), usize::from(sent));
    }
}

/// A clock that others can set.
#[derive(Clone)]
struct SharedClock(Arc<Mutex<SystemTime>>);

impl Clock for SharedClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// A consent gate that takes this long to answer.
struct SlowGate(SharedClock, Duration);

impl ConsentGate for SlowGate {
    fn check<'a>(&'a self, _: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        *self.0.0.lock().unwrap() += self.1;
        Box::pin(async { Ok(Consent::Given) })
    }

    fn on_event<'a>(&'a self, _: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Quiet hours begin at 21:00. The gate answers ten minutes after it was asked.
#[tokio::test]
async fn a_slow_gate_does_not_lead_into_quiet_hours() {
    let time = |text| TimeOfDay::parse(text).unwrap();
    let sydney = || TimeZone::parse("Australia/Sydney").unwrap();
    let ten_minutes = Duration::from_secs(600);
    let evening = at(NOON + 9 * 3_600);
    for (before, is_sent) in [(Duration::from_secs(1), false), (ten_minutes * 2, true)] {
        let clinic = |transport: &FakeTransport| {
            let clock = SharedClock(Arc::new(Mutex::new(evening - before)));
            builder(settings(), transport)
                .quiet_hours(QuietHours::new(
                    time("21:00"),
                    time("08:00"),
                    UnknownTimeZone::Refuse,
                ))
                .consent_gate(SlowGate(clock.clone(), ten_minutes))
                .client(|client| client.clock(clock))
                .build()
                .unwrap()
        };
        let transport = transport_replying(MESSAGE_JSON);
        let text = clinic(&transport)
            .text(TYPED, BODY)
            .time_zone(sydney())
            .await;
        let kind = text.err().map(|error| error.kind());
        assert_eq!(kind, (!is_sent).then_some(ErrorKind::QuietHours));
        let requests = transport.requests();
        assert_eq!(requests.len(), usize::from(is_sent));
        // What is left of the open hours is counted from the answer of the gate.
        let validity = requests
            .first()
            .and_then(|sent| sent.parameter("ValidityPeriod"));
        assert_eq!(validity.as_deref(), is_sent.then_some("600"));

        let transport = transport_replying(CALL_JSON);
        let clinic = clinic(&transport);
        let call = clinic.call(TYPED, &twiml()).time_zone(sydney()).await;
        let kind = call.err().map(|error| error.kind());
        assert_eq!(kind, (!is_sent).then_some(ErrorKind::QuietHours));
        assert_eq!(transport.requests().len(), usize::from(is_sent));
    }
}
