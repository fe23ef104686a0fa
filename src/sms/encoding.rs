//! The two encodings of a text message, and what each character takes.

use std::fmt;

/// How a text message goes over the air.
///
/// One character outside GSM-7 makes the whole message UCS-2, and a segment of UCS-2 holds less
/// than half as much.
///
/// ```
/// use clinspark_twilio::sms::Encoding;
///
/// assert_eq!(Encoding::of("See you at 9."), Encoding::Gsm7);
/// assert_eq!(Encoding::of("We\u{2019}ll see you at 9."), Encoding::Ucs2); // a curly apostrophe
/// ```
///
/// Source: <https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Seven bits a character; ten characters, such as `€` and `[`, take two.
    Gsm7,
    /// Sixteen bits a character; emoji and other rare ones take two or more.
    Ucs2,
}

impl Encoding {
    /// The encoding that a text needs.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.chars().all(|c| septets(c).is_some()) {
            Self::Gsm7
        } else {
            Self::Ucs2
        }
    }

    /// The name as Twilio writes it: `GSM-7`, `UCS-2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units that fit into a message of one segment: 160 or 70.
    #[must_use]
    pub const fn single_segment_limit(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units that fit into each of several segments: 153 or 67. A header of six octets says how
    /// they belong together.
    #[must_use]
    pub const fn concatenated_segment_limit(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Units that a character takes. In GSM-7 every character of a text has some.
    #[inline]
    pub(super) fn units(self, c: char) -> usize {
        match self {
            Self::Gsm7 => septets(c).unwrap_or(0),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Septets of a character in GSM-7; `None` when it is not in it.
///
/// There is no Unicode normalising: `é` is in GSM-7, `e` and a combining accent are not. Of the
/// Greek capitals only those are in it that no Latin letter looks like.
///
/// Source: 3GPP TS 23.038, section 6.2.1.
#[inline]
#[expect(
    clippy::match_same_arms,
    reason = "ASCII, extension and the rest are three lists"
)]
pub(super) const fn septets(c: char) -> Option<usize> {
    match c {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '\u{C}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€' => Some(2),
        '¡' | '£' | '¤' | '¥' | '§' | '¿' | 'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü'
        | 'ß' | 'à' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü'
        | 'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | '\u{3A9}' => Some(1),
        _ => None,
    }
}
