//! The ready consent gates, behind a messenger that receives signed webhooks.

use std::future::ready;
use std::sync::{Arc, Mutex};

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ErrorKind, MemoryConsentGate, Messenger, WithoutConsentGate,
    consent_gate_fn,
};
use clinspark_twilio::phone::E164;

use crate::{
    BODY, CALL_JSON, MESSAGE_JSON, TYPED, VOLUNTEER, builder, inbound_message, settings, signed,
    twiml,
};

fn volunteer() -> E164 {
    E164::parse(VOLUNTEER).unwrap()
}

fn messenger(transport: &FakeTransport, gate: impl ConsentGate) -> Messenger {
    let builder = builder(settings(), transport).consent_gate(gate);
    builder.build().unwrap()
}

/// Receives a message of the volunteer. The SID ends in `number`.
async fn receive(clinic: &Messenger, body: &str, number: u8) {
    let form = inbound_message(body, "");
    let sid = "SM00000000000000000000000000000006";
    let form = form.replace(sid, &format!("SM{number:032}"));
    clinic
        .receive(signed("/hooks/message", &form))
        .await
        .unwrap();
}

/// Returns the kinds of refusal of a text and a call.
async fn refusals(clinic: &Messenger) -> [Option<ErrorKind>; 2] {
    let text = clinic.text(TYPED, BODY).await;
    let call = clinic.call(TYPED, &twiml()).await;
    [
        text.err().map(|it| it.kind()),
        call.err().map(|it| it.kind()),
    ]
}

#[tokio::test]
async fn the_memory_gate_refuses_texts_and_calls_after_a_withdrawal() {
    for withdrawal in ["STOP", "Please+stop+texting+me"] {
        let gate = MemoryConsentGate::new();
        let clinic = messenger(&FakeTransport::new(), gate.clone());
        receive(&clinic, "See+you+at+9", 1).await;
        assert!(gate.consents(volunteer()));
        receive(&clinic, withdrawal, 2).await;
        receive(&clinic, "YES", 3).await;
        receive(&clinic, "HELP", 4).await;
        assert_eq!(refusals(&clinic).await, [Some(ErrorKind::Consent); 2]);
        assert!(!format!("{gate:?}").contains("570"), "{gate:?}");
    }
    // An opt-out that only Twilio knows.
    let transport = FakeTransport::new().reply(Reply::error(400, 21610));
    let clinic = messenger(&transport, MemoryConsentGate::new());
    let expected = [Some(ErrorKind::Client), Some(ErrorKind::Consent)];
    assert_eq!(refusals(&clinic).await, expected);
}

#[tokio::test]
async fn the_memory_gate_restores_consent_once_for_each_start() {
    let gate = MemoryConsentGate::new();
    let clinic = messenger(&FakeTransport::new(), gate.clone());
    for (body, number, consents) in [
        ("STOP", 1, false),
        ("START", 2, true),
        ("STOP", 3, false),
        // Twilio delivers the START again, or an attacker replays it.
        ("START", 2, false),
        ("UNSTOP", 4, true),
    ] {
        receive(&clinic, body, number).await;
        assert_eq!(gate.consents(volunteer()), consents, "{body} {number}");
    }
}

#[tokio::test]
async fn a_gate_of_two_functions_checks_and_records() {
    let record = Arc::new(Mutex::new(Vec::new()));
    let reader = Arc::clone(&record);
    let writer = Arc::clone(&record);
    let gate = consent_gate_fn(
        move |contact| {
            assert_eq!(contact.to, volunteer());
            ready(Ok(Consent::given_if(reader.lock().unwrap().is_empty())))
        },
        move |event| {
            writer.lock().unwrap().push(event.is_withdrawal());
            ready(Ok(()))
        },
    );
    let transport = FakeTransport::new()
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, CALL_JSON));
    // A gate may be shared.
    let gate: Arc<dyn ConsentGate> = Arc::new(gate);
    let clinic = messenger(&transport, gate);
    assert_eq!(refusals(&clinic).await, [None; 2]);
    receive(&clinic, "STOP", 1).await;
    assert_eq!(refusals(&clinic).await, [Some(ErrorKind::Consent); 2]);
    assert_eq!(*record.lock().unwrap(), [true]);
}

#[tokio::test]
async fn functions_that_fail_stop_the_text_and_the_webhook() {
    let gate = consent_gate_fn(
        |_| ready(Err("no database".into())),
        |_| ready(Err("no database".into())),
    );
    let clinic = messenger(&FakeTransport::new(), gate);
    assert_eq!(refusals(&clinic).await, [Some(ErrorKind::ConsentGate); 2]);
    let stop = signed("/hooks/message", &inbound_message("STOP", ""));
    let refusal = clinic.receive(stop).await.unwrap_err();
    assert_eq!(refusal.status(), 503);
}

#[tokio::test]
async fn without_a_gate_a_stop_stops_nothing() {
    let transport = FakeTransport::new()
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, CALL_JSON));
    let clinic = messenger(&transport, WithoutConsentGate);
    receive(&clinic, "STOP", 1).await;
    assert_eq!(refusals(&clinic).await, [None; 2]);
}
