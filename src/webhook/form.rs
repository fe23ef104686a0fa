//! `application/x-www-form-urlencoded`, read as WHATWG says and kept in the bytes it came in.
//!
//! A bad percent escape stands for itself, `;` is data, bytes that are no UTF-8 become U+FFFD:
//! reading never fails.

use std::borrow::Cow;

/// A stretch of a form, still encoded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Piece<'a> {
    pub(crate) bytes: &'a [u8],
    /// Offset of the first byte in the form.
    pub(crate) start: usize,
    /// Whether the bytes are their own decoded text: ASCII without `%` and `+`.
    pub(crate) is_plain: bool,
}

/// A name and its value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pair<'a> {
    pub(crate) name: Piece<'a>,
    pub(crate) value: Piece<'a>,
}

/// The pairs in the order they came in. Empty stretches between two `&` are no pairs.
pub(crate) fn pairs(form: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut marks = Marks::of(form);
    let mut start = Some(0);
    std::iter::from_fn(move || {
        loop {
            let from = start?;
            let (mut name_end, mut is_name_plain, mut is_plain) = (None, true, true);
            let end = loop {
                let Some(at) = marks.next() else {
                    start = None;
                    break form.len();
                };
                match form.get(at) {
                    Some(b'&') => {
                        start = Some(at + 1);
                        break at;
                    }
                    Some(b'=') if name_end.is_none() => {
                        name_end = Some(at);
                        is_name_plain = std::mem::replace(&mut is_plain, true);
                    }
                    Some(b'%' | b'+' | 0x80..) => is_plain = false,
                    _ => {}
                }
            };
            if end > from {
                let piece = |from, to, is_plain| Piece {
                    bytes: form.get(from..to).unwrap_or_default(),
                    start: from,
                    is_plain,
                };
                return Some(match name_end {
                    Some(at) => Pair {
                        name: piece(from, at, is_name_plain),
                        value: piece(at + 1, end, is_plain),
                    },
                    None => Pair {
                        name: piece(from, end, is_plain),
                        value: piece(end, end, true),
                    },
                });
            }
        }
    })
}

/// The places of the bytes that matter: `%`, `&`, `+`, `=`, what is not ASCII, and a few that do
/// not. Eight bytes are looked at in one step, because most matter to nobody.
struct Marks<'a> {
    form: &'a [u8],
    /// Where the word starts.
    at: usize,
    /// The high bit of each byte of the word that is still to be told.
    word: u64,
}

impl<'a> Marks<'a> {
    fn of(form: &'a [u8]) -> Self {
        Self {
            form,
            at: 0,
            word: Self::word_at(form, 0).unwrap_or_default(),
        }
    }

    fn word_at(form: &[u8], at: usize) -> Option<u64> {
        let rest = form.get(at..).filter(|rest| !rest.is_empty())?;
        let bytes = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut last = [0; 8];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            last
        });
        Some(Self::marks(u64::from_le_bytes(bytes)))
    }

    /// The high bit of each byte in `%..=+`, of `=`, and of what is not ASCII.
    const fn marks(word: u64) -> u64 {
        const EACH: u64 = u64::MAX / 255;
        const HIGH: u64 = EACH * 0x80;
        let low = word & !HIGH;
        // A sum has the high bit when the byte reaches the bound; no byte carries into the next.
        let from_percent = low + EACH * (0x80 - b'%' as u64);
        let past_plus = low + EACH * (0x80 - (b'+' as u64 + 1));
        let not_equals = (low ^ (EACH * b'=' as u64)) + EACH * 0x7F;
        ((from_percent & !past_plus) | !not_equals | word) & HIGH
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            self.at += 8;
            self.word = Self::word_at(self.form, self.at)?;
        }
        let byte = self.word.trailing_zeros() as usize / 8;
        self.word &= self.word - 1;
        Some(self.at + byte)
    }
}

impl<'a> Piece<'a> {
    /// The decoded text.
    pub(crate) fn decode(&self) -> Cow<'a, str> {
        decode(self.bytes)
    }
}

/// The text of an encoded name or value.
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

/// The first value of a name.
pub(crate) fn find<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    find_raw(form, name).map(decode)
}

/// The first value of a name, still encoded.
pub(crate) fn find_raw<'a>(form: &'a [u8], name: &str) -> Option<&'a [u8]> {
    find_among(pairs(form), name)
}

/// The first value of a name among these pairs, still encoded.
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
