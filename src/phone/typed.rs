//! What was typed: `+` or not, digits, an extension.

use super::error::PhoneErrorKind;
use super::extension::Extension;
use super::text::{self, MAX_ENDING};

/// The longest international prefix, code, national prefix and number are fewer digits together.
pub(super) const MAX_DIGITS: usize = 40;
/// Bytes that the plain path reads; longer texts are read character by character.
const MAX_PLAIN: usize = 64;

/// A text taken apart, before any country's rules.
pub(super) struct Typed {
    digits: [u8; MAX_DIGITS],
    length: usize,
    /// It began with `+`.
    pub(super) plus: bool,
    pub(super) extension: Option<Extension>,
    /// Letters were read as digits.
    pub(super) letters: bool,
    /// Digits that may only count the number in a list; zero if there are none.
    pub(super) mark: usize,
    /// Digits before an ending that the number may do without; zero if there is none.
    pub(super) stem: usize,
    /// Which digit is a zero in brackets: some countries dial it, some do not.
    pub(super) doubtful_zero: Option<usize>,
    /// Bit n: separators stand before digit n. Kept only where the digits begin with `00`.
    pub(super) breaks: u8,
}

impl Typed {
    /// Reads a text.
    #[inline]
    pub(super) fn read(text: &str, keypad: bool) -> Result<Self, PhoneErrorKind> {
        match Self::plain(text.as_bytes()) {
            Some(typed) => Ok(typed),
            None => text::read(text, keypad),
        }
    }

    #[inline]
    const fn empty(plus: bool) -> Self {
        Self {
            digits: [0; MAX_DIGITS],
            length: 0,
            plus,
            extension: None,
            letters: false,
            mark: 0,
            stem: 0,
            doubtful_zero: None,
            breaks: 0,
        }
    }

    /// Takes digits as values.
    pub(super) fn new(
        plus: bool,
        values: impl Iterator<Item = u8>,
    ) -> Result<Self, PhoneErrorKind> {
        let mut typed = Self::empty(plus);
        for value in values {
            let to = typed
                .digits
                .get_mut(typed.length)
                .ok_or(PhoneErrorKind::TooLong)?;
            *to = value;
            typed.length += 1;
        }
        Ok(typed)
    }

    #[inline]
    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    /// The usual case: one `+` at most, three ASCII digits or more, common separators. Any doubt
    /// gives `None`, and the text is read in full.
    #[inline]
    fn plain(text: &[u8]) -> Option<Self> {
        if text.len() > MAX_PLAIN {
            return None;
        }
        let first = text
            .iter()
            .position(|byte| class(*byte) < SEPARATOR || *byte == b'+')?;
        let (before, text) = text.split_at_checked(first)?;
        let (plus, text) = match text {
            [b'+', rest @ ..] => (true, rest),
            text => (false, text),
        };
        let mut typed = Self::empty(plus);
        let mut met = before.iter().fold(0, |met, byte| met | class(*byte));
        for byte in text {
            let class = class(*byte);
            met |= class;
            // Written for every byte and kept for digits only: no branch to mispredict.
            *typed.digits.get_mut(typed.length)? = class;
            typed.length += usize::from(class < SEPARATOR);
        }
        let ends = text.trim_ascii_end().last();
        if met & UNUSUAL != 0
            || !ends.is_some_and(u8::is_ascii_digit)
            || typed.length < 3
            || met & CLOSER != 0 && typed.needs_a_closer_look(before, text)
        {
            return None;
        }
        if typed.begins_with_double_zero() {
            typed.breaks = breaks(text);
        }
        Some(typed)
    }

    #[inline]
    pub(super) const fn begins_with_double_zero(&self) -> bool {
        matches!(self.digits, [0, 0, ..]) && self.length >= 2
    }

