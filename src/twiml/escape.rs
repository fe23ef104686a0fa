//! What stands between any `&str` and a well-formed document.
//!
//! One table of 256 entries says which bytes need care; everything between two such bytes is
//! copied in one piece.

use std::fmt;

/// Where a string stands, as the bit that marks its special bytes in [`CARE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Between two tags. A parser turns a raw CR into LF, so CR is written as a reference.
    Text = 1,
    /// Between double quotes. A parser turns raw TAB, LF and CR into blanks there.
    Attribute = 2,
}

/// A character that XML 1.0 forbids is written as this one.
const REPLACEMENT: &str = "\u{FFFD}";

/// First byte of U+F000 to U+FFFF, among them the forbidden U+FFFE and U+FFFF.
const LEAD_OF_FFFE: u8 = 0xEF;

/// Bit 1: the byte needs care in text. Bit 2: in an attribute.
static CARE: [u8; 256] = table();

/// Writes `text` so that a parser gives it back, forbidden characters excepted.
pub(super) fn escape<W: fmt::Write>(out: &mut W, text: &str, place: Place) -> fmt::Result {
    let mut rest = text;
    while let Some((plain, special)) = split_before_special(rest, place) {
        out.write_str(plain)?;
        let mut chars = special.chars();
        let Some(c) = chars.next() else { break };
        match reference(c, place) {
            Some(reference) => out.write_str(reference)?,
            None => out.write_char(c)?,
        }
        rest = chars.as_str();
    }
    out.write_str(rest)
}

/// Whether XML 1.0 has no way of writing the character, not even as a reference.
pub(super) const fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

fn split_before_special(text: &str, place: Place) -> Option<(&str, &str)> {
    let care = |b: u8| {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        let bits = CARE[usize::from(b)];
        bits & place as u8 != 0
    };
    let at = text.bytes().position(care)?;
    // Only ASCII and lead bytes are marked, so this is a character boundary.
    text.split_at_checked(at)
}

const fn reference(c: char, place: Place) -> Option<&'static str> {
    match (c, place) {
        ('&', _) => Some("&amp;"),
        ('<', _) => Some("&lt;"),
        ('>', _) => Some("&gt;"),
        ('\r', _) => Some("&#13;"),
        ('"', Place::Attribute) => Some("&quot;"),
        ('\n', Place::Attribute) => Some("&#10;"),
        ('\t', Place::Attribute) => Some("&#9;"),
        (c, _) if is_forbidden(c) => Some(REPLACEMENT),
        _ => None,
    }
}

const fn table() -> [u8; 256] {
    const BOTH: u8 = Place::Text as u8 | Place::Attribute as u8;
    let mut care = [0; 256];
    let mut byte: u8 = 0;
    loop {
        let c = byte as char;
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        let entry = &mut care[byte as usize];
        if byte == LEAD_OF_FFFE {
            *entry = BOTH;
        } else if byte < 0x80 {
            if reference(c, Place::Text).is_some() {
                *entry |= Place::Text as u8;
            }
            if reference(c, Place::Attribute).is_some() {
                *entry |= Place::Attribute as u8;
            }
        }
        if byte == u8::MAX {
            return care;
        }
        byte += 1;
    }
}
