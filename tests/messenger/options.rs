//! Every option of a request is in reach, and none leads around a gate.

use std::time::Duration;

use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall, TwimlUrl};
use clinspark_twilio::client::messages::{ContentRetention, SendMessage, Sender};
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::messenger::{Consent, ErrorKind};
use clinspark_twilio::phone::E164;

use crate::consent::ScriptedGate;
use crate::{
    BODY, CALL_JSON, MESSAGE_JSON, TYPED, VOLUNTEER, builder, messenger, only_request, settings,
    transport_replying, twiml,
};

const OURS: &str = "+61255501234";
const OTHER: &str = "+61491570157";
const PREMIUM: &str = "+611900123456";

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

#[tokio::test]
async fn a_text_takes_every_option_of_its_request() {
    let transport = transport_replying(MESSAGE_JSON);
    let clinic = messenger(settings().content_retention("retain"), &transport);
    let text = clinic.text(TYPED, BODY).with(|message| {
        message
            .validity_period(Duration::from_secs(600))
            .content_retention(ContentRetention::Discard)
            .extra_param("NewParameter", "1")
    });
    assert_eq!(text.to().unwrap().as_str(), VOLUNTEER);
    text.await.unwrap();
    let sent = only_request(&transport);
    for (name, value) in [
        ("ValidityPeriod", "600"),
        ("ContentRetention", "discard"),
        ("NewParameter", "1"),
        ("Body", BODY),
        ("To", VOLUNTEER),
    ] {
        assert_eq!(sent.parameter(name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_call_takes_every_option_of_its_request() {
    let transport = transport_replying(CALL_JSON);
    let clinic = messenger(settings(), &transport);
    let recorded = clinic.callback_url("/hooks/recording").unwrap();
    let call = clinic.call(TYPED, &twiml()).with(|call| {
        call.timeout(Duration::from_secs(25))
            .record(true)
            .recording_status_callback(recorded)
    });
    assert_eq!(call.to().unwrap().as_str(), VOLUNTEER);
    call.await.unwrap();
    let sent = only_request(&transport);
    for (name, value) in [
        ("Timeout", "25"),
        ("Record", "true"),
        (
            "RecordingStatusCallback",
            "https://demo.clinspark.com/hooks/recording#rc=2&rp=5xx,ct,rt",
        ),
        ("To", VOLUNTEER),
    ] {
        assert_eq!(sent.parameter(name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_refused_number_has_no_recipient() {
    let clinic = messenger(settings(), &FakeTransport::new());
    let never = |_| panic!("there is no request to set an option of");
    assert_eq!(clinic.text("0491", BODY).to(), None);
    let error = clinic.text("0491", BODY).with(never).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Number);
    assert_eq!(clinic.call("0491", &twiml()).to(), None);
}

/// A closure may return any request: the gates check that one.
#[tokio::test]
async fn no_closure_leads_around_a_gate() {
    let message =
        |to: &str, from: &str| SendMessage::new(number(to), Sender::Number(number(from)), BODY);
    let call = |to: &str, from: &str| PlaceCall::new(number(to), number(from), twiml());
    let clinic = |transport: &FakeTransport, gate: &ScriptedGate| {
        let builder = builder(settings(), transport).consent_gate(gate.clone());
        builder.build().unwrap()
    };
    for (to, from, kind, asked) in [
        (VOLUNTEER, "+61255501299", ErrorKind::Request, None),
        (PREMIUM, OURS, ErrorKind::NumberKind, None),
        // Consent is asked for the person who would be reached.
        (OTHER, OURS, ErrorKind::Consent, Some(OTHER)),
    ] {
        let transport = FakeTransport::new();
        let gate = ScriptedGate::new(Ok(Consent::Withheld));
        let clinic = clinic(&transport, &gate);
        let text = clinic.text(TYPED, BODY).with(|_| message(to, from));
        assert_eq!(text.to().unwrap().as_str(), to);
        let called = clinic.call(TYPED, &twiml()).with(|_| call(to, from));
        assert_eq!(called.to().unwrap().as_str(), to);
        for error in [text.await.unwrap_err(), called.await.unwrap_err()] {
            assert_eq!(error.kind(), kind, "{to} {from}");
        }
        let people = gate.asked.lock().unwrap();
        let people: Vec<&str> = people.iter().map(|attempt| attempt.to.as_str()).collect();
        assert_eq!(people, asked.map_or(vec![], |person| vec![person; 2]));
        assert!(transport.requests().is_empty());
    }
    let foreign = "https://other.example/status";
    let transport = FakeTransport::new();
    let gate = ScriptedGate::new(Ok(Consent::Given));
    let clinic = clinic(&transport, &gate);
    let text = clinic.text(TYPED, BODY);
    let error = text.with(|message| message.status_callback(foreign)).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Request);
    let fallback = TwimlUrl::new("https://demo.clinspark.com/twiml").fallback_url(foreign);
    let inline = InlineTwiml::new(&twiml()).status_callback(foreign);
    for place in [
        call(VOLUNTEER, OURS).recording_status_callback(foreign),
        call(VOLUNTEER, OURS).async_amd_status_callback(foreign),
        call(VOLUNTEER, OURS)
            .recording_status_callback("https://demo.clinspark.com.evil.example/hooks"),
        PlaceCall::new(number(VOLUNTEER), number(OURS), fallback),
        PlaceCall::new(number(VOLUNTEER), number(OURS), inline),
    ] {
        let error = clinic.call(TYPED, &twiml()).with(|_| place).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    }
    assert!(gate.asked.lock().unwrap().is_empty());
    assert!(transport.requests().is_empty());
}

#[test]
fn a_callback_url_is_whole_or_refused() {
    let clinic = messenger(settings(), &FakeTransport::new());
    for (path, rest) in [
        ("/hooks/amd", "/hooks/amd#rc=2&rp=5xx,ct,rt"),
        ("/amd?visit=1%20a", "/amd?visit=1%20a#rc=2&rp=5xx,ct,rt"),
        ("/amd#rc=5", "/amd#rc=5&rp=5xx,ct,rt"),
    ] {
        let url = clinic.callback_url(path).unwrap();
        assert_eq!(url, format!("https://demo.clinspark.com{rest}"));
    }
    for path in [
        "",
        "hooks",
        "@evil.example/",
        ".evil.example/",
        "//evil.example",
        "/\\evil",
        "/a b",
        "/a?b c",
        "/a?%2",
        "/a?b\\c",
        "/a#rc=9",
        "/a#top",
    ] {
        let error = clinic.callback_url(path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{path}");
    }
}
