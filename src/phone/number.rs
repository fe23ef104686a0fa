//! Numbers found in the numbering plan, and their properties.

use std::fmt;

use super::country::Region;
use super::e164::E164;
use super::error::{PhoneError, PhoneErrorKind};
use super::extension::Extension;
use super::number_kind::NumberKind;
use super::plan::{CodePlan, RegionPlan};

/// Phone number found in the numbering plan of its country.
///
/// The value also records how the text was read, so two values for one number can differ. Compare
/// [`e164`](Self::e164), or [`E164::uniqueness_key`] to tell volunteers apart.
///
/// ```
/// use clinspark_twilio::phone::{CountryCodeSource, Normalizer, NumberKind, NumberWarning, Region};
///
/// let clinic = Normalizer::for_region(Region::parse("US")?);
/// let typed = clinic.normalize("+44 (0)7400 123456")?;
/// assert_eq!(typed.e164().as_str(), "+447400123456");
/// assert_eq!(typed.region().unwrap().as_str(), "GB");
/// assert_eq!(typed.kind(), NumberKind::Mobile);
/// assert_eq!(typed.country_code_source(), CountryCodeSource::Plus);
/// assert!(typed.warnings().eq([NumberWarning::NationalPrefixDropped]));
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    pub(super) e164: E164,
    pub(super) region: Option<Region>,
    pub(super) kind: NumberKind,
    pub(super) source: CountryCodeSource,
    pub(super) extension: Option<Extension>,
    pub(super) warnings: NumberWarnings,
}

impl PhoneNumber {
    /// Returns the number in the form to store, to compare and to send to.
    #[must_use]
    pub const fn e164(&self) -> E164 {
        self.e164
    }

    /// Returns the country or territory of the number; `None` for numbers that belong to none, such
    /// as international freephone.
    #[must_use]
    pub const fn region(&self) -> Option<Region> {
        self.region
    }

    /// Returns the kind of the number, as shown by its digits.
    #[must_use]
    pub const fn kind(&self) -> NumberKind {
        self.kind
    }

    /// Returns the source of the country code.
    #[must_use]
    pub const fn country_code_source(&self) -> CountryCodeSource {
        self.source
    }

    /// Returns the extension that was typed after the number. An extension cannot be texted and
    /// does not identify the subscriber.
    #[must_use]
    pub const fn extension(&self) -> Option<Extension> {
        self.extension
    }

    /// Returns warnings to review before the number is used. Most numbers have none.
    pub fn warnings(&self) -> impl Iterator<Item = NumberWarning> + use<> {
        let warnings = self.warnings;
        NumberWarning::ALL
            .into_iter()
            .filter(move |warning| warnings.has(*warning))
    }

    /// Builds a number from its entry in the numbering plan.
    pub(super) fn of_plan(
        e164: E164,
        (region, kind): (&RegionPlan, NumberKind),
        source: CountryCodeSource,
    ) -> Self {
        Self {
            e164,
            region: region.id().map(Region::of_plan),
            kind: match region.code() {
                // Whichever kind the plan gives these codes, a call costs dollars a minute.
                870 | 881..=883 => NumberKind::Satellite,
                _ => kind,
            },
            source,
            extension: None,
            warnings: NumberWarnings::default(),
        }
    }
}

impl PhoneError {
    /// Returns both numbers that an [`Ambiguous`](PhoneErrorKind::Ambiguous) text can mean, so that
    /// the user can choose. `None` for every other kind of error.
    ///
    /// The reading by the rules of the default country comes first. The reading with a country code
    /// after `+`, or after the `00` that people type for it, comes second. For a zero that may not
    /// belong to the number, as in `+39 (0)331 1234567`, the reading with every digit comes first.
    ///
    /// ```
    /// use clinspark_twilio::phone::{Normalizer, Region};
    ///
    /// let clinic = Normalizer::for_region(Region::parse("DE")?);
    /// let error = clinic.normalize("49 1512 3456789").unwrap_err();
    /// let [landline, mobile] = error.candidates().unwrap();
    /// assert_eq!(landline.e164().as_str(), "+494915123456789");
    /// assert_eq!(mobile.e164().as_str(), "+4915123456789");
    /// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
    /// ```
    #[must_use]
    pub fn candidates(&self) -> Option<[PhoneNumber; 2]> {
        let [first, second] = self.candidates?;
        // Both were found in the plan when the error was made.
        Some([first.try_into().ok()?, second.try_into().ok()?])
    }
}

