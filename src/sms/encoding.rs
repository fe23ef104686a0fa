//! The two encodings of a text message, and the units that each character takes.

use std::fmt;

/// Encoding in which a text message is transmitted.
///
/// One character outside GSM-7 makes the whole message UCS-2. A UCS-2 segment holds less than half
/// as many characters.
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
    /// Units of seven bits. A character takes one; ten characters, such as `€` and `[`, take two.
    Gsm7,
    /// Units of sixteen bits. A character takes one; emoji and other rare characters take two or
    /// more.
    Ucs2,
}

impl Encoding {
    /// Returns the encoding that a text needs.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.chars().all(|c| septets(c).is_some()) {
            Self::Gsm7
        } else {
            Self::Ucs2
        }
    }

    /// Returns the name as Twilio writes it: `GSM-7`, `UCS-2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Returns the number of units that fit into a message of one segment: 160 or 70.
    #[must_use]
    pub const fn single_segment_limit(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Returns the number of units that fit into each of several segments: 153 or 67. The rest is a
    /// header of six octets that links the segments.
    #[must_use]
    pub const fn concatenated_segment_limit(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Returns the number of units that a character takes.
    #[inline]
    pub(super) fn units(self, c: char) -> usize {
        match self {
            // Never 0: a text is GSM-7 only if each of its characters has septets.
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

/// Returns the number of septets of a character in GSM-7; `None` for a character outside GSM-7.
///
/// Text is not normalised: `é` is in GSM-7, `e` with a combining accent is not. GSM-7 has only
/// those Greek capitals that look like no Latin letter.
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
