//! Messages that Twilio sends.

use std::time::Duration;

use super::super::custom_parameters::CustomParameters;
use super::super::error::{ParseError, read};
use super::super::raw::RawMessage;
use crate::phone::Address;
use crate::types::{AccountSid, CallDirection, CallSid, CallStatus, Redacted, open_enum};
use crate::webhook::json::{Object, Writer};

open_enum! {
    /// Type of the call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/conversationrelay/websocket-messages>
    pub enum CallType {
        /// Phone network.
        Pstn = "PSTN",
        /// SIP. Not in Twilio's tables, but seen in published captures.
        Sip = "SIP",
        /// Voice SDK. Not in Twilio's tables, but seen in published captures.
        Client = "CLIENT",
    }
}

open_enum! {
    /// Name of a [`SessionInfo`]. Twilio's reference lists none; these were seen in published captures.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    pub enum InfoName {
        /// Round trip to the application. The value is in milliseconds, such as `148`.
        RoundTripDelayMs = "roundTripDelayMs",
        /// Speech of the application. The value is `on` or `off`.
        AgentSpeaking = "agentSpeaking",
        /// Speech of the caller. The value is `on` or `off`.
        ClientSpeaking = "clientSpeaking",
        /// Played text. The value is the text.
        TokensPlayed = "tokensPlayed",
    }
}

/// Message that Twilio sends on the WebSocket of a `ConversationRelay` session.
///
/// Source: <https://www.twilio.com/docs/voice/conversationrelay/websocket-messages>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RelayMessage {
    /// The session starts (`setup`). This is the first message.
    Setup(Box<SessionSetup>),
    /// The caller said something (`prompt`).
    Prompt(VoicePrompt),
    /// The caller pressed a digit (`dtmf`). Sent only with `dtmfDetection`.
    Dtmf(Option<Redacted<String>>),
    /// The caller interrupted the speech (`interrupt`).
    Interrupt(Interruption),
    /// Twilio dropped a command, or the session has an error (`error`). Holds the description.
    Error(Option<Redacted<String>>),
    /// Information for developers (`info`). Sent only with `debug` or `events`. Not in Twilio's
    /// tables, but seen in published captures.
    Info(SessionInfo),
    /// Type newer than this version of the crate, such as `configUpdated`, or a message without a
    /// type.
    Other(RawMessage),
}

/// Start of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionSetup {
    /// ID of the session, `VX...`.
    pub session_id: Option<String>,
    /// Account or subaccount of the call.
    pub account_sid: Option<AccountSid>,
    /// SID of the call.
    pub call_sid: Option<CallSid>,
    /// Leg that dialled this one.
    pub parent_call_sid: Option<CallSid>,
    /// Caller.
    pub from: Option<Address>,
    /// Callee.
    pub to: Option<Address>,
    /// Number that forwarded the call.
    pub forwarded_from: Option<Address>,
    /// Caller's name.
    pub caller_name: Option<Redacted<String>>,
    /// Direction of the call: `inbound` or `outbound-api`.
    pub direction: Option<CallDirection>,
    /// Type of the call.
    pub call_type: Option<CallType>,
    /// Status of the call. Twilio writes it here in upper case: `RINGING`, `IN_PROGRESS`.
    pub call_status: Option<CallStatus>,
    /// Parameters of the `<Parameter>` elements.
    pub custom_parameters: CustomParameters,
}

/// Recognised speech of the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VoicePrompt {
    /// Recognised text. A partial prompt holds the whole text so far.
    pub voice_prompt: Option<Redacted<String>>,
    /// Language, such as `en-US`. With the language `multi` only the primary tag, such as `en`.
    pub lang: Option<String>,
    /// `false` for a partial prompt (`partialPrompts`), `true` for the final one.
    pub last: Option<bool>,
}

/// Interruption of the speech.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interruption {
    /// Text that was played before the interruption. May be empty.
    pub utterance_until_interrupt: Option<Redacted<String>>,
    /// Duration of the speech before the interruption, to the millisecond.
    pub duration_until_interrupt: Option<Duration>,
}

/// Information for developers. Not in Twilio's tables, but seen in published captures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// Name of the information.
    pub name: Option<InfoName>,
    /// Value of the information.
    pub value: Option<Redacted<String>>,
    /// Time in milliseconds since 1970. One report saw it with speaker events.
    pub timestamp_ms: Option<u64>,
}

impl RelayMessage {
    /// Limit for a message, in bytes: 64 KiB.
    pub const MAX_BYTES: usize = 64 << 10;

