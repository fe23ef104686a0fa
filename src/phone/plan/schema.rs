//! Entries of the generated table.

/// A country calling code.
pub(in crate::phone) struct CodePlan {
    pub(in crate::phone) code: u16,
    /// Where a national number is walked to its region and kind.
    pub(super) root: u16,
    /// Index of the main region; those that share the code follow it.
    pub(super) first_region: u8,
}

/// A region, or a code that belongs to none.
pub(in crate::phone) struct RegionPlan {
    /// Two letters; `--` for a code that belongs to no country.
    pub(super) id: [u8; 2],
    pub(super) code: u16,
    /// Roots of the general pattern, the international prefixes, the national prefix rule.
    pub(super) general: u16,
    pub(super) international: u16,
    pub(super) trunk: u16,
    /// Bit n: there are numbers of n digits; of n digits, to be dialled in one area only.
    pub(super) lengths: u32,
    pub(super) local_lengths: u32,
}

/// What becomes of the digits that a national prefix rule matched.
pub(super) struct Action {
    /// The lowest counts, then the longest match.
    pub(super) rank: u8,
    /// Digits dropped at the head of the match.
    pub(super) head: u8,
    /// Digits dropped at the end of the match; `None` drops all of it.
    pub(super) tail: Option<u8>,
    /// Digits put in front.
    pub(super) insert: &'static [u8],
    /// Only where the match ends the number; elsewhere `otherwise`, an index from 1, if any.
    pub(super) at_end: bool,
    pub(super) otherwise: u8,
}
