//! First stage: finds the digits of a text, with their label and extension.
//!
//! Most texts are ASCII digits and separators, which [`fast`] scans in one pass. All others are
//! scanned in full: [`characters`] folds them to ASCII, and [`full`] finds the number among labels,
//! separators and an [`extension`].

mod characters;
mod direction;
mod extension;
mod fast;
mod full;
mod typed;

pub(super) use typed::TypedNumber;

use super::super::error::PhoneErrorKind;

/// Scans a text. `keypad` reads three letters or more as the digits of their telephone keys.
#[inline]
pub(super) fn scan(text: &str, keypad: bool) -> Result<TypedNumber, PhoneErrorKind> {
    match fast::scan(text.as_bytes()) {
        Some(typed) => Ok(typed),
        None => full::scan(text, keypad),
    }
}
