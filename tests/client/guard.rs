//! Who may be reached from here.

use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall};
use clinspark_twilio::client::messages::{SendMessage, Sender};
use clinspark_twilio::client::{Delivery, ErrorKind, Outcome};
use clinspark_twilio::phone::{Callee, ClientIdentity, MessengerId, Recipient, SipUri};

use crate::support::{FROM, Recorder, TO, assert_debug_clean, fetch, number};

const STRANGER: &str = "+14155550199";

fn text(to: impl Into<Recipient>) -> SendMessage {
    SendMessage::new(to, Sender::Number(number(FROM)), "Hello")
}

fn call(to: impl Into<Callee>) -> PlaceCall {
    PlaceCall::new(to, number(FROM), InlineTwiml::from_xml("<Response/>"))
}

/// Whether a text and a call to each reach the transport.
async fn reached(delivery: Delivery) -> Vec<bool> {
    let recorder = Recorder::refusing();
    let client = recorder.client(delivery);
    let texts = [
        text(number(TO)),
        text(Recipient::WhatsApp(number(TO))),
        text(Recipient::Rcs(number(TO))),
        text(number(STRANGER)),
        text(Recipient::WhatsApp(number(STRANGER))),
        text(Recipient::Messenger(MessengerId::parse("1").unwrap())),
    ];
    let calls = [
        call(number(TO)),
        call(number(STRANGER)),
        call(Callee::Client(ClientIdentity::parse("ann").unwrap())),
        call(Callee::Sip(
            SipUri::parse("sip:+14155550123@clinic.example").unwrap(),
        )),
    ];
    let mut errors = Vec::new();
    for request in texts {
        errors.push(client.execute(&request).await.unwrap_err());
    }
    for request in calls {
        errors.push(client.execute(&request).await.unwrap_err());
    }
    let reached: Vec<bool> = errors
        .iter()
        .map(|error| {
            assert_eq!(*error.outcome(), Outcome::NotSent);
            error.kind() != ErrorKind::Guarded
        })
        .collect();
    assert_eq!(
        recorder.take().len(),
        reached.iter().filter(|r| **r).count()
    );
    reached
}

#[tokio::test]
async fn live_reaches_everybody() {
    assert_eq!(reached(Delivery::Live).await, [true; 10]);
}

#[tokio::test]
async fn only_reaches_its_numbers_on_any_channel() {
    let expected = [
        true, true, true, false, false, false, true, false, false, false,
    ];
    assert_eq!(reached(Delivery::only([number(TO)])).await, expected);
}

#[tokio::test]
async fn off_and_an_empty_list_reach_nobody() {
    assert_eq!(reached(Delivery::Off).await, [false; 10]);
    assert_eq!(reached(Delivery::only([])).await, [false; 10]);
}

#[tokio::test]
async fn reading_is_not_guarded() {
    let recorder = Recorder::answering([r#"{"sid": "SM00000000000000000000000000000001"}"#]);
    recorder
        .client(Delivery::Off)
        .execute(fetch())
        .await
        .unwrap();
    assert_eq!(recorder.take().len(), 1);
}

#[tokio::test]
async fn a_refusal_says_so_without_the_number() {
    let client = Recorder::refusing().client(Delivery::only([number(STRANGER)]));
    let error = client.execute(text(number(TO))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "SendMessage: it reaches somebody who is not among those of Delivery::Only; nothing was sent"
    );
    assert!(!error.may_repeat());
    assert_debug_clean(&error);
    let client = Recorder::refusing().client(Delivery::Off);
    let error = client.execute(call(number(TO))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "PlaceCall: delivery is off here (Delivery::Off); nothing was sent"
    );
}