impl TryFrom<E164> for PhoneNumber {
    type Error = PhoneError;

    /// Looks up a stored number in the numbering plan.
    ///
    /// The digits are taken unchanged. Use this conversion for a number that is already in E.164
    /// form. [`Normalizer`](super::Normalizer) would drop a digit of a few (`+375 810 ...`).
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::UnknownCallingCode`] and [`PhoneErrorKind::NotInNumberingPlan`].
    fn try_from(number: E164) -> Result<Self, PhoneError> {
        let digits: Vec<u8> = number.digits().collect();
        let (code, length) =
            CodePlan::at_start_of(&digits).ok_or(PhoneErrorKind::UnknownCallingCode)?;
        let national = digits.get(length..).unwrap_or_default();
        let found = code
            .classify(national)
            .ok_or(PhoneErrorKind::NotInNumberingPlan)?;
        Ok(Self::of_plan(number, found, CountryCodeSource::Plus))
    }
}

/// Source of the country code of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CountryCodeSource {
    /// `+` and a country code.
    Plus,
    /// International prefix of the default region, such as `011`, or `00`, which people everywhere
    /// type for `+`.
    InternationalPrefix,
    /// Country code of the default country, typed without `+`.
    CodeWithoutPlus,
    /// Default country, because no country code was typed.
    National,
}

impl CountryCodeSource {
    /// Returns the name of the source, such as `code-without-plus`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plus => "plus",
            Self::InternationalPrefix => "international-prefix",
            Self::CodeWithoutPlus => "code-without-plus",
            Self::National => "national",
        }
    }
}

impl fmt::Display for CountryCodeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Warning about a number that follows its country's rules but may not be the one that was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberWarning {
    /// Digits were added that were not typed: an island's area code before a local number, the 9 of
    /// an Argentine mobile.
    DigitsAdded,
    /// A national prefix after the country code was dropped, as in `+44 (0)20 ...`.
    NationalPrefixDropped,
    /// `+` was typed before an international prefix, as in `+0044 ...`.
    PlusBeforePrefix,
    /// Letters were read as the digits of their telephone keys.
    KeypadLetters,
    /// Test number of Twilio, `+1500555000x`. No subscriber has it.
    TestNumber,
}

impl NumberWarning {
    const ALL: [Self; 5] = [
        Self::DigitsAdded,
        Self::NationalPrefixDropped,
        Self::PlusBeforePrefix,
        Self::KeypadLetters,
        Self::TestNumber,
    ];

    /// Returns the name of the warning, such as `digits-added`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DigitsAdded => "digits-added",
            Self::NationalPrefixDropped => "national-prefix-dropped",
            Self::PlusBeforePrefix => "plus-before-prefix",
            Self::KeypadLetters => "keypad-letters",
            Self::TestNumber => "test-number",
        }
    }
}

impl fmt::Display for NumberWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Set of warnings, one bit each.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct NumberWarnings(u8);

impl NumberWarnings {
    pub(super) const fn add(&mut self, warning: NumberWarning) {
        self.0 |= 1 << warning as u8;
    }

    const fn has(self, warning: NumberWarning) -> bool {
        self.0 & 1 << warning as u8 != 0
    }
}

impl fmt::Debug for NumberWarnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warnings = NumberWarning::ALL
            .into_iter()
            .filter(|warning| self.has(*warning));
        f.debug_set().entries(warnings).finish()
    }
}
