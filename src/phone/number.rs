//! A number found in the numbering plan, and what is known of it.

use std::fmt;

use super::country::Region;
use super::e164::E164;
use super::error::{PhoneError, PhoneErrorKind};
use super::extension::Extension;
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
    pub(super) source: NumberSource,
    pub(super) extension: Option<Extension>,
    pub(super) warnings: Warnings,
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

    /// How its country was told.
    #[must_use]
    pub const fn source(&self) -> NumberSource {
        self.source
    }

    /// The extension that was typed after it. It cannot be texted and is no part of who it is.
    #[must_use]
    pub const fn extension(&self) -> Option<Extension> {
        self.extension
    }

    /// What a person may want to look at before the number is used. Mostly nothing.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + use<> {
        let warnings = self.warnings;
        Warning::ALL
            .into_iter()
            .filter(move |warning| warnings.has(*warning))
    }

    /// Region and kind of national digits under a code.
    pub(super) fn of_plan(
        e164: E164,
        (region, kind): (&RegionPlan, NumberKind),
        source: NumberSource,
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
            warnings: Warnings::default(),
        }
    }
}

impl TryFrom<E164> for PhoneNumber {
    type Error = PhoneError;

    /// Looks a stored number up in the numbering plan.
    ///
    /// The digits are taken as they are. That is the way to judge a number that is already in
    /// E.164 form: read as if typed, a few (`+375 810 ...`) would lose a digit.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::UnknownCallingCode`] and [`PhoneErrorKind::NotInNumberingPlan`].
    fn try_from(number: E164) -> Result<Self, PhoneError> {
        let digits: Vec<u8> = number.digits().collect();
        let (code, length) =
            CodePlan::heading(&digits).ok_or(PhoneErrorKind::UnknownCallingCode)?;
        let national = digits.get(length..).unwrap_or_default();
        let found = code
            .classify(national)
            .ok_or(PhoneErrorKind::NotInNumberingPlan)?;
        Ok(Self::of_plan(number, found, NumberSource::Plus))
    }
}

/// What a number is for, as far as its digits tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// A landline: most cannot be texted.
    FixedLine,
    /// A mobile.
    Mobile,
    /// One or the other: in the US and Canada the digits do not tell.
    FixedLineOrMobile,
    /// Free to the caller.
    TollFree,
    /// Charged at a premium.
    PremiumRate,
    /// Charged to both sides.
    SharedCost,
    /// Follows a person between lines.
    Personal,
    /// Voice over IP.
    Voip,
    /// A pager.
    Pager,
    /// A company's number for a whole country.
    Uan,
    /// A voicemail box.
    Voicemail,
    /// A satellite telephone or an international network: the calling codes 870, 881, 882 and 883,
    /// whatever Google's plan calls their numbers. Calls to them cost dollars a minute. Ranges
    /// for satellites within a country's own plan are of the kind that the plan says.
    ///
    /// Source: <https://www.itu.int/pub/T-SP-E.164D>
    Satellite,
}

