//! Speech in a `<Gather>`: its end, and partial results.

use std::time::Duration;

use reqwest::Url;

use super::options::GatherOptions;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::commands::{Input, Passed};
use crate::sandbox::calls::speak::speech_length;
use crate::sandbox::calls::step::Step;
use crate::sandbox::clock::{ClockMode, TimerEvent};
use crate::sandbox::state::{CallCommand, WebhookKind, WebhookTarget};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;

/// Largest number of partial results of one utterance: its parts, of equal length.
const PARTIAL_RESULTS: usize = 10;

/// End of a part of speech.
enum Heard {
    /// The part was said.
    Part,
    /// The person went on after a short pause.
    More(String),
    Silence,
    Interrupted(Step),
}

/// Request of partial results.
struct PartialResults {
    target: WebhookTarget,
    sequence: u32,
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
        let mut partial_results = self.partial_results(verb, base);
        let mut speech = first;
        // Words that the recognition has heard.
        let mut known = 0;
        loop {
            let words: Vec<&str> = speech.split_whitespace().collect();
            let new = words.get(known..).unwrap_or_default();
            let parts = new.len().clamp(1, PARTIAL_RESULTS);
            let length = speech_length(&new.join(" "));
            let mut heard = Heard::Part;
            let (mut said, begin) = (0, known);
            while said < parts && matches!(heard, Heard::Part) {
                let part =
                    share(length, said + 1, parts).saturating_sub(share(length, said, parts));
                said += 1;
                known = begin + (words.len() - begin) * said / parts;
                let so_far = words.get(..known).unwrap_or_default().join(" ");
                self.report_partial_result(&mut partial_results, options, so_far);
                heard = self.hear_more(part, options.speech_timeout).await;
            }
            if matches!(heard, Heard::Part) {
                let silence = options.speech_timeout;
                heard = self.hear_more(silence, silence).await;
            }
            match heard {
                Heard::More(more) => speech = format!("{speech} {more}"),
                Heard::Silence | Heard::Part => break,
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

    /// Waits until a part of speech was said, or the person goes on.
    async fn hear_more(&mut self, length: Duration, silence: Duration) -> Heard {
        if self.context.clock.mode() == ClockMode::Instant {
            return match self.pass(length, false).await {
                Passed::Interrupted(step) => Heard::Interrupted(step),
                Passed::Whole | Passed::BargedIn => Heard::Part,
            };
        }
        let mut timer = self
            .context
            .clock
            .timer(length, TimerEvent::end("end of speech"));
        loop {
            let Input::Command(queued) = self.next_input(&mut timer).await else {
                return Heard::Part;
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

    /// Returns the `partialResultCallback`, if there is one.
    fn partial_results(&self, verb: &Node, base: Option<&Url>) -> Option<PartialResults> {
        let url = verb.attribute("partialResultCallback")?;
        let method = verb.attribute("partialResultCallbackMethod");
        let target = self.target_of(Some(url), method, base)?;
        Some(PartialResults {
            target,
            sequence: 0,
        })
    }

    /// Sends the words so far to the `partialResultCallback`, as Twilio does while it recognizes
    /// speech.
    fn report_partial_result(
        &self,
        partial_results: &mut Option<PartialResults>,
        options: &GatherOptions,
        so_far: String,
    ) {
        let Some(PartialResults { target, sequence }) = partial_results else {
            return;
        };
        let mut fields = self.fields();
        fields.push("UnstableSpeechResult", so_far);
        fields.push("StableSpeechResult", "");
        fields.push("Stability", "0.5");
        fields.push("SequenceNumber", sequence.to_string());
        fields.push("Language", &*options.language);
        *sequence += 1;
        let (context, kind) = (&self.context, WebhookKind::PartialResult);
        webhooks::notify_in_background(context, kind, self.sid.as_str(), target, fields);
    }
}

/// Returns the time of the first parts of speech that has `parts` of equal length.
fn share(length: Duration, count: usize, parts: usize) -> Duration {
    let limit = |number| u32::try_from(number).unwrap_or(u32::MAX);
    length * limit(count) / limit(parts)
}
