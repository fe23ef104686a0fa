//! Result of a scan: `+` or not, digits, an extension.

use crate::phone::error::PhoneErrorKind;
use crate::phone::extension::Extension;

/// Most digits of a typed number. The longest international prefix, code, national prefix and
/// number together have fewer.
const MAX_DIGITS: usize = 40;
/// Most digits of an optional ending.
pub(super) const MAX_ENDING: usize = 4;

/// Number as it was typed, before any country's rules apply.
pub(in crate::phone::parse) struct TypedNumber {
    digits: [u8; MAX_DIGITS],
    length: usize,
    /// Set if the text began with `+`.
    pub(in crate::phone::parse) plus: bool,
    pub(in crate::phone::parse) extension: Option<Extension>,
    /// Set if letters were read as the digits of their telephone keys.
    pub(in crate::phone::parse) keypad_letters: bool,
    /// Number of digits at the start that may only be a list number; zero if there are none.
    pub(super) list_marker: usize,
    /// Number of digits before an optional ending; zero if there is none.
    pub(super) before_ending: usize,
    /// Position of a zero in brackets. Some countries dial it, some do not.
    pub(super) bracketed_zero: Option<usize>,
    /// Bit n is set if separators precede digit n. Kept only where the digits begin with `00`.
    pub(super) separators: u8,
}

impl TypedNumber {
    #[inline]
    pub(super) const fn empty(plus: bool) -> Self {
        Self {
            digits: [0; MAX_DIGITS],
            length: 0,
            plus,
            extension: None,
            keypad_letters: false,
            list_marker: 0,
            before_ending: 0,
            bracketed_zero: None,
            separators: 0,
        }
    }

    /// Builds a typed number from digits given as values.
    pub(in crate::phone::parse) fn new(
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

    /// Writes a value after the digits, and counts it only if it is a digit. `None` when full.
    ///
    /// Writing every value leaves no branch to mispredict.
    #[inline]
    pub(super) fn push(&mut self, value: u8, is_digit: bool) -> Option<()> {
        *self.digits.get_mut(self.length)? = value;
        self.length += usize::from(is_digit);
        Some(())
    }

    #[inline]
    pub(in crate::phone::parse) fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    #[inline]
    pub(in crate::phone::parse) const fn begins_with_double_zero(&self) -> bool {
        matches!(self.digits, [0, 0, ..]) && self.length >= 2
    }

    /// Returns `true` if separators split the `00` or the `code` digits after it.
    ///
    /// A separator between the two marks the `00` as a prefix: in `00 35 31 ...` the digits are
    /// grouped in pairs. One digit alone after it is no pair: `00 4 92 58 00 11` has the form of a
    /// national number.
    pub(in crate::phone::parse) const fn splits_prefix_or_code(&self, code: usize) -> bool {
        // Digits 0 and 1 are the `00`, so the code begins with digit 2.
        let within = match code {
            2 => 1 << 3,
            3 => 1 << 3 | 1 << 4,
            _ => 0,
        };
        let stands_alone = self.separators & 1 << 1 == 0 && self.separators & within & 1 << 3 != 0;
        let is_set_apart = self.separators & 1 << 2 != 0;
        stands_alone || !is_set_apart && self.separators & (1 << 1 | within) != 0
    }

    /// Returns `true` if some of the digits may not belong to the number.
    #[inline]
    pub(in crate::phone::parse) const fn has_optional_digits(&self) -> bool {
        self.before_ending > 0 || self.list_marker > 0 || self.bracketed_zero.is_some()
    }

    /// Returns the number without its optional ending, if there is one.
    pub(in crate::phone::parse) fn without_ending(&self) -> Option<Self> {
        let digits = self.digits().get(..self.before_ending)?;
        let rest = Self::new(self.plus, digits.iter().copied()).ok()?;
        (rest.length > 0).then_some(rest)
    }

    /// Returns the number without the digits that may only be a list number, if there are such.
    pub(in crate::phone::parse) fn without_list_marker(&self) -> Option<Self> {
        let digits = self.digits().get(self.list_marker..)?;
        let rest = Self::new(false, digits.iter().copied()).ok()?;
        (self.list_marker > 0 && !self.plus).then_some(rest)
    }

    /// Returns the number without the zero in brackets, if there is one.
    pub(in crate::phone::parse) fn without_bracketed_zero(&self) -> Option<Self> {
        let (head, tail) = self.digits().split_at_checked(self.bracketed_zero?)?;
        let digits = head.iter().chain(tail.iter().skip(1));
        Self::new(self.plus, digits.copied()).ok()
    }
}

/// Returns the positions of separators among the first digits: bit n is set if one precedes digit
/// n.
#[inline(never)]
pub(super) fn separators(text: &[u8]) -> u8 {
    let (mut separators, mut digits) = (0, 0);
    for byte in text {
        if byte.is_ascii_digit() {
            digits += 1;
        } else if digits < u8::BITS {
            separators |= 1 << digits;
        }
    }
    separators
}
