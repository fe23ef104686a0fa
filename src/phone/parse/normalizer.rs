//! Options of the parser, and the order of its stages.

use super::interpret::DefaultCountry;
use super::scan::scan;
use crate::phone::country::{CountryPrefix, Region};
use crate::phone::e164::E164;
use crate::phone::error::{PhoneError, PhoneErrorKind};
use crate::phone::number::{NumberWarning, PhoneNumber};
use crate::phone::number_kind::NumberKinds;

/// Parser of typed numbers, with a clinic's default country.
///
/// The default is used only when no country code is typed. Text that is not exactly one number of
/// its country's numbering plan is refused, because a misread number reaches a stranger.
///
/// Numbers are parsed as in Google's libphonenumber, from the same numbering plan
/// ([`PLAN_VERSION`](crate::phone::PLAN_VERSION)), with these differences:
///
/// | Typed text | Google | This crate |
/// |---|---|---|
/// | two readings that both exist, `49 1512 3456789` in Germany, `0153 623 423297` in Israel | takes the first | [`Ambiguous`](PhoneErrorKind::Ambiguous) |
/// | letters, `1-800-FLOWERS`, `415 555 O123`, `Mobile: ...` | drops or maps them | [`Letters`](PhoneErrorKind::Letters), unless [`keypad_letters`](Self::keypad_letters) |
/// | two numbers, `...0018 / x...0019`, `...0123;415...` | takes the first | [`MultipleNumbers`](PhoneErrorKind::MultipleNumbers) |
/// | an extension | drops it | [`ExtensionNotAllowed`](PhoneErrorKind::ExtensionNotAllowed), unless [`extensions`](Self::extensions) |
/// | more than 15 digits | valid in a few countries | [`TooLong`](PhoneErrorKind::TooLong) |
/// | two endings, `030 1234567/8`, `030 1234567 (2)` | adds the second to the first | [`MultipleNumbers`](PhoneErrorKind::MultipleNumbers), if the first is a number without it |
/// | a zero that may not be dialled, `+39 (0)331 1234567`; a list number, `2) 030 1234567` | keeps it | [`Ambiguous`](PhoneErrorKind::Ambiguous), if both are numbers |
/// | a decimal, `447911123456.0`; a `+` at the end | drops the point, the plus | [`NotANumber`](PhoneErrorKind::NotANumber) |
/// | signs in place of lost digits or a lost `+`, `030 12345...`, `?44 7911 123456` | drops them | [`NotANumber`](PhoneErrorKind::NotANumber) |
/// | `+` and a code that does not exist | tries the default | [`UnknownCallingCode`](PhoneErrorKind::UnknownCallingCode) |
/// | invisible characters, any Unicode space or dash between digits | refuses most | drops them |
/// | direction controls between digits, or right-to-left ones around them | refuses, or drops them | [`DirectionControls`](PhoneErrorKind::DirectionControls) |
/// | `00` where the default dials another prefix, `0057 ...` in Colombia | follows the default | reads it as `+` too: [`Ambiguous`](PhoneErrorKind::Ambiguous), if both are numbers |
/// | one zero too many, judging by the separators, `004-92-58-00-11` in France | reads it as `+` | [`Ambiguous`](PhoneErrorKind::Ambiguous), if both are numbers |
///
/// ```
/// use clinspark_twilio::phone::{Normalizer, Region};
///
/// let clinic = Normalizer::for_region(Region::parse("US")?);
/// assert_eq!(clinic.normalize("(415) 555-0123")?.e164().as_str(), "+14155550123");
/// assert_eq!(clinic.normalize("+8613123456789")?.e164().as_str(), "+8613123456789");
/// assert!(clinic.normalize("1231231234").is_err()); // there is no area code 123
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Normalizer {
    default_country: DefaultCountry,
    kinds: NumberKinds,
    extensions: bool,
    keypad_letters: bool,
    test_numbers: bool,
}

impl Normalizer {
    /// Creates a parser without a default: every number must be typed with its country code.
    #[must_use]
    pub const fn international() -> Self {
        Self::new(DefaultCountry::None)
    }

    /// Creates a parser with the country of a prefix as default for numbers typed without a country
    /// code.
    ///
    /// For a code that belongs to no country, such as 800, the default is the code itself.
    #[must_use]
    pub const fn for_prefix(prefix: CountryPrefix) -> Self {
        Self::new(match prefix.region() {
            Some(region) => DefaultCountry::Region(region),
            None => DefaultCountry::Code(prefix.calling_code()),
        })
    }

