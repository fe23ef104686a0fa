//! Media streams and `ConversationRelay` sessions of a call.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::StreamEvent;
use super::macros::payload;
use crate::codes::ErrorCode;
use crate::types::{AccountSid, CallSid, Redacted, StreamSid, Timestamp};

payload! {
    /// Status of a media stream. Twilio ignores the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#statuscallback>
    pub struct StreamStatusCallback = "stream status callback", without ["CallStatus", "MessageSid"], |p| {
        /// SID of the stream.
        stream_sid: StreamSid = p.required("StreamSid")?,
        /// Account or subaccount of the stream.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// SID of the call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Type of the event.
        event: StreamEvent = p.required_enum_value("StreamEvent")?,
        /// Name of the stream.
        stream_name: Option<String> = p.text("StreamName"),
        /// Description of the error.
        stream_error: Option<Redacted<String>> = p.hidden("StreamError"),
        /// Time of the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
    }
}

payload! {
    /// Result of a `<Connect><ConversationRelay>`. Twilio expects `TwiML` in the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    pub struct ConversationRelayResult = "conversation relay result", |p| {
        /// Final status of the session: `ended`, `completed` or `failed`.
        session_status: String = p.required("SessionStatus")?,
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// ID of the session, `VX...`.
        session_id: Option<String> = p.text("SessionId"),
        /// Duration of the session, to the second.
        session_duration: Option<Duration> = p.seconds("SessionDuration"),
        /// Data that the application passed on at the end of the session.
        handoff_data: Option<Redacted<String>> = p.hidden("HandoffData"),
        /// Twilio error code of a failed session.
        error_code: Option<ErrorCode> = p.value("ErrorCode"),
        /// Description of the error.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
    }
}
