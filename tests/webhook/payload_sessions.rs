//! Payloads of sessions on a call: transcriptions, payments, SIPREC, virtual agents, transfers.

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::types::CallStatus;
use clinspark_twilio::webhook::{
    GatherPartial, GatherResult, IntelligenceCallback, PayResult, PayStatusCallback, Payload,
    PayloadErrorKind as Kind, PaymentErrorType, PaymentResult, PaymentStep, RealTimeTranscription,
    RealTimeTranscriptionEvent as Event, ReferRequest, ReferResult, SIGNATURE_HEADER, SiprecEvent,
    SiprecStatusCallback, TranscriptionTrack, UsedPaymentMethod, Verified, VirtualAgentResult,
    VirtualAgentStatus, WebhookEvent, body_sha256,
};
use http::{HeaderValue, Request};

use crate::support::{validator, verified};

const LEG: &str = "CallSid=CA00000000000000000000000000000001";
const CALL: &str = "CallSid=CA00000000000000000000000000000001&ApiVersion=2010-04-01\
    &CallStatus=in-progress&Direction=inbound&From=%2B14155550123&To=%2B14155550199";

#[track_caller]
fn read<P: Payload>(parts: &[&str]) -> P {
    verified(parts).parse().unwrap()
}

#[track_caller]
fn refused<P: Payload + std::fmt::Debug>(parts: &[&str]) -> Kind {
    verified(parts).parse::<P>().unwrap_err().kind().clone()
}

fn event(parts: &[&str]) -> WebhookEvent {
    read(parts)
}

/// Parameters as in the table of Twilio's page, for each event.
fn transcription(event: &str) -> String {
    format!(
        "{LEG}&TranscriptionSid=GT00000000000000000000000000000001&SequenceId=2\
         &Timestamp=2026-11-03T10%3A20%3A30.123456789Z&TranscriptionEvent={event}"
    )
}

