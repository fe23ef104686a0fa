//! Each kind of webhook, read as its own type and as a `WebhookEvent`.

use std::time::Duration;

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::phone::{Address, E164};
use clinspark_twilio::types::{AnsweredBy, AuthToken, CallStatus};
use clinspark_twilio::webhook::{
    AmdStatusCallback, ConferenceEndReason, ConferenceStatusCallback, ConferenceStatusEvent,
    ConversationRelayResult, DebuggerEvent, DebuggerLevel, Dequeue, DialCallStatus, DialResult,
    EnqueueResult, GatherPartial, MessageFallback, ParticipantLeaveReason, Payload, PublicOrigin,
    QueueResult, QueueWait, RecordResult, RecordingSource, RecordingStatus,
    RecordingStatusCallback, RecordingTrack, SIGNATURE_HEADER, SessionStatus, StreamEvent,
    StreamStatusCallback, TranscriptionCallback, TranscriptionStatus, Validator, Verified,
    VoiceFallback, WebhookEvent,
};
use http::{HeaderValue, Request};

const ACCOUNT: &str = "AccountSid=AC00000000000000000000000000000001";
const CALL: &str = "CallSid=CA00000000000000000000000000000001&ApiVersion=2010-04-01\
    &AccountSid=AC00000000000000000000000000000001&CallStatus=in-progress&Direction=inbound\
    &From=%2B14155550123&To=%2B14155550199";
const RECORDING: &str = "RecordingSid=RE00000000000000000000000000000001\
    &RecordingUrl=https%3A%2F%2Fapi.example%2FRE1&RecordingDuration=12";

