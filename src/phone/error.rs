//! Why a number was refused, in words fit to stand beside the input field.

use std::fmt;

/// A number was refused.
///
/// The message never holds the number: it may be shown, logged and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PhoneError {
    kind: PhoneErrorKind,
}

/// Why a number was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PhoneErrorKind {
    /// Nothing was typed.
    Empty,
    /// More than 250 characters: no number, and no work was spent on it.
    TooLongInput,
    /// Characters that no written number holds, such as `;` or a second `+`.
    NotANumber,
    /// Letters: a name, an extension, `O` for `0`, or a number spoiled by a spreadsheet.
    Letters,
    /// No country code was typed and no default is set.
    MissingCountry,
    /// The country code does not exist, or the setting is no country code.
    UnknownCallingCode,
    /// The region does not exist, or is not written as two letters.
    UnknownRegion,
    /// The default country prefix and the default region belong to different countries.
    ConflictingDefaults,
    /// Too few digits.
    TooShort,
    /// Too many digits.
    TooLong,
    /// The digits fit no number of their country.
    NotInNumberingPlan,
    /// The digits can be read as more than one number.
    Ambiguous,
}

impl PhoneError {
    pub(crate) const fn new(kind: PhoneErrorKind) -> Self {
        Self { kind }
    }

    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> PhoneErrorKind {
        self.kind
    }
}

impl From<PhoneErrorKind> for PhoneError {
    fn from(kind: PhoneErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            PhoneErrorKind::Empty => "no phone number was given",
            PhoneErrorKind::TooLongInput => "the text is too long for a phone number",
            PhoneErrorKind::NotANumber => {
                "the phone number holds characters that do not belong in one; type one number only"
            }
            PhoneErrorKind::Letters => "the phone number holds letters; type digits only",
            PhoneErrorKind::MissingCountry => {
                "the phone number has no country code; start it with + and the country code"
            }
            PhoneErrorKind::UnknownCallingCode => "there is no such country code",
            PhoneErrorKind::UnknownRegion => {
                "there is no such region; write it as two letters, such as GB"
            }
            PhoneErrorKind::ConflictingDefaults => {
                "the default country prefix and the default region belong to different countries"
            }
            PhoneErrorKind::TooShort => "the phone number has too few digits",
            PhoneErrorKind::TooLong => "the phone number has too many digits",
            PhoneErrorKind::NotInNumberingPlan => {
                "there is no such phone number in its country; check the area code and the digits"
            }
            PhoneErrorKind::Ambiguous => {
                "the phone number can be read in two ways; start it with + and the country code"
            }
        })
    }
}

impl std::error::Error for PhoneError {}
