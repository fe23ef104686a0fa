//! Extensions of phone numbers.

use std::fmt;

/// Most digits of an extension.
const CAPACITY: usize = 20;

/// Extension of a phone number: 1 to 20 digits, dialled once a call is answered.
///
/// An extension cannot be texted. `Debug` hides it.
///
/// ```
/// use clinspark_twilio::phone::Normalizer;
///
/// let clinic = Normalizer::international().extensions(true);
/// let typed = clinic.normalize("+1 415 555 0123 ext. 42")?;
/// assert_eq!(typed.extension().unwrap().as_str(), "42");
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extension {
    /// ASCII digits. Unused bytes are zero, so that the derived `Eq` compares digits only.
    digits: [u8; CAPACITY],
    length: u8,
}

impl Extension {
    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let digits = self.digits.get(..usize::from(self.length));
        // Only ASCII digits get in, so the fallback is never taken.
        digits
            .and_then(|d| std::str::from_utf8(d).ok())
            .unwrap_or_default()
    }

    /// Builds an extension from ASCII digits, at most 20.
    pub(super) fn new(text: &[u8]) -> Self {
        let mut extension = Self {
            digits: [0; CAPACITY],
            length: 0,
        };
        for (to, from) in extension.digits.iter_mut().zip(text) {
            *to = *from;
            extension.length += 1;
        }
        extension
    }

    /// Returns the number of digits.
    pub(super) const fn digits(&self) -> u8 {
        self.length
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extension([redacted])")
    }
}
