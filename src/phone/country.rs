//! The two ways to name a default country: by calling code and by region.

use std::fmt;
use std::str::FromStr;

use phonenumber::metadata::DATABASE;

use super::error::{PhoneError, PhoneErrorKind};

/// A country or territory, by its two letters of ISO 3166-1, such as `GB`.
///
/// Only regions that have a numbering plan exist as values of this type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region([u8; 2]);

impl Region {
    /// Reads two letters, in either case.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::UnknownRegion`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let unknown = PhoneError::new(PhoneErrorKind::UnknownRegion);
        let letters = text.trim().to_ascii_uppercase();
        let bytes: [u8; 2] = letters.as_bytes().try_into().map_err(|_| unknown)?;
        DATABASE
            .by_id(letters.as_str())
            .map(|_| Self(bytes))
            .ok_or(unknown)
    }

    /// The two letters, in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets past `parse`, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The country calling code of the region, such as 44 for `GB`.
    #[must_use]
    pub fn calling_code(&self) -> u16 {
        DATABASE
            .by_id(self.as_str())
            .map_or(0, phonenumber::Metadata::country_code)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.as_str())
    }
}

impl FromStr for Region {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

/// ClinSpark's "default country prefix": a country calling code, such as 44.
///
/// A code shared by several countries stands for its main one: 1 for the US, 7 for Russia, 44
/// for the United Kingdom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountryPrefix {
    code: u16,
    region: Option<Region>,
}

impl CountryPrefix {
    /// Reads the setting as people write it: `44`, `+44` or `0044`.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::UnknownCallingCode`] when there is no such code.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let unknown = PhoneError::new(PhoneErrorKind::UnknownCallingCode);
        let text = text.trim();
        let digits = text
            .strip_prefix('+')
            .or_else(|| text.strip_prefix("00"))
            .unwrap_or(text);
        if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(unknown);
        }
        let code: u16 = digits.parse().map_err(|_| unknown)?;
        if digits.starts_with('0') {
            return Err(unknown);
        }
        let regions = DATABASE.region(&code).ok_or(unknown)?;
        let region = regions.first().and_then(|id| Region::parse(id).ok());
        Ok(Self { code, region })
    }

    /// The calling code, 1 to 999.
    #[must_use]
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// The main region of the code; `None` for codes that belong to no country, such as 800.
    #[must_use]
    pub const fn region(&self) -> Option<Region> {
        self.region
    }
}

impl fmt::Display for CountryPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.code)
    }
}

impl FromStr for CountryPrefix {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}
