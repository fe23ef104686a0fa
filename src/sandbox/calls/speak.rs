//! Runs the verbs without a request or input: `<Say>`, `<Play>`, `<Pause>`.

use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::commands::Passed;
use super::send_digits::{digits_length, is_digits};
use super::step::Step;
use crate::sandbox::state::{Sound as CallSound, TranscriptAction};
use crate::sandbox::webhooks;
use crate::twiml::{ChildNode, Node};
use crate::webhook::websocket::stream::MediaTrack;

/// Time that speech is taken to last: two and a half words a second.
pub(super) fn speech_length(text: &str) -> Duration {
    let words = text.split_whitespace().count() as u64;
    Duration::from_secs((words * 2).div_ceil(5).max(1))
}

/// Length of audio whose bytes the sandbox does not read.
pub(super) const AUDIO_LENGTH: Duration = Duration::from_secs(1);

/// Number of times that `loop="0"` repeats a sound, unless the call ends.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/play#loop>
const ENDLESS: u64 = 1000;

/// Longest `<break>` in speech.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/say/text-speech#break>
const LONGEST_BREAK: Duration = Duration::from_secs(10);

/// Sound of a verb.
struct Sound {
    action: TranscriptAction,
    content: String,
    length: Duration,
}

impl ActiveCall {
    /// Runs a `<Say>`, `<Play>` or `<Pause>`. Any other verb is skipped with an alert. With
    /// `barge_in`, keys and speech end it.
    pub(super) async fn speak(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        barge_in: bool,
    ) -> Passed {
        if let Some(step) = self.fetch_file(verb, base, 13420).await {
            return Passed::Interrupted(step);
        }
        self.utter(verb, base, barge_in).await
    }

    /// Fetches the file of a `<Play>`. Returns the next step if it cannot be played, or if a command
    /// interrupts the call. `wrong_type` is the code of the alert about its media type.
    pub(super) async fn fetch_file(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        wrong_type: u32,
    ) -> Option<Step> {
        if verb.name() != "Play" || verb.attribute("digits").is_some() {
            return None;
        }
        let url = url_of(verb, base)?;
        let (context, sid) = (&self.context, self.sid.as_str());
        let fetched = webhooks::fetch_audio(context, sid, &url, wrong_type).await;
        let interruption = self.interruption();
        match fetched {
            Err(code) if interruption.is_none() => Some(self.fall_back(code, &url).await),
            _ => interruption,
        }
    }

    /// Runs a verb as [`speak`](Self::speak) does, after its file was fetched.
    pub(super) async fn utter(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        barge_in: bool,
    ) -> Passed {
        let sound = match verb.name() {
            "Pause" => {
                let length = number_attribute(verb, "length").unwrap_or(1);
                self.note_pause(length);
                return self.pass(Duration::from_secs(length), barge_in).await;
            }
            "Play" => self.sound_of_play(verb, base),
            "Say" => Some(sound_of_say(verb)),
            name => {
                self.skip(name);
                None
            }
        };
        let Some(sound) = sound else {
            return Passed::Whole;
        };
        let times = number_attribute(verb, "loop").unwrap_or(1);
        for _ in 0..if times == 0 { ENDLESS } else { times } {
            let name = Some(verb.name().to_owned());
            self.play_by(name, sound.action, sound.content.clone());
            let passed = if times == 0 {
                // The person decides when it ends, so its time does not pass at once.
                self.pass_by_clock(sound.length, barge_in).await
            } else {
                self.pass(sound.length, barge_in).await
            };
            if !matches!(passed, Passed::Whole) {
                let context = &self.context;
                context.cut_streams(self.sid, &MediaTrack::Outbound);
                return passed;
            }
        }
        Passed::Whole
    }

    /// Returns the keys of a `<Play>`, or its file.
    fn sound_of_play(&self, verb: &Node, base: Option<&Url>) -> Option<Sound> {
        if let Some(digits) = verb.attribute("digits") {
            // The check of the document has raised the alert about other characters.
            return is_digits(digits).then(|| Sound {
                action: TranscriptAction::Keys,
                content: digits.to_owned(),
                length: digits_length(digits),
            });
        }
        let url = url_of(verb, base);
        if url.is_none() {
            self.alert(11100, "the <Play> contains no valid URL");
        }
        url.map(|url| Sound {
            action: TranscriptAction::Audio,
            content: url.into(),
            length: AUDIO_LENGTH,
        })
    }
}

/// Returns the sound of a verb that is announced in a conference, and the URL of its file.
pub(super) fn announced(verb: &Node, base: Option<&Url>) -> Option<(CallSound, Option<Url>)> {
    let (action, content, url) = match verb.name() {
        "Say" => (TranscriptAction::Speech, spoken_text(verb), None),
        "Play" => {
            if let Some(digits) = verb.attribute("digits") {
                (TranscriptAction::Keys, digits.to_owned(), None)
            } else {
                let url = url_of(verb, base)?;
                (TranscriptAction::Audio, url.to_string(), Some(url))
            }
        }
        _ => return None,
    };
    Some((CallSound::of_application(action, content), url))
}

/// Returns the URL of a file, resolved against the document's own.
fn url_of(verb: &Node, base: Option<&Url>) -> Option<Url> {
    let text = verb.text();
    let url = text.trim();
    if url.is_empty() {
        return None;
    }
    match base {
        Some(base) => webhooks::parse_url(base.join(url).ok()?.as_str()),
        None => webhooks::parse_url(url),
    }
}

fn sound_of_say(verb: &Node) -> Sound {
    let content = spoken_text(verb);
    Sound {
        action: TranscriptAction::Speech,
        length: speech_length(&content) + breaks(verb),
        content,
    }
}

/// Returns the text of a `<Say>`, including text inside SSML elements, as one line.
fn spoken_text(verb: &Node) -> String {
    let mut text = String::new();
    for item in verb.child_nodes() {
        match item {
            ChildNode::Text(part) => text.push_str(part),
            // The alias is said in place of the text.
            ChildNode::Element(child) if child.name() == "sub" => {
                let alias = child.attribute("alias").map(str::to_owned);
                text.push_str(&alias.unwrap_or_else(|| child.text()));
            }
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

/// Returns the time of all `<break time>` in a `<Say>`, such as `2s` or `500ms`.
fn breaks(verb: &Node) -> Duration {
    let times = verb.children().map(|child| match child.name() {
        "break" => child.attribute("time").and_then(break_time),
        _ => Some(breaks(child)),
    });
    times.flatten().sum()
}

fn break_time(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s')?, 1000),
    };
    let number: u64 = number.parse().ok()?;
    Some(Duration::from_millis(number.saturating_mul(unit)).min(LONGEST_BREAK))
}

/// Returns the value of an attribute that is a whole number.
pub(super) fn number_attribute(verb: &Node, name: &str) -> Option<u64> {
    verb.attribute(name)?.parse().ok()
}
