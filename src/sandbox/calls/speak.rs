//! Runs the verbs without a request or input: `<Say>`, `<Play>`, `<Pause>`.

use reqwest::Url;

use super::active_call::ActiveCall;
use crate::twiml::{ChildNode, Node};

impl ActiveCall {
    /// Runs a `<Say>`, `<Play>` or `<Pause>`. Any other verb is skipped with an alert.
    pub(super) fn speak(&mut self, verb: &Node, base: Option<&Url>) {
        match verb.name() {
            "Pause" => self.seconds += number_attribute(verb, "length").unwrap_or(1),
            "Play" => {
                let text = verb.text();
                let url = text.trim();
                let url = base.map_or_else(|| Url::parse(url), |base| base.join(url));
                match (url, verb.attribute("digits")) {
                    (_, Some(digits)) => self.push_audio(format!("keys {digits}")),
                    (Ok(url), None) => self.push_audio(url.into()),
                    (Err(_), None) => self.alert(11100, "the <Play> contains no valid URL"),
                }
            }
            "Say" => self.push_audio(spoken_text(verb)),
            _ => self.alert(
                12200,
                "the sandbox does not support this verb and skipped it",
            ),
        }
    }
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
