//! Parameters in the order in which Twilio signs them.
//!
//! Distinct names are in byte order; the distinct values of each name are in byte order.
//!
//! The sender chooses names and values before anything is verified, so the cost must not depend on
//! them. Each piece is decoded once, and comparisons are of plain bytes. A form that does not
//! resemble Twilio's is refused before it is sorted.

use smallvec::SmallVec;

use super::form::{self, Decoder, Piece};

/// Limit of the parameters of a form, where each invalid UTF-8 sequence counts as one.
///
/// Twilio sends about 20 parameters. A message with ten pictures and add-on results has about 50.
/// All text from Twilio is UTF-8.
pub(crate) const MAX_PARAMETERS: usize = 500;

/// Buffer for names and values that a form holds encoded. Forms of Twilio's usual size need no
/// allocation.
pub(crate) type DecodedText = SmallVec<[u8; 2048]>;

/// Decoded and sorted parameters. Up to 32 need no allocation.
#[derive(Default)]
pub(crate) struct SortedParameters<'t>(SmallVec<[Parameter<'t>; 32]>);

/// Name and value of a parameter. The order of the fields is the order of comparison.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Parameter<'t> {
    /// First bytes of the name as a number, which decide most comparisons.
    prefix: u64,
    name: &'t [u8],
    value: &'t [u8],
}

impl<'t> SortedParameters<'t> {
    /// Decodes and sorts the parameters of a form. Returns `None` if there are more than `max`.
    pub(crate) fn read(form: &'t [u8], max: usize, text: &'t mut DecodedText) -> Option<Self> {
        if !form::is_plain(form) {
            // Decoded text is never longer, except that U+FFFD has three bytes and may replace a
            // single non-ASCII byte.
            let growth = if form.is_ascii() { 1 } else { 3 };
            text.resize(growth * form.len(), 0);
        }
        let mut decoder = TextDecoder {
            space: text,
            invalid: 0,
            max,
        };
        let mut parameters = SmallVec::new();
        for pair in form::pairs(form) {
            let name = decoder.decode(pair.name);
            let value = decoder.decode(pair.value);
            if parameters.len() + decoder.invalid >= max {
                return None;
            }
            parameters.push(Parameter {
                prefix: prefix(name),
                name,
                value,
            });
        }
        // Unstable is sufficient: equal parameters are removed as duplicates.
        parameters.sort_unstable();
        parameters.dedup();
        Some(Self(parameters))
    }

    /// Decodes and sorts all parameters of a form.
    pub(crate) fn of(form: &'t [u8], text: &'t mut DecodedText) -> Self {
        Self::read(form, usize::MAX, text).unwrap_or_default()
    }

    /// Returns names and values in the order in which they are signed.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0
            .iter()
            .map(|parameter| (parameter.name, parameter.value))
    }
}

/// Returns the first eight bytes of a name as a number that sorts as the names do.
fn prefix(name: &[u8]) -> u64 {
    let byte = |at| u64::from(name.get(at).copied().unwrap_or_default());
    let short = || (0..8).fold(0, |number, at| number << 8 | byte(at));
    name.first_chunk()
        .map_or_else(short, |first| u64::from_be_bytes(*first))
}

/// Decoder of one form's pieces. Each piece is written after the one before.
struct TextDecoder<'t> {
    space: &'t mut [u8],
    /// Number of invalid UTF-8 sequences so far.
    invalid: usize,
    /// Number of invalid sequences at which the form is refused.
    max: usize,
}

impl<'t> TextDecoder<'t> {
    fn decode(&mut self, piece: Piece<'t>) -> &'t [u8] {
        if piece.is_plain {
            return piece.bytes;
        }
        let space = std::mem::take(&mut self.space);
        let mut length = 0;
        for (to, byte) in space.iter_mut().zip(Decoder(piece.bytes)) {
            *to = byte;
            length += 1;
        }
        let decoded = space.get(..length).unwrap_or_default();
        if std::str::from_utf8(decoded).is_err() {
            let valid = self.replace_invalid(decoded);
            space
                .iter_mut()
                .zip(valid.bytes())
                .for_each(|(to, from)| *to = from);
            length = valid.len().min(space.len());
        }
        let (text, rest) = space.split_at_mut(length);
        self.space = rest;
        text
    }

    /// Replaces each invalid sequence by U+FFFD.
    #[cold]
    fn replace_invalid(&mut self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
                self.invalid += 1;
            }
            if self.invalid >= self.max {
                break;
            }
        }
        text
    }
}
