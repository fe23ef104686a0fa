//! Whether two numbers are one person's.

use std::fmt;

use super::e164::E164;

/// What tells volunteers apart: equal for every spelling of one mobile.
///
/// Three countries write a mobile in two ways, and both are met: people type one and `WhatsApp`
/// sends the other. The key is one for both.
///
/// | Country | Also written | As the key has it |
/// |---|---|---|
/// | Argentina | `+54 9 11 2345 6789`, from abroad | `+54 11 2345 6789` |
/// | Mexico | `+52 1 55 1234 5678`, until 2019 | `+52 55 1234 5678` |
/// | Brazil | `+55 11 96123 4567`, since 2016 | `+55 11 6123 4567` |
///
/// A key may be no number at all: keep it in a unique index beside the [`E164`], and send to that.
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
    /// What to compare to tell volunteers apart: one for every spelling of a mobile.
    #[must_use]
    pub fn uniqueness_key(&self) -> UniquenessKey {
        UniquenessKey::of(*self)
    }
}

impl UniquenessKey {
    /// Brazil's ninth digit is folded away only before 6 to 9: what is left cannot be a landline,
    /// whose numbers begin with 2 to 5.
    fn of(number: E164) -> Self {
        let digits: Vec<u8> = number.digits().collect();
        let dropped = match digits[..] {
            [5, 4, 9, ..] | [5, 2, 1, ..] if digits.len() == 13 => 2,
            [5, 5, _, _, 9, 6..=9, ..] if digits.len() == 13 => 4,
            _ => return Self(number),
        };
        let kept = (0..)
            .zip(digits)
            .filter(|(at, _)| *at != dropped)
            .map(|(_, digit)| digit);
        Self(E164::from_digits(kept).unwrap_or(number))
    }

    /// The key as text, in full.
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