    /// Reads a message from a text frame.
    ///
    /// # Errors
    ///
    /// Returns [`ParseError`] if the text is not a JSON object, or longer than
    /// [`MAX_BYTES`](Self::MAX_BYTES). Unknown types and odd fields are not errors.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let message = read(text, Self::MAX_BYTES)?;
        let kind = message.text("type");
        Ok(match kind.as_deref() {
            Some("setup") => Self::Setup(Box::new(SessionSetup::read(&message))),
            Some("prompt") => Self::Prompt(VoicePrompt {
                voice_prompt: message.raw_text("voicePrompt").map(hidden),
                lang: message.string("lang"),
                last: message.flag("last"),
            }),
            Some("dtmf") => Self::Dtmf(message.hidden("digit")),
            Some("interrupt") => Self::Interrupt(Interruption {
                utterance_until_interrupt: message.raw_text("utteranceUntilInterrupt").map(hidden),
                duration_until_interrupt: message
                    .number("durationUntilInterruptMs")
                    .map(Duration::from_millis),
            }),
            Some("error") => Self::Error(message.hidden("description")),
            Some("info") => Self::Info(SessionInfo {
                name: message.value("name"),
                value: message.raw_text("value").map(hidden),
                timestamp_ms: message.number("ts"),
            }),
            _ => Self::Other(RawMessage::new(text)),
        })
    }

    /// Writes the message as Twilio does, for the test of an application.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Writer::new();
        match self {
            Self::Setup(setup) => {
                json.text("type", Some("setup"));
                setup.write(&mut json);
            }
            Self::Prompt(prompt) => {
                json.text("type", Some("prompt"));
                json.hidden("voicePrompt", prompt.voice_prompt.as_ref());
                json.text("lang", prompt.lang.as_deref());
                json.plain("last", prompt.last);
            }
            Self::Dtmf(digit) => {
                json.text("type", Some("dtmf"));
                json.hidden("digit", digit.as_ref());
            }
            Self::Interrupt(interrupt) => {
                json.text("type", Some("interrupt"));
                let utterance = interrupt.utterance_until_interrupt.as_ref();
                json.hidden("utteranceUntilInterrupt", utterance);
                let duration = interrupt.duration_until_interrupt;
                let milliseconds = duration.map(|duration| duration.as_millis());
                json.plain("durationUntilInterruptMs", milliseconds);
            }
            Self::Error(description) => {
                json.text("type", Some("error"));
                json.hidden("description", description.as_ref());
            }
            Self::Info(info) => {
                json.text("type", Some("info"));
                json.text("name", info.name.as_ref().map(InfoName::as_str));
                json.hidden("value", info.value.as_ref());
                json.plain("ts", info.timestamp_ms);
            }
            Self::Other(message) => return message.json().to_owned(),
        }
        json.finish()
    }
}

fn hidden(text: impl Into<String>) -> Redacted<String> {
    Redacted::new(text.into())
}

impl SessionSetup {
    fn read(message: &Object<'_>) -> Self {
        let address = |name| message.raw_text(name).map(|text| Address::parse(&text));
        Self {
            session_id: message.string("sessionId"),
            account_sid: message.value("accountSid"),
            call_sid: message.value("callSid"),
            parent_call_sid: message.value("parentCallSid"),
            // An empty number is withheld, as in webhooks.
            from: address("from"),
            to: address("to"),
            forwarded_from: message
                .text("forwardedFrom")
                .map(|text| Address::parse(&text)),
            caller_name: message.hidden("callerName"),
            direction: message.value("direction"),
            call_type: message.value("callType"),
            call_status: message.text("callStatus").map(|text| {
                let text = text.to_ascii_lowercase().replace('_', "-");
                CallStatus::from(text.as_str())
            }),
            custom_parameters: CustomParameters::read(message),
        }
    }

    /// Writes the members. Twilio writes an empty text for an absent one.
    fn write(&self, json: &mut Writer) {
        let address =
            |address: &Option<Address>| address.as_ref().map(Address::expose).unwrap_or_default();
        let sid = |sid: Option<CallSid>| sid.map(|sid| sid.to_string()).unwrap_or_default();
        let status = self.call_status.as_ref().map(|status| {
            let status = status.as_str().to_ascii_uppercase();
            status.replace('-', "_")
        });
        json.text("sessionId", self.session_id.as_deref());
        json.digits("accountSid", self.account_sid);
        json.digits("callSid", self.call_sid);
        json.text("parentCallSid", Some(&sid(self.parent_call_sid)));
        json.text("from", self.from.as_ref().map(Address::expose).as_deref());
        json.text("to", self.to.as_ref().map(Address::expose).as_deref());
        json.text("forwardedFrom", Some(&address(&self.forwarded_from)));
        let name = self.caller_name.as_ref().map(|name| name.expose().as_str());
        json.text("callerName", Some(name.unwrap_or_default()));
        json.text(
            "direction",
            self.direction.as_ref().map(CallDirection::as_str),
        );
        json.text("callType", self.call_type.as_ref().map(CallType::as_str));
        json.text("callStatus", status.as_deref());
        self.custom_parameters.write(json);
    }
}
