//! Quiet hours, as they keep a text or a call from leaving.

use clinspark_twilio::client::Outcome;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::messenger::{
    Consent, ErrorKind, QuietHours, TimeOfDay, TimeZone, UnknownTimeZone,
};

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
