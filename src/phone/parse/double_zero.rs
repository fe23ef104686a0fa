//! Numbers that begin with `00`, which people everywhere type for `+`.

use super::candidate::Candidate;
use super::lookup::{look_up, unless_ambiguous};
use super::scan::TypedNumber;
use crate::phone::error::PhoneError;
use crate::phone::error::PhoneErrorKind::Ambiguous;
use crate::phone::number::{CountryCodeSource, NumberWarning, PhoneNumber};
use crate::phone::plan::{CodePlan, RegionPlan};

/// Reads the digits after the `00` as if they followed a `+`, and compares the result with the
/// number by the default's own rules.
///
/// In most countries `00` is the international prefix, and both are the same number. In others it
/// is part of a prefix, such as `001` or `0057`, or the start of a national number.
pub(super) fn read(
    typed: &TypedNumber,
    default: Option<&'static RegionPlan>,
    by_default: Result<PhoneNumber, PhoneError>,
) -> Result<PhoneNumber, PhoneError> {
    let after = typed.digits().get(2..).unwrap_or_default();
    // If `00` alone is the default's prefix, its own rules read the number already.
    let dials_it =
        default.is_some_and(|default| default.international_prefix(typed.digits()) == Some(2));
    // Digits that are no international number may be a national one that begins with 00.
    let by_default = by_default.or_else(|error| match default {
        Some(default) if error.kind() != Ambiguous && !typed.plus => {
            look_up(Candidate::national(typed.digits(), default)).map_err(|_| error)
        }
        _ => Err(error),
    });
    let number = if dials_it {
        by_default?
    } else {
        either(by_default, international(typed, after))?
    };
    match default {
        Some(default) if !typed.plus && splits_prefix_or_code(typed, after) => {
            unless_one_zero_less(typed.digits(), default, number)
        }
        _ => Ok(number),
    }
}

/// Reads the number after the `00`. The default's rules do not apply to it.
fn international(typed: &TypedNumber, after: &[u8]) -> Result<PhoneNumber, PhoneError> {
    let mut number = look_up(Candidate::new(after, true, None))?;
    number.source = CountryCodeSource::InternationalPrefix;
    if typed.plus {
        number.warnings.add(NumberWarning::PlusBeforePrefix);
    }
    Ok(number)
}

/// Returns the one number that exists. Two that differ are ambiguous.
fn either(
    by_default: Result<PhoneNumber, PhoneError>,
    international: Result<PhoneNumber, PhoneError>,
) -> Result<PhoneNumber, PhoneError> {
    match by_default {
        Ok(number) => unless_ambiguous(number, international),
        Err(error) if error.kind() == Ambiguous => Err(error),
        Err(error) => international.map_err(|_| error),
    }
}

/// Returns `true` if separators split the `00` or the country code after it, as in
/// `004-92-58-00-11`. Such a text may be a national number with one zero too many.
fn splits_prefix_or_code(typed: &TypedNumber, after: &[u8]) -> bool {
    CodePlan::at_start_of(after).is_some_and(|(_, length)| typed.splits_prefix_or_code(length))
}

/// Returns an international number, unless the digits without the first zero are a national one.
fn unless_one_zero_less(
    digits: &[u8],
    default: &'static RegionPlan,
    number: PhoneNumber,
) -> Result<PhoneNumber, PhoneError> {
    let national = digits.get(1..).unwrap_or_default();
    match look_up(Candidate::national(national, default)) {
        Ok(national) => unless_ambiguous(national, Ok(number)).map(|_| number),
        Err(_) => Ok(number),
    }
}
