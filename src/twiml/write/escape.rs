//! What stands between any `&str` and a well-formed document.
//!
//! Eight bytes at a time are asked whether any of them needs care; only then does a table of
//! 256 entries say which. Everything between two such bytes is copied in one piece.

/// Where a string stands, as the bit that marks its special bytes in [`CARE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// Between two tags. A parser turns a raw CR into LF, so CR is written as a reference.
    Text = 1,
    /// Between double quotes. A parser turns raw TAB, LF and CR into blanks there.
    Attribute = 2,
}

/// A character that XML 1.0 forbids is written as this one.
const REPLACEMENT: &str = "\u{FFFD}";

/// First byte of U+F000 to U+FFFF, among them the forbidden U+FFFE and U+FFFF.
const LEAD_OF_FFFE: u8 = 0xEF;

/// Bytes that are asked about at once.
const WORD: usize = 8;

/// Bit 1: the byte needs care in text. Bit 2: in an attribute.
static CARE: [u8; 256] = table();

/// Appends `text` so that a parser gives it back, forbidden characters excepted.
pub(super) fn escape(out: &mut String, text: &str, context: Context) {
    let mut rest = text;
    // Only ASCII and lead bytes are special, so every cut is at a character boundary.
    while let Some((plain, special)) =
        first_special(rest.as_bytes(), context).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        let mut chars = special.chars();
        let Some(c) = chars.next() else { break };
        match reference(c, context) {
            Some(reference) => out.push_str(reference),
            None => out.push(c),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Appends text as the value of an attribute.
pub(in crate::twiml) fn escape_attribute(out: &mut String, text: &str) {
    escape(out, text, Context::Attribute);
}

/// Whether XML 1.0 has no way of writing the character, not even as a reference.
pub(in crate::twiml) const fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

fn first_special(bytes: &[u8], context: Context) -> Option<usize> {
    let needs_care = |byte: &u8| {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        let care = CARE[usize::from(*byte)];
        care & context as u8 != 0
    };
    let in_word = |at: usize, word: &[u8; WORD]| {
        let mut suspects = suspects(u64::from_le_bytes(*word));
        while suspects != 0 {
            let i = suspects.trailing_zeros() as usize / 8;
            if word.get(i).is_some_and(needs_care) {
                return Some(at + i);
            }
            suspects &= suspects - 1;
        }
        None
    };
    let (words, tail) = bytes.as_chunks::<WORD>();
    for (i, word) in words.iter().enumerate() {
        if let Some(at) = in_word(WORD * i, word) {
            return Some(at);
        }
    }
    // The last word once more, shifted to the end: what overlaps is known to be plain.
    match bytes.last_chunk::<WORD>() {
        Some(_) if tail.is_empty() => None,
        Some(word) => in_word(bytes.len() - WORD, word),
        None => tail.iter().position(needs_care),
    }
}

/// The high bit of every byte that [`CARE`] marks in either context, and of some others: all that
/// are not ASCII, and now and then one behind a marked byte.
///
/// Two characters that differ in one bit are asked about together.
const fn suspects(word: u64) -> u64 {
    const LOW: u64 = u64::from_le_bytes([0x01; WORD]);
    const HIGH: u64 = u64::from_le_bytes([0x80; WORD]);
    // Below 0x80, subtracting leaves the high bit to what was smaller, and to nothing else.
    let control = word.wrapping_sub(LOW * 0x20);
    let quote_or_ampersand = ((word | (LOW * 0x04)) ^ (LOW * 0x26)).wrapping_sub(LOW);
    let angle = ((word | (LOW * 0x02)) ^ (LOW * 0x3E)).wrapping_sub(LOW);
    (word | control | quote_or_ampersand | angle) & HIGH
}

const fn reference(c: char, context: Context) -> Option<&'static str> {
    match (c, context) {
        ('&', _) => Some("&amp;"),
        ('<', _) => Some("&lt;"),
        ('>', _) => Some("&gt;"),
        ('\r', _) => Some("&#13;"),
        ('"', Context::Attribute) => Some("&quot;"),
        ('\n', Context::Attribute) => Some("&#10;"),
        ('\t', Context::Attribute) => Some("&#9;"),
        (c, _) if is_forbidden(c) => Some(REPLACEMENT),
        _ => None,
    }
}

const fn table() -> [u8; 256] {
    let mut care = [0; 256];
    let mut byte: u8 = 0;
    loop {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        let entry = &mut care[byte as usize];
        *entry = care_of(byte, Context::Text) | care_of(byte, Context::Attribute);
        if byte == u8::MAX {
            return care;
        }
        byte += 1;
    }
}

const fn care_of(byte: u8, context: Context) -> u8 {
    let special =
        byte == LEAD_OF_FFFE || (byte < 0x80 && reference(byte as char, context).is_some());
    if special { context as u8 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_question_never_misses_a_byte_that_needs_care() {
        for byte in 0..=u8::MAX {
            for at in 0..WORD {
                let mut word = [b'a'; WORD];
                word[at] = byte;
                let suspect = suspects(u64::from_le_bytes(word)) >> (8 * at) & 0x80 != 0;
                assert!(CARE[usize::from(byte)] == 0 || suspect, "{byte:#x} at {at}");
            }
        }
    }
}
