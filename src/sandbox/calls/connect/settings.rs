//! Settings of a `<ConversationRelay>`.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>

use reqwest::Url;

use crate::sandbox::calls::streams::parameters;
use crate::sandbox::state::AlertCause;
use crate::sandbox::webhooks::parse_websocket_url;
use crate::twiml::Node;
use crate::webhook::websocket::CustomParameters;

/// Attributes with an effect on messages that the sandbox does not have.
const UNSUPPORTED: &[(&str, &str)] = &[
    (
        "applicationReconnect",
        "the sandbox does not support applicationReconnect: a broken session is not resumed",
    ),
    (
        "debug",
        "the sandbox does not support debug: no `info` message is sent",
    ),
    (
        "events",
        "the sandbox does not support events: no `info` message is sent",
    ),
    (
        "includeInPrompt",
        "the sandbox does not support includeInPrompt: a prompt has its text only",
    ),
    (
        "partialPromptOnHangup",
        "the sandbox does not support partialPromptOnHangup: a hang-up sends no prompt",
    ),
];

/// Input of the phone that interrupts speech, or is reported during it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputKinds {
    None,
    Dtmf,
    Speech,
    Any,
}

impl InputKinds {
    fn parse(text: Option<&str>, default: Self) -> Self {
        match text {
            Some("none" | "false") => Self::None,
            Some("dtmf") => Self::Dtmf,
            Some("speech") => Self::Speech,
            Some("any" | "true") => Self::Any,
            // The check of the document has raised an alert for another value.
            _ => default,
        }
    }

    pub(super) const fn has_keys(self) -> bool {
        matches!(self, Self::Dtmf | Self::Any)
    }

    pub(super) const fn has_speech(self) -> bool {
        matches!(self, Self::Speech | Self::Any)
    }
}

/// Settings of a session.
pub(super) struct RelaySettings {
    pub(super) url: Url,
    pub(super) welcome_greeting: Option<String>,
    pub(super) greeting_interruptible: InputKinds,
    pub(super) interruptible: InputKinds,
    pub(super) preemptible: bool,
    /// Input that the application also learns of during its own speech.
    pub(super) reported_during_speech: InputKinds,
    pub(super) has_dtmf: bool,
    /// The application also learns of the words while they are said.
    pub(super) has_partial_prompts: bool,
    pub(super) transcription_language: String,
    pub(super) parameters: CustomParameters,
}

impl RelaySettings {
    /// Reads a `<ConversationRelay>`. `warn` learns of settings that have no effect.
    pub(super) fn read(
        element: &Node,
        base: Option<&Url>,
        warn: impl Fn(AlertCause),
    ) -> Result<Self, AlertCause> {
        let get = |name| element.attribute(name);
        for (name, message) in UNSUPPORTED {
            if get(name).is_some_and(|value| value != "false") {
                warn(AlertCause::new(12200, message));
            }
        }
        let url = parse_websocket_url(get("url").unwrap_or_default(), base);
        let language = get("transcriptionLanguage").or_else(|| get("language"));
        let kinds = |name, default| InputKinds::parse(get(name), default);
        Ok(Self {
            url: url.map_err(|cause| AlertCause::new(64101, cause.message))?,
            welcome_greeting: get("welcomeGreeting").map(str::to_owned),
            greeting_interruptible: kinds("welcomeGreetingInterruptible", InputKinds::Any),
            interruptible: kinds("interruptible", InputKinds::Any),
            preemptible: get("preemptible") == Some("true"),
            reported_during_speech: kinds("reportInputDuringAgentSpeech", InputKinds::None),
            has_dtmf: get("dtmfDetection") == Some("true"),
            has_partial_prompts: get("partialPrompts") == Some("true"),
            transcription_language: language.unwrap_or("en-US").to_owned(),
            parameters: parameters(element),
        })
    }
}
