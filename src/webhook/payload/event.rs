//! Webhook of any kind, recognised by its parameters.

use super::super::error::PayloadErrorKind as Kind;
use super::parameters::{ExtraParameters, Parameters, Read, Required};
use super::{
    AmdStatusCallback, CallStatusCallback, ConferenceStatusCallback, ConversationRelayResult,
    DebuggerEvent, Dequeue, DialResult, EnqueueResult, GatherPartial, GatherResult, InboundCall,
    InboundMessage, IntelligenceCallback, MessageFallback, MessageStatusCallback, PayResult,
    PayStatusCallback, QueueWait, RealTimeTranscription, RecordResult, RecordingStatusCallback,
    ReferRequest, ReferResult, StreamStatusCallback, TranscriptionCallback, VirtualAgentResult,
    VoiceFallback,
};
use crate::types::CallStatus;

/// Parameters that only the request to an action URL or a partial result carries.
///
/// A call's status callback has none of them, even if the call ended during the action.
const ACTION: [&str; 15] = [
    "DialCallStatus",
    "Digits",
    "ErrorUrl",
    "QueuePosition",
    "QueueResult",
    "ReferCallStatus",
    "ReferSipResponseCode",
    "ReferTransferTarget",
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
        /// Webhook of any kind, recognised by its parameters.
        ///
        /// **Prefer one URL for each kind**, and [`parse`](crate::webhook::Verified::parse) to that
        /// kind. Only the URL reliably identifies the kind of a request:
        ///
        /// - Twilio signs the parameters of a Voice SDK client together with its own. Such a client
        ///   can add any parameter to a request about its call. A request to the voice URL can
        ///   therefore look like a dial result, a gather result, a pay result or a call status
        ///   callback. It cannot look like a message, a debugger event, or another callback without
        ///   `CallStatus`: those are refused if they carry a call's parameters.
        /// - An empty gather, a redirect and a whisper carry the same parameters.
        ///
        /// The first row applies whose parameters are present and whose type can be read. A
        /// parameter counts if it is not empty. A row is skipped if its SID has another prefix, or
        /// if a required parameter is missing or has several values.
        ///
        /// Reading a `WebhookEvent` never fails. A webhook that matches no row is
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
        /// | `TranscriptionEvent` | [`RealTimeTranscription`](Self::RealTimeTranscription) |
        /// | `ConferenceSid` | [`ConferenceStatusCallback`](Self::ConferenceStatusCallback) |
        /// | `AnsweredBy` without `CallStatus` | [`AmdStatusCallback`](Self::AmdStatusCallback) |
        /// | `transcript_sid` | [`IntelligenceCallback`](Self::IntelligenceCallback) |
        /// | `For`, `Capture`, `PaymentSid`, `Result` or `Required`, without `CallStatus` | [`PayStatusCallback`](Self::PayStatusCallback) |
        /// | `ErrorUrl` and `CallSid` | [`VoiceFallback`](Self::VoiceFallback) |
        /// | `TranscriptionStatus` | [`TranscriptionCallback`](Self::TranscriptionCallback) |
        /// | `DialCallStatus` | [`DialResult`](Self::DialResult) |
        /// | `QueueResult` | [`EnqueueResult`](Self::EnqueueResult) |
        /// | `QueuePosition` | [`QueueWait`](Self::QueueWait) |
        /// | `DequeingCallSid` | [`Dequeue`](Self::Dequeue) |
        /// | `UnstableSpeechResult` or `StableSpeechResult` | [`GatherPartial`](Self::GatherPartial) |
        /// | `SessionStatus` | [`ConversationRelayResult`](Self::ConversationRelayResult) |
        /// | `VirtualAgentStatus` | [`VirtualAgentResult`](Self::VirtualAgentResult) |
        /// | `ReferTransferTarget` | [`ReferRequest`](Self::ReferRequest) |
        /// | `ReferCallStatus` or `ReferSipResponseCode` | [`ReferResult`](Self::ReferResult) |
        /// | `Result` of a `<Pay>`, or `Result` with details of a payment | [`PayResult`](Self::PayResult) |
        /// | `CallbackSource`, or `CallDuration` or `Duration` of a call that is over; no parameter of an action URL | [`CallStatusCallback`](Self::CallStatusCallback) |
        /// | `RecordingUrl` | [`RecordResult`](Self::RecordResult) |
        /// | `Digits` or `SpeechResult` | [`GatherResult`](Self::GatherResult) |
        /// | `CallSid` without `SiprecEvent` | [`InboundCall`](Self::InboundCall) |
        /// | anything else | [`Other`](Self::Other) |
        ///
        /// ```
        /// # use clinspark_twilio::types::AuthToken;
        /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
        /// use clinspark_twilio::webhook::WebhookEvent;
        ///
        /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
        /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
        /// # let mut request = http::Request::post("/twilio")
        /// #     .header("content-type", "application/x-www-form-urlencoded")
        /// #     .body(
        /// #         "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&Body=Yes\
        /// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199",
        /// #     )?;
        /// # let signature = validator.sign(&request);
        /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
        /// let event: WebhookEvent = validator.verify(request)?.parse()?;
        /// match event {
        ///     WebhookEvent::InboundMessage(message) => assert_eq!(message.body.expose(), "Yes"),
        ///     WebhookEvent::MessageStatusCallback(callback) => println!("{}", callback.status),
        ///     _ => unreachable!("another kind of webhook"),
        /// }
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum WebhookEvent {
            $( $(#[$doc])* $payload(Box<$payload>), )+
            /// Webhook of another kind, or one whose parameters this version cannot read.
            ///
            /// Other kinds are events of Conversations and `TaskRouter`, for example. A
            /// [`SiprecStatusCallback`](crate::webhook::SiprecStatusCallback) is one as well: Twilio
            /// sends a call's parameters with it, so only its URL identifies it.
            ///
            /// Holds every signed parameter by name, and none for a JSON body. `Debug` prints only
            /// their number.
            Other(ExtraParameters),
        }

        impl Read for WebhookEvent {
            const NAME: &'static str = "event";
            const REQUIRED: Required = &[];

            fn read_fields($p: &mut Parameters<'_>) -> Result<Self, Kind> {
                $( if $told {
                    if let Ok(event) = $payload::read($p) {
                        return Ok(Self::$payload(Box::new(event)));
                    }
                    // The failed read may have taken parameters that the next kind needs.
                    $p.restart();
                } )+
                Ok(Self::Other($p.extra()))
            }
        }
    };
}

events! { |p|
    /// Entry of the Debugger.
    DebuggerEvent if p.has("Sid") && p.has("PayloadType");
    /// Delivery status of an outgoing message.
    MessageStatusCallback if p.has("MessageStatus");
    /// Inbound message whose primary URL failed.
    MessageFallback if p.has("ErrorUrl") && p.has("MessageSid");
    /// Inbound message.
    InboundMessage if p.has("MessageSid");
    /// Status of a recording.
    RecordingStatusCallback if p.has("RecordingStatus");
    /// Status of a media stream.
    StreamStatusCallback if p.has("StreamEvent");
    /// Event of a real-time transcription.
    RealTimeTranscription if p.has("TranscriptionEvent");
    /// Event of a conference.
    ConferenceStatusCallback if p.has("ConferenceSid");
    /// Result of asynchronous answering-machine detection.
    AmdStatusCallback if p.has("AnsweredBy") && !p.has("CallStatus");
    /// Transcript of Conversational Intelligence that is ready, sent as a form.
    IntelligenceCallback if p.has("transcript_sid");
    /// Progress of a payment.
    PayStatusCallback if !p.has("CallStatus") && PayStatusCallback::is_told_by(p);
    /// Request of a call whose primary URL failed.
    VoiceFallback if p.has("ErrorUrl");
    /// Transcription of a recording.
    TranscriptionCallback if p.has("TranscriptionStatus");
    /// Result of a `<Dial>`.
    DialResult if p.has("DialCallStatus");
    /// Result of an `<Enqueue>`.
    EnqueueResult if p.has("QueueResult");
    /// Request for the sound to play to a caller in a queue.
    QueueWait if p.has("QueuePosition");
    /// Request for the sound to play to a waiting call before it is connected.
    Dequeue if p.has("DequeingCallSid");
    /// Partial speech recognition of a `<Gather>`.
    GatherPartial if p.has_any(&["UnstableSpeechResult", "StableSpeechResult"]);
    /// Result of a `<ConversationRelay>`.
    ConversationRelayResult if p.has("SessionStatus");
    /// Result of a virtual agent.
    VirtualAgentResult if p.has("VirtualAgentStatus");
    /// Request for instructions after a SIP party transferred a call.
    ReferRequest if p.has("ReferTransferTarget");
    /// Result of a `<Refer>`.
    ReferResult if p.has_any(&["ReferCallStatus", "ReferSipResponseCode"]);
    /// Result of a `<Pay>`.
    PayResult if PayResult::is_told_by(p);
    /// Status of a call.
    CallStatusCallback if !p.has_any(&ACTION)
        && (p.has("CallbackSource") || (is_over(p) && p.has_any(&["CallDuration", "Duration"])));
    /// Result of a `<Record>`.
    RecordResult if p.has("RecordingUrl");
    /// Digits or speech of a `<Gather>`.
    GatherResult if p.has_any(&["Digits", "SpeechResult"]);
    /// Request for `TwiML`: a new call, a redirect, an empty gather or a whisper.
    InboundCall if p.has("CallSid") && !p.has("SiprecEvent");
}

/// Returns `true` if the call has ended.
///
/// A duration alone is no proof, because a client of the Voice SDK may add one.
fn is_over(p: &Parameters<'_>) -> bool {
    let status = p.peek("CallStatus").map(CallStatus::from);
    status.is_some_and(|status| status.is_final())
}
