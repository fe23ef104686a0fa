//! Second stage: splits digits into country code and national number, by the rules of Google's
//! libphonenumber and in its order.

use crate::phone::error::PhoneErrorKind;
use crate::phone::number::{CountryCodeSource, NumberWarning, NumberWarnings};
use crate::phone::number_kind::NumberKind;
use crate::phone::plan::{
    CodePlan, Length, MAX_NATIONAL, MAX_REWRITTEN, RegionPlan, Stripped, code_digits,
};

/// National number under a country code. It need not exist.
pub(super) struct Candidate {
    code: &'static CodePlan,
    digits: [u8; MAX_REWRITTEN],
    length: usize,
    pub(super) source: CountryCodeSource,
    pub(super) warnings: NumberWarnings,
}

/// Typed number split into country code and national number, before the national prefix is
/// stripped.
struct Split<'d> {
    code: &'static CodePlan,
    /// Region whose rules apply from here on: the code's main region once a code was typed.
    rules: &'static RegionPlan,
    national: Stripped<'d>,
    source: CountryCodeSource,
}

impl Candidate {
    /// Splits digits that follow a `+` or not, under the rules of a default region or of none.
    pub(super) fn new(
        digits: &[u8],
        plus: bool,
        default: Option<&'static RegionPlan>,
    ) -> Result<Self, PhoneErrorKind> {
        let mut buffer = [0; MAX_REWRITTEN];
        if !plus {
            return Self::finish(&split(digits, default, &mut buffer)?);
        }
        if digits.first() != Some(&0) {
            return Self::finish(&after_plus(digits, CountryCodeSource::Plus)?);
        }
        // No country code begins with 0: what follows the `+` is an international prefix.
        let split = split(digits, default, &mut buffer).map_err(|kind| match kind {
            PhoneErrorKind::MissingCountry => PhoneErrorKind::UnknownCallingCode,
            kind => kind,
        })?;
        if split.source != CountryCodeSource::InternationalPrefix {
            return Err(PhoneErrorKind::UnknownCallingCode);
        }
        let mut candidate = Self::finish(&split)?;
        candidate.warnings.add(NumberWarning::PlusBeforePrefix);
        Ok(candidate)
    }

    /// Splits digits as a number of the default region, even if they begin with its code.
    pub(super) fn national(
        digits: &[u8],
        default: &'static RegionPlan,
    ) -> Result<Self, PhoneErrorKind> {
        Self::finish(&split_national(digits, default)?)
    }

    /// Strips the national prefix, unless that leaves too few digits.
    fn finish(split: &Split<'_>) -> Result<Self, PhoneErrorKind> {
        let typed = split.national.digits;
        if typed.len() < 2 {
            return Err(PhoneErrorKind::TooShort);
        }
        let mut buffer = [0; MAX_REWRITTEN];
        let mut national = split.rules.strip_trunk(typed, &mut buffer);
        // Google's rule: without its prefix the number must have a possible length.
        if matches!(
            split.rules.length(national.digits.len()),
            Length::TooShort | Length::LocalOnly | Length::Invalid
        ) {
            national = split.national;
        }
        let mut candidate = Self {
            code: split.code,
            digits: [0; MAX_REWRITTEN],
            length: national.digits.len(),
            source: split.source,
            warnings: NumberWarnings::default(),
        };
        match national.digits.len() {
            0..2 => return Err(PhoneErrorKind::TooShort),
            2..=MAX_NATIONAL => {}
            _ => return Err(PhoneErrorKind::TooLong),
        }
        for (to, from) in candidate.digits.iter_mut().zip(national.digits) {
            *to = *from;
        }
        if national.added || split.national.added {
            candidate.warnings.add(NumberWarning::DigitsAdded);
        // Without a country code the national prefix is the usual form.
        } else if split.source != CountryCodeSource::National && candidate.length < typed.len() {
            candidate.warnings.add(NumberWarning::NationalPrefixDropped);
        }
        Ok(candidate)
    }

