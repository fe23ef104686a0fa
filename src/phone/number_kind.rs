//! Kinds of phone numbers: landline, mobile, toll-free and others.

use std::fmt;

/// Kind of a phone number, as shown by its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// Landline. Most cannot be texted.
    FixedLine,
    /// Mobile.
    Mobile,
    /// Landline or mobile. In the US and Canada the digits do not distinguish them.
    FixedLineOrMobile,
    /// Toll-free: free to the caller.
    TollFree,
    /// Premium rate: the caller pays a surcharge.
    PremiumRate,
    /// Shared cost: charged to both sides.
    SharedCost,
    /// Personal number, which follows a person between lines.
    Personal,
    /// Voice over IP.
    Voip,
    /// Pager.
    Pager,
    /// Universal access number: one number of a company for a whole country.
    Uan,
    /// Voicemail box.
    Voicemail,
    /// Satellite telephone or international network: calling codes 870, 881, 882 and 883, whichever
    /// kind Google's plan gives their numbers. Calls to them cost dollars a minute. Satellite
    /// ranges within a country's own plan have the kind that the plan gives them.
    ///
    /// Source: <https://www.itu.int/pub/T-SP-E.164D>
    Satellite,
}

impl NumberKind {
    const ALL: [Self; 12] = [
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

    /// Returns every kind that this version knows.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    /// Returns the name of the kind, such as `fixed-line-or-mobile`.
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

    /// Returns `true` for the kinds of a person's line. Their numbers follow an area code.
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

/// Set of [`NumberKind`]s, for [`Normalizer::kinds`](super::Normalizer::kinds).
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
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Kinds that can be a mobile: [`NumberKind::Mobile`], and [`NumberKind::FixedLineOrMobile`]
    /// because digits in the US and Canada show no more than that.
    pub const MOBILE: Self = Self::NONE
        .with(NumberKind::Mobile)
        .with(NumberKind::FixedLineOrMobile);
    /// Every kind except premium-rate, shared-cost, satellite, pager and voicemail numbers. A text
    /// or a call to those costs extra, or reaches no person.
    pub const ORDINARY: Self = Self::ALL
        .without(NumberKind::PremiumRate)
        .without(NumberKind::SharedCost)
        .without(NumberKind::Satellite)
        .without(NumberKind::Pager)
        .without(NumberKind::Voicemail);

    /// Returns the set with one more kind.
    #[must_use]
    pub const fn with(self, kind: NumberKind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// Returns the set without a kind.
    #[must_use]
    pub const fn without(self, kind: NumberKind) -> Self {
        Self(self.0 & !kind.bit())
    }

    /// Returns `true` if the kind is in the set.
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
        let kinds = NumberKind::all().filter(|kind| self.contains(*kind));
        f.debug_set().entries(kinds).finish()
    }
}
