//! Copies of a call's audio: media streams and SIPREC sessions.

use super::enums::{SiprecEvent, StreamEvent};
use super::macros::payload;
use crate::codes::ErrorCode;
use crate::phone::Address;
use crate::types::{AccountSid, CallSid, CallStatus, Redacted, SiprecSid, StreamSid, Timestamp};

payload! {
    /// Status of a media stream. Twilio ignores the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#statuscallback>
    pub struct StreamStatusCallback = "stream status callback",
        requires ["AccountSid", "CallSid", "StreamEvent", "StreamSid"],
        without ["CallStatus", "MessageSid"], |p| {
        /// SID of the stream.
        stream_sid: StreamSid = p.required("StreamSid")?,
        /// Account or subaccount of the stream.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// SID of the call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Type of the event.
        event: StreamEvent = p.required_enum_value("StreamEvent")?,
        /// Name of the stream. The SID if the application gave no name.
        stream_name: Option<String> = p.text("StreamName"),
        /// Description of the error. Sent only with `stream-error`.
        stream_error: Option<Redacted<String>> = p.hidden("StreamError"),
        /// Time of the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
    }
}

payload! {
    /// Status of a SIPREC session. Twilio ignores the response.
    ///
    /// Twilio documents the parameters of a call in this callback, so a Voice SDK client can make
    /// a request about its own call look like one. Use a URL of its own. A
    /// [`WebhookEvent`](crate::webhook::WebhookEvent) of it is
    /// [`Other`](crate::webhook::WebhookEvent::Other).
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/siprec>
    pub struct SiprecStatusCallback = "siprec status callback",
        requires ["AccountSid", "CallSid", "SiprecEvent", "SiprecSid"],
        without ["MessageSid"], |p| {
        /// SID of the session.
        siprec_sid: SiprecSid = p.required("SiprecSid")?,
        /// Account or subaccount of the session.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// SID of the call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Type of the event.
        event: SiprecEvent = p.required_enum_value("SiprecEvent")?,
        /// Name of the session.
        siprec_name: Option<Redacted<String>> = p.hidden("SiprecName"),
        /// Time of the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// Description of the error. Sent only with `siprec-error`.
        siprec_error: Option<Redacted<String>> = p.hidden("SiprecError"),
        /// Twilio error code. Sent only with `siprec-error`.
        siprec_error_code: Option<ErrorCode> = p.value("SiprecErrorCode"),
        /// Status of the call.
        call_status: Option<CallStatus> = p.enum_value("CallStatus"),
        /// Caller.
        from: Option<Address> = p.address("From"),
        /// Callee.
        to: Option<Address> = p.address("To"),
    }
}
