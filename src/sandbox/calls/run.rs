//! Runs the TwiML of a call, verb by verb.

use reqwest::Url;

use super::active_call::ActiveCall;
use super::commands::Passed;
use super::speak::speech_length;
use super::step::Step;
use crate::sandbox::state::{Document, WebhookKind};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;

impl ActiveCall {
    /// Runs documents until the call ends.
    pub(super) async fn run(&mut self, first: Step) {
        let mut step = first;
        loop {
            step = match step {
                Step::Run(document) => self.run_document(document).await,
                Step::Follow(instructions) => self.fetch(instructions).await,
                Step::NextVerb | Step::End => return,
            };
        }
    }

    async fn run_document(&mut self, document: Document) -> Step {
        let (root, url) = match document {
            Document::Twiml { root, url } => (root, url),
            Document::Text(text) => {
                let length = speech_length(&text);
                self.push_audio(text);
                return match self.pass(length, false).await {
                    Passed::Interrupted(step) => step,
                    Passed::Whole | Passed::BargedIn => Step::End,
                };
            }
            Document::Empty => return Step::End,
        };
        for verb in root.children() {
            if let Some(step) = self.interruption() {
                return step;
            }
            match self.run_verb(verb, url.as_ref()).await {
                Step::NextVerb => {}
                step => return step,
            }
        }
        self.interruption().unwrap_or(Step::End)
    }

    async fn run_verb(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        match verb.name() {
            "Gather" => self.gather(verb, base).await,
            "Record" => self.record(verb, base).await,
            "Dial" => self.dial(verb, base).await,
            "Redirect" => {
                let Some(target) = self.target(Some(&verb.text()), verb, base) else {
                    return Step::End;
                };
                self.request(WebhookKind::Voice, &target, FormFields::new())
                    .await
            }
            // A `<Reject>` acts as `<Hangup>`, unless it is the first verb of an inbound call.
            "Hangup" | "Reject" => Step::End,
            _ => match self.speak(verb, base, false).await {
                Passed::Interrupted(step) => step,
                Passed::Whole | Passed::BargedIn => Step::NextVerb,
            },
        }
    }
}
