//! Speech in a `<Gather>`: its end, and partial results.

use std::time::Duration;

use reqwest::Url;

use super::options::GatherOptions;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::commands::{Input, Passed};
use crate::sandbox::calls::speak::speech_length;
use crate::sandbox::calls::step::Step;
use crate::sandbox::clock::ClockMode;
use crate::sandbox::state::{CallCommand, WebhookKind};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;

/// Largest number of partial results of one utterance.
const PARTIAL_RESULTS: usize = 10;

/// End of a part of speech.
enum Heard {
    /// The person went on after a short pause.
    More(String),
    Silence,
    Interrupted(Step),
}

impl ActiveCall {
    /// Collects speech until the person is silent, and sends it to the `action`.
    pub(super) async fn gather_speech(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        options: &GatherOptions,
        first: String,
    ) -> Step {
        let mut speech = first;
        let mut sequence = 0;
        let mut known = 0;
        loop {
            self.report_partial_results(verb, base, options, &speech, known, &mut sequence);
            let words = speech.split_whitespace().skip(known);
            let length = speech_length(&words.collect::<Vec<_>>().join(" "));
            known = speech.split_whitespace().count();
            match self.hear_more(length, options.speech_timeout).await {
                Heard::More(more) => speech = format!("{speech} {more}"),
                Heard::Silence => break,
                Heard::Interrupted(step) => return step,
            }
        }
        let mut fields = FormFields::new();
        fields.push("SpeechResult", speech);
        // Twilio sends its confidence as a number from 0 to 1.
        fields.push("Confidence", "0.9");
        fields.push("Language", &*options.language);
        let kind = WebhookKind::GatherAction;
        self.request_action(kind, verb, base, fields).await
    }

    /// Waits until the person has spoken and was silent, or goes on.
    async fn hear_more(&mut self, length: Duration, silence: Duration) -> Heard {
        if self.context.clock.mode() == ClockMode::Instant {
            return match self.pass(length + silence, false).await {
                Passed::Interrupted(step) => Heard::Interrupted(step),
                Passed::Whole | Passed::BargedIn => Heard::Silence,
            };
        }
        let mut timer = self.context.clock.timer(length + silence);
        loop {
            let Input::Command(queued) = self.next_input(&mut timer).await else {
                return Heard::Silence;
            };
            match queued.command {
                CallCommand::Speak(_) => {
                    if let CallCommand::Speak(more) = queued.accept() {
                        return Heard::More(more);
                    }
                }
                CallCommand::StaySilent => {
                    queued.accept();
                    self.counted += silence;
                    return Heard::Silence;
                }
                // After speech, no key ends the input.
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return Heard::Interrupted(step);
                    }
                }
            }
        }
    }

    /// Sends the words so far to the `partialResultCallback`, as Twilio does while it recognizes
    /// speech. The first `known` words have been sent.
    fn report_partial_results(
        &self,
        verb: &Node,
        base: Option<&Url>,
        options: &GatherOptions,
        speech: &str,
        known: usize,
        sequence: &mut u32,
    ) {
        let Some(url) = verb.attribute("partialResultCallback") else {
            return;
        };
        let method = verb.attribute("partialResultCallbackMethod");
        let Some(target) = self.target_of(Some(url), method, base) else {
            return;
        };
        let words: Vec<_> = speech.split_whitespace().collect();
        let step = words
            .len()
            .saturating_sub(known)
            .div_ceil(PARTIAL_RESULTS)
            .max(1);
        for end in (known + 1..=words.len()).step_by(step) {
            let mut fields = self.fields();
            let so_far = words.get(..end).unwrap_or_default().join(" ");
            fields.push("UnstableSpeechResult", so_far);
            fields.push("StableSpeechResult", "");
            fields.push("Stability", "0.5");
            fields.push("SequenceNumber", sequence.to_string());
            fields.push("Language", &*options.language);
            *sequence += 1;
            let (context, kind) = (&self.context, WebhookKind::PartialResult);
            webhooks::notify_in_background(context, kind, self.sid.as_str(), &target, fields);
        }
    }
}
