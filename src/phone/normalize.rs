//! What a person typed, read as the one number it can mean.

use super::country::{CountryPrefix, Region};
use super::double_zero;
use super::e164::E164;
use super::error::{PhoneError, PhoneErrorKind};
use super::number::{NumberKinds, NumberSource, PhoneNumber, Warning};
use super::plan::RegionPlan;
use super::reading::{Reading, after_own_code, code_digits};
use super::typed::Typed;

/// Reads typed numbers under a clinic's default country.
///
/// The default is used only when no country code is typed. What cannot be read as exactly one
/// number of its country's numbering plan is refused: a refused number costs a question, a
/// misread one reaches a stranger.
///
/// Numbers are read as Google's libphonenumber reads them, from the same numbering plan
/// ([`PLAN_VERSION`](super::PLAN_VERSION)), with these differences:
///
/// | What is typed | Google | Here |
/// |---|---|---|
/// | two readings that both exist, `49 1512 3456789` in Germany, `0153 623 423297` in Israel | takes the first | [`Ambiguous`](PhoneErrorKind::Ambiguous) |
/// | letters, `1-800-FLOWERS`, `415 555 O123`, `Mobile: ...` | drops or maps them | [`Letters`](PhoneErrorKind::Letters), unless [`keypad_letters`](Self::keypad_letters) |
/// | two numbers, `...0018 / x...0019`, `...0123;415...` | takes the first | [`MultipleNumbers`](PhoneErrorKind::MultipleNumbers) |
/// | an extension | drops it | [`ExtensionNotAllowed`](PhoneErrorKind::ExtensionNotAllowed), unless [`extensions`](Self::extensions) |
/// | more than 15 digits | valid in a few countries | [`TooLong`](PhoneErrorKind::TooLong) |
/// | two endings, `030 1234567/8`, `030 1234567 (2)` | adds the second to the first | [`MultipleNumbers`](PhoneErrorKind::MultipleNumbers), if the first is a number without it |
/// | a zero that may not be dialled, `+39 (0)331 1234567`; the mark of a list, `2) 030 1234567` | keeps it | [`Ambiguous`](PhoneErrorKind::Ambiguous), if both are numbers |
/// | a decimal, `447911123456.0`; a `+` at the end | drops the point, the plus | [`NotANumber`](PhoneErrorKind::NotANumber) |
/// | signs that stand for lost digits or a lost `+`, `030 12345...`, `?44 7911 123456` | drops them | [`NotANumber`](PhoneErrorKind::NotANumber) |
/// | `+` and a code that does not exist | tries the default | [`UnknownCallingCode`](PhoneErrorKind::UnknownCallingCode) |
/// | characters that show nothing, any Unicode space or dash between digits | refuses most | drops them |
/// | direction controls between digits, or right-to-left ones around them | refuses, or drops them | [`DirectionControls`](PhoneErrorKind::DirectionControls) |
/// | `00` where the default dials another prefix, `0057 ...` in Colombia | follows the default | reads it as `+` too: [`Ambiguous`](PhoneErrorKind::Ambiguous), if both are numbers |
/// | a zero too many, as the separators show, `004-92-58-00-11` in France | reads it as `+` | [`Ambiguous`](PhoneErrorKind::Ambiguous), if both are numbers |
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
    home: Home,
    kinds: NumberKinds,
    extensions: bool,
    keypad_letters: bool,
    test_numbers: bool,
}

/// Whose a number is that was typed without its country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Nowhere,
    Region(Region),
    /// A code that belongs to no country, such as 800.
    Code(u16),
}

impl Normalizer {
    /// No default: every number must be typed with its country code.
    #[must_use]
    pub const fn international() -> Self {
        Self::new(Home::Nowhere)
    }

    /// Numbers typed without a country code belong to the country that the prefix names.
    ///
    /// Under a code that belongs to none, such as 800, they belong to that code.
    #[must_use]
    pub const fn for_prefix(prefix: CountryPrefix) -> Self {
        Self::new(match prefix.region() {
            Some(region) => Home::Region(region),
            None => Home::Code(prefix.code()),
        })
    }

    /// Numbers typed without a country code belong to this region.
    #[must_use]
    pub const fn for_region(region: Region) -> Self {
        Self::new(Home::Region(region))
    }

