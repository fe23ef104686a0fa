//! Last stage: candidates looked up in the numbering plan, and two numbers made one or refused.

use super::candidate::Candidate;
use crate::phone::e164::E164;
use crate::phone::error::{PhoneError, PhoneErrorKind};
use crate::phone::number::PhoneNumber;

/// Finds a candidate in the numbering plan.
#[inline]
pub(super) fn look_up(
    candidate: Result<Candidate, PhoneErrorKind>,
) -> Result<PhoneNumber, PhoneError> {
    find(&candidate?)
}

#[inline]
pub(super) fn find(candidate: &Candidate) -> Result<PhoneNumber, PhoneError> {
    let found = candidate.classify()?;
    // Google's plan has numbers of 16 and 17 digits; E.164 has not.
    let e164 = E164::from_digits(candidate.all_digits()).ok_or(PhoneErrorKind::TooLong)?;
    let mut number = PhoneNumber::of_plan(e164, found, candidate.source);
    number.warnings = candidate.warnings;
    Ok(number)
}

/// The number, unless another reading exists and is another number.
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
