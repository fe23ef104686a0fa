//! How the table is walked: one minimal automaton for all patterns, as words of 16 bits.
//!
//! A node is a header and its targets, offsets of other nodes. The header's low nine bits say for
//! each digit from 1 to 9 whether it leads elsewhere than the digit before it, so equal targets in
//! a row are stored once; its high seven bits are the node's label. A header from [`SKIP`] on has
//! no label but a count: that many digits of any value lead to the one target. Offset 0 is the
//! dead end.

use super::table::WORDS;

/// The first header that skips digits; the count stands above its low nine bits.
const SKIP: u16 = 96 << 9;

/// How many bits of nine are set: quicker than counting on machines without such an instruction.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
static RUNS: [u8; 512] = {
    let mut runs = [0; 512];
    let mut bits: usize = 1;
    while bits < 512 {
        runs[bits] = runs[bits >> 1] + if bits & 1 == 1 { 1 } else { 0 };
        bits += 1;
    }
    runs
};

/// A node of the automaton.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node(u16);

impl Node {
    pub(super) const fn at(offset: u16) -> Self {
        Self(offset)
    }

    /// What the digits up to here mean, as an index into the list that the walk is about.
    #[inline]
    pub(super) fn label(self) -> Option<usize> {
        let header = word(self.0, 0);
        let label = usize::from(header >> 9);
        (header < SKIP && label > 0).then(|| label - 1)
    }

    /// The next node and how many digits are used by then.
    #[inline]
    pub(super) fn step(self, digits: &[u8], used: usize) -> Option<(Self, usize)> {
        let header = word(self.0, 0);
        let (target, used) = if header >= SKIP {
            let used = used + usize::from((header - SKIP) >> 9);
            (
                if used > digits.len() {
                    0
                } else {
                    word(self.0, 1)
                },
                used,
            )
        } else {
            (branch(self.0, header, *digits.get(used)?), used + 1)
        };
        (target != 0).then_some((Self(target), used))
    }

    /// The label after all digits.
    #[inline]
    pub(super) fn walk(self, digits: &[u8]) -> Option<usize> {
        let (mut node, mut used) = (self, 0);
        while used < digits.len() {
            (node, used) = node.step(digits, used)?;
        }
        node.label()
    }

    /// The nodes that follow, whatever the next digits are. Nodes inside a skip are not asked.
    pub(super) fn next(self) -> impl Iterator<Item = Self> {
        let header = word(self.0, 0);
        (0..10).filter_map(move |digit| {
            let target = match header {
                SKIP.. => word(self.0, 1),
                _ => branch(self.0, header, digit),
            };
            (target != 0).then_some(Self(target))
        })
    }
}

#[inline]
fn branch(offset: u16, header: u16, digit: u8) -> u16 {
    let below = header & ((1 << digit) - 1) & 0x1FF;
    let run = RUNS.get(usize::from(below)).copied().unwrap_or(0);
    word(offset, 1 + usize::from(run))
}

/// The table has no offset outside itself; if it had, that would be the dead end.
#[inline]
fn word(offset: u16, plus: usize) -> u16 {
    WORDS.get(usize::from(offset) + plus).copied().unwrap_or(0)
}
