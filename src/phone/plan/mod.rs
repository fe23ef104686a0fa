//! The numbering plan: which numbers exist, where, and how each country writes its own.
//!
//! Everything is decided by walks over one static table, made from Google's metadata by
//! `tools/plan`. No regex, no lock, nothing to start up.

mod automaton;
mod schema;
#[rustfmt::skip]
mod table;

use std::collections::BTreeSet;

use self::automaton::Node;
use self::schema::Action;
pub(super) use self::schema::{CodePlan, RegionPlan};
use self::table::{ACTIONS, CODES, LABELS, REGIONS};
use super::number_kind::NumberKind;

/// The version of Google's metadata that the numbering plan was made from.
///
/// Numbers age: countries open ranges and lengthen numbers. Google publishes new metadata every
/// two weeks or so; a number that exists and is refused here is a reason to look for a newer
/// version of this crate. `tools/plan` in the repository says how to adopt new
/// metadata.
///
/// Source: <https://github.com/google/libphonenumber/blob/master/release_notes.txt>
pub const PLAN_VERSION: &str = table::VERSION;

/// The longest national number that Google reads; the longest that exists outside plans.
pub(super) const MAX_NATIONAL: usize = 17;
/// Most digits of a national number with what a rule puts in front of it.
pub(super) const MAX_REWRITTEN: usize = 48;

/// Whether numbers of some length exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Possible,
    LocalOnly,
    TooShort,
    TooLong,
    Invalid,
}

/// What a national prefix rule made of a number.
#[derive(Clone, Copy)]
pub(super) struct Stripped<'d> {
    pub(super) digits: &'d [u8],
    /// Digits came in that were not typed.
    pub(super) added: bool,
}

/// Place of each calling code in the list, from 1.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
static CODE_INDEX: [u8; 1000] = {
    let mut index = [0; 1000];
    let mut place: u8 = 0;
    while (place as usize) < CODES.len() {
        index[CODES[place as usize].code as usize] = place + 1;
        place += 1;
    }
    index
};

/// Place of each pair of letters in the list, from 1.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
static REGION_INDEX: [u8; 26 * 26] = {
    let mut index = [0; 26 * 26];
    let mut place: u8 = 0;
    while (place as usize) < REGIONS.len() {
        let [first, second] = REGIONS[place as usize].id;
        if first != b'-' {
            index[(first - b'A') as usize * 26 + (second - b'A') as usize] = place + 1;
        }
        place += 1;
    }
    index
};

impl CodePlan {
    pub(super) fn of(code: u16) -> Option<&'static Self> {
        let index = *CODE_INDEX.get(usize::from(code))?;
        CODES.get(usize::from(index).checked_sub(1)?)
    }

    /// The code that the digits begin with, and how many digits it has. No code begins with another.
    #[inline]
    pub(super) fn at_start_of(digits: &[u8]) -> Option<(&'static Self, usize)> {
        let mut code = 0;
        for (digit, length) in digits.iter().zip(1..=3) {
            code = code * 10 + u16::from(*digit);
            if code == 0 {
                return None;
            }
            if let Some(found) = Self::of(code) {
                return Some((found, length));
            }
        }
        None
    }

    /// The plan of the region that the code is mainly used by.
    #[inline]
    pub(super) fn main(&self) -> Option<&'static RegionPlan> {
        REGIONS.get(usize::from(self.first_region))
    }

    /// Region and kind of a national number; `None` when there is no such number.
    #[inline]
    pub(super) fn classify(&self, national: &[u8]) -> Option<(&'static RegionPlan, NumberKind)> {
        self.labelled(Node::at(self.root).walk(national)?)
    }

    fn labelled(&self, label: usize) -> Option<(&'static RegionPlan, NumberKind)> {
        let (region, kind) = LABELS.get(label)?;
        let region = usize::from(self.first_region) + usize::from(*region);
        Some((REGIONS.get(region)?, *kind))
    }

    /// The one region whose landlines and mobiles begin with these digits; `None` when it is
    /// none or several.
    pub(super) fn region_of_area(&self, area: &[u8]) -> Option<&'static RegionPlan> {
        // A skip may reach beyond the area: whatever digits follow then lead to one node.
        let padded: Vec<u8> = area.iter().copied().chain([0; MAX_NATIONAL]).collect();
        let (mut node, mut used) = (Node::at(self.root), 0);
        while used < area.len() {
            (node, used) = node.step(&padded, used)?;
        }
        let mut seen = BTreeSet::new();
        let mut waiting = vec![node];
        let mut found: Option<&RegionPlan> = None;
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            waiting.extend(node.next());
            match node.label().and_then(|label| self.labelled(label)) {
                Some((region, kind)) if kind.is_line() => match found {
                    Some(other) if other.id != region.id => return None,
                    _ => found = Some(region),
                },
                _ => {}
            }
        }
        found
    }
}

