//! `application/x-www-form-urlencoded`, read as WHATWG says and kept in the bytes it came in.
//!
//! A bad percent escape stands for itself, `;` is data, bytes that are no UTF-8 become U+FFFD:
//! reading never fails.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A name and its value, still encoded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

/// The pairs in the order they came in. Empty stretches between two `&` are no pairs.
pub(crate) fn pairs(form: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = Some(form);
    std::iter::from_fn(move || {
        loop {
            let stretch = rest?;
            let (pair, after) = match split_at_byte(stretch, b'&') {
                Some((pair, after)) => (pair, Some(after)),
                None => (stretch, None),
            };
            rest = after;
            if !pair.is_empty() {
                let (name, value) = split_at_byte(pair, b'=').unwrap_or((pair, &[]));
                return Some(Pair { name, value });
            }
        }
    })
}

/// The text of an encoded name or value.
pub(crate) fn decode(encoded: &[u8]) -> Cow<'_, str> {
    if is_plain(encoded) {
        return String::from_utf8_lossy(encoded);
    }
    let decoded: Vec<u8> = Decoder(encoded).collect();
    Cow::Owned(match String::from_utf8(decoded) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// The first value of a name.
pub(crate) fn find<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    pairs(form)
        .find(|pair| pair.name == name.as_bytes() || decode(pair.name) == name)
        .map(|pair| decode(pair.value))
}

/// Orders two encoded texts as their decoded UTF-8 bytes.
pub(crate) fn compare(left: &[u8], right: &[u8]) -> Ordering {
    if is_ascii(left) && is_ascii(right) {
        Decoder(left).cmp(Decoder(right))
    } else {
        decode(left).as_bytes().cmp(decode(right).as_bytes())
    }
}

/// Whether the encoded text is its own decoded text: ASCII without `%` and `+`.
pub(crate) fn is_plain(encoded: &[u8]) -> bool {
    // No early exit: the loop is vectorised, and most values are short and plain.
    let special = encoded.iter().fold(0, |found, &b| {
        found | u8::from(b == b'%') | u8::from(b == b'+') | (b & 0x80)
    });
    special == 0
}

/// Whether the decoded text is ASCII.
pub(crate) fn is_ascii(encoded: &[u8]) -> bool {
    is_plain(encoded) || Decoder(encoded).all(|b| b.is_ascii())
}

/// The decoded bytes, before they are read as UTF-8.
pub(crate) struct Decoder<'a>(pub(crate) &'a [u8]);

impl Iterator for Decoder<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        match (first, rest) {
            (b'+', _) => Some(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    self.0 = after;
                    Some(high << 4 | low)
                }
                _ => Some(b'%'),
            },
            _ => Some(first),
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn split_at_byte(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(separator, bytes)?;
    let (before, from) = bytes.split_at_checked(at)?;
    let (_, after) = from.split_first()?;
    Some((before, after))
}
