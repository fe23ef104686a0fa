//! The parameters in the order in which Twilio signs them: each distinct name in byte order, and of
//! each name each distinct value in byte order.
//!
//! The sender chooses names and values before anything is verified, so the cost must not depend on
//! them: each piece is decoded once, comparisons are of plain bytes, and a form that is nothing
//! like Twilio's is refused before it is sorted.

use std::cmp::Ordering;
use std::ops::Range;

use smallvec::SmallVec;

use super::form::{self, Decoder, Piece};

/// Most parameters of a form, where each broken character counts as one. Twilio sends about 20
/// parameters, a message with ten pictures and results of add-ons about 50, and its text is UTF-8.
pub(crate) const MOST: usize = 500;

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
    /// Most parameters and broken characters.
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
            if pairs.len() + text.broken >= text.most {
                return false;
            }
            pairs.push(Pair {
                prefix: text.prefix(&name),
                name,
                value,
            });
        }
        let order = |a: &Pair, b: &Pair| match a.prefix.cmp(&b.prefix) {
            Ordering::Equal => text.compare(a, b),
            order => order,
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

    /// The first eight bytes of a name, so that the numbers sort as the names do.
    fn prefix(&self, name: &Range<usize>) -> u64 {
        let bytes = match self.form.get(name.start..) {
            Some(tail) if name.end <= self.form.len() => tail,
            _ => self.get(name),
        };
        let first = bytes.first_chunk().copied().unwrap_or_else(|| {
            let mut first = [0; 8];
            first
                .iter_mut()
                .zip(bytes)
                .for_each(|(to, from)| *to = *from);
            first
        });
        // In the form, other bytes follow a name that is shorter.
        let bits = u32::try_from(8 * name.len().min(8)).unwrap_or(u32::BITS);
        let behind = u64::MAX.checked_shr(bits).unwrap_or(0);
        u64::from_be_bytes(first) & !behind
    }

    #[cold]
    fn compare(&self, a: &Pair, b: &Pair) -> Ordering {
        let names = self.get(&a.name).cmp(self.get(&b.name));
        names.then_with(|| self.get(&a.value).cmp(self.get(&b.value)))
    }

    fn add(&mut self, piece: Piece<'_>) -> Range<usize> {
        if piece.is_plain {
            return piece.start..piece.start + piece.bytes.len();
        }
        let start = self.decoded.len();
        // Decoded text is never longer.
        self.decoded.extend_from_slice(piece.bytes);
        let space = self.decoded.get_mut(start..).unwrap_or_default();
        let (mut length, mut all) = (0, 0);
        for (to, byte) in space.iter_mut().zip(Decoder(piece.bytes)) {
            *to = byte;
            all |= byte;
            length += 1;
        }
        self.decoded.truncate(start + length);
        if !all.is_ascii() {
            self.replace_broken(start);
        }
        self.form.len() + start..self.form.len() + self.decoded.len()
    }

    /// Puts U+FFFD in the place of what is no UTF-8.
    fn replace_broken(&mut self, start: usize) {
        let bytes = self.decoded.get(start..).unwrap_or_default();
        if std::str::from_utf8(bytes).is_ok() {
            return;
        }
        let bytes = bytes.to_vec();
        self.decoded.truncate(start);
        for chunk in bytes.utf8_chunks() {
            self.decoded.extend_from_slice(chunk.valid().as_bytes());
            if !chunk.invalid().is_empty() {
                self.decoded.extend_from_slice("\u{FFFD}".as_bytes());
                self.broken += 1;
            }
            if self.broken >= self.most {
                break;
            }
        }
    }
}
