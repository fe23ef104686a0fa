//! `Delivery`: recipients that a client may reach.

use std::collections::BTreeSet;

use clinspark_twilio::client::caller_ids::VerifyCallerId;
use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall, RedirectCall};
use clinspark_twilio::client::conferences::{AddParticipant, ConferenceRef};
use clinspark_twilio::client::messages::{SendMessage, Sender};
use clinspark_twilio::client::{Delivery, ErrorKind, Outcome, Request};
use clinspark_twilio::phone::{Callee, ClientIdentity, MessengerId, Recipient, SipUri};
use clinspark_twilio::twiml;
use clinspark_twilio::types::CallSid;

use crate::operations::{self, Operation, Visit};
use crate::support::{FROM, Recorder, TO, assert_debug_clean, fetch, number};

const STRANGER: &str = "+14155550199";

fn text(to: impl Into<Recipient>) -> SendMessage {
    SendMessage::new(to, Sender::Number(number(FROM)), "Hello")
}

fn call(to: impl Into<Callee>) -> PlaceCall {
    PlaceCall::new(to, number(FROM), InlineTwiml::from_xml("<Response/>"))
}

/// Returns whether a text and a call to each recipient reach the transport.
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
            error.kind() != ErrorKind::Blocked
        })
        .collect();
    assert_eq!(
        recorder.take().len(),
        reached.iter().filter(|r| **r).count()
    );
    reached
}

#[tokio::test]
async fn live_permits_every_recipient() {
    assert_eq!(reached(Delivery::Live).await, [true; 10]);
}

#[tokio::test]
async fn only_permits_its_numbers_on_any_channel() {
    let expected = [
        true, true, true, false, false, false, true, false, false, false,
    ];
    assert_eq!(reached(Delivery::only([number(TO)])).await, expected);
}

#[tokio::test]
async fn off_and_an_empty_list_permit_no_recipient() {
    assert_eq!(reached(Delivery::Off).await, [false; 10]);
    assert_eq!(reached(Delivery::only([])).await, [false; 10]);
}

