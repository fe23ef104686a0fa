//! Answering machines, partial speech, streams, relays, fallbacks, and the debugger.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::{DebuggerLevel, StreamEvent};
use super::macros::payload;
use super::message::InboundMessage;
use crate::types::{AccountSid, AlertSid, AnsweredBy, CallSid, Redacted, StreamSid, Timestamp};

payload! {
    /// Result of answering-machine detection while the call goes on (`AsyncAmd`). Twilio ignores
    /// the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/answering-machine-detection>
    pub struct AmdStatusCallback = "answering-machine callback", without ["CallStatus", "MessageSid"], |p| {
        /// The call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Account or sub-account of the call.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Detected kind of answer.
        answered_by: AnsweredBy = p.required_word("AnsweredBy")?,
        /// Duration of the detection, to the millisecond.
        machine_detection_duration: Option<Duration> = p.milliseconds("MachineDetectionDuration"),
    }
}

payload! {
    /// Partial speech recognition while the person still speaks. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather#partialresultcallback>
    pub struct GatherPartial = "partial gather result", |p| {
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
        /// Text that may still change.
        unstable_speech_result: Option<Redacted<String>> = p.hidden("UnstableSpeechResult"),
        /// Text that no longer changes.
        stable_speech_result: Option<Redacted<String>> = p.hidden("StableSpeechResult"),
        /// Likelihood that the text does not change, 0.0 to 1.0.
        stability: Option<f64> = p.value("Stability"),
        /// Order of the partial results.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// Language of the recognition.
        language: Option<String> = p.text("Language"),
    }
}

payload! {
    /// Status of a media stream. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#statuscallback>
    pub struct StreamStatusCallback = "stream status callback", without ["CallStatus", "MessageSid"], |p| {
        /// The stream.
        stream_sid: StreamSid = p.required("StreamSid")?,
        /// Account or sub-account of the stream.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// The call.
        call_sid: CallSid = p.required("CallSid")?,
        /// The event.
        event: StreamEvent = p.required_word("StreamEvent")?,
        /// Name of the stream.
        stream_name: Option<String> = p.text("StreamName"),
        /// Description of the error.
        stream_error: Option<Redacted<String>> = p.hidden("StreamError"),
        /// Time of the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
    }
}

payload! {
    /// Result of a `<Connect><ConversationRelay>`. Twilio expects `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    pub struct ConversationRelayResult = "conversation relay result", |p| {
        /// End of the session: `ended`, `completed` or `failed`.
        session_status: String = p.required("SessionStatus")?,
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
        /// The session, `VX...`.
        session_id: Option<String> = p.text("SessionId"),
        /// Duration of the session, to the second.
        session_duration: Option<Duration> = p.seconds("SessionDuration"),
        /// Data that the application handed over.
        handoff_data: Option<Redacted<String>> = p.hidden("HandoffData"),
        /// Twilio error code of a failed session.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// Description of the error.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
    }
}

payload! {
    /// A request of a call that failed at its own URL, sent to the fallback URL. Twilio expects
    /// `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/voice-webhooks>
    pub struct VoiceFallback = "voice fallback", |p| {
        /// The URL that failed.
        error_url: Redacted<String> = p.required_hidden("ErrorUrl")?,
        /// Twilio error code, such as 11200.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// The call. The other parameters of the failed request are among the extra ones.
        call: CallParameters = CallParameters::read(p)?,
    }
}

payload! {
    /// An inbound message whose own URL failed, sent to the fallback URL. Twilio expects `TwiML` in
    /// answer.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/messaging-webhooks>
    pub struct MessageFallback = "message fallback", without ["CallSid"], |p| {
        /// The URL that failed.
        error_url: Redacted<String> = p.required_hidden("ErrorUrl")?,
        /// Twilio error code, such as 11200.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// The message, with the parameters that have no field.
        message: InboundMessage = InboundMessage::read_fields(p)?,
    }
}

payload! {
    /// An entry of the account's debugger. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks>
    pub struct DebuggerEvent = "debugger event", without ["CallSid", "ConferenceSid", "MessageSid", "RecordingSid"], |p| {
        /// The entry.
        sid: AlertSid = p.required("Sid")?,
        /// Account or sub-account that the entry is about.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Severity.
        level: DebuggerLevel = p.required_word("Level")?,
        /// Parent account of a sub-account.
        parent_account_sid: Option<AccountSid> = p.value("ParentAccountSid"),
        /// Time of the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// MIME type of the payload: `application/json`.
        payload_type: Option<String> = p.text("PayloadType"),
        /// Details in JSON. They may hold the whole failed request, with numbers and message
        /// bodies.
        payload: Option<Redacted<String>> = p.hidden("Payload"),
    }
}

impl DebuggerEvent {
    /// Twilio error code in the payload, such as 11200.
    #[must_use]
    pub fn error_code(&self) -> Option<u32> {
        match self.details()?.get("error_code")? {
            serde_json::Value::String(text) => text.parse().ok(),
            number => number.as_u64()?.try_into().ok(),
        }
    }

    /// SID of the resource in the payload, such as a call or a message.
    #[must_use]
    pub fn resource_sid(&self) -> Option<String> {
        self.details()?
            .get("resource_sid")?
            .as_str()
            .map(str::to_owned)
    }

    fn details(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.payload.as_ref()?.expose()).ok()
    }
}
