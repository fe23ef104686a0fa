//! What the carriers do with a text: cut it into segments, and obey STOP.

/// How many SMS a text fills: 160 characters of the GSM alphabet or 70 others in one, 153 or 67
/// in each of several. A character that takes two places and falls on a border counts as if it
/// could be split, which makes a rare text one segment shorter here than on the air.
///
/// Source: <https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding>
pub(super) fn segments(body: &str) -> u32 {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
    const EXTENDED: &str = "\u{c}^{}\\[~]|€";
    let septets = body.chars().try_fold(0usize, |sum, c| {
        if c.is_ascii_alphanumeric() || BASIC.contains(c) {
            Some(sum + 1)
        } else {
            EXTENDED.contains(c).then_some(sum + 2)
        }
    });
    let (length, single, joined) = match septets {
        Some(septets) => (septets, 160, 153),
        None => (body.encode_utf16().count(), 70, 67),
    };
    let count = if length <= single {
        1
    } else {
        length.div_ceil(joined)
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A word that Twilio answers itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Stop,
    Start,
    Help,
}

impl Keyword {
    /// Reads a text that is one keyword and nothing else, in any case.
    ///
    /// Source: <https://help.twilio.com/articles/223134027>
    pub(super) fn read(body: &str) -> Option<Self> {
        match body.trim().to_ascii_uppercase().as_str() {
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE"
            | "OPTOUT" => Some(Self::Stop),
            "START" | "YES" | "UNSTOP" => Some(Self::Start),
            "HELP" | "INFO" => Some(Self::Help),
            _ => None,
        }
    }

    /// What Twilio answers, in the sandbox's words.
    pub(super) const fn answer(self) -> &'static str {
        match self {
            Self::Stop => "You will get no more messages from this number. Reply START to resume.",
            Self::Start => "You will get messages from this number again. Reply STOP to end them.",
            Self::Help => "Reply STOP to get no more messages from this number.",
        }
    }
}
