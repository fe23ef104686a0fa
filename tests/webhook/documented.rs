//! A form of each kind of webhook that Twilio documents.

pub(crate) const ACCOUNT: &str = "AccountSid=AC00000000000000000000000000000001";
/// Parameters of every request about a call.
pub(crate) const CALL: &str = "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01\
    &CallSid=CA00000000000000000000000000000001&CallStatus=ringing&Direction=inbound\
    &From=client%3Anurse&To=%2B14155550199&Caller=client%3Anurse&Called=%2B14155550199";
pub(crate) const SMS: &str = "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&NumMedia=0\
    &MessageSid=SM00000000000000000000000000000001&SmsSid=SM00000000000000000000000000000001\
    &SmsMessageSid=SM00000000000000000000000000000001&NumSegments=1&SmsStatus=received&Body=hi\
    &From=%2B14155550123&To=%2B14155550199";
pub(crate) const MESSAGE_STATUS: &str = "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01\
    &MessageSid=SM00000000000000000000000000000001&SmsSid=SM00000000000000000000000000000001\
    &SmsStatus=delivered&MessageStatus=delivered&From=%2B14155550199&To=%2B14155550123";
pub(crate) const RECORDING: &str = "RecordingSid=RE00000000000000000000000000000001\
    &RecordingUrl=https%3A%2F%2Fapi.example%2FRE1&RecordingDuration=12";

