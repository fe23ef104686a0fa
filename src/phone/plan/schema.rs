//! Types of the entries in the generated table.

/// Country calling code.
pub(in crate::phone) struct CodePlan {
    pub(in crate::phone) code: u16,
    /// Root of the automaton that gives a national number its region and kind.
    pub(super) root: u16,
    /// Index of the main region. The others that share the code follow it.
    pub(super) first_region: u8,
}

/// Region, or a code that belongs to none.
pub(in crate::phone) struct RegionPlan {
    /// Two letters; `--` for a code that belongs to no country.
    pub(super) id: [u8; 2],
    pub(super) code: u16,
    /// Roots of the general pattern, the international prefixes, the national prefix rule.
    pub(super) general: u16,
    pub(super) international: u16,
    pub(super) trunk: u16,
    /// Bit n of `lengths`: numbers of n digits exist. Bit n of `local_lengths`: they can be dialled
    /// in one area only.
    pub(super) lengths: u32,
    pub(super) local_lengths: u32,
}

/// Rewriting of the digits that a national prefix rule matched.
pub(super) struct Action {
    /// Precedence among matches: the lowest rank, then the longest match.
    pub(super) rank: u8,
    /// Number of digits dropped at the start of the match.
    pub(super) head: u8,
    /// Number of digits dropped at the end of the match; `None` drops all of it.
    pub(super) tail: Option<u8>,
    /// Digits inserted in front.
    pub(super) insert: &'static [u8],
    /// Applies only where the match ends the number. Elsewhere `otherwise` applies, an index from
    /// 1, or nothing if it is 0.
    pub(super) at_end: bool,
    pub(super) otherwise: u8,
}
