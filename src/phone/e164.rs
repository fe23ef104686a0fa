//! A telephone number in the one form that may be stored, compared and sent to.

use std::fmt;
use std::str::FromStr;

use super::endpoint::Withheld;
use super::error::{PhoneError, PhoneErrorKind};
use super::identity::UniquenessKey;

/// `+` and at most 15 digits.
const CAPACITY: usize = 16;
/// Digits of the shortest numbers of any country. Fewer are a short code or an emergency number.
const MIN_DIGITS: usize = 6;

/// A telephone number as ITU-T E.164 writes it: `+`, country code, national number.
///
/// Equal numbers are the same line; a few countries write one mobile in two ways, so compare
/// volunteers by [`uniqueness_key`](Self::uniqueness_key). Sixteen bytes, `Copy`, no allocation.
///
/// A number reaches a log only on purpose: `Debug` masks it, there is no `Display` and no plain
/// serde. Use [`as_str`](Self::as_str) to send or store it, [`masked`](Self::masked) to show it,
/// and [`exposed_number`] to serialise it.
///
/// ```
/// use clinspark_twilio::phone::E164;
///
/// let number = E164::parse("+14155550123")?;
/// assert_eq!(number.as_str(), "+14155550123");
/// assert_eq!(format!("{number:?}"), "E164(+*********23)");
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
///
/// Source: <https://www.itu.int/rec/T-REC-E.164>
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164([u8; CAPACITY]);

impl E164 {
    /// Reads a number that is already in E.164 form, such as one from a database.
    ///
    /// This checks the form, not the numbering plan: what a person typed goes through
    /// [`Normalizer`](super::Normalizer), and `PhoneNumber::try_from` looks a stored number up.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::Empty`]; [`NotANumber`](PhoneErrorKind::NotANumber) when it is not `+`
    /// and ASCII digits, the first not 0; [`TooShort`](PhoneErrorKind::TooShort) below 6 digits,
    /// as no country has a shorter number and `+40404` is a short code;
    /// [`TooLong`](PhoneErrorKind::TooLong) above 15;
    /// [`NotInNumberingPlan`](PhoneErrorKind::NotInNumberingPlan) for the digits that stand for
    /// a withheld caller ([`Withheld`]): they are nobody's number.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let [first, digits @ ..] = text.as_bytes() else {
            return Err(PhoneErrorKind::Empty.into());
        };
        if digits.len() >= CAPACITY {
            return Err(PhoneErrorKind::TooLong.into());
        }
        if *first != b'+' || digits.first() == Some(&b'0') || !digits.iter().all(u8::is_ascii_digit)
        {
            return Err(PhoneErrorKind::NotANumber.into());
        }
        if digits.len() < MIN_DIGITS {
            return Err(PhoneErrorKind::TooShort.into());
        }
        if Withheld::from_keypad(text).is_some() {
            return Err(PhoneErrorKind::NotInNumberingPlan.into());
        }
        let mut number = [0; CAPACITY];
        for (to, from) in number.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Ok(Self(number))
    }

    /// The number in full, such as `+14155550123`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|b| *b == 0).unwrap_or(CAPACITY);
        // Only ASCII gets past `parse`, so the fallback is never taken.
        self.0
            .get(..length)
            .and_then(|b| std::str::from_utf8(b).ok())
            .unwrap_or_default()
    }

    /// What to compare to tell volunteers apart: one for every spelling of a mobile.
    #[must_use]
    pub fn uniqueness_key(&self) -> UniquenessKey {
        UniquenessKey::of(*self)
    }

    /// The digits after `+`, as values.
    pub(super) fn digits(&self) -> impl Iterator<Item = u8> + use<> {
        let ascii = self.0.into_iter().skip(1).take_while(|byte| *byte != 0);
        ascii.map(|byte| byte - b'0')
    }

    /// Puts `+` before digits given as values; `None` when they are more than 15.
    #[inline]
    pub(super) fn from_digits(digits: impl IntoIterator<Item = u8>) -> Option<Self> {
        let mut number = [0; CAPACITY];
        let mut room = number.iter_mut();
        *room.next()? = b'+';
        for digit in digits {
            *room.next()? = b'0' + digit;
        }
        Some(Self(number))
    }

    /// The number with all but its last two digits hidden, for people and logs.
    #[must_use]
    pub const fn masked(&self) -> Masked {
        Masked(*self)
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E164({})", self.masked())
    }
}

impl FromStr for E164 {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for E164 {
    type Error = PhoneError;
    fn try_from(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

/// A number that prints with all but its last two digits hidden: `+*********23`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Masked(E164);

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_str();
        let hidden = text.len().saturating_sub(3);
        let shown: String = text
            .chars()
            .enumerate()
            .map(|(i, c)| if (1..=hidden).contains(&i) { '*' } else { c })
            .collect();
        f.pad(&shown)
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Serialises an [`E164`] **in full**, for `#[serde(with = "...")]`.
///
/// ```
/// use clinspark_twilio::phone::{E164, exposed_number};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Volunteer {
///     #[serde(with = "exposed_number")]
///     mobile: E164,
/// }
///
/// let row: Volunteer = serde_json::from_str(r#"{"mobile":"+14155550123"}"#).unwrap();
/// assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"mobile":"+14155550123"}"#);
/// ```
pub mod exposed_number {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::E164;

    /// Writes the number in full.
    pub fn serialize<S: Serializer>(number: &E164, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(number.as_str())
    }

    /// Reads a number that is in E.164 form.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<E164, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        E164::parse(&text).map_err(de::Error::custom)
    }
}
