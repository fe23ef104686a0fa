//! Parser of `application/x-www-form-urlencoded` according to the WHATWG URL Standard.
//!
//! Names and values stay encoded until they are needed. Parsing never fails: an invalid percent
//! escape is literal text, `;` is data, and invalid UTF-8 becomes U+FFFD.

use std::borrow::Cow;

/// Name or value, still encoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) bytes: &'a [u8],
    /// Set if decoding would not change the bytes: they are ASCII without `%` and `+`.
    pub(crate) is_plain: bool,
}

/// Name and value of one parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) name: Piece<'a>,
    pub(crate) value: Piece<'a>,
}

/// Returns the pairs in the order of the form. An empty pair between two `&` is skipped.
pub(crate) fn pairs(form: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = form;
    std::iter::from_fn(move || {
        // Starting a search at each `&` of a long run would cost several times as much.
        let start = rest.iter().position(|byte| *byte != b'&')?;
        let (_, begun) = rest.split_at(start);
        let (pair, after) = begun.split_at(memchr::memchr(b'&', begun).unwrap_or(begun.len()));
        rest = after;
        Some(Pair::split(pair))
    })
}

impl<'a> Pair<'a> {
    fn split(pair: &'a [u8]) -> Self {
        let end = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = pair.split_at(end.unwrap_or(pair.len()));
        // Without `=`, `value` is the empty end of the pair. A separate empty slice has an unmapped
        // address, and comparing it costs a hundred times as much on some processors.
        let value = value.strip_prefix(b"=").unwrap_or(value);
        let is_plain = is_plain(pair);
        let piece = |bytes| Piece {
            bytes,
            is_plain: is_plain || self::is_plain(bytes),
        };
        Self {
            name: piece(name),
            value: piece(value),
        }
    }
}

/// Returns `true` if decoding would not change the bytes.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    let is_encoded = |byte: &u8| matches!(byte, b'%' | b'+' | 0x80..);
    // No early exit, so that the compiler checks many bytes in one step.
    !bytes
        .iter()
        .fold(false, |found, byte| found | is_encoded(byte))
}

impl<'a> Piece<'a> {
    /// Returns the decoded text.
    pub(crate) fn decode(&self) -> Cow<'a, str> {
        decode(self.bytes)
    }
}

/// Decodes a name or value.
pub(crate) fn decode(encoded: &[u8]) -> Cow<'_, str> {
    if !encoded.iter().any(|b| matches!(b, b'%' | b'+')) {
        return String::from_utf8_lossy(encoded);
    }
    let decoded: Vec<u8> = Decoder(encoded).collect();
    Cow::Owned(match String::from_utf8(decoded) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Returns the first value of a name, decoded.
pub(crate) fn find<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    find_raw(form, name).map(decode)
}

/// Returns the first value of a name, still encoded.
pub(crate) fn find_raw<'a>(form: &'a [u8], name: &str) -> Option<&'a [u8]> {
    find_among(pairs(form), name)
}

/// Returns the first value of a name among these pairs, still encoded.
pub(crate) fn find_among<'a>(
    mut pairs: impl Iterator<Item = Pair<'a>>,
    name: &str,
) -> Option<&'a [u8]> {
    let is_it = |piece: &Piece<'_>| {
        if piece.is_plain {
            piece.bytes == name.as_bytes()
        } else {
            piece.decode() == name
        }
    };
    pairs
        .find(|pair| is_it(&pair.name))
        .map(|pair| pair.value.bytes)
}

/// Iterator over the decoded bytes, which may be invalid UTF-8.
pub(crate) struct Decoder<'a>(pub(crate) &'a [u8]);

impl Iterator for Decoder<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        match (first, rest) {
            (b'+', _) => Some(b' '),
            (b'%', [high, low, after @ ..]) => {
                let Some(byte) = escaped(*high, *low) else {
                    return Some(b'%');
                };
                self.0 = after;
                Some(byte)
            }
            // WHATWG: a `%` without two hexadecimal digits is literal text.
            _ => Some(first),
        }
    }
}

fn escaped(high: u8, low: u8) -> Option<u8> {
    let high = char::from(high).to_digit(16)?;
    let low = char::from(low).to_digit(16)?;
    u8::try_from(high << 4 | low).ok()
}
