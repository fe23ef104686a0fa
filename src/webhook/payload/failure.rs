//! Webhooks about failures: requests to a fallback URL, and Debugger events.

use super::call::CallParameters;
use super::enums::DebuggerLevel;
use super::macros::payload;
use super::message::InboundMessage;
use crate::codes::ErrorCode;
use crate::types::{AccountSid, AlertSid, Redacted, Timestamp};

payload! {
    /// Request of a call that failed at its primary URL and is sent to the fallback URL.
    ///
    /// Twilio expects `TwiML` in the response.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/voice-webhooks>
    pub struct VoiceFallback = "voice fallback",
        requires ["ErrorUrl"] and CallParameters, |p| {
        /// URL that failed.
        error_url: Redacted<String> = p.required_hidden("ErrorUrl")?,
        /// Twilio error code, such as 11200.
        error_code: Option<ErrorCode> = p.value("ErrorCode"),
        /// Parameters of the call. The other parameters of the failed request are among the extra
        /// ones.
        call: CallParameters = CallParameters::read(p)?,
    }
}

payload! {
    /// Inbound message whose primary URL failed, sent to the fallback URL.
    ///
    /// Twilio expects `TwiML` in the response.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/messaging-webhooks>
    pub struct MessageFallback = "message fallback",
        requires ["ErrorUrl"] and InboundMessage,
        without ["CallSid"], |p| {
        /// URL that failed.
        error_url: Redacted<String> = p.required_hidden("ErrorUrl")?,
        /// Twilio error code, such as 11200.
        error_code: Option<ErrorCode> = p.value("ErrorCode"),
        /// The message. Its extra parameters are those that have no field.
        message: InboundMessage = InboundMessage::read_fields(p)?,
    }
}

payload! {
    /// Entry of the account's Debugger. Twilio ignores the response.
    ///
    /// Source: <https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks>
    pub struct DebuggerEvent = "debugger event",
        requires ["AccountSid", "Level", "Sid"],
        without ["CallSid", "ConferenceSid", "MessageSid", "RecordingSid"], |p| {
        /// SID of the entry.
        sid: AlertSid = p.required("Sid")?,
        /// Account or subaccount in which the event happened.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Severity of the entry.
        level: DebuggerLevel = p.required_enum_value("Level")?,
        /// Parent account of the subaccount.
        parent_account_sid: Option<AccountSid> = p.value("ParentAccountSid"),
        /// Time of the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// MIME type of the payload: `application/json`.
        payload_type: Option<String> = p.text("PayloadType"),
        /// Details in JSON. They may hold the whole failed request, with phone numbers and message
        /// bodies.
        payload: Option<Redacted<String>> = p.hidden("Payload"),
    }
}

impl DebuggerEvent {
    /// Returns the Twilio error code in the payload, such as 11200.
    #[must_use]
    pub fn error_code(&self) -> Option<ErrorCode> {
        match self.details()?.get("error_code")? {
            serde_json::Value::String(text) => text.parse().ok(),
            number => {
                let number = u32::try_from(number.as_u64()?).ok()?;
                Some(ErrorCode::from(number))
            }
        }
    }

    /// Returns the SID of the resource in the payload, such as a call or a message.
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
