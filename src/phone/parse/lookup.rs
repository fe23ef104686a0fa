//! Last stage: looks up candidates in the numbering plan, and refuses two numbers that differ.

use super::candidate::Candidate;
use crate::phone::e164::E164;
use crate::phone::error::{PhoneError, PhoneErrorKind};
use crate::phone::number::PhoneNumber;

/// Looks up a candidate in the numbering plan.
#[inline]
pub(super) fn look_up(
    candidate: Result<Candidate, PhoneErrorKind>,
) -> Result<PhoneNumber, PhoneError> {
    find(&candidate?)
}

#[inline]
pub(super) fn find(candidate: &Candidate) -> Result<PhoneNumber, PhoneError> {
    let found = candidate.classify()?;
    // Google's plan has numbers of 16 and 17 digits; E.164 permits 15.
    let e164 = E164::from_digits(candidate.all_digits()).ok_or(PhoneErrorKind::TooLong)?;
    let mut number = PhoneNumber::of_plan(e164, found, candidate.source);
    number.warnings = candidate.warnings;
    Ok(number)
}

/// Returns the number, unless another reading exists and is a different number.
#[inline]
pub(super) fn unless_ambiguous(
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
