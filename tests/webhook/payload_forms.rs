//! Payloads as Twilio sends them, read from verified requests.

use std::time::Duration;

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::phone::{Address, E164, WithheldReason};
use clinspark_twilio::types::{
    AnsweredBy, AuthToken, CallDirection, CallStatus, MessageStatus, Method, Redacted,
};
use clinspark_twilio::webhook::{
    CallStatusCallback, GatherResult, InboundCall, InboundMessage, MessageStatusCallback,
    OptOutType, Payload, PayloadErrorKind, PublicOrigin, SIGNATURE_HEADER, StirVerstat, Validator,
    Verified,
};
use http::{HeaderValue, Request};

const SMS: &str = "ToCountry=US&ToState=&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0\
    &ToCity=&FromZip=94105&SmsSid=SM00000000000000000000000000000001&FromState=CA\
    &SmsStatus=received&FromCity=SAN+FRANCISCO&Body=Yes%2C+see+you&FromCountry=US\
    &To=%2B14155550199&MessagingServiceSid=MG00000000000000000000000000000001&ToZip=\
    &NumSegments=2&MessageSid=SM00000000000000000000000000000001\
    &AccountSid=AC00000000000000000000000000000001&From=%2B14155550123&ApiVersion=2010-04-01";

const CALL: &str = "CallSid=CA00000000000000000000000000000001&ApiVersion=2010-04-01\
    &AccountSid=AC00000000000000000000000000000001&CallStatus=ringing&Direction=inbound\
    &From=%2B14155550123&Caller=%2B14155550123&To=%2B14155550199&Called=%2B14155550199\
    &FromCity=&FromState=CA&FromCountry=US&CallerState=CA&CallerCountry=US";

fn validator() -> Validator {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin)
}