impl NumberKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::FixedLine,
        Self::Mobile,
        Self::FixedLineOrMobile,
        Self::TollFree,
        Self::PremiumRate,
        Self::SharedCost,
        Self::Personal,
        Self::Voip,
        Self::Pager,
        Self::Uan,
        Self::Voicemail,
        Self::Satellite,
    ];

    /// The kind as one word, such as `fixed-line-or-mobile`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FixedLine => "fixed-line",
            Self::Mobile => "mobile",
            Self::FixedLineOrMobile => "fixed-line-or-mobile",
            Self::TollFree => "toll-free",
            Self::PremiumRate => "premium-rate",
            Self::SharedCost => "shared-cost",
            Self::Personal => "personal",
            Self::Voip => "voip",
            Self::Pager => "pager",
            Self::Uan => "uan",
            Self::Voicemail => "voicemail",
            Self::Satellite => "satellite",
        }
    }

    /// A person's line: what an area code stands before.
    pub(super) const fn is_line(self) -> bool {
        matches!(
            self,
            Self::FixedLine | Self::Mobile | Self::FixedLineOrMobile
        )
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for NumberKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A set of [`NumberKind`]s, for [`Normalizer::kinds`](super::Normalizer::kinds).
///
/// ```
/// use clinspark_twilio::phone::{NumberKind, NumberKinds};
///
/// let kinds = NumberKinds::ALL.without(NumberKind::PremiumRate);
/// assert!(kinds.contains(NumberKind::Mobile) && !kinds.contains(NumberKind::PremiumRate));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumberKinds(u16);

impl NumberKinds {
    /// Every kind.
    pub const ALL: Self = Self((1 << NumberKind::ALL.len()) - 1);
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// What can be a mobile: [`NumberKind::Mobile`], and [`NumberKind::FixedLineOrMobile`]
    /// because in the US and Canada no digits say more than that.
    pub const MOBILE: Self = Self::NONE
        .with(NumberKind::Mobile)
        .with(NumberKind::FixedLineOrMobile);
    /// Every kind but premium-rate, shared-cost, satellite, pager and voicemail numbers: a text or
    /// a call to those costs extra, or reaches no person.
    pub const ORDINARY: Self = Self::ALL
        .without(NumberKind::PremiumRate)
        .without(NumberKind::SharedCost)
        .without(NumberKind::Satellite)
        .without(NumberKind::Pager)
        .without(NumberKind::Voicemail);

    /// The set and one kind more.
    #[must_use]
    pub const fn with(self, kind: NumberKind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// The set without a kind.
    #[must_use]
    pub const fn without(self, kind: NumberKind) -> Self {
        Self(self.0 & !kind.bit())
    }

    /// Whether a kind is in the set.
    #[must_use]
    pub const fn contains(self, kind: NumberKind) -> bool {
        self.0 & kind.bit() != 0
    }
}

impl FromIterator<NumberKind> for NumberKinds {
    fn from_iter<I: IntoIterator<Item = NumberKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for NumberKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = NumberKind::ALL
            .into_iter()
            .filter(|kind| self.contains(*kind));
        f.debug_set().entries(kinds).finish()
    }
}

/// How the country of a number was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberSource {
    /// By `+` and a country code.
    Plus,
    /// By the international prefix of the default region, such as `011`, or by `00`, which people
    /// type for `+` everywhere.
    InternationalPrefix,
    /// By the default's country code, typed without `+`.
    CodeWithoutPlus,
    /// By the default alone.
    National,
}

impl NumberSource {
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

impl fmt::Display for NumberSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a person may want to look at, though the number was read as its country's rules say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The number has digits that were not typed: an island's area code before a local number,
    /// the 9 of an Argentine mobile.
    DigitsAdded,
    /// A national prefix stood after the country code and was left out, as in `+44 (0)20 ...`.
    NationalPrefixDropped,
    /// `+` stood before an international prefix, as in `+0044 ...`.
    PlusBeforePrefix,
    /// Letters were read as the digits of their keys.
    LettersRead,
    /// One of Twilio's numbers for tests, `+1500555000x`: nobody has it.
    TestNumber,
}

impl Warning {
    const ALL: [Self; 5] = [
        Self::DigitsAdded,
        Self::NationalPrefixDropped,
        Self::PlusBeforePrefix,
        Self::LettersRead,
        Self::TestNumber,
    ];
}

/// A set of warnings.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Warnings(u8);

impl Warnings {
    pub(super) const fn add(&mut self, warning: Warning) {
        self.0 |= 1 << warning as u8;
    }

    const fn has(self, warning: Warning) -> bool {
        self.0 & 1 << warning as u8 != 0
    }
}

impl fmt::Debug for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warnings = Warning::ALL
            .into_iter()
            .filter(|warning| self.has(*warning));
        f.debug_set().entries(warnings).finish()
    }
}
