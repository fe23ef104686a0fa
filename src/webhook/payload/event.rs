//! Whatever a webhook says, told by what it carries.

use super::super::error::PayloadErrorKind as Kind;
use super::parameters::{Extra, Parameters, Read};
use super::{
    AmdStatusCallback, CallStatusCallback, ConferenceStatusCallback, ConversationRelayResult,
    DebuggerEvent, Dequeue, DialResult, EnqueueResult, GatherPartial, GatherResult, InboundCall,
    InboundMessage, MessageFallback, MessageStatusCallback, QueueWait, RecordResult,
    RecordingStatusCallback, StreamStatusCallback, TranscriptionCallback, VoiceFallback,
};

/// Declares the events in order of precedence: what tells each one, and what it is read as.
macro_rules! events {
    (|$p:ident| $( $(#[$doc:meta])* $payload:ident if $told:expr; )+) => {
        /// Whatever a webhook says, for one handler of everything.
        ///
        /// A convenience. The paved road is a route for each kind and
        /// [`parse`](crate::webhook::Verified::parse) to that kind: an empty gather, a redirect
        /// and a whisper look alike, so what a request is for is told by its URL alone. Here it
        /// is told by the parameters it carries. The first row that fits decides; a parameter
        /// counts when it is not empty. A variant is named as what it carries:
        ///
        /// | Carries | Event |
        /// |---|---|
        /// | `Sid` and `PayloadType` | [`DebuggerEvent`](Self::DebuggerEvent) |
        /// | `MessageStatus` | [`MessageStatusCallback`](Self::MessageStatusCallback) |
        /// | `ErrorUrl` and `MessageSid` | [`MessageFallback`](Self::MessageFallback) |
        /// | `ErrorUrl` and `CallSid` | [`VoiceFallback`](Self::VoiceFallback) |
        /// | `MessageSid` | [`InboundMessage`](Self::InboundMessage) |
        /// | `TranscriptionSid` | [`TranscriptionCallback`](Self::TranscriptionCallback) |
        /// | `StreamSid` and `StreamEvent` | [`StreamStatusCallback`](Self::StreamStatusCallback) |
        /// | `ConferenceSid` and `StatusCallbackEvent` or `EventName` | [`ConferenceStatusCallback`](Self::ConferenceStatusCallback) |
        /// | `RecordingStatus` | [`RecordingStatusCallback`](Self::RecordingStatusCallback) |
        /// | `DialCallStatus` | [`DialResult`](Self::DialResult) |
        /// | `QueueResult` | [`EnqueueResult`](Self::EnqueueResult) |
        /// | `QueuePosition` | [`QueueWait`](Self::QueueWait) |
        /// | `DequeingCallSid` | [`Dequeue`](Self::Dequeue) |
        /// | `UnstableSpeechResult` or `StableSpeechResult` | [`GatherPartial`](Self::GatherPartial) |
        /// | `SessionStatus` | [`ConversationRelayResult`](Self::ConversationRelayResult) |
        /// | `AnsweredBy` without `CallStatus` | [`AmdStatusCallback`](Self::AmdStatusCallback) |
        /// | `CallbackSource`, `CallDuration` or `Duration` with `CallSid` | [`CallStatusCallback`](Self::CallStatusCallback) |
        /// | `RecordingUrl` with `CallSid` | [`RecordResult`](Self::RecordResult) |
        /// | `Digits` or `SpeechResult` with `CallSid` | [`GatherResult`](Self::GatherResult) |
        /// | `CallSid` | [`InboundCall`](Self::InboundCall) |
        /// | anything else | [`Other`](Self::Other) |
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $( $(#[$doc])* $payload(Box<$payload>), )+
            /// None of these: a product that this version does not know, or a JSON body.
            Other(Extra),
        }

        impl Read for Event {
            const NAME: &'static str = "webhook";

            fn read_fields($p: &mut Parameters) -> Result<Self, Kind> {
                $( if $told {
                    return $payload::read_fields($p).map(|event| Self::$payload(Box::new(event)));
                } )+
                Ok(Self::Other($p.extra()))
            }
        }
    };
}

events! { |p|
    /// An entry of the debugger.
    DebuggerEvent if p.has("Sid") && p.has("PayloadType");
    /// What became of a message.
    MessageStatusCallback if p.has("MessageStatus");
    /// A message whose own URL failed.
    MessageFallback if p.has("ErrorUrl") && p.has("MessageSid");
    /// A request of a call whose own URL failed.
    VoiceFallback if p.has("ErrorUrl") && p.has("CallSid");
    /// A message from a person.
    InboundMessage if p.has("MessageSid");
    /// What was understood of a recording.
    TranscriptionCallback if p.has("TranscriptionSid");
    /// What became of a media stream.
    StreamStatusCallback if p.has("StreamSid") && p.has("StreamEvent");
    /// Something happened in a conference.
    ConferenceStatusCallback if p.has("ConferenceSid")
        && (p.has("StatusCallbackEvent") || p.has("EventName"));
    /// What became of a recording.
    RecordingStatusCallback if p.has("RecordingStatus");
    /// How a `<Dial>` ended.
    DialResult if p.has("DialCallStatus");
    /// How an `<Enqueue>` ended.
    EnqueueResult if p.has("QueueResult");
    /// A caller waits in a queue.
    QueueWait if p.has("QueuePosition");
    /// A waiting call is about to be connected.
    Dequeue if p.has("DequeingCallSid");
    /// Speech that is not complete.
    GatherPartial if p.has("UnstableSpeechResult") || p.has("StableSpeechResult");
    /// How a `<ConversationRelay>` ended.
    ConversationRelayResult if p.has("SessionStatus");
    /// What answered a call.
    AmdStatusCallback if p.has("AnsweredBy") && !p.has("CallStatus");
    /// What became of a call.
    CallStatusCallback if p.has("CallSid")
        && (p.has("CallbackSource") || p.has("CallDuration") || p.has("Duration"));
    /// What a person left to a `<Record>`.
    RecordResult if p.has("CallSid") && p.has("RecordingUrl");
    /// What a person pressed or said.
    GatherResult if p.has("CallSid") && (p.has("Digits") || p.has("SpeechResult"));
    /// A call that asks what to do: a new one, a redirect, an empty gather, a whisper.
    InboundCall if p.has("CallSid");
}
