//! Phone numbers in E.164, the form to store, to compare and to send to.

use std::fmt;

/// Bytes of the longest number: `+` and 15 digits.
pub(super) const CAPACITY: usize = 16;

/// Phone number as ITU-T E.164 writes it: `+`, country code, national number.
///
/// Equal numbers are the same line. A few countries write one mobile in two ways, so compare
/// volunteers by [`uniqueness_key`](Self::uniqueness_key). The type is `Copy`, has sixteen bytes
/// and needs no allocation.
///
/// `Debug` masks the number, and there is no `Display` and no plain serde, so that it reaches a log
/// only on purpose. Use [`as_str`](Self::as_str) to send or store it, [`masked`](Self::masked) to
/// show it, and [`exposed_number`] to serialise it.
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
pub struct E164(pub(super) [u8; CAPACITY]);

impl E164 {
    /// Returns the number in full, such as `+14155550123`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|b| *b == 0).unwrap_or(CAPACITY);
        // Only ASCII gets past `parse`, so the fallback is never taken.
        self.0
            .get(..length)
            .and_then(|b| std::str::from_utf8(b).ok())
            .unwrap_or_default()
    }

    /// Returns the digits after `+`, as values.
    pub(super) fn digits(&self) -> impl Iterator<Item = u8> + use<> {
        let ascii = self.0.into_iter().skip(1).take_while(|byte| *byte != 0);
        ascii.map(|byte| byte - b'0')
    }

    /// Builds a number from digits given as values; `None` for more than 15.
    #[inline]
    pub(super) fn from_digits(digits: impl IntoIterator<Item = u8>) -> Option<Self> {
        let mut number = [0; CAPACITY];
        // Unused bytes stay zero, so that the derived `Eq`, `Ord` and `Hash` compare digits only.
        let mut free = number.iter_mut();
        *free.next()? = b'+';
        for digit in digits {
            *free.next()? = b'0' + digit;
        }
        Some(Self(number))
    }

    /// Returns the number with all but its last two digits hidden, for people and logs.
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

/// Number that prints with all but its last two digits hidden: `+*********23`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Masked(E164);

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_str();
        // All but the `+` and the last two digits.
        let hidden = text.len().saturating_sub(3);
        let masked: String = text
            .chars()
            .enumerate()
            .map(|(i, c)| if (1..=hidden).contains(&i) { '*' } else { c })
            .collect();
        f.pad(&masked)
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

    /// Reads a number in E.164 form.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<E164, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        E164::parse(&text).map_err(de::Error::custom)
    }
}