#[tokio::test]
async fn reads_are_permitted() {
    let recorder = Recorder::answering([r#"{"sid": "SM00000000000000000000000000000001"}"#]);
    recorder
        .client(Delivery::Off)
        .execute(fetch())
        .await
        .unwrap();
    assert_eq!(recorder.take().len(), 1);
}

#[tokio::test]
async fn a_refusal_does_not_quote_the_number() {
    let client = Recorder::refusing().client(Delivery::only([number(STRANGER)]));
    let error = client.execute(text(number(TO))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "SendMessage: the request would reach a person who is not listed in Delivery::Only; \
         nothing was sent"
    );
    assert!(!error.is_retryable());
    assert_debug_clean(&error);
    let client = Recorder::refusing().client(Delivery::Off);
    let error = client.execute(call(number(TO))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "PlaceCall: texts and calls are disabled for this client (Delivery::Off); nothing was sent"
    );
}

/// Returns `true` if a call to the only permitted number with this TwiML is refused.
async fn is_refused(delivery: Delivery, twiml: &str) -> bool {
    let recorder = Recorder::refusing();
    let call = PlaceCall::new(number(TO), number(FROM), InlineTwiml::from_xml(twiml));
    let error = recorder.client(delivery).execute(call).await.unwrap_err();
    assert_debug_clean(&error);
    let refused = error.kind() == ErrorKind::Blocked;
    assert_eq!(refused, recorder.take().is_empty(), "{twiml}: {error}");
    refused
}

/// New instructions of a running call reach those whom their TwiML dials.
#[tokio::test]
async fn a_redirected_call_must_not_dial_others() {
    let call = CallSid::parse("CA00000000000000000000000000000001").unwrap();
    for (twiml, delivery, is_blocked) in [
        (
            "<Dial>+14155550199</Dial>",
            Delivery::only([number(TO)]),
            true,
        ),
        (
            "<Dial>+14155550123</Dial>",
            Delivery::only([number(TO)]),
            false,
        ),
        ("<Dial>+14155550123</Dial>", Delivery::Off, true),
        ("<Say>Goodbye.</Say>", Delivery::Off, false),
        // The other party of a call in progress is unknown.
        ("<Sms>Hello</Sms>", Delivery::Off, true),
        ("<Sms>Hello</Sms>", Delivery::only([number(TO)]), true),
        ("<Gather><Sms/></Gather>", Delivery::Off, true),
        (
            "<Sms to=\"+14155550123\">Hello</Sms>",
            Delivery::only([number(TO)]),
            false,
        ),
        ("<Sms>Hello</Sms>", Delivery::Live, false),
        ("<Dial>+14155550199</Dial>", Delivery::Live, false),
    ] {
        let recorder = Recorder::refusing();
        let twiml = InlineTwiml::from_xml(format!("<Response>{twiml}</Response>"));
        let redirect = RedirectCall::new(call, twiml);
        let error = recorder
            .client(delivery)
            .execute(redirect)
            .await
            .unwrap_err();
        assert_eq!(error.kind() == ErrorKind::Blocked, is_blocked, "{error}");
        assert_eq!(recorder.take().is_empty(), is_blocked, "{error}");
    }
}

/// A copy of production must not connect a waiting volunteer.
#[tokio::test]
async fn twiml_that_may_connect_others_is_refused() {
    let only = || Delivery::only([number(TO)]);
    for inside in [
        "<Dial><Queue>visits</Queue></Dial>",
        "<Dial><Conference>PLANTED</Conference></Dial>",
        "<Dial>+14155550199</Dial>",
        "<Dial><Number>+14155550199</Number></Dial>",
        "<Dial><Client>ann</Client></Dial>",
        "<Dial><Sip>sip:ann@clinic.example</Sip></Dial>",
        "<Enqueue>visits</Enqueue>",
        "<Connect><Conversation serviceInstanceSid=\"IS1\"/></Connect>",
        "<Connect><Room>visit</Room></Connect>",
        "<Connect><VirtualAgent connectorName=\"a\"/></Connect>",
        "<Connect><ConversationRelay url=\"wss://clinic.example\"/></Connect>",
        "<Connect><Assistant id=\"a\"/></Connect>",
        "<Connect><Autopilot>UA1</Autopilot></Connect>",
        "<Refer><Sip>sip:ann@clinic.example</Sip></Refer>",
        "<Sms to=\"+14155550199\">Hello</Sms>",
        "<Message to=\"+14155550199\">Hello</Message>",
        "<x:Dial xmlns:x=\"urn:x\">+14155550199</x:Dial>",
        "<dial>+14155550199</dial>",
        "<DIAL>+14155550199</DIAL>",
        "<Bridge>+14155550199</Bridge>",
        "<Gather><Enqueue>visits</Enqueue></Gather>",
    ] {
        let twiml = format!("<Response><Say>Hello</Say>{inside}</Response>");
        assert!(is_refused(only(), &twiml).await, "{inside}");
        assert!(is_refused(Delivery::Off, &twiml).await, "{inside}");
        assert!(!is_refused(Delivery::Live, &twiml).await, "{inside}");
    }
    for inside in [
        "",
        "<Say voice=\"alice\">Hello <break/> <say-as interpret-as=\"date\">2026</say-as></Say>",
        "<Gather action=\"https://clinic.example/x\"><Play>https://clinic.example/a.mp3</Play></Gather>",
        "<Dial>+14155550123</Dial><Hangup/>",
        "<Dial><Number>+14155550123</Number></Dial>",
        "<Connect><Stream url=\"wss://clinic.example\"><Parameter name=\"a\" value=\"b\"/></Stream></Connect>",
        "<Start><Recording/></Start><Record/>",
        "<Sms>Hello</Sms><Sms to=\"+14155550123\">Hello</Sms>",
        "<!-- <Dial/> --><Pause/>",
    ] {
        let twiml = format!("<Response>{inside}</Response>");
        assert!(!is_refused(only(), &twiml).await, "{inside}");
    }
    assert!(is_refused(only(), "<Response><Dial>").await);
    // Readers of XML differ here, so the document may dial anyone.
    for twiml in [
        "<!DOCTYPE r [<!ENTITY n \"+14155550199\">]><Response><Dial>&n;</Dial></Response>",
        "<Response><Sms to=\"+14155550123\" to=\"+14155550199\">Hello</Sms></Response>",
        "<Response/><Response><Dial>+14155550199</Dial></Response>",
        "<Response><Dial>+14155550123</Dial></Response><Dial>+14155550199</Dial>",
        "<Response><Dial>+1415555<!-- -->0199</Dial></Response>",
        "<Response><Dial><![CDATA[+14155550199]]></Dial></Response>",
        "<Response><Dial>&#43;14155550199</Dial></Response>",
        "<Response><Dial>+14155550123,+14155550199</Dial></Response>",
        "<Response><Dial>+14155550123<Number>+14155550199</Number></Dial></Response>",
        "<Response><Say><Dial>+14155550199</Dial></Say></Response>",
        "<Response><xi:include href=\"https://clinic.example/dial.xml\"/></Response>",
        "\u{feff}<Response><Dial>+14155550199</Dial></Response>",
        "<?xml version=\"1.1\"?><Response><Dial>+14155550199</Dial></Response>",
        "<Response\u{a0}><Dial>+14155550199</Dial></Response>",
    ] {
        assert!(is_refused(only(), twiml).await, "{twiml}");
    }
    let deep = format!(
        "<Response>{}<Dial>+14155550199</Dial>",
        "<Gather>".repeat(100_000)
    );
    assert!(is_refused(only(), &deep).await);
}

/// Of all TwiML elements, only these are known to reach no one else.
#[tokio::test]
async fn elements_are_refused_unless_they_reach_no_one_else() {
    let only = || Delivery::only([number(TO)]);
    let mut permitted = Vec::new();
    for element in twiml::ELEMENTS {
        let twiml = format!(
            "<Response><{name}>https://clinic.example</{name}></Response>",
            name = element.tag
        );
        if !is_refused(only(), &twiml).await {
            permitted.push(element.tag);
        }
    }
    permitted.sort_unstable();
    permitted.dedup();
    let expected = [
        "Config",
        "Connect",
        "Gather",
        "Hangup",
        "Leave",
        "Parameter",
        "Pause",
        "Pay",
        "Play",
        "Prompt",
        "Record",
        "Recording",
        "Redirect",
        "Reject",
        "Say",
        "Siprec",
        "Sms",
        "Start",
        "Stop",
        "Stream",
        "Transcription",
        "break",
        "emphasis",
        "lang",
        "p",
        "phoneme",
        "prosody",
        "s",
        "say-as",
        "sub",
        "w",
    ];
    assert_eq!(permitted, expected);
}

/// Runs every request of the catalogue, and collects those that the guard blocks.
struct Blocked {
    delivery: Delivery,
    names: BTreeSet<&'static str>,
}

impl Visit for Blocked {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        let recorder = Recorder::refusing();
        let client = recorder.client(self.delivery.clone());
        let error = client.execute(request).await.err().unwrap();
        let blocked = error.kind() == ErrorKind::Blocked;
        assert_eq!(blocked, recorder.take().is_empty(), "{}", operation.case);
        if blocked {
            self.names.insert(operation.name);
        }
    }
}

/// Requests that reach a person. A new request must be added here, or reach no one.
const REACHING: &[&str] = &[
    "AddParticipant",
    "AnnounceToConference",
    "AnnounceToParticipant",
    "ConnectQueueMember",
    "CreateBrand",
    "PlaceCall",
    "SendBrandPasscode",
    "SendMessage",
    "UpdateBrand",
    "UpdateParticipant",
    "VerifyCallerId",
];

#[tokio::test]
async fn every_request_that_reaches_a_person_asks_the_guard() {
    for delivery in [Delivery::Off, Delivery::only([number(STRANGER)])] {
        let mut blocked = Blocked {
            delivery,
            names: BTreeSet::new(),
        };
        operations::every(&mut blocked).await;
        let names: Vec<_> = blocked.names.into_iter().collect();
        assert_eq!(names, REACHING);
    }
    let mut live = Blocked {
        delivery: Delivery::Live,
        names: BTreeSet::new(),
    };
    operations::every(&mut live).await;
    assert!(live.names.is_empty(), "{:?}", live.names);
}

/// A permitted callee does not suffice where the client does not know who else is reached.
#[tokio::test]
async fn a_permitted_callee_is_not_connected_with_unknown_people() {
    let only = || Delivery::only([number(TO)]);
    let recorder = Recorder::refusing();
    let conference = ConferenceRef::name("visit-17");
    let add = AddParticipant::new(conference, number(TO), number(FROM));
    let error = recorder.client(only()).execute(add).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked);
    assert!(recorder.take().is_empty());
    let verify = VerifyCallerId::new(number(TO));
    let error = recorder.client(only()).execute(verify).await.unwrap_err();
    assert_ne!(error.kind(), ErrorKind::Blocked);
    assert_eq!(recorder.take().len(), 1);
}

#[tokio::test]
async fn a_conference_name_stays_in_its_segment_of_the_path() {
    for name in ["", ".", "..", "a/../../Messages", "a\\b", "a;b", "a\nb"] {
        let recorder = Recorder::refusing();
        let add = AddParticipant::new(ConferenceRef::name(name), number(TO), number(FROM));
        assert_debug_clean(&add);
        let error = recorder
            .client(Delivery::Live)
            .execute(add)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{name}");
        assert!(recorder.take().is_empty());
    }
    let recorder = Recorder::refusing();
    let name = ConferenceRef::name("visit 17?x=1#%2e.json");
    let add = AddParticipant::new(name, number(TO), number(FROM));
    let client = recorder.client(Delivery::Live);
    client.execute(add).await.unwrap_err();
    let [seen] = recorder.take().try_into().ok().unwrap();
    let expected = "/Conferences/visit%2017%3Fx%3D1%23%252e%2Ejson/Participants.json";
    assert!(seen.path.ends_with(expected), "{}", seen.path);
    assert!(seen.query.is_empty());
}
