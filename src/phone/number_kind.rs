//! What numbers are for: landline, mobile, toll-free ...

use std::fmt;

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

    /// Every kind that this version knows.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

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
        let kinds = NumberKind::all().filter(|kind| self.contains(*kind));
        f.debug_set().entries(kinds).finish()
    }
}
