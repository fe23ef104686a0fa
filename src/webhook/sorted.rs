//! The parameters in the order in which Twilio signs them: each distinct name in byte order, and of
//! each name each distinct value in byte order.
//!
//! The sender chooses names and values before anything is verified, so the cost must not depend on
//! them: each piece is decoded once, comparisons are of plain bytes, and a form that is nothing
//! like Twilio's is refused before it is sorted.

use std::ops::Range;

use smallvec::SmallVec;

use super::form::{self, Decoder, Piece};

/// Most parameters of a form, and most broken characters in it. Twilio sends about 20 parameters,
/// a message with ten pictures and results of add-ons about 50, and its text is UTF-8.
pub(crate) const MOST: usize = 1000;

/// The parameters, decoded and sorted.
///
/// Forms of Twilio's usual size are kept without allocating.
pub(crate) struct Sorted<'a> {
    pairs: SmallVec<[Pair; 32]>,
    text: Text<'a>,
}

/// A name and its value, with the first bytes of the name as a number: most comparisons end there.
struct Pair {
    prefix: u64,
    name: Range<usize>,
    value: Range<usize>,
}

/// The form and, behind it, the text of those pieces that the form holds encoded. A range is of
/// the one or of the other.
struct Text<'a> {
    form: &'a [u8],
    /// Most parameters, and most broken characters.
    most: usize,
    decoded: SmallVec<[u8; 2048]>,
    /// How often U+FFFD replaces bytes that are no UTF-8.
    broken: usize,
}

impl<'a> Sorted<'a> {
    pub(crate) const NONE: Self = Self {
        pairs: SmallVec::new_const(),
        text: Text {
            form: &[],
            most: 0,
            decoded: SmallVec::new_const(),
            broken: 0,
        },
    };

    /// The parameters of a form of our own.
    pub(crate) fn new(form: &'a [u8]) -> Self {
        let mut sorted = Self::unread(form, usize::MAX);
        sorted.read();
        sorted
    }

    /// A form that is still to be read.
    ///
    /// Moving so large a value costs as much as sorting, so that reading happens in place.
    pub(crate) fn unread(form: &'a [u8], most: usize) -> Self {
        Self {
            pairs: SmallVec::new(),
            text: Text {
                form,
                most,
                decoded: SmallVec::new(),
                broken: 0,
            },
        }
    }

    /// Reads and sorts the parameters; `false` if there are more than it was told to expect.
    pub(crate) fn read(&mut self) -> bool {
        let Self { pairs, text } = self;
        for pair in form::pairs(text.form) {
            let name = text.add(pair.name);
            let value = text.add(pair.value);
            if pairs.len() >= text.most || text.broken > text.most {
                return false;
            }
            pairs.push(Pair {
                prefix: prefix(text.get(&name)),
                name,
                value,
            });
        }
        let order = |a: &Pair, b: &Pair| {
            a.prefix
                .cmp(&b.prefix)
                .then_with(|| text.get(&a.name).cmp(text.get(&b.name)))
                .then_with(|| text.get(&a.value).cmp(text.get(&b.value)))
        };
        pairs.sort_unstable_by(order);
        pairs.dedup_by(|a, b| order(a, b).is_eq());
        true
    }

    /// Names and values in the order of the message.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let text = |pair: &Pair| (self.text.get(&pair.name), self.text.get(&pair.value));
        self.pairs.iter().map(text)
    }
}

impl Text<'_> {
    fn get(&self, range: &Range<usize>) -> &[u8] {
        let in_form = self.form.get(range.clone());
        in_form.unwrap_or_else(|| {
            let start = range.start - self.form.len();
            let end = range.end - self.form.len();
            self.decoded.get(start..end).unwrap_or_default()
        })
    }

    fn add(&mut self, piece: Piece<'_>) -> Range<usize> {
        if piece.is_plain {
            return piece.start..piece.start + piece.bytes.len();
        }
        let start = self.decoded.len();
        // Decoded text is never longer.
        self.decoded.extend_from_slice(piece.bytes);
        let space = self.decoded.get_mut(start..).unwrap_or_default();
        let bytes = space.iter_mut().zip(Decoder(piece.bytes));
        let length = bytes.map(|(to, byte)| *to = byte).count();
        self.decoded.truncate(start + length);
        if std::str::from_utf8(self.decoded.get(start..).unwrap_or_default()).is_err() {
            self.replace_broken(start);
        }
        self.form.len() + start..self.form.len() + self.decoded.len()
    }

    /// Puts U+FFFD in the place of what is no UTF-8.
    fn replace_broken(&mut self, start: usize) {
        let bytes: Vec<u8> = self.decoded.drain(start..).collect();
        for chunk in bytes.utf8_chunks() {
            self.decoded.extend_from_slice(chunk.valid().as_bytes());
            if !chunk.invalid().is_empty() {
                self.decoded.extend_from_slice("\u{FFFD}".as_bytes());
                self.broken += 1;
            }
            if self.broken > self.most {
                break;
            }
        }
    }
}

/// The first eight bytes of a name, so that the numbers sort as the names do.
fn prefix(name: &[u8]) -> u64 {
    name.first_chunk().map_or_else(
        || {
            (0..8).fold(0, |number, at| {
                number << 8 | u64::from(name.get(at).copied().unwrap_or(0))
            })
        },
        |first| u64::from_be_bytes(*first),
    )
}