impl RegionPlan {
    pub(super) fn of(letters: [u8; 2]) -> Option<&'static Self> {
        let [first, second] = letters.map(|letter| usize::from(letter.wrapping_sub(b'A')));
        if first >= 26 || second >= 26 {
            return None;
        }
        let index = *REGION_INDEX.get(first * 26 + second)?;
        REGIONS.get(usize::from(index).checked_sub(1)?)
    }

    /// The two letters; `None` for a code that belongs to no country.
    #[inline]
    pub(super) fn id(&self) -> Option<[u8; 2]> {
        (self.id != *b"--").then_some(self.id)
    }

    #[inline]
    pub(super) const fn code(&self) -> u16 {
        self.code
    }

    /// Whether the digits look like a number of the region, their count aside.
    #[inline]
    pub(super) fn is_general(&self, national: &[u8]) -> bool {
        Node::at(self.general).walk(national).is_some()
    }

    #[inline]
    pub(super) const fn length(&self, count: usize) -> Length {
        if count > 31 {
            return Length::TooLong;
        }
        let bit = 1_u32 << count;
        let shortest = self.lengths & self.lengths.wrapping_neg();
        if self.local_lengths & bit != 0 {
            Length::LocalOnly
        } else if self.lengths & bit != 0 {
            Length::Possible
        } else if bit < shortest {
            Length::TooShort
        } else if bit > self.lengths {
            Length::TooLong
        } else {
            Length::Invalid
        }
    }

    /// How many digits at the head are what the region dials before a country code.
    #[inline]
    pub(super) fn international_prefix(&self, digits: &[u8]) -> Option<usize> {
        let (mut node, mut used) = (Node::at(self.international), 0);
        let mut longest = None;
        while used < digits.len() {
            let Some(next) = node.step(digits, used) else {
                break;
            };
            (node, used) = next;
            if node.label().is_some() {
                longest = Some(used);
            }
        }
        longest
    }

    /// Strips the national prefix or rewrites the number, unless that makes a number of the
    /// region into none.
    #[inline]
    pub(super) fn strip_trunk<'d>(
        &self,
        digits: &'d [u8],
        buffer: &'d mut [u8; MAX_REWRITTEN],
    ) -> Stripped<'d> {
        let untouched = Stripped {
            digits,
            added: false,
        };
        let Some((action, end)) = self.trunk_action(digits) else {
            return untouched;
        };
        let stripped = action.apply(digits, end, buffer);
        if self.is_general(digits) && !self.is_general(stripped.digits) {
            return untouched;
        }
        stripped
    }

    fn trunk_action(&self, digits: &[u8]) -> Option<(&'static Action, usize)> {
        // Without a rule the root is the dead end.
        if self.trunk == 0 {
            return None;
        }
        let (mut node, mut used) = (Node::at(self.trunk), 0);
        let mut best: Option<(&Action, usize)> = None;
        loop {
            let label = node.label();
            if let Some(action) = label.and_then(|label| Action::of(label, used == digits.len()))
                && best.is_none_or(|(other, _)| action.rank <= other.rank)
            {
                best = Some((action, used));
            }
            if used == digits.len() {
                return best;
            }
            let Some(next) = node.step(digits, used) else {
                return best;
            };
            (node, used) = next;
        }
    }
}

impl Action {
    fn of(label: usize, is_end: bool) -> Option<&'static Self> {
        let action = ACTIONS.get(label)?;
        if is_end || !action.at_end {
            return Some(action);
        }
        ACTIONS.get(usize::from(action.otherwise).checked_sub(1)?)
    }

    /// Applies it to digits of which the first `end` were matched.
    fn apply<'d>(
        &self,
        digits: &'d [u8],
        end: usize,
        buffer: &'d mut [u8; MAX_REWRITTEN],
    ) -> Stripped<'d> {
        let rest = digits.get(end..).unwrap_or_default();
        let Some(tail) = self.tail else {
            return Stripped {
                digits: rest,
                added: false,
            };
        };
        let (head, tail) = (usize::from(self.head), usize::from(tail));
        if self.insert.is_empty() && tail == 0 {
            let digits = digits.get(head..).unwrap_or_default();
            return Stripped {
                digits,
                added: false,
            };
        }
        let kept = digits
            .get(head..end.saturating_sub(tail))
            .unwrap_or_default();
        let rewritten = self.insert.iter().chain(kept).chain(rest);
        let mut length = 0;
        // What does not fit is longer than any number.
        for (to, from) in buffer.iter_mut().zip(rewritten) {
            *to = *from;
            length += 1;
        }
        Stripped {
            digits: buffer.get(..length).unwrap_or_default(),
            added: !self.insert.is_empty(),
        }
    }
}

/// The digits of a country code.
#[inline]
pub(super) fn code_digits(code: u16) -> impl Iterator<Item = u8> {
    let digits = [code / 100, code / 10 % 10, code % 10];
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    // Each is below ten: nothing is cut off.
    digits
        .into_iter()
        .skip(zeros)
        .map(|digit| (digit & 0xF) as u8)
}
