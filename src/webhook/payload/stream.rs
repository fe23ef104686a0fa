//! Media streams and `ConversationRelay` sessions of a call.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::StreamEvent;
use super::macros::payload;
use crate::types::{AccountSid, CallSid, Redacted, StreamSid, Timestamp};

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
