//! What answered, what streamed, what went wrong.

use std::time::Duration;

use super::call::CallParameters;
use super::message::InboundMessage;
use super::row::payload;
use super::words::{DebuggerLevel, StreamEvent};
use crate::types::{AccountSid, AlertSid, AnsweredBy, CallSid, Redacted, StreamSid, Timestamp};

payload! {
    /// What answered a call, found while the call goes on (`AsyncAmd`). Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/answering-machine-detection>
    pub struct AmdStatusCallback = "answering-machine callback", without ["CallStatus", "MessageSid"], |p| {
        /// The call.
        call_sid: CallSid = p.required("CallSid")?,
        /// The account, or sub-account, whose call it is.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// What answered.
        answered_by: AnsweredBy = p.required_word("AnsweredBy")?,
        /// How long the detection took, to the millisecond.
        machine_detection_duration: Option<Duration> = p.milliseconds("MachineDetectionDuration"),
    }
}

payload! {
    /// Speech as far as it is understood while the person still speaks. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather#partialresultcallback>
    pub struct GatherPartial = "partial gather result", |p| {
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
        /// What may still change.
        unstable_speech_result: Option<Redacted<String>> = p.hidden("UnstableSpeechResult"),
        /// What will not.
        stable_speech_result: Option<Redacted<String>> = p.hidden("StableSpeechResult"),
        /// How likely it will not, 0.0 to 1.0.
        stability: Option<f64> = p.value("Stability"),
        /// The order of the partial results.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// The language that is listened for.
        language: Option<String> = p.text("Language"),
    }
}

payload! {
    /// What became of a media stream. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#statuscallback>
    pub struct StreamStatusCallback = "stream status callback", without ["CallStatus", "MessageSid"], |p| {
        /// The stream.
        stream_sid: StreamSid = p.required("StreamSid")?,
        /// The account, or sub-account, that it belongs to.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// The call.
        call_sid: CallSid = p.required("CallSid")?,
        /// What happened.
        event: StreamEvent = p.required_word("StreamEvent")?,
        /// The stream's name.
        stream_name: Option<String> = p.text("StreamName"),
        /// What failed.
        stream_error: Option<Redacted<String>> = p.hidden("StreamError"),
        /// When it happened.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
    }
}

payload! {
    /// How a `<Connect><ConversationRelay>` ended. Twilio wants `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    pub struct ConversationRelayResult = "conversation relay result", |p| {
        /// How the session ended.
        session_status: String = p.required("SessionStatus")?,
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
        /// The session, `VX...`.
        session_id: Option<String> = p.text("SessionId"),
        /// How long it lasted, to the second.
        session_duration: Option<Duration> = p.seconds("SessionDuration"),
        /// What the application handed over.
        handoff_data: Option<Redacted<String>> = p.hidden("HandoffData"),
        /// Why it failed.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// The same in words.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
    }
}

payload! {
    /// A request of a call that failed at its own URL, sent to the fallback URL. Twilio wants
    /// `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/voice-webhooks>
    pub struct VoiceFallback = "voice fallback", |p| {
        /// The URL that failed.
        error_url: Redacted<String> = p.required_hidden("ErrorUrl")?,
        /// Why, such as 11200.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// The call; what else the failed request held is among the extra parameters.
        call: CallParameters = CallParameters::read(p)?,
    }
}

payload! {
    /// A message whose own URL failed, sent to the fallback URL. Twilio wants `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/messaging-webhooks>
    pub struct MessageFallback = "message fallback", without ["CallSid"], |p| {
        /// The URL that failed.
        error_url: Redacted<String> = p.required_hidden("ErrorUrl")?,
        /// Why, such as 11200.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// The message, with what has no field.
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
        /// The account, or sub-account, that it concerns.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// How bad it is.
        level: DebuggerLevel = p.required_word("Level")?,
        /// The account above, for sub-accounts.
        parent_account_sid: Option<AccountSid> = p.value("ParentAccountSid"),
        /// When it happened.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// What kind of text the payload is: `application/json`.
        payload_type: Option<String> = p.text("PayloadType"),
        /// The details in JSON. They may hold the whole failed request, numbers and words included.
        payload: Option<Redacted<String>> = p.hidden("Payload"),
    }
}

impl DebuggerEvent {
    /// The error code in the payload, such as 11200.
    #[must_use]
    pub fn error_code(&self) -> Option<u32> {
        match self.details()?.get("error_code")? {
            serde_json::Value::String(text) => text.parse().ok(),
            number => number.as_u64()?.try_into().ok(),
        }
    }

    /// The SID of the resource in the payload: a call, a message.
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