    /// Creates a parser with a region as default for numbers typed without a country code.
    #[must_use]
    pub const fn for_region(region: Region) -> Self {
        Self::new(DefaultCountry::Region(region))
    }

    /// Creates a parser from an optional prefix and an optional region.
    ///
    /// A prefix and a region agree when the region uses the prefix, as `JM` uses 1. The region is
    /// then the default.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::ConflictingDefaults`] when they name different countries: 44 and `US`,
    /// or `+1 876` and `US`.
    pub fn from_defaults(
        prefix: Option<CountryPrefix>,
        region: Option<Region>,
    ) -> Result<Self, PhoneError> {
        match (prefix, region) {
            (Some(prefix), Some(region)) if !prefix.includes(region) => {
                Err(PhoneErrorKind::ConflictingDefaults.into())
            }
            // The region is more exact: many regions share the prefix 1.
            (_, Some(region)) => Ok(Self::for_region(region)),
            (Some(prefix), None) => Ok(Self::for_prefix(prefix)),
            (None, None) => Ok(Self::international()),
        }
    }

    /// Sets the kinds of number to accept. Default: [`NumberKinds::ALL`].
    ///
    /// For texts to volunteers, use [`NumberKinds::MOBILE`].
    #[must_use]
    pub const fn kinds(mut self, kinds: NumberKinds) -> Self {
        self.kinds = kinds;
        self
    }

    /// Accepts numbers with an extension, and returns it beside the number. Default: such numbers
    /// are refused, because an extension cannot be texted.
    #[must_use]
    pub const fn extensions(mut self, extensions: bool) -> Self {
        self.extensions = extensions;
        self
    }

    /// Reads three letters or more as the digits of their telephone keys: `1-800-FLOWERS`. Default:
    /// letters are refused. One or two letters are a typing error and always refused.
    #[must_use]
    pub const fn keypad_letters(mut self, keypad_letters: bool) -> Self {
        self.keypad_letters = keypad_letters;
        self
    }

    /// Accepts Twilio's test numbers, `+1500555000x`, even if [`kinds`](Self::kinds) excludes their
    /// kind, [`Personal`](crate::phone::NumberKind::Personal). Default: no exception.
    ///
    /// Source: <https://www.twilio.com/docs/iam/test-credentials>
    #[must_use]
    pub const fn test_numbers(mut self, test_numbers: bool) -> Self {
        self.test_numbers = test_numbers;
        self
    }

    /// Returns the country of numbers typed without a country code, if there is one.
    #[must_use]
    pub const fn default_region(&self) -> Option<Region> {
        match self.default_country {
            DefaultCountry::Region(region) => Some(region),
            DefaultCountry::None | DefaultCountry::Code(_) => None,
        }
    }

    /// Parses one number.
    ///
    /// # Errors
    ///
    /// [`PhoneError`], whose kind and message say what to fix. The error never contains the number.
    pub fn normalize(&self, text: &str) -> Result<PhoneNumber, PhoneError> {
        let typed = scan(text, self.keypad_letters)?;
        if typed.extension.is_some() && !self.extensions {
            return Err(PhoneErrorKind::ExtensionNotAllowed.into());
        }
        let mut number = self.default_country.interpret(&typed)?;
        number.extension = typed.extension;
        if typed.keypad_letters {
            number.warnings.add(NumberWarning::KeypadLetters);
        }
        let is_test = is_test_number(number.e164);
        if is_test {
            number.warnings.add(NumberWarning::TestNumber);
        }
        // Last, so that a typing error is reported as such and not as a wrong kind.
        if !(self.kinds.contains(number.kind) || is_test && self.test_numbers) {
            return Err(PhoneErrorKind::KindNotAllowed.into());
        }
        Ok(number)
    }

    const fn new(default_country: DefaultCountry) -> Self {
        Self {
            default_country,
            kinds: NumberKinds::ALL,
            extensions: false,
            keypad_letters: false,
            test_numbers: false,
        }
    }
}

impl Default for Normalizer {
    /// Returns [`Normalizer::international`].
    fn default() -> Self {
        Self::international()
    }
}

/// Returns `true` for `+1500555000x`, the numbers of Twilio's test credentials.
fn is_test_number(number: E164) -> bool {
    let digits = number.as_str().strip_prefix("+1500555000");
    digits.is_some_and(|last| last.len() == 1)
}
