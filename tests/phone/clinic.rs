//! Helpers for the tests of typed numbers.

use clinspark_twilio::phone::{Normalizer, PhoneErrorKind, Region};

#[track_caller]
pub(crate) fn under(region: &str) -> Normalizer {
    Normalizer::for_region(Region::parse(region).unwrap())
}

/// Returns the parser of a region; without a default for empty text.
#[track_caller]
pub(crate) fn clinic_of(region: &str) -> Normalizer {
    match region {
        "" => Normalizer::international(),
        region => under(region),
    }
}

#[track_caller]
pub(crate) fn reads(clinic: Normalizer, typed: &str, expected: &str) {
    let number = clinic
        .normalize(typed)
        .unwrap_or_else(|e| panic!("{typed:?}: {e}"));
    assert_eq!(number.e164().as_str(), expected, "typed {typed:?}");
}

#[track_caller]
pub(crate) fn refuses(clinic: Normalizer, typed: &str, kind: PhoneErrorKind) {
    assert_eq!(
        clinic.normalize(typed).map_err(|e| e.kind()),
        Err(kind),
        "typed {typed:?}"
    );
}
