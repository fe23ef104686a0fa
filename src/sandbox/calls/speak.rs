//! Runs the verbs without a request or input: `<Say>`, `<Play>`, `<Pause>`.

use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::commands::Passed;
use crate::twiml::{ChildNode, Node};

/// Time that speech is taken to last: two and a half words a second.
pub(super) fn speech_length(text: &str) -> Duration {
    let words = text.split_whitespace().count() as u64;
    Duration::from_secs((words * 2).div_ceil(5).max(1))
}

/// Length of audio whose bytes the sandbox does not read.
const AUDIO_LENGTH: Duration = Duration::from_secs(1);

impl ActiveCall {
    /// Runs a `<Say>`, `<Play>` or `<Pause>`. Any other verb is skipped with an alert. With
    /// `barge_in`, keys and speech end it.
    pub(super) async fn speak(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        barge_in: bool,
    ) -> Passed {
        let length = match verb.name() {
            "Pause" => Duration::from_secs(number_attribute(verb, "length").unwrap_or(1)),
            "Play" => {
                let Some(audio) = audio_of(verb, base) else {
                    self.alert(11100, "the <Play> contains no valid URL");
                    return Passed::Whole;
                };
                self.push_audio(audio);
                AUDIO_LENGTH
            }
            "Say" => {
                let text = spoken_text(verb);
                let length = speech_length(&text);
                self.push_audio(text);
                length
            }
            _ => {
                let text = "the sandbox does not support this verb and skipped it";
                self.alert(12200, text);
                return Passed::Whole;
            }
        };
        self.pass(length, barge_in).await
    }
}

/// Returns the audio of a `<Play>`: its keys, or its URL.
fn audio_of(verb: &Node, base: Option<&Url>) -> Option<String> {
    if let Some(digits) = verb.attribute("digits") {
        return Some(format!("keys {digits}"));
    }
    let text = verb.text();
    let url = text.trim();
    let url = base.map_or_else(|| Url::parse(url), |base| base.join(url));
    url.ok().map(String::from)
}

/// Returns the text of a `<Say>`, including text inside SSML elements, as one line.
fn spoken_text(verb: &Node) -> String {
    let mut text = String::new();
    for item in verb.child_nodes() {
        match item {
            ChildNode::Text(part) => text.push_str(part),
            ChildNode::Element(child) => {
                // Speech pauses at these elements, so the words around them must not join.
                let pause = if matches!(child.name(), "break" | "p" | "s") {
                    " "
                } else {
                    ""
                };
                text.push_str(pause);
                text.push_str(&spoken_text(child));
                text.push_str(pause);
            }
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the value of an attribute that is a whole number.
pub(super) fn number_attribute(verb: &Node, name: &str) -> Option<u64> {
    verb.attribute(name)?.parse().ok()
}
