//! A number found in the numbering plan, and what is known of it.

use std::fmt;

use super::country::Region;
use super::e164::E164;
use super::error::{PhoneError, PhoneErrorKind};
use super::extension::Extension;
use super::number_kind::NumberKind;
use super::plan::{CodePlan, RegionPlan};

/// A number found in the numbering plan of its country.
///
/// It says how it was read besides what it is. Two readings of one number differ by that, so
/// compare [`e164`](Self::e164), or [`E164::uniqueness_key`] to tell volunteers apart.
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
    /// The number in the form to store, compare and send to.
    #[must_use]
    pub const fn e164(&self) -> E164 {
        self.e164
    }

    /// The country or territory it belongs to; `None` for numbers that belong to none, such as
    /// international freephone.
    #[must_use]
    pub const fn region(&self) -> Option<Region> {
        self.region
    }

    /// What the number is for, as far as its digits tell.
    #[must_use]
    pub const fn kind(&self) -> NumberKind {
        self.kind
    }

    /// How its country code was found.
    #[must_use]
    pub const fn country_code_source(&self) -> CountryCodeSource {
        self.source
    }

    /// The extension that was typed after it. It cannot be texted and is no part of who it is.
    #[must_use]
    pub const fn extension(&self) -> Option<Extension> {
        self.extension
    }

    /// What a person may want to look at before the number is used. Mostly nothing.
    pub fn warnings(&self) -> impl Iterator<Item = NumberWarning> + use<> {
        let warnings = self.warnings;
        NumberWarning::ALL
            .into_iter()
            .filter(move |warning| warnings.has(*warning))
    }

    /// Region and kind of national digits under a code.
    pub(super) fn of_plan(
        e164: E164,
        (region, kind): (&RegionPlan, NumberKind),
        source: CountryCodeSource,
    ) -> Self {
        Self {
            e164,
            region: region.id().map(Region::of_plan),
            kind: match region.code() {
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
    /// Both numbers that an [`Ambiguous`](PhoneErrorKind::Ambiguous) text can mean, to be asked
    /// about. `None` for every other kind.
    ///
    /// The reading by the rules of the default country stands first, then the one with a country
    /// code behind `+`, or behind the `00` that people type for it. For a zero that may be no part of the number, as in
    /// `+39 (0)331 1234567`, the reading with every digit stands first.
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
        Some([first.try_into().ok()?, second.try_into().ok()?])
    }
}

impl TryFrom<E164> for PhoneNumber {
    type Error = PhoneError;

    /// Looks a stored number up in the numbering plan.
    ///
    /// The digits are taken as they are. That is the way to check a number that is already in
    /// E.164 form: read as if typed, a few (`+375 810 ...`) would lose a digit.
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

/// Where the country code of a number came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CountryCodeSource {
    /// `+` and a country code.
    Plus,
    /// The international prefix of the default region, such as `011`, or `00`, which people
    /// type for `+` everywhere.
    InternationalPrefix,
    /// The default's country code, typed without `+`.
    CodeWithoutPlus,
    /// The default country: no country code was typed.
    National,
}

impl CountryCodeSource {
    /// The source as one word, such as `code-without-plus`.
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

/// What a person may want to look at, though the number was read as its country's rules say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberWarning {
    /// The number has digits that were not typed: an island's area code before a local number,
    /// the 9 of an Argentine mobile.
    DigitsAdded,
    /// A national prefix stood after the country code and was left out, as in `+44 (0)20 ...`.
    NationalPrefixDropped,
    /// `+` stood before an international prefix, as in `+0044 ...`.
    PlusBeforePrefix,
    /// Letters were read as the digits of their keys on a telephone.
    KeypadLetters,
    /// One of Twilio's numbers for tests, `+1500555000x`: no subscriber has it.
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
}

/// A set of warnings.
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