fn verified(form: &str) -> Verified<String> {
    let mut request = Request::post("/hook")
        .header(
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        )
        .body(form.to_owned())
        .unwrap();
    let signature = HeaderValue::from_str(&validator().sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator().verify(request).unwrap()
}

#[track_caller]
fn read<P: Payload>(forms: &[&str]) -> P {
    verified(&forms.concat()).parse().unwrap()
}

#[track_caller]
fn fault<P: Payload + std::fmt::Debug>(form: &str) -> PayloadErrorKind {
    verified(form).parse::<P>().unwrap_err().kind().clone()
}

fn phone(text: &str) -> Address {
    Address::Phone(E164::parse(text).unwrap())
}

fn hidden(text: &str) -> Option<Redacted<String>> {
    Some(Redacted::new(text.to_owned()))
}

#[test]
fn a_text_message() {
    let message: InboundMessage = read(&[SMS]);
    assert_eq!(
        message.message_sid.as_str(),
        "SM00000000000000000000000000000001"
    );
    assert_eq!(
        message.account_sid.as_str(),
        "AC00000000000000000000000000000001"
    );
    let service = message.messaging_service_sid.unwrap();
    assert_eq!(service.as_str(), "MG00000000000000000000000000000001");
    assert_eq!(message.from, phone("+14155550123"));
    assert_eq!(message.to, phone("+14155550199"));
    assert_eq!(message.body.expose(), "Yes, see you");
    assert_eq!(message.num_segments, 2);
    assert_eq!(message.media, []);
    assert_eq!(message.opt_out_type, None);
    assert_eq!(message.from_place.city, hidden("SAN FRANCISCO"));
    assert_eq!(message.from_place.country.as_deref(), Some("US"));
    assert_eq!(message.to_place.city, None, "an empty text is absent");
    let rest: Vec<_> = message.extras().iter().collect();
    assert_eq!(
        rest,
        [("SmsStatus", "received"), ("ApiVersion", "2010-04-01")]
    );
}

#[test]
fn a_text_message_by_get() {
    let mut request = Request::get(format!("/hook?{SMS}"))
        .body(String::new())
        .unwrap();
    let signature = HeaderValue::from_str(&validator().sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let by_get = validator().methods([Method::Get]);
    let verified = by_get.verify(request).unwrap();
    assert_eq!(verified.parameter("Body").as_deref(), Some("Yes, see you"));
    assert_eq!(
        verified.parse::<InboundMessage>().unwrap(),
        read::<InboundMessage>(&[SMS])
    );
}

#[test]
fn media_opt_out_and_unknown_parameters() {
    let sms = SMS.replace("NumMedia=0", "NumMedia=2");
    let message: InboundMessage = read(&[
        &sms,
        "&MediaUrl0=https%3A%2F%2Fapi.example%2F0&MediaContentType0=image%2Fjpeg",
        "&MediaUrl1=https%3A%2F%2Fapi.example%2F1&OptOutType=STOP&Novelty=42&Novelty=42",
    ]);
    let media: Vec<_> = message
        .media
        .iter()
        .map(|m| (m.url.expose().as_str(), m.content_type.as_deref()))
        .collect();
    assert_eq!(
        media,
        [
            ("https://api.example/0", Some("image/jpeg")),
            ("https://api.example/1", None)
        ]
    );
    assert_eq!(message.opt_out_type, Some(OptOutType::Stop));
    assert_eq!(message.extra("Novelty"), Some("42"));
    assert_eq!(message.extra("MediaUrl0"), None, "a field holds it");
}

#[test]
fn a_whatsapp_message() {
    let message: InboundMessage = read(&[
        "MessageSid=SM00000000000000000000000000000002&AccountSid=AC00000000000000000000000000000001",
        "&From=whatsapp%3A%2B14155550123&To=whatsapp%3A%2B14155550199&Body=&ProfileName=Ann&WaId=14155550123",
        "&ButtonText=Confirm&ButtonPayload=yes&ButtonType=REPLY&Latitude=51.5&Longitude=-0.1&Label=Clinic",
        "&Forwarded=true&ReferralSourceId=7&ReferralNumMedia=0&MessageType=button",
        "&OriginalRepliedMessageSid=SM00000000000000000000000000000009",
    ]);
    assert_eq!(
        message.from,
        Address::WhatsApp(E164::parse("+14155550123").unwrap())
    );
    assert_eq!(message.body.expose(), "");
    assert_eq!(message.num_segments, 1);
    assert_eq!(message.profile_name, hidden("Ann"));
    let button = message.button.as_ref().unwrap();
    assert_eq!(button.text.expose(), "Confirm");
    assert_eq!(button.payload, hidden("yes"));
    let location = message.location.as_ref().unwrap();
    assert_eq!(location.latitude.expose(), "51.5");
    assert_eq!(location.label, hidden("Clinic"));
    assert_eq!(message.forwarded, Some(true));
    assert_eq!(message.referral.as_ref().unwrap().num_media, Some(0));
    assert_eq!(message.message_type.as_deref(), Some("button"));
}

#[test]
fn a_message_status() {
    let callback: MessageStatusCallback = read(&[
        "SmsSid=SM00000000000000000000000000000001&SmsStatus=undelivered&MessageStatus=undelivered",
        "&To=%2B14155550123&MessageSid=SM00000000000000000000000000000001&ErrorCode=30005",
        "&AccountSid=AC00000000000000000000000000000001&From=%2B14155550199&RawDlrDoneDate=2611031020",
    ]);
    assert_eq!(callback.status, MessageStatus::Undelivered);
    assert_eq!(callback.error_code, Some(ErrorCode::UNKNOWN_HANDSET));
    assert_eq!(callback.to, Some(phone("+14155550123")));
    assert_eq!(callback.raw_dlr_done_date.as_deref(), Some("2611031020"));
    assert_eq!(callback.extras().iter().count(), 0);

    let newer: MessageStatusCallback = read(&[
        "MessageSid=MM00000000000000000000000000000001&MessageStatus=teleported&ErrorCode=",
        "&AccountSid=AC00000000000000000000000000000001&To=",
    ]);
    assert_eq!(newer.status.as_str(), "teleported");
    assert_eq!(
        (newer.error_code, newer.to.as_ref(), newer.from.as_ref()),
        (None, None, None)
    );
}

#[test]
fn a_call() {
    let InboundCall { call, .. } = read(&[
        CALL,
        "&StirVerstat=TN-Validation-Passed-A-Passthrough&ForwardedFrom=%2B14155550177",
        "&SipHeader_X-Room=7&CallerName=ANN&AnsweredBy=machine_start&MachineDetectionDuration=2500",
    ]);
    assert_eq!(call.call_sid.as_str(), "CA00000000000000000000000000000001");
    assert_eq!(call.from, phone("+14155550123"));
    assert_eq!(call.status, CallStatus::Ringing);
    assert_eq!(call.direction, CallDirection::Inbound);
    assert!(call.stir_verstat.as_ref().unwrap().vouches());
    assert!(!StirVerstat::from("TN-Validation-Failed-A").vouches());
    assert_eq!(call.forwarded_from, Some(phone("+14155550177")));
    assert_eq!(
        call.sip.headers,
        [("X-Room".to_owned(), Redacted::new("7".to_owned()))]
    );
    assert_eq!(call.caller_name, hidden("ANN"));
    assert_eq!(call.answered_by, Some(AnsweredBy::MachineStart));
    assert_eq!(
        call.machine_detection_duration,
        Some(Duration::from_millis(2500))
    );
}

#[test]
fn a_withheld_caller_is_not_a_number() {
    for (from, withheld) in [
        ("", WithheldReason::Absent),
        ("%2B266696687", WithheldReason::Anonymous),
    ] {
        let form = CALL.replace("From=%2B14155550123", &format!("From={from}"));
        let InboundCall { call, .. } = read(&[&form]);
        assert_eq!(call.from, Address::Withheld(withheld));
    }
}

#[test]
fn keys_and_speech() {
    let keys: GatherResult = read(&[CALL, "&Digits=1&FinishedOnKey=%23&msg=Gather+End"]);
    assert_eq!(keys.digits, hidden("1"));
    assert_eq!(keys.finished_on_key.as_deref(), Some("#"));
    assert_eq!(keys.extra("msg"), Some("Gather End"));

    let speech: GatherResult = read(&[
        CALL,
        "&SpeechResult=yes+please&Confidence=0.91&Language=en-US&Digits=",
    ]);
    assert_eq!(speech.speech_result, hidden("yes please"));
    assert_eq!(speech.confidence, Some(0.91));
    assert_eq!(speech.digits, None);
}

#[test]
fn a_call_status() {
    let form = CALL.replace("CallStatus=ringing", "CallStatus=completed");
    let callback: CallStatusCallback = read(&[
        &form,
        "&CallbackSource=call-progress-events&SequenceNumber=3&CallDuration=61&Duration=2",
        "&Timestamp=Tue%2C+03+Nov+2026+10%3A20%3A30+%2B0000&SipResponseCode=200",
        "&RecordingSid=RE00000000000000000000000000000001&RecordingDuration=soon",
    ]);
    assert_eq!(callback.call.status, CallStatus::Completed);
    assert_eq!(callback.sequence_number, Some(3));
    assert_eq!(callback.call_duration, Some(Duration::from_secs(61)));
    assert_eq!(callback.duration, Some(2));
    assert_eq!(callback.sip_response_code, Some(200));
    let seconds = callback.timestamp.unwrap().time().unwrap();
    let seconds = seconds
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert_eq!(seconds, 1_793_701_230);
    assert_eq!(
        callback.recording_duration, None,
        "malformed, so it stays among the extra parameters"
    );
}

#[test]
fn the_wrong_handler_gets_an_error() {
    assert_eq!(
        fault::<InboundMessage>(CALL),
        PayloadErrorKind::OtherKind("CallSid")
    );
    assert_eq!(
        fault::<MessageStatusCallback>(SMS),
        PayloadErrorKind::Missing("MessageStatus")
    );
    assert_eq!(
        fault::<InboundCall>(SMS),
        PayloadErrorKind::Missing("CallSid")
    );
    let status = format!("{SMS}&MessageStatus=sent");
    assert_eq!(
        fault::<InboundMessage>(&status),
        PayloadErrorKind::OtherKind("MessageStatus")
    );
    let other = SMS.replace("MessageSid=SM", "MessageSid=XX");
    assert_eq!(
        fault::<InboundMessage>(&other),
        PayloadErrorKind::Malformed("MessageSid")
    );
    let error = verified(CALL).parse::<InboundMessage>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the webhook cannot be read as \"inbound message\": parameter CallSid belongs to another \
         kind of webhook; check which URL Twilio is configured with"
    );
}

#[test]
fn a_field_with_two_values_is_refused() {
    let twice = format!("{SMS}&From=%2B14155550124");
    assert_eq!(
        fault::<InboundMessage>(&twice),
        PayloadErrorKind::Repeated("From")
    );
    let same = format!("{SMS}&From=%2B14155550123");
    assert_eq!(read::<InboundMessage>(&[&same]).from, phone("+14155550123"));
}

#[test]
fn debug_hides_numbers_and_message_bodies() {
    let sms = format!("{SMS}&ProfileName=Ann&Secret=hush");
    let message = verified(&sms);
    let shown = format!(
        "{message:?} {:?}",
        message.parse::<InboundMessage>().unwrap()
    );
    let call = verified(&format!(
        "{CALL}&Digits=987&SpeechResult=knee&CallerName=Ann"
    ));
    let shown = format!(
        "{shown} {call:?} {:?}",
        call.parse::<GatherResult>().unwrap()
    );
    for told in [
        "415555",
        "see you",
        "Ann",
        "hush",
        "Secret",
        "987",
        "knee",
        "SAN FRANCISCO",
    ] {
        assert!(!shown.contains(told), "{told} in {shown}");
    }
}