    #[inline]
    pub(super) fn national_digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    /// Returns the digits of country code and national number.
    #[inline]
    pub(super) fn all_digits(&self) -> impl Iterator<Item = u8> {
        code_digits(self.code.code).chain(self.national_digits().iter().copied())
    }

    /// Returns region and kind, or the reason why there is no such number.
    #[inline]
    pub(super) fn classify(&self) -> Result<(&'static RegionPlan, NumberKind), PhoneErrorKind> {
        if let Some(found) = self.code.classify(self.national_digits()) {
            return Ok(found);
        }
        Err(
            match self.code.main().map(|main| main.length(self.length)) {
                Some(Length::TooShort) => PhoneErrorKind::TooShort,
                Some(Length::TooLong) => PhoneErrorKind::TooLong,
                Some(Length::LocalOnly) => PhoneErrorKind::LocalOnly,
                Some(Length::Invalid) => PhoneErrorKind::InvalidLength,
                Some(Length::Possible) | None => PhoneErrorKind::NotInNumberingPlan,
            },
        )
    }
}

/// Returns the digits after the default's own code, if they begin with it.
pub(super) fn after_default_code<'d>(digits: &'d [u8], default: &RegionPlan) -> Option<&'d [u8]> {
    let mut rest = digits.iter();
    for expected in code_digits(default.code()) {
        if *rest.next()? != expected {
            return None;
        }
    }
    Some(rest.as_slice())
}

fn split<'d>(
    digits: &'d [u8],
    default: Option<&'static RegionPlan>,
    buffer: &'d mut [u8; MAX_REWRITTEN],
) -> Result<Split<'d>, PhoneErrorKind> {
    let default = default.ok_or(PhoneErrorKind::MissingCountry)?;
    if let Some(after) = default
        .international_prefix(digits)
        .and_then(|end| digits.get(end..))
    {
        // No country code begins with 0, so the digits before were no such prefix.
        if after.first() != Some(&0) {
            return after_plus(after, CountryCodeSource::InternationalPrefix);
        }
    }
    if let Some(after) = after_default_code(digits, default) {
        let stripped = default.strip_trunk(after, buffer);
        // Google's rule: the code counts as typed if the digits match the general pattern only
        // without it, or are too long with it. Otherwise they are national.
        let only_without = !default.is_general(digits) && default.is_general(stripped.digits);
        if only_without || default.length(digits.len()) == Length::TooLong {
            return with_code(default.code(), stripped, CountryCodeSource::CodeWithoutPlus);
        }
    }
    split_national(digits, default)
}

fn split_national<'d>(
    digits: &'d [u8],
    default: &'static RegionPlan,
) -> Result<Split<'d>, PhoneErrorKind> {
    let national = Stripped {
        digits,
        added: false,
    };
    Ok(Split {
        rules: default,
        ..with_code(default.code(), national, CountryCodeSource::National)?
    })
}

/// Splits digits that begin with a country code. The default does not apply to them.
fn after_plus(digits: &[u8], source: CountryCodeSource) -> Result<Split<'_>, PhoneErrorKind> {
    if digits.len() <= 2 {
        return Err(PhoneErrorKind::TooShort);
    }
    let (code, length) = CodePlan::at_start_of(digits).ok_or(PhoneErrorKind::UnknownCallingCode)?;
    let digits = digits.get(length..).unwrap_or_default();
    with_code(
        code.code,
        Stripped {
            digits,
            added: false,
        },
        source,
    )
}

fn with_code(
    code: u16,
    national: Stripped<'_>,
    source: CountryCodeSource,
) -> Result<Split<'_>, PhoneErrorKind> {
    let code = CodePlan::of(code).ok_or(PhoneErrorKind::UnknownCallingCode)?;
    let rules = code.main().ok_or(PhoneErrorKind::UnknownCallingCode)?;
    Ok(Split {
        code,
        rules,
        national,
        source,
    })
}