/// Samples of each webhook in Twilio's documentation, with the expected event.
pub(crate) fn documented() -> Vec<(String, &'static str)> {
    let call = |more: &str| format!("{CALL}&{more}");
    let over = |more: &str| call(more).replace("CallStatus=ringing", "CallStatus=completed");
    let leg = |more: &str| format!("{ACCOUNT}&CallSid=CA00000000000000000000000000000001&{more}");
    let conference =
        |more: &str| format!("{ACCOUNT}&ConferenceSid=CF00000000000000000000000000000001&{more}");
    let conversation = |more: &str| {
        format!(
            "{ACCOUNT}&ConversationSid=CH00000000000000000000000000000001\
             &MessageSid=IM00000000000000000000000000000001&{more}"
        )
    };
    let failed = "ErrorCode=11200&ErrorUrl=https%3A%2F%2Facme.example%2Fx";
    vec![
        (SMS.to_owned(), "InboundMessage"),
        (SMS.replace("Body=hi", "Body="), "InboundMessage"),
        (SMS.replace("=SM", "=MM"), "InboundMessage"),
        (format!("{SMS}&OptOutType=STOP"), "InboundMessage"),
        (format!("{SMS}&{failed}"), "MessageFallback"),
        (MESSAGE_STATUS.to_owned(), "MessageStatusCallback"),
        (
            format!("{MESSAGE_STATUS}&EventType=READ&ChannelPrefix=whatsapp"),
            "MessageStatusCallback",
        ),
        (CALL.to_owned(), "InboundCall"),
        (call("Digits=&FinishedOnKey="), "InboundCall"),
        (
            call("AnsweredBy=human&MachineDetectionDuration=9"),
            "InboundCall",
        ),
        (
            call("ParentCallSid=CA00000000000000000000000000000002"),
            "InboundCall",
        ),
        (
            call("Digits=1&FinishedOnKey=%23&msg=Gather+End"),
            "GatherResult",
        ),
        (call("SpeechResult=yes&Confidence=0.9"), "GatherResult"),
        (
            call("UnstableSpeechResult=ye&SequenceNumber=1"),
            "GatherPartial",
        ),
        (call(&format!("{RECORDING}&Digits=hangup")), "RecordResult"),
        (over(&format!("{RECORDING}&Digits=hangup")), "RecordResult"),
        (call(failed), "VoiceFallback"),
        (call(&format!("Digits=1&{failed}")), "VoiceFallback"),
        (
            over(&format!(
                "TranscriptionSid=TR00000000000000000000000000000001&TranscriptionStatus=completed\
                 &TranscriptionText=yes&{RECORDING}"
            )),
            "TranscriptionCallback",
        ),
        (call("DialCallStatus=no-answer"), "DialResult"),
        (
            over(&format!("DialCallStatus=completed&{RECORDING}")),
            "DialResult",
        ),
        (call("QueueResult=hangup"), "EnqueueResult"),
        (
            call("QueuePosition=1&QueueSid=QU00000000000000000000000000000001&QueueTime=1"),
            "QueueWait",
        ),
        (
            call("DequeingCallSid=CA00000000000000000000000000000002"),
            "Dequeue",
        ),
        (
            call("SessionStatus=ended&SessionId=VX1"),
            "ConversationRelayResult",
        ),
        (
            over("SessionStatus=completed&SessionId=VX1"),
            "ConversationRelayResult",
        ),
        (
            call("CallbackSource=call-progress-events&SequenceNumber=1&Timestamp=x"),
            "CallStatusCallback",
        ),
        (over("CallDuration=5&Duration=1"), "CallStatusCallback"),
        (
            over(&format!("CallDuration=5&Duration=1&{RECORDING}")),
            "CallStatusCallback",
        ),
        (
            leg(&format!(
                "RecordingStatus=completed&RecordingSource=DialVerb&{RECORDING}"
            )),
            "RecordingStatusCallback",
        ),
        (
            conference(&format!("RecordingStatus=completed&{RECORDING}")),
            "RecordingStatusCallback",
        ),
        (
            leg("StreamSid=MZ00000000000000000000000000000001&StreamEvent=stream-started"),
            "StreamStatusCallback",
        ),
        (
            leg("AnsweredBy=human&MachineDetectionDuration=9"),
            "AmdStatusCallback",
        ),
        (
            conference("StatusCallbackEvent=conference-start"),
            "ConferenceStatusCallback",
        ),
        (
            conference(
                "StatusCallbackEvent=participant-leave&ParticipantCallStatus=completed\
                 &CallSid=CA00000000000000000000000000000001",
            ),
            "ConferenceStatusCallback",
        ),
        (
            conference("EventName=conference-record-end&Duration=60"),
            "ConferenceStatusCallback",
        ),
        (
            format!(
                "{ACCOUNT}&Sid=NO00000000000000000000000000000001&Level=Error\
                 &PayloadType=application%2Fjson&Payload=%7B%7D"
            ),
            "DebuggerEvent",
        ),
        (
            leg(
                "TranscriptionSid=GT00000000000000000000000000000001&SequenceId=1\
                 &TranscriptionEvent=transcription-content&Track=inbound_track",
            ),
            "RealTimeTranscription",
        ),
        (
            leg("SiprecSid=SR00000000000000000000000000000001&SiprecEvent=siprec-started"),
            "Other",
        ),
        (
            call("SiprecSid=SR00000000000000000000000000000001&SiprecEvent=siprec-stopped"),
            "Other",
        ),
        (
            leg("For=payment-card-number&Attempt=1"),
            "PayStatusCallback",
        ),
        (
            leg("Required=&PaymentMethod=credit-card"),
            "PayStatusCallback",
        ),
        (
            leg("Result=success&PaymentSid=PK00000000000000000000000000000001"),
            "PayStatusCallback",
        ),
        (call("Result=success&PaymentToken=tok_1"), "PayResult"),
        (over("Result=caller-hung-up"), "PayResult"),
        (call("Result=newer&PaymentMethod=credit-card"), "PayResult"),
        (
            call("VirtualAgentStatus=live-agent-handoff&VirtualAgentProvider=x"),
            "VirtualAgentResult",
        ),
        (
            call("ReferSipResponseCode=202&ReferCallStatus=completed"),
            "ReferResult",
        ),
        (over("ReferSipResponseCode=603"), "ReferResult"),
        (
            call("ReferTransferTarget=sip%3Award%40hospital.example"),
            "ReferRequest",
        ),
        (
            "account_sid=AC00000000000000000000000000000001\
             &service_sid=GA00000000000000000000000000000001\
             &transcript_sid=GT00000000000000000000000000000001"
                .to_owned(),
            "IntelligenceCallback",
        ),
        // A parameter of the application, not of `<Pay>`.
        (call("Result=positive"), "InboundCall"),
        // Products that this version does not support, and malformed SIDs.
        (call("SiprecSid=SR1&SiprecEvent=siprec-stopped"), "Other"),
        (conversation("EventType=onMessageAdded&Body=hi"), "Other"),
        (
            conversation(
                "EventType=onDeliveryUpdated&ChannelMessageSid=SM00000000000000000000000000000001\
                 &Status=delivered",
            ),
            "Other",
        ),
        (
            format!("{ACCOUNT}&EventType=task.created&Sid=EV00000000000000000000000000000001"),
            "Other",
        ),
        (String::new(), "Other"),
    ]
}
