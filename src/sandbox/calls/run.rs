//! Runs the TwiML of a call, verb by verb.

use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::commands::Passed;
use super::dial::answers_on_bridge;
use super::progress::AcceptedInput;
use super::purpose::Purpose;
use super::speak::{AUDIO_LENGTH, speech_length};
use super::step::Step;
use crate::sandbox::state::{Document, TranscriptAction, WebhookKind};
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
                // The end of the last document ends the call.
                Step::NextVerb | Step::End | Step::Changed | Step::Leave | Step::Failed => return,
            };
        }
    }

    pub(super) async fn run_document(&mut self, document: Document) -> Step {
        let (root, url) = match document {
            Document::Twiml { root, url } => {
                self.pick_up(root.children().next());
                (root, url)
            }
            Document::Text(text) => {
                let length = speech_length(&text);
                let action = TranscriptAction::Speech;
                return self.run_sound(action, text, length).await;
            }
            Document::Audio(url) => {
                let action = TranscriptAction::Audio;
                return self.run_sound(action, url.into(), AUDIO_LENGTH).await;
            }
            Document::Empty => return Step::End,
        };
        let outer = self.begin_document(&root, url.as_ref());
        let step = self.run_verbs(&root, url.as_ref()).await;
        self.document = outer;
        step
    }

    async fn run_verbs(&mut self, root: &Node, base: Option<&Url>) -> Step {
        for verb in root.children() {
            if let Some(step) = self.interruption() {
                return step;
            }
            self.begin_element(verb);
            let step = self.run_verb(verb, base).await;
            self.end_element(verb);
            // A verb that was interrupted accepts no more input.
            self.accepted_input = AcceptedInput::default();
            match step {
                Step::NextVerb => {}
                step => return step,
            }
        }
        self.interruption().unwrap_or(Step::NextVerb)
    }

    /// Runs a document without verbs: plays it, and then ends the call.
    async fn run_sound(
        &mut self,
        action: TranscriptAction,
        content: String,
        length: Duration,
    ) -> Step {
        self.pick_up(None);
        self.play_by(None, action, content);
        match self.pass(length, false).await {
            Passed::Interrupted(step) => step,
            // Music is followed by silence.
            Passed::Whole | Passed::BargedIn if self.purpose.waits() => Step::NextVerb,
            Passed::Whole | Passed::BargedIn => Step::End,
        }
    }

    /// Answers an inbound call, unless its first verb lets it ring until a `<Dial>` connects it.
    fn pick_up(&mut self, first: Option<&Node>) {
        if !self.is_answered() && !first.is_some_and(answers_on_bridge) {
            self.start();
        }
    }

    async fn run_verb(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        self.verb = Some(verb.name().to_owned());
        match verb.name() {
            name if !self.purpose.permits(name) => {
                let refusal = self.purpose.refusal(name);
                self.alert(refusal.code, refusal.message);
                Step::NextVerb
            }
            "Gather" => self.gather(verb, base).await,
            "Record" => self.record(verb, base).await,
            "Dial" => self.dial(verb, base).await,
            "Refer" => self.refer(verb, base).await,
            "Sms" => self.sms(verb, base).await,
            "Echo" => self.echo().await,
            "Connect" => self.connect_service(verb, base).await,
            "Start" => self.run_start(verb, base).await,
            "Stop" => self.run_stop(verb),
            "Redirect" => {
                let Some(target) = self.target(Some(&verb.text()), verb, base) else {
                    return Step::End;
                };
                if self.purpose.is_music()
                    && let Some(step) = self.pace_music().await
                {
                    return step;
                }
                self.request(WebhookKind::Voice, &target, FormFields::new())
                    .await
            }
            // A `<Reject>` acts as `<Hangup>`, unless it is the first verb of an inbound call.
            "Hangup" | "Reject" => Step::End,
            "Enqueue" => self.enqueue(verb, base).await,
            "Leave" if self.purpose == Purpose::Queue => Step::Leave,
            "Leave" => {
                self.alert(
                    12200,
                    "a <Leave> outside the music of a queue has no effect",
                );
                Step::NextVerb
            }
            "Say" | "Play" | "Pause" => match self.speak(verb, base, false).await {
                Passed::Interrupted(step) => step,
                Passed::Whole | Passed::BargedIn => Step::NextVerb,
            },
            name => {
                self.skip(name);
                Step::NextVerb
            }
        }
    }
}
