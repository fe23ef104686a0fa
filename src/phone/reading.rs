//! From digits to a country code and a national number, by Google's rules in Google's order.

use super::error::PhoneErrorKind;
use super::number::{NumberKind, NumberSource, Warning, Warnings};
use super::plan::{CodePlan, Length, MAX_NATIONAL, ROOM, RegionPlan, Stripped};

/// A national number under a country code; it need not exist.
pub(super) struct Reading {
    code: &'static CodePlan,
    digits: [u8; ROOM],
    length: usize,
    pub(super) source: NumberSource,
    pub(super) warnings: Warnings,
}

/// A national number as it was cut out of what was typed, its national prefix still on.
struct Cut<'d> {
    code: &'static CodePlan,
    /// Whose rules hold from here on: the code's main region once a code was typed.
    rules: &'static RegionPlan,
    national: Stripped<'d>,
    source: NumberSource,
}

impl Reading {
    /// Reads digits that follow a `+` or not, under the rules of a default region or none.
    pub(super) fn of(
        digits: &[u8],
        plus: bool,
        home: Option<&'static RegionPlan>,
    ) -> Result<Self, PhoneErrorKind> {
        let mut room = [0; ROOM];
        if !plus {
            return Self::finish(&cut(digits, home, &mut room)?);
        }
        if digits.first() != Some(&0) {
            return Self::finish(&after_plus(digits, NumberSource::Plus)?);
        }
        // No country code begins with 0: what follows the `+` is an international prefix.
        let cut = cut(digits, home, &mut room).map_err(|kind| match kind {
            PhoneErrorKind::MissingCountry => PhoneErrorKind::UnknownCallingCode,
            kind => kind,
        })?;
        if cut.source != NumberSource::InternationalPrefix {
            return Err(PhoneErrorKind::UnknownCallingCode);
        }
        let mut reading = Self::finish(&cut)?;
        reading.warnings.add(Warning::PlusBeforePrefix);
        Ok(reading)
    }

    /// Reads digits as a number of the default region, though they begin with its code.
    pub(super) fn national(
        digits: &[u8],
        home: &'static RegionPlan,
    ) -> Result<Self, PhoneErrorKind> {
        Self::finish(&cut_national(digits, home)?)
    }

    /// Strips the national prefix, unless that leaves too little.
    fn finish(cut: &Cut<'_>) -> Result<Self, PhoneErrorKind> {
        let typed = cut.national.digits;
        if typed.len() < 2 {
            return Err(PhoneErrorKind::TooShort);
        }
        let mut room = [0; ROOM];
        let mut national = cut.rules.strip_trunk(typed, &mut room);
        if matches!(
            cut.rules.length(national.digits.len()),
            Length::TooShort | Length::LocalOnly | Length::Invalid
        ) {
            national = cut.national;
        }
        let mut reading = Self {
            code: cut.code,
            digits: [0; ROOM],
            length: national.digits.len(),
            source: cut.source,
            warnings: Warnings::default(),
        };
        match national.digits.len() {
            0..2 => return Err(PhoneErrorKind::TooShort),
            2..=MAX_NATIONAL => {}
            _ => return Err(PhoneErrorKind::TooLong),
        }
        for (to, from) in reading.digits.iter_mut().zip(national.digits) {
            *to = *from;
        }
        if national.added || cut.national.added {
            reading.warnings.add(Warning::DigitsAdded);
        } else if cut.source != NumberSource::National && reading.length < typed.len() {
            reading.warnings.add(Warning::NationalPrefixDropped);
        }
        Ok(reading)
    }

    #[inline]
    pub(super) fn national_digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    /// Country code and national number, digit by digit.
    #[inline]
    pub(super) fn all_digits(&self) -> impl Iterator<Item = u8> {
        code_digits(self.code.code).chain(self.national_digits().iter().copied())
    }

    /// Region and kind, or why there is no such number.
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

/// The digits of a country code.
#[inline]
pub(super) fn code_digits(code: u16) -> impl Iterator<Item = u8> {
    let digits = [code / 100, code / 10 % 10, code % 10];
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    // Each is below ten: nothing is cut off.
    digits
        .into_iter()
        .skip(zeros)
        .map(|digit| (digit & 0xF) as u8)
}

/// The digits after the default's own code, if they begin with it.
pub(super) fn after_own_code<'d>(digits: &'d [u8], home: &RegionPlan) -> Option<&'d [u8]> {
    let mut rest = digits.iter();
    for expected in code_digits(home.code()) {
        if *rest.next()? != expected {
            return None;
        }
    }
    Some(rest.as_slice())
}

fn cut<'d>(
    digits: &'d [u8],
    home: Option<&'static RegionPlan>,
    room: &'d mut [u8; ROOM],
) -> Result<Cut<'d>, PhoneErrorKind> {
    let home = home.ok_or(PhoneErrorKind::MissingCountry)?;
    if let Some(after) = home
        .international_prefix(digits)
        .and_then(|end| digits.get(end..))
    {
        // No country code begins with 0: then it was no such prefix.
        if after.first() != Some(&0) {
            return after_plus(after, NumberSource::InternationalPrefix);
        }
    }
    if let Some(after) = after_own_code(digits, home) {
        let stripped = home.strip_trunk(after, room);
        let only_without = !home.is_general(digits) && home.is_general(stripped.digits);
        if only_without || home.length(digits.len()) == Length::TooLong {
            return with_code(home.code(), stripped, NumberSource::CodeWithoutPlus);
        }
    }
    cut_national(digits, home)
}

fn cut_national<'d>(
    digits: &'d [u8],
    home: &'static RegionPlan,
) -> Result<Cut<'d>, PhoneErrorKind> {
    let national = Stripped {
        digits,
        added: false,
    };
    Ok(Cut {
        rules: home,
        ..with_code(home.code(), national, NumberSource::National)?
    })
}

/// Digits that begin with a country code. The default has no say in them.
fn after_plus(digits: &[u8], source: NumberSource) -> Result<Cut<'_>, PhoneErrorKind> {
    if digits.len() <= 2 {
        return Err(PhoneErrorKind::TooShort);
    }
    let (code, length) = CodePlan::heading(digits).ok_or(PhoneErrorKind::UnknownCallingCode)?;
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
    source: NumberSource,
) -> Result<Cut<'_>, PhoneErrorKind> {
    let code = CodePlan::of(code).ok_or(PhoneErrorKind::UnknownCallingCode)?;
    let rules = code.main().ok_or(PhoneErrorKind::UnknownCallingCode)?;
    Ok(Cut {
        code,
        rules,
        national,
        source,
    })
}
