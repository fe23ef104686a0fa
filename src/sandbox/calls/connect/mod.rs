//! Runs `<Connect>`: connects the phone to a WebSocket of the application.
//!
//! - `event`: waiting for the phone, the application and a time
//! - `playback`: sound of the application that the phone hears
//! - `stream`: `<Stream>` in both directions
//! - `talk`, `settings`, `relay`: `<ConversationRelay>`
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/connect>

mod event;
mod playback;
mod relay;
mod settings;
mod stream;
mod talk;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::step::Step;
use crate::twiml::Node;

impl ActiveCall {
    /// Connects the call to the service inside a `<Connect>`.
    pub(super) async fn connect_service(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        // The check of the document has raised an alert for an empty `<Connect>`.
        let Some(service) = verb.children().next() else {
            return Step::NextVerb;
        };
        match service.name() {
            "Stream" => self.connect_stream(verb, service, base).await,
            "ConversationRelay" => self.connect_relay(verb, service, base).await,
            name => {
                self.alert(12200, unsupported(name));
                Step::NextVerb
            }
        }
    }
}

fn unsupported(service: &str) -> &'static str {
    match service {
        "VirtualAgent" => "the sandbox does not support <VirtualAgent> and skipped the <Connect>",
        "AiSession" => "the sandbox does not support <AiSession> and skipped the <Connect>",
        "Autopilot" => "the sandbox does not support <Autopilot> and skipped the <Connect>",
        "Conversation" => "the sandbox does not support <Conversation> and skipped the <Connect>",
        "ConversationRelaySession" => {
            "the sandbox does not support <ConversationRelaySession> and skipped the <Connect>"
        }
        "Room" => "the sandbox does not support a Video `<Room>` and skipped the <Connect>",
        _ => "the <Connect> contains an unknown service and was skipped",
    }
}
