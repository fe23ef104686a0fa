//! STOP, START and HELP, as Twilio reads them; and what it does not read.

/// What a text says about being texted.
///
/// Source: <https://help.twilio.com/articles/223134027>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptOut {
    /// Exactly one of Twilio's words for it: Twilio itself refuses further messages (21610).
    Stop,
    /// Free text that may mean it, such as "please stop texting me". Twilio does nothing, yet it
    /// may be a revocation in law: let a person read it, and text no more until then.
    MaybeStop,
    /// Exactly one of Twilio's words for it: the person may be texted again. YES is one of them,
    /// so this may as well answer a question.
    Start,
    /// Exactly one of Twilio's words for it: the person asks who texts them.
    Help,
}

/// Twilio's words. It matches them in letters of any size, and only alone in a message.
const WORDS: [(&str, OptOut); 13] = [
    ("STOP", OptOut::Stop),
    ("STOPALL", OptOut::Stop),
    ("UNSUBSCRIBE", OptOut::Stop),
    ("CANCEL", OptOut::Stop),
    ("END", OptOut::Stop),
    ("QUIT", OptOut::Stop),
    ("REVOKE", OptOut::Stop),
    ("OPTOUT", OptOut::Stop),
    ("START", OptOut::Start),
    ("YES", OptOut::Start),
    ("UNSTOP", OptOut::Start),
    ("HELP", OptOut::Help),
    ("INFO", OptOut::Help),
];

/// Words that may mean STOP wherever they stand. `cancel`, `end` and `quit` are not among them:
/// people cancel visits.
const TELLING_WORDS: [&str; 13] = [
    "stop",
    "stopp",
    "stopping",
    "stopall",
    "unsubscribe",
    "revoke",
    "optout",
    "withdraw",
    "arret",
    "arrete",
    "arrett",
    "arrêt",
    "arrête",
];

/// Phrases that may mean STOP wherever they stand, in small letters, words apart by one blank.
const TELLING_PHRASES: [&str; 22] = [
    "opt out",
    "opt me out",
    "remove me",
    "remove my number",
    "delete my number",
    "take me off",
    "do not text",
    "do not contact",
    "do not message",
    "do not call",
    "dont text",
    "dont contact",
    "dont message",
    "dont call",
    "no more texts",
    "no more messages",
    "no more text",
    "leave me alone",
    "lose my number",
    "wrong number",
    "quit texting",
    "not interested",
];

impl OptOut {
    /// Reads a message's text.
    ///
    /// Believe Twilio's own reading first, where it gives one (`OptOutType` of the webhook): with
    /// Advanced Opt-Out the words are set in its console and may be of any language.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let alone = text.trim();
        let exact = WORDS
            .into_iter()
            .find(|(word, _)| alone.eq_ignore_ascii_case(word));
        match exact {
            Some((_, meaning)) => Some(meaning),
            None if may_mean_stop(alone) => Some(Self::MaybeStop),
            None => None,
        }
    }

    /// Whether texting must end, at least until a person has read the message.
    #[must_use]
    pub const fn forbids_texting(self) -> bool {
        matches!(self, Self::Stop | Self::MaybeStop)
    }
}

fn may_mean_stop(text: &str) -> bool {
    // Apostrophes are dropped, so that "don't" and "dont" are one word.
    let letters: String = text
        .chars()
        .filter(|c| !matches!(c, '\'' | '\u{2019}'))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = letters.split_whitespace().collect();
    if words.iter().any(|word| TELLING_WORDS.contains(word)) {
        return true;
    }
    let spaced = format!(" {} ", words.join(" "));
    TELLING_PHRASES
        .iter()
        .any(|phrase| spaced.contains(&format!(" {phrase} ")))
}
