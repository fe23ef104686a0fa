//! Distinction of the kinds of webhooks.
//!
//! Covered are parameters that a Voice SDK client adds to its call, webhooks that this version does
//! not know, and arbitrary forms.

use std::borrow::Cow;
use std::collections::BTreeMap;

use clinspark_twilio::types::{AuthToken, Method};
use clinspark_twilio::webhook::{
    AmdStatusCallback, ConferenceStatusCallback, DebuggerEvent, InboundCall, InboundMessage,
    IntelligenceCallback, MessageFallback, MessageStatusCallback, PayStatusCallback, Payload,
    PayloadErrorKind, PublicOrigin, RealTimeTranscription, RecordingStatusCallback, ReplayKey,
    SIGNATURE_HEADER, SignatureError, SignatureErrorKind, StreamStatusCallback, Validator,
    Verified, WebhookEvent,
};
use http::{HeaderValue, Request};
use proptest::prelude::*;

use crate::documented::{ACCOUNT, CALL, MESSAGE_STATUS, RECORDING, SMS, documented};

fn validator() -> Validator {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin).methods([Method::Post, Method::Get])
}

fn verified(form: &str) -> Verified<String> {
    verify(form).unwrap()
}

fn verify(form: &str) -> Result<Verified<String>, SignatureError> {
    let mut request = Request::post("/hook")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .unwrap();
    let signature = HeaderValue::from_str(&validator().sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator().verify(request)
}

/// Verifies a form, or returns `None` if the validator refuses it because it differs from Twilio's.
fn admitted(form: &str) -> Option<Verified<String>> {
    match verify(form) {
        Ok(verified) => Some(verified),
        Err(error) => {
            assert_eq!(error.kind(), SignatureErrorKind::AmbiguousForm, "{form}");
            None
        }
    }
}

fn event(form: &str) -> WebhookEvent {
    verified(form).parse().unwrap()
}

fn name(event: &WebhookEvent) -> String {
    let shown = format!("{event:?}");
    shown.split('(').next().unwrap().to_owned()
}

#[test]
fn each_documented_webhook_is_recognised() {
    for (form, wanted) in documented() {
        assert_eq!(name(&event(&form)), wanted, "{form}");
        // The same parameters by GET.
        let mut request = Request::get(format!("/hook?{form}")).body("").unwrap();
        let signature = HeaderValue::from_str(&validator().sign(&request)).unwrap();
        request.headers_mut().insert(SIGNATURE_HEADER, signature);
        let by_get: WebhookEvent = validator().verify(request).unwrap().parse().unwrap();
        assert_eq!(name(&by_get), wanted, "{form}");
    }
}

/// Key of a form. The status callback of a call has it at its own path.
fn key_of(form: &str) -> Option<ReplayKey> {
    let verified = verified(form);
    match verified.parse().unwrap() {
        WebhookEvent::CallStatusCallback(callback) => Some(ReplayKey::from(&*callback)),
        _ => ReplayKey::of(&verified),
    }
}

#[test]
fn keys_are_unique_and_a_retry_keeps_its_key() {
    let mut keys = BTreeMap::new();
    let sid = |form: &str, n: usize| form.replace("00000000001", &format!("0000000{n:04}"));
    for n in [1, 2] {
        for (form, kind) in documented() {
            let form = sid(&form, n);
            let key = key_of(&form);
            let has_key = [
                "InboundMessage",
                "MessageFallback",
                "MessageStatusCallback",
                "CallStatusCallback",
                "RecordingStatusCallback",
            ];
            assert_eq!(key.is_some(), has_key.contains(&kind), "{form}");
            assert_eq!(key, key_of(&form), "{form}");
            if let Some(key) = key {
                keys.entry(key).or_insert_with(Vec::new).push(form);
            }
        }
        let fields = "CallbackSource=call-progress-events&SequenceNumber";
        for number in 0..4 {
            let form = sid(&format!("{CALL}&{fields}={number}"), n).replace("ringing", "busy");
            let key = key_of(&form).unwrap();
            keys.entry(key).or_default().push(form);
        }
        for status in ["queued", "sent", "undelivered", "read", "teleported"] {
            let form = sid(&MESSAGE_STATUS.replace("MessageStatus=delivered", ""), n);
            let form = format!("{form}&MessageStatus={status}");
            let key = key_of(&form).unwrap();
            keys.entry(key).or_default().push(form);
        }
        for status in ["in-progress", "absent"] {
            let form = sid(
                &format!("{ACCOUNT}&{RECORDING}&RecordingStatus={status}"),
                n,
            );
            let key = ReplayKey::of(&verified(&form)).unwrap();
            keys.entry(key).or_default().push(form);
        }
    }
    for (key, forms) in keys {
        // The samples hold one inbound message in several forms and at its fallback URL. They also
        // hold one delivered status, one end of a call and one recording twice each.
        let one = |form: &String, name: &str| {
            form.split('&')
                .find_map(|pair| pair.strip_prefix(name))
                .map(str::to_owned)
        };
        for name in [
            "MessageSid=",
            "MessageStatus=",
            "CallStatus=",
            "RecordingStatus=",
        ] {
            assert_eq!(
                one(&forms[0], name),
                one(&forms[forms.len() - 1], name),
                "{key:?}"
            );
        }
    }
}

/// Parameters that a client may add: names of every kind, with plausible values.
const ADDED: [&str; 52] = [
    "MessageSid=SM00000000000000000000000000000009",
    "MessageSid=MM00000000000000000000000000000009",
    "SmsSid=SM00000000000000000000000000000009",
    "MessageStatus=undelivered",
    "MessageStatus=delivered",
    "SmsStatus=received",
    "ErrorCode=21610",
    "Body=STOP",
    "OptOutType=STOP",
    "NumMedia=0",
    "MessagingServiceSid=MG00000000000000000000000000000009",
    "ErrorUrl=https%3A%2F%2Fevil.example",
    "CallSid=",
    "ParentCallSid=",
    "RecordingSid=RE00000000000000000000000000000009",
    "RecordingStatus=completed",
    "RecordingUrl=https%3A%2F%2Fevil.example",
    "TranscriptionSid=TR00000000000000000000000000000009",
    "TranscriptionStatus=completed",
    "StreamSid=MZ00000000000000000000000000000009",
    "StreamEvent=stream-stopped",
    "ConferenceSid=CF00000000000000000000000000000009",
    "StatusCallbackEvent=conference-end",
    "Sid=NO00000000000000000000000000000009",
    "PayloadType=application%2Fjson",
    "Payload=%7B%7D",
    "Level=Error",
    "AnsweredBy=human",
    "CallbackSource=call-progress-events",
    "SequenceNumber=1",
    "CallDuration=5",
    "DialCallStatus=completed",
    "QueueResult=bridged",
    "Digits=1",
    "TranscriptionSid=GT00000000000000000000000000000009",
    "TranscriptionEvent=transcription-content",
    "TranscriptionData=%7B%22transcript%22%3A%22yes%22%7D",
    "SequenceId=1",
    "SiprecSid=SR00000000000000000000000000000009",
    "SiprecEvent=siprec-stopped",
    "For=payment-processing",
    "Required=",
    "Capture=security-code",
    "PaymentSid=PK00000000000000000000000000000009",
    "Result=success",
    "PaymentToken=tok_9",
    "VirtualAgentStatus=completed",
    "ReferTransferTarget=sip%3Aevil%40evil.example",
    "ReferSipResponseCode=202",
    "transcript_sid=GT00000000000000000000000000000009",
    "account_sid=AC00000000000000000000000000000009",
    "service_sid=GA00000000000000000000000000000009",
];

fn is<P: Payload>(verified: &Verified<String>) -> bool {
    verified.parse::<P>().is_ok()
}

#[test]
fn a_voice_client_cannot_opt_anyone_out() {
    let forged = "MessageSid=SM00000000000000000000000000000001&MessageStatus=undelivered\
                  &ErrorCode=21610";
    for call in [
        CALL.to_owned(),
        CALL.replace("&CallSid=", "&CallSid=&CallSid="),
    ] {
        let verified = verified(&format!("{forged}&{call}"));
        let error = verified.parse::<MessageStatusCallback>().unwrap_err();
        assert_eq!(*error.kind(), PayloadErrorKind::OtherKind("CallSid"));
        assert_eq!(ReplayKey::of(&verified), None);
    }
    let WebhookEvent::InboundCall(call) = event(&format!("{forged}&{CALL}")) else {
        panic!("a call is a call");
    };
    assert_eq!(call.extra("MessageStatus"), Some("undelivered"));
}

#[test]
fn an_empty_parent_is_absent() {
    let InboundCall { call, .. } = verified(&format!("{CALL}&ParentCallSid=")).parse().unwrap();
    assert_eq!(call.parent_call_sid, None);
}

#[test]
fn a_stop_whose_body_became_a_name_is_not_a_message() {
    let stop = SMS.replace("Body=hi", "Body=STOP");
    for split in ["BodySTOP=", "BodyST=OP", "BodySTOPFrom=%2B14155550123&X="] {
        let form = stop.replace("Body=STOP", split);
        let error = verified(&form).parse::<InboundMessage>().unwrap_err();
        assert_eq!(*error.kind(), PayloadErrorKind::Missing("Body"), "{split}");
    }
    let swallowed = stop
        .replace("&Body=STOP", "")
        .replace("ApiVersion=2010-04-01", "ApiVersion=2010-04-01BodySTOP");
    let error = verified(&swallowed).parse::<InboundMessage>().unwrap_err();
    assert_eq!(*error.kind(), PayloadErrorKind::Missing("Body"));
}

#[test]
fn an_undetectable_split_keeps_its_key() {
    let cancel = SMS.replace("Body=hi", "Body=CANCEL");
    let mut request = Request::post("/hook")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(cancel.replace("Body=CANCEL", "Body=&CANCEL="))
        .unwrap();
    let original = verified(&cancel);
    let signature = original.request().headers()[SIGNATURE_HEADER].clone();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let replayed = validator().verify(request).unwrap();
    assert_eq!(replayed.parameter("Body").as_deref(), Some(""));
    assert_eq!(ReplayKey::of(&replayed), ReplayKey::of(&original));
}

/// Name and value like Twilio's, or similar, or arbitrary.
fn pair() -> impl Strategy<Value = String> {
    let pairs: Vec<String> = documented()
        .iter()
        .flat_map(|(form, _)| form.split('&').map(str::to_owned).collect::<Vec<_>>())
        .chain(ADDED.map(str::to_owned))
        .filter(|pair| !pair.is_empty())
        .collect();
    let name = |pair: &str| pair.split('=').next().unwrap().to_owned();
    let names: Vec<String> = pairs.iter().map(|pair| name(pair)).collect();
    prop_oneof![
        4 => proptest::sample::select(pairs),
        1 => (proptest::sample::select(names), "[ -~]{0,40}")
            .prop_map(|(name, value)| format!("{name}={}", value.replace(['&', ' '], "+"))),
        1 => "[B-Z_a-z][ -%'-~]{0,12}".prop_map(|pair| pair.replace(' ', "+")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_call_stays_a_call_whatever_its_client_adds(
        added in proptest::collection::vec(proptest::sample::select(&ADDED[..]), 0..16),
        in_front in any::<bool>(),
        is_over in any::<bool>(),
    ) {
        let added = added.join("&");
        let call = if is_over { CALL.replace("ringing", "completed") } else { CALL.to_owned() };
        let form = if in_front { format!("{added}&{call}") } else { format!("{call}&{added}") };
        let verified = verified(&form);

        prop_assert!(!is::<InboundMessage>(&verified));
        prop_assert!(!is::<MessageStatusCallback>(&verified));
        prop_assert!(!is::<MessageFallback>(&verified));
        prop_assert!(!is::<DebuggerEvent>(&verified));
        prop_assert!(!is::<RecordingStatusCallback>(&verified));
        prop_assert!(!is::<StreamStatusCallback>(&verified));
        prop_assert!(!is::<ConferenceStatusCallback>(&verified));
        prop_assert!(!is::<AmdStatusCallback>(&verified));
        prop_assert!(!is::<RealTimeTranscription>(&verified));
        prop_assert!(!is::<PayStatusCallback>(&verified));
        prop_assert!(!is::<IntelligenceCallback>(&verified));
        let event: WebhookEvent = verified.parse().unwrap();
        let callbacks = [
            "InboundMessage", "MessageStatusCallback", "MessageFallback", "DebuggerEvent",
            "RecordingStatusCallback", "StreamStatusCallback", "ConferenceStatusCallback",
            "AmdStatusCallback", "RealTimeTranscription", "PayStatusCallback",
            "IntelligenceCallback",
        ];
        prop_assert!(!callbacks.contains(&name(&event).as_str()), "{form}");
        // Twilio chooses the token of such a key, and the signature covers the URL.
        if let Some(key) = ReplayKey::of(&verified) {
            prop_assert!(key.as_str().starts_with("request-"), "{key:?}");
        }
    }

    #[test]
    fn any_form_is_an_event_and_loses_nothing(
        pairs in proptest::collection::vec(pair(), 0..40),
    ) {
        let Some(verified) = admitted(&pairs.join("&")) else { return Ok(()) };
        let event = verified.parse::<WebhookEvent>();
        prop_assert!(event.is_ok());
        if let WebhookEvent::Other(extra) = event.unwrap() {
            let all: Vec<_> = verified.parameters().collect();
            let kept: Vec<_> = extra.iter().map(|(n, v)| (Cow::from(n), Cow::from(v))).collect();
            prop_assert_eq!(kept, all.clone());
            // `Debug` shows their number only.
            let shown = format!("{extra:?}");
            prop_assert_eq!(shown, format!("ExtraParameters({} parameters)", all.len()));
        }
    }

    #[test]
    fn a_form_read_as_a_report_has_the_key_of_that_report(
        pairs in proptest::collection::vec(pair(), 0..24),
        base in proptest::sample::select(documented()),
    ) {
        let form = format!("{}&{}", base.0, pairs.join("&"));
        let Some(verified) = admitted(&form) else { return Ok(()) };
        let key = ReplayKey::of(&verified);
        if let Ok(message) = verified.parse::<InboundMessage>() {
            prop_assert_eq!(&key, &Some(ReplayKey::from(&message)));
        }
        if let Ok(callback) = verified.parse::<MessageStatusCallback>() {
            prop_assert_eq!(&key, &Some(ReplayKey::from(&callback)));
        }
        if let Ok(callback) = verified.parse::<RecordingStatusCallback>() {
            prop_assert_eq!(&key, &Some(ReplayKey::from(&callback)));
        }
    }
}