    /// Whether separators cut the `00` or the `code` digits behind it. A separator between the two
    /// sets the `00` apart as a prefix: in `00 35 31 ...` the digits are grouped in pairs. One digit
    /// alone behind it is no pair: `00 4 92 58 00 11` is the form of a national number.
    pub(super) const fn is_broken_within(&self, code: usize) -> bool {
        let within = match code {
            2 => 1 << 3,
            3 => 1 << 3 | 1 << 4,
            _ => 0,
        };
        let stands_alone = self.breaks & 1 << 1 == 0 && self.breaks & within & 1 << 3 != 0;
        let is_set_apart = self.breaks & 1 << 2 != 0;
        stands_alone || !is_set_apart && self.breaks & (1 << 1 | within) != 0
    }

    /// Whether some of the digits may be no part of the number.
    #[inline]
    pub(super) const fn is_doubtful(&self) -> bool {
        self.stem > 0 || self.mark > 0 || self.doubtful_zero.is_some()
    }

    /// The digits before an ending that the number may do without, if there is such an ending.
    pub(super) fn stem(&self) -> Option<Self> {
        let digits = self.digits().get(..self.stem)?;
        let stem = Self::new(self.plus, digits.iter().copied()).ok()?;
        (stem.length > 0).then_some(stem)
    }

    /// The digits after those that may only count the number in a list, if there are such.
    pub(super) fn without_mark(&self) -> Option<Self> {
        let digits = self.digits().get(self.mark..)?;
        let rest = Self::new(false, digits.iter().copied()).ok()?;
        (self.mark > 0 && !self.plus).then_some(rest)
    }

    /// The digits without the zero in brackets, if there is one.
    pub(super) fn without_doubtful_zero(&self) -> Option<Self> {
        let (head, tail) = self.digits().split_at_checked(self.doubtful_zero?)?;
        let digits = head.iter().chain(tail.iter().skip(1));
        Self::new(self.plus, digits.copied()).ok()
    }

    /// Two numbers with a slash between them, or one with two endings; `(0)`, or a bracket that
    /// closes what none opened; a number that a spreadsheet made a decimal.
    fn needs_a_closer_look(&self, before: &[u8], text: &[u8]) -> bool {
        let opens = |byte: &u8| matches!(byte, b'(' | b'[');
        let closes = |byte: &u8| matches!(byte, b')' | b']');
        let mut endings = text.rsplit(|byte| *byte == b'/' || opens(byte));
        let ending = endings.next().unwrap_or_default();
        let bracket = text.iter().find(|byte| opens(byte) || closes(byte));
        ending.iter().filter(|byte| byte.is_ascii_digit()).count() <= MAX_ENDING
            || bracket.is_some_and(closes) && !before.iter().any(opens)
            || text.windows(3).any(|three| three == b"(0)")
            || self.length >= 14 && text.contains(&b'/')
            || text.ends_with(b"0") && text.iter().rev().take(4).any(|byte| *byte == b'.')
    }
}

/// Where separators stand among the first digits: bit n is set if one stands before digit n.
#[inline(never)]
pub(super) fn breaks(text: &[u8]) -> u8 {
    let (mut breaks, mut digits) = (0, 0);
    for byte in text {
        if byte.is_ascii_digit() {
            digits += 1;
        } else if digits < u8::BITS {
            breaks |= 1 << digits;
        }
    }
    breaks
}

/// Classes from here on are no digits.
const SEPARATOR: u8 = 0x10;
/// Bytes that only the full reading knows.
const UNUSUAL: u8 = 0x20;
/// Separators that are worth a second look.
const CLOSER: u8 = 0x40;

static CLASSES: [u8; 256] = {
    let mut classes = [UNUSUAL; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        let class = match byte {
            b'0'..=b'9' => byte - b'0',
            b' ' | b'-' => SEPARATOR,
            b'.' | b'/' | b'(' | b')' | b'[' | b']' => SEPARATOR | CLOSER,
            _ => UNUSUAL,
        };
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
        {
            classes[byte as usize] = class;
        }
        byte += 1;
    }
    classes
};

#[inline]
fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(UNUSUAL)
}