    /// From settings where either, both or neither may be given.
    ///
    /// A prefix and a region agree when the region uses the prefix: 1 and `JM` do. The region then
    /// decides.
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
            (_, Some(region)) => Ok(Self::for_region(region)),
            (Some(prefix), None) => Ok(Self::for_prefix(prefix)),
            (None, None) => Ok(Self::international()),
        }
    }

    /// The kinds of number that are taken. Default: [`NumberKinds::ALL`].
    ///
    /// For texts to volunteers, [`NumberKinds::MOBILE`].
    #[must_use]
    pub const fn kinds(mut self, kinds: NumberKinds) -> Self {
        self.kinds = kinds;
        self
    }

    /// Takes numbers with an extension, and reports it beside the number. Default: refuses them,
    /// for an extension cannot be texted.
    #[must_use]
    pub const fn extensions(mut self, extensions: bool) -> Self {
        self.extensions = extensions;
        self
    }

    /// Reads three letters or more as the digits of their keys: `1-800-FLOWERS`. Default: refuses
    /// letters. One or two are a slip of the hand and refused always.
    #[must_use]
    pub const fn keypad_letters(mut self, keypad_letters: bool) -> Self {
        self.keypad_letters = keypad_letters;
        self
    }

    /// Takes Twilio's numbers for tests, `+1500555000x`, though [`kinds`](Self::kinds) leaves
    /// their kind out: they are [`Personal`](super::NumberKind::Personal). Default: no exception.
    ///
    /// Source: <https://www.twilio.com/docs/iam/test-credentials>
    #[must_use]
    pub const fn test_numbers(mut self, test_numbers: bool) -> Self {
        self.test_numbers = test_numbers;
        self
    }

    /// The country of numbers typed without a country code, if there is one.
    #[must_use]
    pub const fn region(&self) -> Option<Region> {
        match self.home {
            Home::Region(region) => Some(region),
            Home::Nowhere | Home::Code(_) => None,
        }
    }

    /// Reads one number.
    ///
    /// # Errors
    ///
    /// [`PhoneError`], whose kind and message say what to mend; it never holds the number.
    pub fn normalize(&self, text: &str) -> Result<PhoneNumber, PhoneError> {
        let typed = Typed::read(text, self.keypad_letters)?;
        if typed.extension.is_some() && !self.extensions {
            return Err(PhoneErrorKind::ExtensionNotAllowed.into());
        }
        let mut number = self
            .read(&typed)
            .map_err(|error| short_code(&typed, error))?;
        if typed.is_doubtful() {
            number = self.resolve(&typed, number)?;
        }
        number.extension = typed.extension;
        if typed.letters {
            number.warnings.add(Warning::LettersRead);
        }
        let is_test = is_test_number(number.e164);
        if is_test {
            number.warnings.add(Warning::TestNumber);
        }
        if !(self.kinds.contains(number.kind) || is_test && self.test_numbers) {
            return Err(PhoneErrorKind::KindNotAllowed.into());
        }
        Ok(number)
    }

    #[inline]
    fn read(&self, typed: &Typed) -> Result<PhoneNumber, PhoneError> {
        if typed.begins_with_double_zero() {
            return self.read_double_zero(typed);
        }
        self.read_by_rules(typed)
    }

    /// Reads by the rules of the default alone.
    #[inline]
    fn read_by_rules(&self, typed: &Typed) -> Result<PhoneNumber, PhoneError> {
        match self.home {
            Home::Nowhere => read_at_home(typed, None),
            Home::Region(region) => read_at_home(typed, region.plan()),
            Home::Code(code) => read_under_code(typed, code),
        }
    }

    /// Compares that reading with the number behind the `00`. Apart from [`read`](Self::read),
    /// since most texts begin otherwise and are to be read fast.
    #[inline(never)]
    fn read_double_zero(&self, typed: &Typed) -> Result<PhoneNumber, PhoneError> {
        let at_home = self.read_by_rules(typed);
        match self.home {
            // Without a default, 00 may be a part of any country's prefix.
            Home::Nowhere => at_home,
            Home::Region(region) => double_zero::read(typed, region.plan(), at_home),
            Home::Code(_) => double_zero::read(typed, None, at_home),
        }
    }

    /// Takes a number only if leaving out what may be no part of it gives no other.
    #[cold]
    fn resolve(&self, typed: &Typed, number: PhoneNumber) -> Result<PhoneNumber, PhoneError> {
        if typed.stem().is_some_and(|stem| self.read(&stem).is_ok()) {
            return Err(PhoneErrorKind::MultipleNumbers.into());
        }
        let others = [typed.without_doubtful_zero(), typed.without_mark()];
        let mut others = others.into_iter().flatten();
        others.try_fold(number, |number, other| agree(number, self.read(&other)))
    }

    const fn new(home: Home) -> Self {
        Self {
            home,
            kinds: NumberKinds::ALL,
            extensions: false,
            keypad_letters: false,
            test_numbers: false,
        }
    }
}

