//! Reasons for refusing a number, with messages to show beside the input field.

use std::fmt;

use super::e164::E164;

/// Error for a number that was refused.
///
/// The message never contains the number, so it may be shown, logged and stored.
///
/// ```
/// use clinspark_twilio::phone::{Normalizer, PhoneErrorKind};
///
/// let error = Normalizer::international().normalize("(415) 555-0123").unwrap_err();
/// assert_eq!(error.kind(), PhoneErrorKind::MissingCountry);
/// assert_eq!(
///     error.to_string(),
///     "the phone number has no country code; start it with + and the country code",
/// );
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PhoneError {
    kind: PhoneErrorKind,
    pub(super) candidates: Option<[E164; 2]>,
}

/// Reason for refusing a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PhoneErrorKind {
    /// No text, or only separators.
    Empty,
    /// More than 250 characters. The text was not parsed.
    TooLongInput,
    /// Characters that no written number contains, such as `?` between digits; or a number that a
    /// spreadsheet turned into a decimal, such as `447911123456.0`.
    NotANumber,
    /// Invisible characters that change the order in which the digits are displayed: U+200F,
    /// U+061C, U+202A to 202E or U+2066 to 2069 between digits, or the right-to-left ones of the
    /// last two ranges anywhere. The displayed number is
    /// not the one that would be stored.
    DirectionControls,
    /// Letters: a name, `O` for `0`, a word for the keypad, or `4.4791E+11`.
    Letters,
    /// Too few digits for a subscriber's number: a short code or an emergency number.
    ShortCode,
    /// The country code does not exist, or the setting is not a country code.
    UnknownCallingCode,
    /// No country code was typed and no default is set.
    MissingCountry,
    /// Too few digits for its country.
    TooShort,
    /// Too many digits for its country, or more than the 15 that E.164 allows.
    TooLong,
    /// A number of digits that its country does not use, between those of valid numbers.
    InvalidLength,
    /// The area code is missing.
    LocalOnly,
    /// The digits match no number of their country.
    NotInNumberingPlan,
    /// The digits can be read as two numbers that both exist: see [`PhoneError::candidates`].
    Ambiguous,
    /// The text contains more than one number.
    MultipleNumbers,
    /// An extension was typed, and [`Normalizer::extensions`](super::Normalizer::extensions) is
    /// off.
    ExtensionNotAllowed,
    /// The number exists, but [`Normalizer::kinds`](super::Normalizer::kinds) excludes its kind.
    KindNotAllowed,
    /// The region does not exist, or is not written as two letters.
    UnknownRegion,
    /// The default country prefix and the default region belong to different countries.
    ConflictingDefaults,
}

impl PhoneError {
    pub(crate) const fn new(kind: PhoneErrorKind) -> Self {
        Self {
            kind,
            candidates: None,
        }
    }

    pub(super) const fn ambiguous(first: E164, second: E164) -> Self {
        Self {
            kind: PhoneErrorKind::Ambiguous,
            candidates: Some([first, second]),
        }
    }

    /// Returns the reason for the refusal.
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

impl PhoneErrorKind {
    /// Returns the name of the kind, such as `not-in-numbering-plan`, for logs, metrics and
    /// translations.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLongInput => "too-long-input",
            Self::NotANumber => "not-a-number",
            Self::DirectionControls => "direction-controls",
            Self::Letters => "letters",
            Self::ShortCode => "short-code",
            Self::UnknownCallingCode => "unknown-calling-code",
            Self::MissingCountry => "missing-country",
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::InvalidLength => "invalid-length",
            Self::LocalOnly => "local-only",
            Self::NotInNumberingPlan => "not-in-numbering-plan",
            Self::Ambiguous => "ambiguous",
            Self::MultipleNumbers => "multiple-numbers",
            Self::ExtensionNotAllowed => "extension-not-allowed",
            Self::KindNotAllowed => "kind-not-allowed",
            Self::UnknownRegion => "unknown-region",
            Self::ConflictingDefaults => "conflicting-defaults",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Empty => "no phone number was given",
            Self::TooLongInput => "the text is too long for a phone number",
            Self::NotANumber => {
                "this is not a phone number; type it with digits, blanks and dashes only"
            }
            Self::DirectionControls => {
                "the phone number holds invisible characters that change the order in which its \
                 digits are shown; type it by hand"
            }
            Self::Letters => "the phone number holds letters; type digits only",
            Self::ShortCode => {
                "this is a short code or an emergency number; type a person's whole number"
            }
            Self::UnknownCallingCode => {
                "there is no such country code; check the digits after the +"
            }
            Self::MissingCountry => {
                "the phone number has no country code; start it with + and the country code"
            }
            Self::TooShort => "the phone number has too few digits",
            Self::TooLong => "the phone number has too many digits",
            Self::InvalidLength => {
                "no phone number of its country has this many digits; check for one too many or \
                 too few"
            }
            Self::LocalOnly => "the phone number has no area code; type it with its area code",
            Self::NotInNumberingPlan => {
                "there is no such phone number in its country; check the area code and the digits"
            }
            Self::Ambiguous => {
                "the phone number can be read in two ways; start it with + and the country code"
            }
            Self::MultipleNumbers => "there is more than one phone number; type one only",
            Self::ExtensionNotAllowed => {
                "the phone number has an extension; type a number that can be reached without one"
            }
            Self::KindNotAllowed => {
                "this kind of phone number is not taken here; type another, such as a mobile"
            }
            Self::UnknownRegion => "there is no such region; write it as two letters, such as GB",
            Self::ConflictingDefaults => {
                "the default country prefix and the default region belong to different countries"
            }
        }
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.message())
    }
}

impl fmt::Debug for PhoneError {
    /// Prints the kind only: even masked, the candidates are digits of a person's number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneError")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for PhoneError {}
