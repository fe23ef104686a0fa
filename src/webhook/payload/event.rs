//! Any webhook, told apart by the parameters it carries.

use super::super::error::PayloadErrorKind as Kind;
use super::parameters::{ExtraParameters, Parameters, Read};
use super::{
    AmdStatusCallback, CallStatusCallback, ConferenceStatusCallback, ConversationRelayResult,
    DebuggerEvent, Dequeue, DialResult, EnqueueResult, GatherPartial, GatherResult, InboundCall,
    InboundMessage, MessageFallback, MessageStatusCallback, QueueWait, RecordResult,
    RecordingStatusCallback, StreamStatusCallback, TranscriptionCallback, VoiceFallback,
};
use crate::types::CallStatus;

/// Parameters that only the request to an action URL or a partial result carries. A call's status
/// callback has none of them, also not where the call ended during the action.
const ACTION: [&str; 13] = [
    "DialCallStatus",
    "Digits",
    "ErrorUrl",
    "QueuePosition",
    "QueueResult",
    "ReferCallStatus",
    "Result",
    "SessionStatus",
    "SpeechResult",
    "StableSpeechResult",
    "TranscriptionStatus",
    "UnstableSpeechResult",
    "VirtualAgentStatus",
];

/// Declares the events in order of precedence: the condition, and the type that is read.
macro_rules! events {
    (|$p:ident| $( $(#[$doc:meta])* $payload:ident if $told:expr; )+) => {
        /// Any webhook, told apart by the parameters it carries.
        ///
        /// **Prefer one URL for each kind**, and [`parse`](crate::webhook::Verified::parse) to
        /// that kind. Only the URL tells for certain what a request is for:
        ///
        /// - Twilio signs the parameters of a Voice SDK client among its own. Such a client can
        ///   add any parameter to a request about its call, so a request to the voice URL can
        ///   look like a dial result, a gather result or a call status callback. It cannot look
        ///   like a message, a debugger event, or another callback without `CallStatus`: those
        ///   are refused when they carry a call's parameters.
        /// - An empty gather, a redirect and a whisper carry the same parameters.
        ///
        /// The first row decides whose parameters are there and whose type can be read. A
        /// parameter counts when it is not empty. A row whose SID has another prefix, or whose
        /// required parameter is missing or has several values, is skipped.
        ///
        /// Reading an `WebhookEvent` never fails: a webhook that fits no row is
        /// [`Other`](Self::Other) and keeps all its parameters.
        ///
        /// | Carries | Event |
        /// |---|---|
        /// | `Sid` and `PayloadType` | [`DebuggerEvent`](Self::DebuggerEvent) |
        /// | `MessageStatus` | [`MessageStatusCallback`](Self::MessageStatusCallback) |
        /// | `ErrorUrl` and `MessageSid` | [`MessageFallback`](Self::MessageFallback) |
        /// | `MessageSid` | [`InboundMessage`](Self::InboundMessage) |
        /// | `RecordingStatus` | [`RecordingStatusCallback`](Self::RecordingStatusCallback) |
        /// | `StreamEvent` | [`StreamStatusCallback`](Self::StreamStatusCallback) |
        /// | `ConferenceSid` | [`ConferenceStatusCallback`](Self::ConferenceStatusCallback) |
        /// | `AnsweredBy` without `CallStatus` | [`AmdStatusCallback`](Self::AmdStatusCallback) |
        /// | `ErrorUrl` and `CallSid` | [`VoiceFallback`](Self::VoiceFallback) |
        /// | `TranscriptionStatus` | [`TranscriptionCallback`](Self::TranscriptionCallback) |
        /// | `DialCallStatus` | [`DialResult`](Self::DialResult) |
        /// | `QueueResult` | [`EnqueueResult`](Self::EnqueueResult) |
        /// | `QueuePosition` | [`QueueWait`](Self::QueueWait) |
        /// | `DequeingCallSid` | [`Dequeue`](Self::Dequeue) |
        /// | `UnstableSpeechResult` or `StableSpeechResult` | [`GatherPartial`](Self::GatherPartial) |
        /// | `SessionStatus` | [`ConversationRelayResult`](Self::ConversationRelayResult) |
        /// | `CallbackSource`, or `CallDuration` or `Duration` of a call that is over; no parameter of an action URL | [`CallStatusCallback`](Self::CallStatusCallback) |
        /// | `RecordingUrl` | [`RecordResult`](Self::RecordResult) |
        /// | `Digits` or `SpeechResult` | [`GatherResult`](Self::GatherResult) |
        /// | `CallSid` without `SiprecEvent` | [`InboundCall`](Self::InboundCall) |
        /// | anything else | [`Other`](Self::Other) |
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum WebhookEvent {
            $( $(#[$doc])* $payload(Box<$payload>), )+
            /// A webhook of another kind, such as a Conversations event or a real-time
            /// transcription, or one whose parameters this version cannot read. Holds every
            /// parameter; none for a JSON body.
            Other(ExtraParameters),
        }

        impl Read for WebhookEvent {
            const NAME: &'static str = "event";

            fn read_fields($p: &mut Parameters<'_>) -> Result<Self, Kind> {
                $( if $told {
                    if let Ok(event) = $payload::read($p) {
                        return Ok(Self::$payload(Box::new(event)));
                    }
                    $p.restart();
                } )+
                Ok(Self::Other($p.extra()))
            }
        }
    };
}

events! { |p|
    /// An entry of the debugger.
    DebuggerEvent if p.has("Sid") && p.has("PayloadType");
    /// Delivery status of an outgoing message.
    MessageStatusCallback if p.has("MessageStatus");
    /// An inbound message whose own URL failed.
    MessageFallback if p.has("ErrorUrl") && p.has("MessageSid");
    /// An inbound message.
    InboundMessage if p.has("MessageSid");
    /// Status of a recording.
    RecordingStatusCallback if p.has("RecordingStatus");
    /// Status of a media stream.
    StreamStatusCallback if p.has("StreamEvent");
    /// An event of a conference.
    ConferenceStatusCallback if p.has("ConferenceSid");
    /// Result of asynchronous answering-machine detection.
    AmdStatusCallback if p.has("AnsweredBy") && !p.has("CallStatus");
    /// A request of a call whose own URL failed.
    VoiceFallback if p.has("ErrorUrl");
    /// Transcription of a recording.
    TranscriptionCallback if p.has("TranscriptionStatus");
    /// Result of a `<Dial>`.
    DialResult if p.has("DialCallStatus");
    /// Result of an `<Enqueue>`.
    EnqueueResult if p.has("QueueResult");
    /// A caller waits in a queue.
    QueueWait if p.has("QueuePosition");
    /// A waiting call is about to be connected.
    Dequeue if p.has("DequeingCallSid");
    /// Partial speech recognition of a `<Gather>`.
    GatherPartial if p.has_any(&["UnstableSpeechResult", "StableSpeechResult"]);
    /// Result of a `<ConversationRelay>`.
    ConversationRelayResult if p.has("SessionStatus");
    /// Status of a call.
    CallStatusCallback if !p.has_any(&ACTION)
        && (p.has("CallbackSource") || (is_over(p) && p.has_any(&["CallDuration", "Duration"])));
    /// Result of a `<Record>`.
    RecordResult if p.has("RecordingUrl");
    /// Digits or speech of a `<Gather>`.
    GatherResult if p.has_any(&["Digits", "SpeechResult"]);
    /// A call that asks for `TwiML`: a new one, a redirect, an empty gather, a whisper.
    InboundCall if p.has("CallSid") && !p.has("SiprecEvent");
}

/// Tells whether the call has ended. A duration proves nothing before: a client of the Voice SDK
/// may add one.
fn is_over(p: &Parameters<'_>) -> bool {
    let status = p.peek("CallStatus").map(CallStatus::from);
    status.is_some_and(|status| status.is_final())
}
