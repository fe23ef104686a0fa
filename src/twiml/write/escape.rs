//! Escaping of text, so that a parser returns exactly the text that was written.
//!
//! Most text has few special characters, so the cost is that of the search for the next one. It
//! compares eight bytes at once: the compiler turns the loop over a chunk into vector instructions.

/// Position of a text in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// Text between two tags. A parser turns a raw CR into LF, so CR is written as a reference.
    Text,
    /// Text between double quotes. A parser turns raw TAB, LF and CR into blanks there.
    Attribute,
}

/// Replacement for a character that XML 1.0 forbids.
const REPLACEMENT: &str = "\u{FFFD}";

/// Number of bytes compared at once.
const CHUNK: usize = 8;

/// Appends `text` so that a parser returns it unchanged, except for forbidden characters.
pub(super) fn escape(out: &mut String, text: &str, context: Context) {
    let mut rest = text;
    // No special byte is the continuation of a character, so every cut is at a character boundary.
    while let Some((plain, special)) =
        find_special(rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        let mut chars = special.chars();
        let Some(c) = chars.next() else { break };
        match escaped(c, context) {
            Some(escaped) => out.push_str(escaped),
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

/// Returns `true` if XML 1.0 cannot represent the character, not even as a reference.
pub(in crate::twiml) const fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// Returns the replacement of a character, if it needs one.
const fn escaped(c: char, context: Context) -> Option<&'static str> {
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

/// Returns `true` if a character that begins with this byte may need a replacement in some context.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "`||` and `matches!` become branches, which take half as long again"
)]
const fn is_special(byte: u8) -> bool {
    // U+FFFE and U+FFFF begin with 0xEF.
    (byte < 0x20)
        | (byte == b'&')
        | (byte == b'<')
        | (byte == b'>')
        | (byte == b'"')
        | (byte == 0xEF)
}

fn find_special(bytes: &[u8]) -> Option<usize> {
    let (chunks, _) = bytes.as_chunks::<CHUNK>();
    let has_special = |chunk: &[u8; CHUNK]| {
        // No early exit, which would prevent the compiler from comparing all bytes at once.
        chunk
            .iter()
            .fold(false, |found, byte| found | is_special(*byte))
    };
    let plain = CHUNK
        * chunks
            .iter()
            .take_while(|chunk| !has_special(chunk))
            .count();
    let rest = bytes.get(plain..)?;
    // Checks the last chunk again, shifted to the end. The bytes that overlap are known to be
    // plain.
    if rest.len() < CHUNK && bytes.last_chunk().is_some_and(|last| !has_special(last)) {
        return None;
    }
    Some(plain + rest.iter().position(|byte| is_special(*byte))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_needs_a_replacement_begins_with_a_special_byte() {
        for c in '\0'..=char::MAX {
            let first = c.encode_utf8(&mut [0; 4]).as_bytes()[0];
            for context in [Context::Text, Context::Attribute] {
                assert!(escaped(c, context).is_none() || is_special(first), "{c:?}");
            }
        }
    }
}
