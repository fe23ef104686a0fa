//! Third stage: interprets typed digits under a default country, as one number.

use super::candidate::{Candidate, after_default_code};
use super::double_zero;
use super::lookup::{find, look_up, unless_ambiguous};
use super::scan::TypedNumber;
use crate::phone::country::Region;
use crate::phone::error::{PhoneError, PhoneErrorKind};
use crate::phone::number::{CountryCodeSource, PhoneNumber};
use crate::phone::plan::{RegionPlan, code_digits};

/// Country of numbers typed without a country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DefaultCountry {
    None,
    Region(Region),
    /// Calling code that belongs to no country, such as 800.
    Code(u16),
}

impl DefaultCountry {
    /// Interprets the digits as a number, and checks every other number that they may mean.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::Ambiguous`] and [`PhoneErrorKind::MultipleNumbers`] when another number
    /// exists.
    #[inline]
    pub(super) fn interpret(self, typed: &TypedNumber) -> Result<PhoneNumber, PhoneError> {
        let number = self
            .read(typed)
            .map_err(|error| or_short_code(typed, error))?;
        if typed.has_optional_digits() {
            return self.compare_without_optional_digits(typed, number);
        }
        Ok(number)
    }

    #[inline]
    fn read(self, typed: &TypedNumber) -> Result<PhoneNumber, PhoneError> {
        if typed.begins_with_double_zero() {
            return self.read_double_zero(typed);
        }
        self.read_by_rules(typed)
    }

    /// Reads the digits by the rules of the default alone.
    #[inline]
    fn read_by_rules(self, typed: &TypedNumber) -> Result<PhoneNumber, PhoneError> {
        match self {
            Self::None => read_under_region(typed, None),
            Self::Region(region) => read_under_region(typed, region.plan()),
            Self::Code(code) => read_under_code(typed, code),
        }
    }

    /// Compares that reading with the number after the `00`. It is not part of
    /// [`read`](Self::read), because most texts begin otherwise and must be read fast.
    #[inline(never)]
    fn read_double_zero(self, typed: &TypedNumber) -> Result<PhoneNumber, PhoneError> {
        let by_default = self.read_by_rules(typed);
        match self {
            // Without a default, 00 may be part of any country's prefix.
            Self::None => by_default,
            Self::Region(region) => double_zero::read(typed, region.plan(), by_default),
            Self::Code(_) => double_zero::read(typed, None, by_default),
        }
    }

    /// Returns the number, unless the text without its optional digits is another one.
    #[cold]
    fn compare_without_optional_digits(
        self,
        typed: &TypedNumber,
        number: PhoneNumber,
    ) -> Result<PhoneNumber, PhoneError> {
        let without_ending = typed.without_ending();
        if without_ending.is_some_and(|typed| self.read(&typed).is_ok()) {
            return Err(PhoneErrorKind::MultipleNumbers.into());
        }
        let others = [typed.without_bracketed_zero(), typed.without_list_marker()];
        let mut others = others.into_iter().flatten();
        others.try_fold(number, |number, other| {
            unless_ambiguous(number, self.read(&other))
        })
    }
}

/// Reads a number by the rules of a default region, or of none.
#[inline]
fn read_under_region(
    typed: &TypedNumber,
    default: Option<&'static RegionPlan>,
) -> Result<PhoneNumber, PhoneError> {
    let digits = typed.digits();
    let candidate = Candidate::new(digits, typed.plus, default);
    match default {
        Some(default) if !typed.plus => national_or_international(digits, default, &candidate?),
        _ => look_up(candidate),
    }
}

/// Reads digits that begin with the default's own code or international prefix, as a national
/// number and as an international one. If both exist, they are ambiguous.
#[inline]
fn national_or_international(
    digits: &[u8],
    default: &'static RegionPlan,
    candidate: &Candidate,
) -> Result<PhoneNumber, PhoneError> {
    let number = find(candidate)?;
    match candidate.source {
        CountryCodeSource::National if after_default_code(digits, default).is_none() => Ok(number),
        CountryCodeSource::National => {
            unless_ambiguous(number, look_up(Candidate::new(digits, true, None)))
        }
        // A code or an international prefix was recognised, but a national number may begin alike.
        _ => match look_up(Candidate::national(digits, default)) {
            Ok(national) => unless_ambiguous(national, Ok(number)).map(|_| number),
            Err(_) => Ok(number),
        },
    }
}

/// Reads a number under a code without a country: `+` and a code, or the digits after that code.
fn read_under_code(typed: &TypedNumber, code: u16) -> Result<PhoneNumber, PhoneError> {
    let digits = typed.digits();
    if typed.plus {
        return look_up(Candidate::new(digits, true, None));
    }
    let prefixed = TypedNumber::new(true, code_digits(code).chain(digits.iter().copied()))?;
    let with_code = look_up_as(CountryCodeSource::National, prefixed.digits());
    if !prefixed_by(digits, code) {
        return with_code;
    }
    let as_typed = look_up_as(CountryCodeSource::CodeWithoutPlus, digits);
    match (with_code, as_typed) {
        (Ok(national), Ok(other)) => Err(PhoneError::ambiguous(national.e164, other.e164)),
        (Err(error), Err(_)) => Err(error),
        (with_code, as_typed) => with_code.or(as_typed),
    }
}

/// Looks up digits that begin with a country code.
fn look_up_as(source: CountryCodeSource, digits: &[u8]) -> Result<PhoneNumber, PhoneError> {
    let number = look_up(Candidate::new(digits, true, None))?;
    Ok(PhoneNumber { source, ..number })
}

fn prefixed_by(digits: &[u8], code: u16) -> bool {
    code_digits(code).eq(digits.iter().copied().take(code_digits(code).count()))
}

/// Replaces the error by [`PhoneErrorKind::ShortCode`] for digits that are too few for a number.
fn or_short_code(typed: &TypedNumber, error: PhoneError) -> PhoneError {
    let is_short = match typed.digits().len() {
        3..=5 => true,
        // Six digits can be a number without its area code. That error says what to add.
        6 => error.kind() != PhoneErrorKind::LocalOnly,
        _ => false,
    };
    if is_short && !typed.plus && error.kind() != PhoneErrorKind::Ambiguous {
        return PhoneErrorKind::ShortCode.into();
    }
    error
}