impl Default for Normalizer {
    /// [`Normalizer::international`].
    fn default() -> Self {
        Self::international()
    }
}

/// Takes a reading that is a number of the plan.
#[inline]
fn accept(reading: &Reading) -> Result<PhoneNumber, PhoneError> {
    let found = reading.classify()?;
    // Google's plan has numbers of 16 and 17 digits; E.164 has not.
    let e164 = E164::from_digits(reading.all_digits()).ok_or(PhoneErrorKind::TooLong)?;
    let mut number = PhoneNumber::of_plan(e164, found, reading.source);
    number.warnings = reading.warnings;
    Ok(number)
}

#[inline]
fn read_at_home(
    typed: &Typed,
    home: Option<&'static RegionPlan>,
) -> Result<PhoneNumber, PhoneError> {
    let digits = typed.digits();
    let reading = Reading::of(digits, typed.plus, home);
    match home {
        Some(home) if !typed.plus => read_both_ways(digits, home, &reading?),
        _ => accept(&reading?),
    }
}

/// The number, unless another reading exists and is another number.
#[inline]
pub(super) fn agree(
    number: PhoneNumber,
    other: Result<PhoneNumber, PhoneError>,
) -> Result<PhoneNumber, PhoneError> {
    match other {
        Ok(other) if other.e164 != number.e164 => {
            Err(PhoneError::ambiguous(number.e164, other.e164))
        }
        _ => Ok(number),
    }
}

/// Digits that begin with the default's own code, or with what it dials abroad, are a national
/// number or an international one. Where both exist nobody can tell.
#[inline]
fn read_both_ways(
    digits: &[u8],
    home: &'static RegionPlan,
    reading: &Reading,
) -> Result<PhoneNumber, PhoneError> {
    let number = accept(reading)?;
    match reading.source {
        NumberSource::National if after_own_code(digits, home).is_none() => Ok(number),
        NumberSource::National => agree(number, accepted(Reading::of(digits, true, None))),
        _ => match accepted(Reading::national(digits, home)) {
            Ok(national) if national.e164 != number.e164 => {
                Err(PhoneError::ambiguous(national.e164, number.e164))
            }
            _ => Ok(number),
        },
    }
}

pub(super) fn accepted(
    reading: Result<Reading, PhoneErrorKind>,
) -> Result<PhoneNumber, PhoneError> {
    accept(&reading?)
}

/// Under a code without a country: `+` and a code, or the digits after that code.
fn read_under_code(typed: &Typed, code: u16) -> Result<PhoneNumber, PhoneError> {
    let digits = typed.digits();
    if typed.plus {
        return accept(&Reading::of(digits, true, None)?);
    }
    let prefixed = Typed::new(true, code_digits(code).chain(digits.iter().copied()))?;
    let with_code = Reading::of(prefixed.digits(), true, None).map_err(PhoneError::from);
    let with_code = with_code
        .and_then(|reading| accept(&reading))
        .map(|mut number| {
            number.source = NumberSource::National;
            number
        });
    if !prefixed_by(digits, code) {
        return with_code;
    }
    let as_typed = Reading::of(digits, true, None).map_err(PhoneError::from);
    let as_typed = as_typed
        .and_then(|reading| accept(&reading))
        .map(|mut number| {
            number.source = NumberSource::CodeWithoutPlus;
            number
        });
    match (with_code, as_typed) {
        (Ok(national), Ok(other)) => Err(PhoneError::ambiguous(national.e164, other.e164)),
        (Err(error), Err(_)) => Err(error),
        (with_code, as_typed) => with_code.or(as_typed),
    }
}

fn prefixed_by(digits: &[u8], code: u16) -> bool {
    code_digits(code).eq(digits.iter().copied().take(code_digits(code).count()))
}

/// So few digits, and no number of the country: nobody's number anywhere.
fn short_code(typed: &Typed, error: PhoneError) -> PhoneError {
    let is_short = match typed.digits().len() {
        3..=5 => true,
        6 => error.kind() != PhoneErrorKind::LocalOnly,
        _ => false,
    };
    if is_short && !typed.plus && error.kind() != PhoneErrorKind::Ambiguous {
        return PhoneErrorKind::ShortCode.into();
    }
    error
}

/// `+1500555000x`: the numbers that Twilio's test credentials know.
fn is_test_number(number: E164) -> bool {
    let digits = number.as_str().strip_prefix("+1500555000");
    digits.is_some_and(|last| last.len() == 1)
}
