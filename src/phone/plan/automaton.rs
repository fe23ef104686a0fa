//! Walks over the table: one minimal automaton for all patterns, stored as 16-bit words.
//!
//! A node is a header, followed by its targets, which are offsets of other nodes. The header's low
//! nine bits show for each digit from 1 to 9 whether its target differs from that of the digit
//! before. Equal targets in a row are thus stored once. The header's high seven bits are the node's
//! label.
//!
//! A header of [`SKIP`] or more has a count instead of a label: that many digits of any value lead
//! to the single target. Offset 0 is the dead end.

use super::table::WORDS;

/// Lowest header that skips digits. The count is in the bits above the low nine.
const SKIP: u16 = 96 << 9;

/// Number of set bits among nine. A lookup is faster than counting on machines without an
/// instruction for it.
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

/// Node of the automaton.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node(u16);

impl Node {
    pub(super) const fn at(offset: u16) -> Self {
        Self(offset)
    }

    /// Returns the meaning of the digits so far, as an index into the list of the caller.
    #[inline]
    pub(super) fn label(self) -> Option<usize> {
        let header = word(self.0, 0);
        let label = usize::from(header >> 9);
        (header < SKIP && label > 0).then(|| label - 1)
    }

    /// Returns the next node, and the number of digits used to reach it.
    #[inline]
    pub(super) fn step(self, digits: &[u8], used: usize) -> Option<(Self, usize)> {
        let header = word(self.0, 0);
        let (target, used) = if header >= SKIP {
            let used = used + usize::from((header - SKIP) >> 9);
            (
                // The digits end within the skip, so they are too few.
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

    /// Returns the label after all digits.
    #[inline]
    pub(super) fn walk(self, digits: &[u8]) -> Option<usize> {
        let (mut node, mut used) = (self, 0);
        while used < digits.len() {
            (node, used) = node.step(digits, used)?;
        }
        node.label()
    }

    /// Returns the nodes that can follow, for any next digits. A skip leads to its end at once.
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

/// Reads a word of the table. An offset outside of the table, which the generator never writes, is
/// the dead end.
#[inline]
fn word(offset: u16, plus: usize) -> u16 {
    WORDS.get(usize::from(offset) + plus).copied().unwrap_or(0)
}
