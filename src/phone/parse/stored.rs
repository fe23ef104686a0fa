//! Numbers that are already in E.164 form.

use std::str::FromStr;

use crate::phone::e164::{CAPACITY, E164};
use crate::phone::error::{PhoneError, PhoneErrorKind};
use crate::phone::withheld::WithheldReason;

/// Fewest digits of any country's numbers. Fewer are a short code or an emergency number.
const MIN_DIGITS: usize = 6;

impl E164 {
    /// Parses a number that is already in E.164 form, such as one from a database.
    ///
    /// Only the form is checked, not the numbering plan. Parse typed text with
    /// [`Normalizer`](crate::phone::Normalizer), and look up a stored number with
    /// `PhoneNumber::try_from`.
    ///
    /// # Errors
    ///
    /// - [`Empty`](PhoneErrorKind::Empty) for empty text.
    /// - [`NotANumber`](PhoneErrorKind::NotANumber) unless the text is `+` and ASCII digits, the
    ///   first not 0.
    /// - [`TooShort`](PhoneErrorKind::TooShort) below 6 digits: no country has a shorter number,
    ///   and `+40404` is a short code.
    /// - [`TooLong`](PhoneErrorKind::TooLong) above 15 digits.
    /// - [`NotInNumberingPlan`](PhoneErrorKind::NotInNumberingPlan) for the digits that stand for a
    ///   withheld caller ([`WithheldReason`]). No subscriber has them.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let [first, digits @ ..] = text.as_bytes() else {
            return Err(PhoneErrorKind::Empty.into());
        };
        if digits.len() >= CAPACITY {
            return Err(PhoneErrorKind::TooLong.into());
        }
        if *first != b'+' || digits.first() == Some(&b'0') || !digits.iter().all(u8::is_ascii_digit)
        {
            return Err(PhoneErrorKind::NotANumber.into());
        }
        if digits.len() < MIN_DIGITS {
            return Err(PhoneErrorKind::TooShort.into());
        }
        if WithheldReason::from_keypad(text).is_some() {
            return Err(PhoneErrorKind::NotInNumberingPlan.into());
        }
        let mut number = [0; CAPACITY];
        for (to, from) in number.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Ok(Self(number))
    }
}

impl FromStr for E164 {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for E164 {
    type Error = PhoneError;
    fn try_from(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}