fn verified(form: &str) -> Verified<String> {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let mut request = Request::post("/hook")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .unwrap();
    let signature = HeaderValue::from_str(&validator.sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator.verify(request).unwrap()
}

#[track_caller]
fn read<P: Payload>(parts: &[&str]) -> P {
    verified(&parts.join("&")).parse().unwrap()
}

fn event(parts: &[&str]) -> WebhookEvent {
    read(parts)
}

#[test]
fn recordings() {
    let left = [CALL, RECORDING, "Digits=hangup"];
    let record: RecordResult = read(&left);
    assert_eq!(record.recording_url.expose(), "https://api.example/RE1");
    assert_eq!(record.recording_duration, Some(Duration::from_secs(12)));
    assert_eq!(record.digits.as_ref().unwrap().expose(), "hangup");
    assert_eq!(event(&left), WebhookEvent::RecordResult(Box::new(record)));

    let status = [
        ACCOUNT,
        RECORDING,
        "CallSid=CA00000000000000000000000000000001&RecordingStatus=completed&RecordingChannels=2",
        "RecordingStartTime=Tue%2C+03+Nov+2026+10%3A20%3A30+%2B0000&RecordingSource=DialVerb",
        "RecordingTrack=both&ErrorCode=0",
    ];
    let callback: RecordingStatusCallback = read(&status);
    assert_eq!(callback.status, RecordingStatus::Completed);
    assert_eq!(callback.recording_channels, Some(2));
    assert_eq!(callback.recording_source, Some(RecordingSource::DialVerb));
    assert_eq!(callback.recording_track, Some(RecordingTrack::Both));
    assert_eq!(callback.error_code, Some(ErrorCode::from(0)));
    assert!(
        callback
            .recording_start_time
            .as_ref()
            .unwrap()
            .time()
            .is_some()
    );
    assert_eq!(
        event(&status),
        WebhookEvent::RecordingStatusCallback(Box::new(callback))
    );

    let text = [
        ACCOUNT,
        "TranscriptionSid=TR00000000000000000000000000000001&TranscriptionStatus=completed",
        "TranscriptionText=I+will+come&RecordingSid=RE00000000000000000000000000000001",
        "CallSid=CA00000000000000000000000000000001&CallStatus=completed&From=%2B14155550123",
    ];
    let callback: TranscriptionCallback = read(&text);
    assert_eq!(callback.status, TranscriptionStatus::Completed);
    assert_eq!(
        callback.transcription_text.as_ref().unwrap().expose(),
        "I will come"
    );
    assert_eq!(callback.call_status, Some(CallStatus::Completed));
    let from = Address::Phone(E164::parse("+14155550123").unwrap());
    assert_eq!(callback.from, Some(from));
    assert_eq!(
        event(&text),
        WebhookEvent::TranscriptionCallback(Box::new(callback))
    );
}

#[test]
fn dials_and_queues() {
    let dial = [
        CALL,
        "DialCallStatus=no-answer&DialCallSid=CA00000000000000000000000000000002",
        "DialCallDuration=7&DialBridged=false&DialSipResponseCode=486&DialSipHeader_X-Why=busy",
        RECORDING,
    ];
    let result: DialResult = read(&dial);
    assert_eq!(result.status, DialCallStatus::NoAnswer);
    assert_eq!(result.dial_call_duration, Some(Duration::from_secs(7)));
    assert_eq!(result.dial_bridged, Some(false));
    assert_eq!(result.dial_sip_response_code, Some(486));
    assert_eq!(result.dial_sip_headers.first().unwrap().0, "X-Why");
    assert_eq!(event(&dial), WebhookEvent::DialResult(Box::new(result)));

    let wait = [
        CALL,
        "QueuePosition=3&QueueSid=QU00000000000000000000000000000001&QueueTime=61",
        "AvgQueueTime=30&CurrentQueueSize=5&MaxQueueSize=100",
    ];
    let queue: QueueWait = read(&wait);
    assert_eq!(
        (
            queue.queue_position,
            queue.current_queue_size,
            queue.max_queue_size
        ),
        (3, Some(5), Some(100))
    );
    assert_eq!(queue.queue_time, Some(Duration::from_secs(61)));
    assert_eq!(event(&wait), WebhookEvent::QueueWait(Box::new(queue)));

    let end = [CALL, "QueueResult=queue-full"];
    let result: EnqueueResult = read(&end);
    assert_eq!(result.queue_result, QueueResult::QueueFull);
    assert_eq!(result.queue_sid, None);
    assert_eq!(event(&end), WebhookEvent::EnqueueResult(Box::new(result)));

    let connect = [
        CALL,
        "DequeingCallSid=CA00000000000000000000000000000002&QueueTime=9",
    ];
    let request: Dequeue = read(&connect);
    assert_eq!(
        request.dequeuing_call_sid.as_str(),
        "CA00000000000000000000000000000002"
    );
    assert_eq!(event(&connect), WebhookEvent::Dequeue(Box::new(request)));
}

#[test]
fn conferences() {
    let leave = [
        ACCOUNT,
        "ConferenceSid=CF00000000000000000000000000000001&FriendlyName=room&SequenceNumber=5",
        "StatusCallbackEvent=participant-leave&CallSid=CA00000000000000000000000000000001",
        "Muted=false&Hold=true&EndConferenceOnExit=true&ReasonParticipantLeft=participant_hung_up",
        "ParticipantCallStatus=completed&Timestamp=Tue%2C+03+Nov+2026+10%3A20%3A30+%2B0000",
    ];
    let callback: ConferenceStatusCallback = read(&leave);
    assert_eq!(callback.event, ConferenceStatusEvent::ParticipantLeave);
    assert_eq!(
        (callback.muted, callback.hold, callback.coaching),
        (Some(false), Some(true), None)
    );
    assert_eq!(
        callback.reason_participant_left,
        Some(ParticipantLeaveReason::HungUp)
    );
    assert_eq!(
        callback.participant_call_status,
        Some(CallStatus::Completed)
    );
    assert_eq!(
        event(&leave),
        WebhookEvent::ConferenceStatusCallback(Box::new(callback))
    );

    let end = [
        ACCOUNT,
        "ConferenceSid=CF00000000000000000000000000000001&StatusCallbackEvent=conference-end",
        "ReasonConferenceEnded=last-participant-left&Reason=All+left",
    ];
    let callback: ConferenceStatusCallback = read(&end);
    assert_eq!(
        callback.reason_conference_ended,
        Some(ConferenceEndReason::LastParticipantLeft)
    );
    assert_eq!(callback.reason.as_deref(), Some("All left"));

    let join = [
        ACCOUNT,
        "ConferenceSid=CF00000000000000000000000000000001&StatusCallbackEvent=participant-join",
        "CallSid=CA00000000000000000000000000000001&ParticipantLabel=nurse&Coaching=true",
        "CallSidToCoach=CA00000000000000000000000000000002&StartConferenceOnEnter=false",
        "Timestamp=Thu%2C+1+Jun+2017+20%3A48%3A32+%2B0000&SequenceNumber=1",
    ];
    let callback: ConferenceStatusCallback = read(&join);
    assert_eq!(callback.event, ConferenceStatusEvent::ParticipantJoin);
    assert_eq!(callback.participant_label.unwrap().expose(), "nurse");
    assert_eq!(callback.coaching, Some(true));
    assert_eq!(callback.start_conference_on_enter, Some(false));
    assert_eq!(
        callback.call_sid_to_coach.unwrap().as_str(),
        "CA00000000000000000000000000000002"
    );
    let day_of_one_digit = callback.timestamp.unwrap();
    assert!(day_of_one_digit.time().is_some());

    let ended_by = [
        ACCOUNT,
        "ConferenceSid=CF00000000000000000000000000000001&StatusCallbackEvent=conference-end",
        "CallSidEndingConference=CA00000000000000000000000000000001",
        "ParticipantLabelEndingConference=nurse",
        "ReasonConferenceEnded=participant-with-end-conference-on-exit-left",
    ];
    let callback: ConferenceStatusCallback = read(&ended_by);
    let label = callback.participant_label_ending_conference.unwrap();
    assert_eq!(label.expose(), "nurse");
    assert_eq!(
        callback.call_sid_ending_conference.unwrap().as_str(),
        "CA00000000000000000000000000000001"
    );
    assert_eq!(
        callback.reason_conference_ended,
        Some(ConferenceEndReason::EndingParticipantLeft)
    );

    let silent = [
        ACCOUNT,
        "ConferenceSid=CF00000000000000000000000000000001&StatusCallbackEvent=announcement-fail",
        "AnnounceUrl=https%3A%2F%2Facme.example%2Fa&ReasonAnnouncementFailed=Gone",
    ];
    let callback: ConferenceStatusCallback = read(&silent);
    assert_eq!(callback.event, ConferenceStatusEvent::AnnouncementFail);
    assert_eq!(
        callback.announce_url.unwrap().expose(),
        "https://acme.example/a"
    );
    assert_eq!(callback.reason_announcement_failed.as_deref(), Some("Gone"));

    let old = [
        ACCOUNT,
        "ConferenceSid=CF00000000000000000000000000000001&EventName=conference-record-end&Duration=60",
    ];
    let callback: ConferenceStatusCallback = read(&old);
    assert_eq!(
        (callback.event, callback.duration),
        (
            ConferenceStatusEvent::RecordEnd,
            Some(Duration::from_secs(60))
        )
    );
}

#[test]
fn answering_machines_streams_and_relays() {
    let amd = [
        ACCOUNT,
        "CallSid=CA00000000000000000000000000000001&AnsweredBy=machine_end_beep&MachineDetectionDuration=4200",
    ];
    let callback: AmdStatusCallback = read(&amd);
    assert_eq!(callback.answered_by, AnsweredBy::MachineEndBeep);
    assert_eq!(
        callback.machine_detection_duration,
        Some(Duration::from_millis(4200))
    );
    assert_eq!(
        event(&amd),
        WebhookEvent::AmdStatusCallback(Box::new(callback))
    );

    let stream = [
        ACCOUNT,
        "CallSid=CA00000000000000000000000000000001&StreamSid=MZ00000000000000000000000000000001",
        "StreamEvent=stream-error&StreamError=refused&Timestamp=2026-11-03T10%3A20%3A30Z",
    ];
    let callback: StreamStatusCallback = read(&stream);
    assert_eq!(callback.event, StreamEvent::Error);
    assert_eq!(callback.stream_error.as_ref().unwrap().expose(), "refused");
    assert_eq!(
        event(&stream),
        WebhookEvent::StreamStatusCallback(Box::new(callback))
    );

    let relay = [
        CALL,
        "SessionId=VX1&SessionStatus=ended&SessionDuration=30&HandoffData=%7B%7D",
    ];
    let result: ConversationRelayResult = read(&relay);
    assert_eq!(result.session_status, SessionStatus::Ended);
    assert_eq!(result.session_duration, Some(Duration::from_secs(30)));
    assert_eq!(
        event(&relay),
        WebhookEvent::ConversationRelayResult(Box::new(result))
    );

    let partial = [
        CALL,
        "UnstableSpeechResult=I+will&Stability=0.8&SequenceNumber=2",
    ];
    let result: GatherPartial = read(&partial);
    assert_eq!(
        result.unstable_speech_result.as_ref().unwrap().expose(),
        "I will"
    );
    assert_eq!(
        (result.stability, result.sequence_number),
        (Some(0.8), Some(2))
    );
    assert_eq!(
        event(&partial),
        WebhookEvent::GatherPartial(Box::new(result))
    );
}

#[test]
fn failures() {
    let voice = [
        CALL,
        "ErrorCode=11200&ErrorUrl=https%3A%2F%2Facme.example%2Fvoice&Digits=1",
    ];
    let fallback: VoiceFallback = read(&voice);
    assert_eq!(fallback.error_code, Some(ErrorCode::from(11200)));
    assert_eq!(fallback.error_url.expose(), "https://acme.example/voice");
    assert_eq!(fallback.extra("Digits"), Some("1"));
    assert_eq!(
        event(&voice),
        WebhookEvent::VoiceFallback(Box::new(fallback))
    );

    let message = [
        ACCOUNT,
        "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199",
        "Body=hello&ErrorCode=12100&ErrorUrl=https%3A%2F%2Facme.example%2Fsms",
    ];
    let fallback: MessageFallback = read(&message);
    assert_eq!(fallback.message.body.expose(), "hello");
    assert_eq!(fallback.error_code, Some(ErrorCode::from(12100)));
    assert_eq!(
        event(&message),
        WebhookEvent::MessageFallback(Box::new(fallback))
    );

    let debugger = [
        ACCOUNT,
        "Sid=NO00000000000000000000000000000001&Level=Error&PayloadType=application%2Fjson",
        "Payload=%7B%22resource_sid%22%3A%22CA1%22%2C%22error_code%22%3A%2211200%22%7D&Timestamp=2026-11-03T10%3A20%3A30Z",
    ];
    let entry: DebuggerEvent = read(&debugger);
    assert_eq!(entry.level, DebuggerLevel::Error);
    assert_eq!(entry.error_code(), Some(ErrorCode::from(11200)));
    assert_eq!(entry.resource_sid().as_deref(), Some("CA1"));
    assert_eq!(
        event(&debugger),
        WebhookEvent::DebuggerEvent(Box::new(entry))
    );
}

#[test]
fn messages_and_calls() {
    let name = |parts: &[&str]| match event(parts) {
        WebhookEvent::InboundMessage(_) => "message",
        WebhookEvent::MessageStatusCallback(_) => "message status",
        WebhookEvent::CallStatusCallback(_) => "call status",
        WebhookEvent::GatherResult(_) => "gather",
        WebhookEvent::InboundCall(_) => "voice",
        WebhookEvent::Other(_) => "other",
        event => panic!("{event:?}"),
    };
    let sms = "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199";
    assert_eq!(name(&[ACCOUNT, sms, "Body=hi"]), "message");
    assert_eq!(name(&[ACCOUNT, sms, "Body=hi&MessageStatus="]), "message");
    assert_eq!(
        name(&[ACCOUNT, sms, "MessageStatus=delivered"]),
        "message status"
    );
    assert_eq!(name(&[CALL, "Digits=1"]), "gather");
    assert_eq!(name(&[CALL, "SpeechResult=yes"]), "gather");
    assert_eq!(name(&[CALL, "Digits="]), "voice");
    assert_eq!(name(&[CALL]), "voice");
    assert_eq!(name(&[CALL, "AnsweredBy=human"]), "voice");
    assert_eq!(
        name(&[CALL, "CallbackSource=call-progress-events&SequenceNumber=0"]),
        "call status"
    );
    let over = CALL.replace("in-progress", "completed");
    assert_eq!(name(&[&over, "CallDuration=5", RECORDING]), "call status");
    assert_eq!(name(&[CALL, "CallDuration=5"]), "voice", "it is not over");
    let other = event(&["Novelty=1&Empty="]);
    let WebhookEvent::Other(extra) = &other else {
        panic!("{other:?}")
    };
    assert_eq!(extra.value("Novelty"), Some("1"));
    assert_eq!(format!("{other:?}"), "Other(ExtraParameters(2 parameters))");
}
