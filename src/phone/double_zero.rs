//! Numbers that begin with `00`, which people everywhere type for `+`.

use super::error::PhoneError;
use super::error::PhoneErrorKind::Ambiguous;
use super::normalize::{accepted, agree};
use super::number::{NumberSource, PhoneNumber, Warning};
use super::plan::{CodePlan, RegionPlan};
use super::reading::Reading;
use super::typed::Typed;

/// Reads the digits behind the `00` as if they followed a `+`, and compares that with the number
/// that the default's own rules give.
///
/// In most countries `00` is the international prefix, and both are the same. In others it is a
/// part of one, such as `001` or `0057`, or the start of a national number.
pub(super) fn read(
    typed: &Typed,
    home: Option<&'static RegionPlan>,
    at_home: Result<PhoneNumber, PhoneError>,
) -> Result<PhoneNumber, PhoneError> {
    let after = typed.digits().get(2..).unwrap_or_default();
    let dials_it = home.is_some_and(|home| home.international_prefix(typed.digits()) == Some(2));
    // What is no international number may be a national one that begins with 00.
    let at_home = at_home.or_else(|error| match home {
        Some(home) if error.kind() != Ambiguous && !typed.plus => {
            accepted(Reading::national(typed.digits(), home)).map_err(|_| error)
        }
        _ => Err(error),
    });
    let number = if dials_it {
        at_home?
    } else {
        either(at_home, international(typed, after))?
    };
    match home {
        Some(home) if !typed.plus && is_cut(typed, after) => {
            without_slip(typed.digits(), home, number)
        }
        _ => Ok(number),
    }
}

/// Reads the number behind the `00`. The default's rules do not apply to it.
fn international(typed: &Typed, after: &[u8]) -> Result<PhoneNumber, PhoneError> {
    let mut number = accepted(Reading::of(after, true, None))?;
    number.source = NumberSource::InternationalPrefix;
    if typed.plus {
        number.warnings.add(Warning::PlusBeforePrefix);
    }
    Ok(number)
}

/// Takes the one number that exists. Two that differ are ambiguous.
fn either(
    at_home: Result<PhoneNumber, PhoneError>,
    international: Result<PhoneNumber, PhoneError>,
) -> Result<PhoneNumber, PhoneError> {
    match at_home {
        Ok(number) => agree(number, international),
        Err(error) if error.kind() == Ambiguous => Err(error),
        Err(error) => international.map_err(|_| error),
    }
}

/// Whether separators cut the `00` or the country code behind it, as in `004-92-58-00-11`: then
/// it may be a national number with one zero too many.
fn is_cut(typed: &Typed, after: &[u8]) -> bool {
    CodePlan::heading(after).is_some_and(|(_, length)| typed.is_broken_within(length))
}

/// Takes an international number only if no national one is left when the first zero is dropped.
fn without_slip(
    digits: &[u8],
    home: &'static RegionPlan,
    number: PhoneNumber,
) -> Result<PhoneNumber, PhoneError> {
    let national = digits.get(1..).unwrap_or_default();
    match accepted(Reading::national(national, home)) {
        Ok(national) => agree(national, Ok(number)).map(|_| number),
        Err(_) => Ok(number),
    }
}
