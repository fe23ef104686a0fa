//! Runs `<Gather>`: collects keys or speech.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::commands::{Input, Passed};
use super::speak::number_attribute;
use super::step::Step;
use crate::sandbox::state::{CallCommand, WebhookKind};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;

impl ActiveCall {
    /// Speaks the prompt, then collects keys or speech and sends them to the `action`.
    pub(super) async fn gather(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        // Another verb is skipped; the check of the document has raised its alert.
        let is_prompt = |child: &&Node| matches!(child.name(), "Say" | "Play" | "Pause");
        let prompts = || verb.children().filter(is_prompt);
        // Twilio fetches all files before it plays the first.
        for child in prompts() {
            if let Some(step) = self.fetch_file(child, base, 13325).await {
                return step;
            }
        }
        for child in prompts() {
            match self.utter(child, base, true).await {
                Passed::Whole => {}
                // A key or speech stops the prompt.
                Passed::BargedIn => break,
                Passed::Interrupted(step) => return step,
            }
        }
        let input = verb.attribute("input").unwrap_or("dtmf");
        // An invalid value has raised an alert, and counts as the default.
        let is_valid = matches!(input, "dtmf" | "speech" | "dtmf speech" | "speech dtmf");
        let input = if is_valid { input } else { "dtmf" };
        let num_digits = number_attribute(verb, "numDigits");
        let finish_on_key = verb.attribute("finishOnKey").unwrap_or("#").to_owned();
        let timeout = Duration::from_secs(number_attribute(verb, "timeout").unwrap_or(5));
        let kind = WebhookKind::GatherAction;
        let mut digits = String::new();
        let finished_on = loop {
            // Keys may be left over from before: Twilio keeps keys that were pressed ahead.
            let finished = collect(&mut self.keys, &mut digits, num_digits, &finish_on_key);
            if let Some(key) = finished {
                break key;
            }
            // The time begins again with each key.
            let mut timer = self.context.clock.timer(timeout);
            let Input::Command(queued) = self.next_input(&mut timer).await else {
                break String::new();
            };
            match queued.command {
                CallCommand::PressKeys(_) if input.contains("dtmf") => {
                    if let CallCommand::PressKeys(keys) = queued.accept() {
                        self.keys.extend(keys.chars());
                    }
                }
                CallCommand::Speak(_) if input.contains("speech") => {
                    let CallCommand::Speak(speech) = queued.accept() else {
                        continue;
                    };
                    let mut fields = FormFields::new();
                    fields.push("SpeechResult", speech);
                    // Twilio sends its confidence as a number from 0 to 1.
                    fields.push("Confidence", "0.9");
                    return self.request_action(kind, verb, base, fields).await;
                }
                CallCommand::StaySilent => {
                    queued.accept();
                    self.counted += timeout;
                    break String::new();
                }
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return step;
                    }
                }
            }
        };
        if digits.is_empty() && verb.attribute("actionOnEmptyResult") != Some("true") {
            return Step::NextVerb;
        }
        let mut fields = FormFields::new();
        fields.push("Digits", digits);
        fields.push("FinishedOnKey", finished_on);
        fields.push("msg", "Gather End");
        self.request_action(kind, verb, base, fields).await
    }
}

/// Moves keys into `digits` until the input is complete. Returns the finishing key, or an empty
/// string if `num_digits` was reached; `None` if more keys are needed.
fn collect(
    keys: &mut VecDeque<char>,
    digits: &mut String,
    num_digits: Option<u64>,
    finish_on_key: &str,
) -> Option<String> {
    while let Some(key) = keys.pop_front() {
        if finish_on_key.contains(key) {
            return Some(key.to_string());
        }
        digits.push(key);
        if num_digits.is_some_and(|limit| digits.len() as u64 >= limit) {
            return Some(String::new());
        }
    }
    None
}
