//! Runs `<Gather>`: collects keys or speech.

mod options;
mod speech;

use std::collections::VecDeque;

use reqwest::Url;

use self::options::GatherOptions;
use super::active_call::ActiveCall;
use super::commands::{Input, Passed};
use super::progress::AcceptedInput;
use super::step::Step;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{CallCommand, WebhookKind};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;

impl ActiveCall {
    /// Speaks the prompt, then collects keys or speech and sends them to the `action`.
    pub(super) async fn gather(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let options = GatherOptions::read(verb);
        self.accepted_input = AcceptedInput::of_gather(verb, options.input);
        if let Some(step) = self.prompt(verb, base, &options).await {
            return step;
        }
        self.accepted_input.is_prompt = false;
        let mut digits = String::new();
        let finished_on = loop {
            // Keys may be left over from before: Twilio keeps keys that were pressed ahead.
            if options.input.keys
                && let Some(key) = collect(&mut self.keys, &mut digits, &options)
            {
                break key;
            }
            // The time begins again with each key.
            let mut timer = self
                .context
                .clock
                .timer(options.timeout, TimerEvent::timeout("timeout of <Gather>"));
            let input = self.next_input(&mut timer).await;
            // The wait for the end of speech has a timer of its own.
            drop(timer);
            let Input::Command(queued) = input else {
                break String::new();
            };
            match queued.command {
                CallCommand::PressKeys(_) if options.input.keys => {
                    if let CallCommand::PressKeys(keys) = queued.accept() {
                        self.keys.extend(keys.chars());
                    }
                }
                // The first kind of input counts.
                CallCommand::Speak(_) if options.input.speech && digits.is_empty() => {
                    if let CallCommand::Speak(speech) = queued.accept() {
                        return self.gather_speech(verb, base, &options, speech).await;
                    }
                }
                CallCommand::StaySilent => {
                    queued.accept();
                    self.counted += options.timeout;
                    break String::new();
                }
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return step;
                    }
                }
            }
        };
        if digits.is_empty() && !options.action_on_empty_result {
            return Step::NextVerb;
        }
        let mut fields = FormFields::new();
        fields.push("Digits", digits);
        fields.push("FinishedOnKey", finished_on);
        fields.push("msg", "Gather End");
        let kind = WebhookKind::GatherAction;
        self.request_action(kind, verb, base, fields).await
    }

    /// Speaks the nested verbs until input ends them. Returns the next step if something else does.
    async fn prompt(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        options: &GatherOptions,
    ) -> Option<Step> {
        // Another verb is skipped; the check of the document has raised its alert.
        let is_prompt = |child: &&Node| matches!(child.name(), "Say" | "Play" | "Pause");
        let prompts = || verb.children().filter(is_prompt);
        // Twilio fetches all files before it plays the first.
        for child in prompts() {
            if let Some(step) = self.fetch_file(child, base, 13325).await {
                return Some(step);
            }
        }
        self.barge_in_by = options.input;
        self.accepted_input.is_prompt = true;
        for child in prompts() {
            self.begin_element(child);
            let passed = self.utter(child, base, options.barge_in).await;
            self.end_element(child);
            self.begin_element(verb);
            match passed {
                Passed::Whole => {}
                Passed::BargedIn => break,
                Passed::Interrupted(step) => return Some(step),
            }
        }
        None
    }
}

/// Moves keys into `digits` until the input is complete. Returns the finishing key, or an empty
/// string if the number of keys was reached; `None` if more keys are needed.
fn collect(
    keys: &mut VecDeque<char>,
    digits: &mut String,
    options: &GatherOptions,
) -> Option<String> {
    while let Some(key) = keys.pop_front() {
        if options.finish_on_key.contains(key) {
            return Some(key.to_string());
        }
        digits.push(key);
        let is_complete = |count| digits.len() as u64 >= count;
        if options.num_digits.is_some_and(is_complete) {
            return Some(String::new());
        }
    }
    None
}