#[test]
fn a_transcription_starts_with_its_settings() {
    let start = transcription(
        "transcription-started&Name=visit&Track=both_tracks&InboundTrackLabel=volunteer\
         &OutboundTrackLabel=nurse&TranscriptionEngine=google&PartialResults=true\
         &ProviderConfiguration=%7B%22profanityFilter%22%3A%22true%22%7D&LanguageCode=en-US",
    );
    let callback: RealTimeTranscription = read(&[&start]);
    assert_eq!(callback.sequence_id, Some(2));
    let time = callback.timestamp.as_ref().unwrap();
    assert_eq!(time.as_str(), "2026-11-03T10:20:30.123456789Z");
    assert!(time.time().is_some());
    let Event::Started(started) = &callback.event else {
        panic!("{callback:?}")
    };
    assert_eq!(started.track, Some(TranscriptionTrack::Both));
    assert_eq!(started.name.as_ref().unwrap().expose(), "visit");
    assert_eq!(
        started.inbound_track_label.as_ref().unwrap().expose(),
        "volunteer"
    );
    assert_eq!(
        started.outbound_track_label.as_ref().unwrap().expose(),
        "nurse"
    );
    assert_eq!(started.transcription_engine.as_deref(), Some("google"));
    let settings = started.provider_configuration.as_ref().unwrap().expose();
    assert_eq!(settings, r#"{"profanityFilter":"true"}"#);
    assert_eq!(started.partial_results, Some(true));
    assert_eq!(started.language_code.as_deref(), Some("en-US"));
    assert_eq!(callback.extras().iter().count(), 0);
    let same = WebhookEvent::RealTimeTranscription(Box::new(callback));
    assert_eq!(event(&[&start]), same);
}

#[test]
fn recognised_speech_is_read_from_its_json() {
    let content = |data: &str| {
        let content = transcription(
            "transcription-content&LanguageCode=en-US&Track=inbound_track&Final=false&Stability=0.9",
        );
        let callback = read(&[&content, &format!("TranscriptionData={data}")]);
        let RealTimeTranscription { event, .. } = callback;
        let Event::Content(content) = event else {
            panic!("{event:?}")
        };
        content
    };
    // {"transcript":"I will come","confidence":0.95}
    let data = "%7B%22transcript%22%3A%22I+will+come%22%2C%22confidence%22%3A0.95%7D";
    let spoken = content(data);
    assert_eq!(spoken.transcript.as_ref().unwrap().expose(), "I will come");
    assert_eq!(spoken.confidence, Some(0.95));
    assert_eq!(spoken.is_final, Some(false));
    assert_eq!(spoken.stability, Some(0.9));
    assert_eq!(spoken.track, Some(TranscriptionTrack::Inbound));
    assert_eq!(
        spoken.transcription_data.as_ref().unwrap().expose(),
        r#"{"transcript":"I will come","confidence":0.95}"#
    );

    // An odd member costs that member only, and the text stays.
    let odd = content("%7B%22transcript%22%3A%22yes%22%2C%22confidence%22%3Anull%7D");
    assert_eq!(odd.transcript.as_ref().unwrap().expose(), "yes");
    assert_eq!(odd.confidence, None);
    for odd in ["yes", "%5B%5D", "%7B%22transcript%22%3A7%7D", "%7B"] {
        let content = content(odd);
        assert_eq!((content.transcript, content.confidence), (None, None));
        assert!(content.transcription_data.is_some());
    }
}

#[test]
fn transcriptions_stop_fail_and_grow() {
    let stopped: RealTimeTranscription = read(&[&transcription("transcription-stopped")]);
    assert_eq!(stopped.event, Event::Stopped);

    let failed = transcription(
        "transcription-error&TranscriptionErrorCode=32650&TranscriptionError=No+engine",
    );
    let RealTimeTranscription { event, .. } = read(&[&failed]);
    let Event::Error(failure) = event else {
        panic!("{event:?}")
    };
    assert_eq!(failure.error_code, Some(ErrorCode::from(32650)));
    assert_eq!(failure.error.unwrap().expose(), "No engine");

    let newer: RealTimeTranscription =
        read(&[&transcription("transcription-summary&Summary=short")]);
    assert!(
        matches!(&newer.event, Event::Unknown(kind) if kind.as_str() == "transcription-summary")
    );
    assert_eq!(newer.extra("Summary"), Some("short"));
}

#[test]
fn a_transcription_of_a_recording_is_another_kind() {
    let recording =
        "TranscriptionSid=TR00000000000000000000000000000001&TranscriptionStatus=completed";
    assert_eq!(
        refused::<RealTimeTranscription>(&[LEG, recording]),
        Kind::Missing("TranscriptionEvent")
    );
    let text = transcription("transcription-stopped").replace("=GT", "=TR");
    assert_eq!(
        refused::<RealTimeTranscription>(&[&text]),
        Kind::Malformed("TranscriptionSid")
    );
    let call = transcription("transcription-stopped&CallStatus=ringing");
    assert_eq!(
        refused::<RealTimeTranscription>(&[&call]),
        Kind::OtherKind("CallStatus")
    );
}

#[test]
fn a_payment_ends_with_a_token_or_a_confirmation() {
    let token = [
        CALL,
        "Result=success&PaymentToken=tok_1&ProfileId=p_1&PaymentMethod=credit-card",
        "PaymentCardNumber=xxxx-xxxxxx-x4001&PaymentCardType=amex&ExpirationDate=1029",
        "SecurityCode=***&PaymentCardPostalCode=94105",
    ];
    let paid: PayResult = read(&token);
    assert_eq!(paid.result, PaymentResult::Success);
    assert_eq!(paid.payment_token.as_ref().unwrap().expose(), "tok_1");
    assert_eq!(paid.profile_id.as_ref().unwrap().expose(), "p_1");
    assert_eq!(paid.payment_confirmation_code, None);
    assert_eq!(paid.details.method, Some(UsedPaymentMethod::CreditCard));
    let card = &paid.details;
    assert_eq!(
        card.card_number.as_ref().unwrap().expose(),
        "xxxx-xxxxxx-x4001"
    );
    assert_eq!(card.card_type.as_deref(), Some("amex"));
    assert_eq!(card.expiration_date.as_ref().unwrap().expose(), "1029");
    assert_eq!(card.security_code.as_ref().unwrap().expose(), "***");
    assert_eq!(card.card_postal_code.as_ref().unwrap().expose(), "94105");
    assert_eq!(event(&token), WebhookEvent::PayResult(Box::new(paid)));

    let failed = [
        CALL,
        "Result=payment-connector-error&PaymentError=declined&PayErrorCode=64015",
        "ConnectorError=card_declined&PaymentMethod=ach-debit&BankAccountNumber=*******92",
        "BankRoutingNumber=110000000&BankAccountType=consumer-checking",
    ];
    let failed: PayResult = read(&failed);
    assert_eq!(failed.result, PaymentResult::ConnectorError);
    assert_eq!(failed.pay_error_code, Some(ErrorCode::from(64015)));
    assert_eq!(failed.payment_error.as_ref().unwrap().expose(), "declined");
    assert_eq!(
        failed.connector_error.as_ref().unwrap().expose(),
        "card_declined"
    );
    let bank = &failed.details;
    assert_eq!(
        bank.bank_account_number.as_ref().unwrap().expose(),
        "*******92"
    );
    assert_eq!(
        bank.bank_routing_number.as_ref().unwrap().expose(),
        "110000000"
    );
    assert_eq!(bank.bank_account_type.as_deref(), Some("consumer-checking"));

    assert_eq!(refused::<PayResult>(&[CALL]), Kind::Missing("Result"));
}

#[test]
fn a_payment_reports_its_steps() {
    let step = [
        LEG,
        "For=payment-card-number&ErrorType=invalid-card-number&Attempt=2",
        "PaymentCardNumber=xxxx-xxxxxx-x4001&PaymentMethod=credit-card",
    ];
    let callback: PayStatusCallback = read(&step);
    assert_eq!(callback.step, Some(PaymentStep::CardNumber));
    assert_eq!(
        callback.error_type,
        Some(PaymentErrorType::InvalidCardNumber)
    );
    assert_eq!(callback.attempt, Some(2));
    assert_eq!(callback.required, None);
    assert_eq!(
        event(&step),
        WebhookEvent::PayStatusCallback(Box::new(callback))
    );

    // A session of the REST API.
    let session: PayStatusCallback = read(&[
        LEG,
        "Required=expiration-date%2C+security-code&Capture=payment-card-number",
        "PaymentSid=PK00000000000000000000000000000001",
    ]);
    assert_eq!(session.step, None);
    assert_eq!(
        session.required.unwrap(),
        ["expiration-date", "security-code"]
    );
    assert_eq!(session.capture, Some(PaymentStep::CardNumber));
    assert!(session.payment_sid.is_some());
    let complete: PayStatusCallback = read(&[LEG, "Required=&Result=success"]);
    assert_eq!(complete.required, Some(Vec::new()));
    assert_eq!(complete.result, Some(PaymentResult::Success));

    assert_eq!(refused::<PayStatusCallback>(&[LEG]), Kind::Missing("For"));
    assert_eq!(
        refused::<PayStatusCallback>(&[CALL, "For=security-code"]),
        Kind::OtherKind("CallStatus")
    );
}

#[test]
fn a_siprec_session_reports_its_state() {
    let failed = "SiprecSid=SR00000000000000000000000000000001&SiprecName=archive\
        &SiprecEvent=siprec-error&Timestamp=2026-11-03T10%3A20%3A30Z&SiprecError=refused\
        &SiprecErrorCode=32208";
    for call in [LEG, CALL] {
        let callback: SiprecStatusCallback = read(&[call, failed]);
        assert_eq!(callback.event, SiprecEvent::Error);
        assert_eq!(callback.siprec_name.as_ref().unwrap().expose(), "archive");
        assert_eq!(callback.siprec_error.as_ref().unwrap().expose(), "refused");
        assert_eq!(callback.siprec_error_code, Some(ErrorCode::from(32208)));
        assert!(callback.timestamp.as_ref().unwrap().time().is_some());
        let status = (call == CALL).then_some(CallStatus::InProgress);
        assert_eq!(callback.call_status, status);
        assert_eq!(callback.from.is_some(), call == CALL);
        // A Voice SDK client can add these parameters, so only the URL identifies the callback.
        let WebhookEvent::Other(all) = event(&[call, failed]) else {
            panic!("a call's parameters do not identify it");
        };
        assert_eq!(all.value("SiprecError"), Some("refused"));
    }
    let message = "MessageSid=SM00000000000000000000000000000001";
    assert_eq!(
        refused::<SiprecStatusCallback>(&[LEG, failed, message]),
        Kind::OtherKind("MessageSid")
    );
}

#[test]
fn a_virtual_agent_hands_over() {
    let handoff = [
        CALL,
        "VirtualAgentProvider=agent.example&VirtualAgentStatus=live-agent-handoff",
        "VirtualAgentProviderData=%7B%22ConversationId%22%3A%221%22%7D&VirtualAgentErrorCode=32600",
        "VirtualAgentError=x",
    ];
    let result: VirtualAgentResult = read(&handoff);
    assert_eq!(result.status, VirtualAgentStatus::LiveAgentHandoff);
    assert_eq!(result.provider.as_deref(), Some("agent.example"));
    assert_eq!(
        result.provider_data.as_ref().unwrap().expose(),
        r#"{"ConversationId":"1"}"#
    );
    assert_eq!(result.error_code, Some(ErrorCode::from(32600)));
    assert_eq!(result.error.as_ref().unwrap().expose(), "x");
    assert_eq!(
        event(&handoff),
        WebhookEvent::VirtualAgentResult(Box::new(result))
    );
}

#[test]
fn calls_are_transferred() {
    let told = [
        CALL,
        "ReferCallStatus=completed&ReferSipResponseCode=202&NotifySipResponseCode=200",
    ];
    let result: ReferResult = read(&told);
    assert_eq!(result.refer_sip_response_code, Some(202));
    assert_eq!(result.notify_sip_response_code, Some(200));
    assert_eq!(result.refer_call_status.as_deref(), Some("completed"));
    assert_eq!(event(&told), WebhookEvent::ReferResult(Box::new(result)));
    // Without a NOTIFY, only the response to the REFER is known.
    let untold: ReferResult = read(&[CALL, "ReferSipResponseCode=603"]);
    assert_eq!(untold.refer_call_status, None);
    assert_eq!(untold.notify_sip_response_code, None);
    assert_eq!(
        refused::<ReferResult>(&[CALL]),
        Kind::Missing("ReferSipResponseCode")
    );

    let asked = [CALL, "ReferTransferTarget=sip%3Award%40hospital.example"];
    let request: ReferRequest = read(&asked);
    assert_eq!(
        request.refer_transfer_target.expose(),
        "sip:ward@hospital.example"
    );
    assert_eq!(event(&asked), WebhookEvent::ReferRequest(Box::new(request)));
}

fn signed_json(body: &str) -> Verified<String> {
    let target = format!("/transcript?bodySHA256={}", body_sha256(body.as_bytes()));
    let mut request = Request::post(target)
        .header("content-type", "application/json")
        .body(body.to_owned())
        .unwrap();
    let signature = HeaderValue::from_str(&validator().sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator().verify(request).unwrap()
}

const READY: &str = r#"{"account_sid":"AC00000000000000000000000000000001",
    "service_sid":"GA00000000000000000000000000000001",
    "transcript_sid":"GT00000000000000000000000000000001","customer_key":"visit-1",
    "event_type":"voice_intelligence_transcript_available","attempt":2,"none":null}"#;

#[test]
fn a_transcript_is_ready_as_json_or_a_form() {
    let callback = IntelligenceCallback::from_verified(&signed_json(READY)).unwrap();
    assert_eq!(
        callback.transcript_sid.as_str(),
        "GT00000000000000000000000000000001"
    );
    assert_eq!(
        callback.service_sid.as_deref(),
        Some("GA00000000000000000000000000000001")
    );
    assert_eq!(callback.customer_key.as_ref().unwrap().expose(), "visit-1");
    assert_eq!(
        callback.event_type.as_deref(),
        Some("voice_intelligence_transcript_available")
    );
    let extras: Vec<_> = callback.extras().iter().collect();
    assert_eq!(extras, [("attempt", "2")]);

    let form = [
        "account_sid=AC00000000000000000000000000000001",
        "transcript_sid=GT00000000000000000000000000000001",
    ];
    let form = verified(&form);
    let by_form = IntelligenceCallback::from_verified(&form).unwrap();
    assert_eq!(by_form, form.parse::<IntelligenceCallback>().unwrap());
    assert_eq!(by_form.transcript_sid, callback.transcript_sid);
}

#[test]
fn other_json_is_refused() {
    let kind = |body: &str| {
        let error = IntelligenceCallback::from_verified(&signed_json(body)).unwrap_err();
        error.kind().clone()
    };
    for body in ["[]", "7", "{", "{}", "{\"transcript_sid\":[]}\u{0}"] {
        assert_eq!(kind(body), Kind::Missing("transcript_sid"), "{body}");
    }
    let twice = READY.replace(
        r#""none":null"#,
        r#""transcript_sid":"GT00000000000000000000000000000002""#,
    );
    assert_eq!(kind(&twice), Kind::Repeated("transcript_sid"));
    let message = READY.replace("\"none\":null", "\"MessageSid\":\"SM1\"");
    assert_eq!(kind(&message), Kind::OtherKind("MessageSid"));
}

/// Rust parses `NaN` and `inf` as numbers, with which every comparison of a threshold fails or holds.
#[test]
fn a_number_outside_of_its_range_is_absent() {
    let at_ends = ["0", "0.0", "0.91", "1", "1.0"];
    let outside = [
        "NaN", "nan", "inf", "-inf", "infinity", "1e999", "-0.1", "1.01", "high", "",
    ];
    let values = at_ends.map(|text| (text, true)).into_iter();
    for (text, is_number) in values.chain(outside.map(|text| (text, false))) {
        let gathered: GatherResult = read(&[CALL, &format!("SpeechResult=yes&Confidence={text}")]);
        assert_eq!(gathered.confidence.is_some(), is_number, "{text}");
        let kept = gathered.extra("Confidence").is_some();
        assert_eq!(kept, !is_number && !text.is_empty(), "{text}");
        let partial: GatherPartial =
            read(&[CALL, &format!("UnstableSpeechResult=yes&Stability={text}")]);
        assert_eq!(partial.stability.is_some(), is_number, "{text}");
        for quote in ["", "%22"] {
            let data = format!(
                "TranscriptionData=%7B%22transcript%22%3A%22yes%22%2C%22confidence%22%3A{quote}{text}{quote}%7D\
                 &Stability={text}"
            );
            let event: RealTimeTranscription =
                read(&[&transcription("transcription-content"), &data]);
            let Event::Content(content) = event.event else {
                panic!("no content: {event:?}");
            };
            assert_eq!(content.stability.is_some(), is_number, "{text}");
            assert_eq!(content.confidence.is_some(), is_number, "{text}");
        }
    }
}
