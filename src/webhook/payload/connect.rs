//! Results of `<Connect>`: `ConversationRelay` sessions and virtual agents.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::{SessionStatus, VirtualAgentStatus};
use super::macros::payload;
use crate::codes::ErrorCode;
use crate::types::Redacted;

payload! {
    /// Result of a `<Connect><ConversationRelay>`. Twilio expects `TwiML` in the response.
    ///
    /// A session whose WebSocket broke is not resumed. Another `<ConversationRelay>` in the response
    /// starts a new one. Without an `action` the call ends.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    pub struct ConversationRelayResult = "conversation relay result",
        requires ["SessionStatus"] and CallParameters, |p| {
        /// Final status of the session.
        session_status: SessionStatus = p.required_enum_value("SessionStatus")?,
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// ID of the session, `VX...`.
        session_id: Option<String> = p.text("SessionId"),
        /// Duration of the session, to the second.
        session_duration: Option<Duration> = p.seconds("SessionDuration"),
        /// Data that the application passed on with [`EndSession`](crate::webhook::websocket::relay::EndSession). Sent only
        /// if it did.
        handoff_data: Option<Redacted<String>> = p.hidden("HandoffData"),
        /// Twilio error code of a failed session, such as 39001.
        error_code: Option<ErrorCode> = p.value("ErrorCode"),
        /// Description of the error.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
    }
}

payload! {
    /// Result of a `<Connect><VirtualAgent>`. Twilio expects `TwiML` in the response.
    ///
    /// Twilio's reference lists no parameters. These come from published programs and captures, so
    /// all but the status are optional.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/virtualagent>
    pub struct VirtualAgentResult = "virtual agent result",
        requires ["VirtualAgentStatus"] and CallParameters, |p| {
        /// Final status of the conversation.
        status: VirtualAgentStatus = p.required_enum_value("VirtualAgentStatus")?,
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// Provider of the virtual agent.
        provider: Option<String> = p.text("VirtualAgentProvider"),
        /// Data of the provider, as JSON: `ConversationId`, `EndUserId`, `AgentHandoffParameters`,
        /// `PauseParameters`.
        provider_data: Option<Redacted<String>> = p.hidden("VirtualAgentProviderData"),
        /// Description of the error.
        error: Option<Redacted<String>> = p.hidden("VirtualAgentError"),
        /// Twilio error code.
        error_code: Option<ErrorCode> = p.value("VirtualAgentErrorCode"),
    }
}
