//! Attributes of a `<Gather>`.

use std::time::Duration;

use crate::sandbox::calls::input_kinds::InputKinds;
use crate::sandbox::calls::speak::number_attribute;
use crate::twiml::Node;

/// Silence that ends speech with `speechTimeout="auto"`.
const PAUSE_IN_SPEECH: Duration = Duration::from_secs(1);

/// Attributes of a `<Gather>`. An invalid value has raised an alert, and counts as the default.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/gather#gather-attributes>
pub(super) struct GatherOptions {
    pub(super) input: InputKinds,
    /// Number of keys that ends the input.
    pub(super) num_digits: Option<u64>,
    /// Key that ends the input; empty if no key does.
    pub(super) finish_on_key: String,
    /// Time for the first input, and from each key to the next.
    pub(super) timeout: Duration,
    /// Silence that ends speech.
    pub(super) speech_timeout: Duration,
    /// Input ends the prompt.
    pub(super) barge_in: bool,
    /// The `action` is also requested without input.
    pub(super) action_on_empty_result: bool,
    pub(super) language: String,
}

impl GatherOptions {
    pub(super) fn read(verb: &Node) -> Self {
        let timeout = Duration::from_secs(number_attribute(verb, "timeout").unwrap_or(5));
        Self {
            input: match verb.attribute("input") {
                Some("speech") => InputKinds::SPEECH,
                Some("dtmf speech" | "speech dtmf") => InputKinds::BOTH,
                _ => InputKinds::KEYS,
            },
            num_digits: number_attribute(verb, "numDigits").filter(|count| *count > 0),
            finish_on_key: match verb.attribute("finishOnKey") {
                Some("") => String::new(),
                Some(key) if is_key(key) => key.to_owned(),
                _ => "#".to_owned(),
            },
            timeout,
            speech_timeout: match verb.attribute("speechTimeout") {
                Some("auto") => PAUSE_IN_SPEECH,
                _ => number_attribute(verb, "speechTimeout").map_or(timeout, Duration::from_secs),
            },
            barge_in: verb.attribute("bargeIn") != Some("false"),
            action_on_empty_result: verb.attribute("actionOnEmptyResult") == Some("true"),
            language: verb.attribute("language").unwrap_or("en-US").to_owned(),
        }
    }
}

fn is_key(text: &str) -> bool {
    text.len() == 1 && text.chars().all(|key| "0123456789*#".contains(key))
}
