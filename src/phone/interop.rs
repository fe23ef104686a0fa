//! Conversions to and from the number of the `phonenumber` crate, for services that already use it.
//!
//! That crate's type can hold a number that does not exist, and its parser may read other digits
//! than were typed. Conversions are therefore checked in both directions. Typed text is never
//! parsed a second time.

use super::e164::E164;
use super::error::{PhoneError, PhoneErrorKind};
use super::number::PhoneNumber;
use super::plan::code_digits;

impl TryFrom<&phonenumber::PhoneNumber> for E164 {
    type Error = PhoneError;

    /// Takes country code and national number as they are. An extension is dropped.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::TooShort`] and [`PhoneErrorKind::TooLong`].
    fn try_from(number: &phonenumber::PhoneNumber) -> Result<Self, PhoneError> {
        // As text, the national number has the zeros that belong to it.
        let national = number.national().to_string();
        let national = national
            .bytes()
            .filter(u8::is_ascii_digit)
            .map(|byte| byte - b'0');
        let digits = code_digits(number.code().value()).chain(national);
        let e164 = Self::from_digits(digits).ok_or(PhoneErrorKind::TooLong)?;
        // Checks the form, as for any stored number.
        Self::parse(e164.as_str())
    }
}

impl TryFrom<&phonenumber::PhoneNumber> for PhoneNumber {
    type Error = PhoneError;

    /// Looks the number up in the numbering plan.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::NotInNumberingPlan`] when there is no such number.
    fn try_from(number: &phonenumber::PhoneNumber) -> Result<Self, PhoneError> {
        E164::try_from(number)?.try_into()
    }
}

impl TryFrom<phonenumber::PhoneNumber> for PhoneNumber {
    type Error = PhoneError;

    /// Looks the number up in the numbering plan.
    fn try_from(number: phonenumber::PhoneNumber) -> Result<Self, PhoneError> {
        Self::try_from(&number)
    }
}

impl TryFrom<E164> for phonenumber::PhoneNumber {
    type Error = PhoneError;

    /// Converts the number to that crate's type.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::NotInNumberingPlan`] when that crate's parser refuses the number, or reads
    /// another one.
    fn try_from(number: E164) -> Result<Self, PhoneError> {
        let refused = PhoneErrorKind::NotInNumberingPlan;
        // Without a default: with one it reads a number of one country by the rules of another.
        let theirs = phonenumber::parse(None, number.as_str()).map_err(|_| refused)?;
        match E164::try_from(&theirs) {
            Ok(back) if back == number => Ok(theirs),
            _ => Err(refused.into()),
        }
    }
}

impl TryFrom<PhoneNumber> for phonenumber::PhoneNumber {
    type Error = PhoneError;

    /// Converts the number to that crate's type. An extension is dropped.
    fn try_from(number: PhoneNumber) -> Result<Self, PhoneError> {
        Self::try_from(number.e164())
    }
}
