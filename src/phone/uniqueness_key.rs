//! Keys that are equal for every spelling of one mobile.

use std::fmt;

use super::e164::E164;

/// Key to tell volunteers apart, equal for every spelling of one mobile.
///
/// Three countries write a mobile in two ways, and both occur: people type one and `WhatsApp` sends
/// the other. The key is the same for both.
///
/// | Country | Longer spelling | Key |
/// |---|---|---|
/// | Argentina | `+54 9 11 2345 6789`, from abroad | `+54 11 2345 6789` |
/// | Mexico | `+52 1 55 1234 5678`, until 2019 | `+52 55 1234 5678` |
/// | Brazil | `+55 11 96123 4567`, since 2016 | `+55 11 6123 4567` |
///
/// A key is not always a valid number. Store it in a unique index beside the [`E164`], and send to
/// the [`E164`].
///
/// ```
/// use clinspark_twilio::phone::E164;
///
/// let typed = E164::parse("+5491123456789")?;
/// let brought = E164::parse("+541123456789")?;
/// assert_ne!(typed, brought);
/// assert_eq!(typed.uniqueness_key(), brought.uniqueness_key());
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniquenessKey(E164);

impl E164 {
    /// Returns the key to tell volunteers apart, equal for every spelling of one mobile.
    #[must_use]
    pub fn uniqueness_key(&self) -> UniquenessKey {
        UniquenessKey::of(*self)
    }
}

impl UniquenessKey {
    /// Drops the digit that only the longer spelling has.
    ///
    /// Brazil's ninth digit is dropped only before 6 to 9. The rest cannot be a landline, whose
    /// numbers begin with 2 to 5.
    fn of(number: E164) -> Self {
        let digits: Vec<u8> = number.digits().collect();
        let dropped = match digits[..] {
            // `+54 9` and `+52 1` before ten digits.
            [5, 4, 9, ..] | [5, 2, 1, ..] if digits.len() == 13 => 2,
            // `+55`, an area code of two digits, the ninth digit.
            [5, 5, _, _, 9, 6..=9, ..] if digits.len() == 13 => 4,
            _ => return Self(number),
        };
        let kept = (0..)
            .zip(digits)
            .filter(|(at, _)| *at != dropped)
            .map(|(_, digit)| digit);
        Self(E164::from_digits(kept).unwrap_or(number))
    }

    /// Returns every spelling of the number: the key itself, and the longer one of the table if
    /// there is one.
    ///
    /// Look for the texts of a person under each of them, because Twilio lists a text under the
    /// spelling that the carrier used.
    ///
    /// ```
    /// use clinspark_twilio::phone::E164;
    ///
    /// let person = E164::parse("+525512345678")?.uniqueness_key();
    /// let spellings: Vec<E164> = person.spellings().collect();
    /// assert_eq!(spellings, [E164::parse("+525512345678")?, E164::parse("+5215512345678")?]);
    /// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
    /// ```
    pub fn spellings(&self) -> impl Iterator<Item = E164> + use<> {
        let key = *self;
        let digits: Vec<u8> = key.0.digits().collect();
        let (at, added) = match digits[..] {
            [5, 4, ..] => (2, 9),
            [5, 2, ..] => (2, 1),
            _ => (4, 9),
        };
        let (before, after) = digits.split_at_checked(at).unwrap_or_default();
        let longer = E164::from_digits([before, &[added], after].concat());
        // The digit belongs to no other number.
        let longer = longer.filter(|longer| Self::of(*longer) == key);
        std::iter::once(key.0).chain(longer)
    }

    /// Returns the key as text, in full.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for UniquenessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UniquenessKey({})", self.0.masked())
    }
}
