//! Default country, named by calling code or by region.

use std::fmt;
use std::str::FromStr;

use super::error::{PhoneError, PhoneErrorKind};
use super::plan::{CodePlan, RegionPlan};

/// Country or territory, by its two letters of ISO 3166-1, such as `GB`.
///
/// Every value of this type has a numbering plan.
///
/// ```
/// use clinspark_twilio::phone::{Region, PhoneErrorKind};
///
/// let region = Region::parse("gb")?;
/// assert_eq!((region.as_str(), region.calling_code()), ("GB", 44));
/// assert_eq!(Region::parse("UK").unwrap_err().kind(), PhoneErrorKind::UnknownRegion);
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region([u8; 2]);

impl Region {
    /// Parses two letters, in either case.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::UnknownRegion`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let unknown = PhoneError::new(PhoneErrorKind::UnknownRegion);
        let letters: [u8; 2] = text.trim().as_bytes().try_into().map_err(|_| unknown)?;
        let letters = letters.map(|letter| letter.to_ascii_uppercase());
        RegionPlan::of(letters)
            .map(|_| Self(letters))
            .ok_or(unknown)
    }

    /// Returns the two letters, in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets past `parse`, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the country calling code of the region, such as 44 for `GB`.
    #[must_use]
    pub fn calling_code(&self) -> u16 {
        // Never 0: `parse` refuses letters without a plan.
        self.plan().map_or(0, RegionPlan::code)
    }

    #[inline]
    pub(super) fn plan(self) -> Option<&'static RegionPlan> {
        RegionPlan::of(self.0)
    }

    /// Wraps the letters of a region in the plan.
    pub(super) const fn of_plan(letters: [u8; 2]) -> Self {
        Self(letters)
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

/// Country calling code, such as 44: ClinSpark's "default country prefix".
///
/// A code shared by several countries stands for its main one: 1 for the US, 7 for Russia, 44 for
/// the United Kingdom. The other countries add their area code, as in lists of country calling
/// codes: `+1 876` is Jamaica, `+44 1481` Guernsey.
///
/// ```
/// use clinspark_twilio::phone::CountryPrefix;
///
/// assert_eq!(CountryPrefix::parse("0044")?.region().unwrap().as_str(), "GB");
/// assert_eq!(CountryPrefix::parse("+1 876")?.region().unwrap().as_str(), "JM");
/// assert_eq!(CountryPrefix::parse("+1 876")?.calling_code(), 1);
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
///
/// Source: <https://www.itu.int/pub/T-SP-E.164D>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountryPrefix {
    code: u16,
    region: Option<Region>,
    /// Area code of a region other than the code's main one. The number of digits is kept, because
    /// an area code may begin with 0.
    area: u32,
    area_digits: usize,
}

/// Most digits of a prefix: a code of three and an area code of five.
const MAX_DIGITS: usize = 8;

impl CountryPrefix {
    /// Parses a prefix as people write it: `44`, `+44`, `0044`; or `+1 876`, `1-876`, `+1 (876)`.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::UnknownCallingCode`] when the code does not exist, or when the digits
    /// after it are not the area code of a separate territory. `+1 212` is New York, which shares
    /// the code of the whole US.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        Self::read(text).ok_or_else(|| PhoneErrorKind::UnknownCallingCode.into())
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = text
            .strip_prefix('+')
            .or_else(|| text.strip_prefix("00"))
            .unwrap_or(text)
            .trim_start();
        let mut digits = Vec::with_capacity(MAX_DIGITS);
        for byte in plain.bytes() {
            match byte {
                b'0'..=b'9' => digits.push(byte - b'0'),
                b' ' | b'-' | b'(' | b')' if !digits.is_empty() => {}
                _ => return None,
            }
        }
        if digits.len() > MAX_DIGITS {
            return None;
        }
        let (code, length) = CodePlan::at_start_of(&digits)?;
        let main = code.main()?;
        let area = digits.get(length..).unwrap_or_default();
        let region = match area {
            [] => main,
            area => code.region_of_area(area).filter(|region| {
                // Lists print the 9 of Curaçao and the 3 of Norfolk Island, although these are the
                // main regions of 599 and 672.
                region.id() != main.id() || matches!(code.code, 599 | 672)
            })?,
        };
        // The area code is kept, so that `Display` can write what was read.
        Some(Self {
            code: code.code,
            region: region.id().map(Region),
            area: area
                .iter()
                .fold(0, |area, digit| area * 10 + u32::from(*digit)),
            area_digits: area.len(),
        })
    }

    /// Returns the calling code, 1 to 999.
    #[must_use]
    pub const fn calling_code(&self) -> u16 {
        self.code
    }

    /// Returns the region of the prefix; `None` for codes that belong to no country, such as 800.
    #[must_use]
    pub const fn region(&self) -> Option<Region> {
        self.region
    }

    /// Returns `true` if the prefix can stand for the region.
    pub(super) fn includes(&self, region: Region) -> bool {
        match self.area_digits {
            0 => region.calling_code() == self.code,
            _ => self.region == Some(region),
        }
    }
}

impl fmt::Display for CountryPrefix {
    /// Writes `+44` or `+1 876`, which [`parse`](Self::parse) reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.code)?;
        match self.area_digits {
            0 => Ok(()),
            width => write!(f, " {:0width$}", self.area),
        }
    }
}

impl FromStr for CountryPrefix {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}
