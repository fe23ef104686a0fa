//! The numbering plan: existing numbers, their regions, and the prefixes of each country.
//!
//! Every lookup is a walk over one static table, made from Google's metadata by `tools/plan`. It
//! needs no regex, no lock and no initialisation.

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

/// Version of Google's metadata from which the numbering plan was made.
///
/// Countries open ranges and lengthen numbers, and Google publishes new metadata about every two
/// weeks. If a number exists and is refused here, look for a newer version of this crate.
/// `tools/plan` in the repository explains how to adopt new metadata.
///
/// Source: <https://github.com/google/libphonenumber/blob/master/release_notes.txt>
pub const PLAN_VERSION: &str = table::VERSION;

/// Most digits of a national number: Google's limit. Its plan has numbers of that length.
pub(super) const MAX_NATIONAL: usize = 17;
/// Most digits of a national number, with the digits that a rule inserts in front.
pub(super) const MAX_REWRITTEN: usize = 48;

/// Verdict on the length of a national number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Possible,
    LocalOnly,
    TooShort,
    TooLong,
    Invalid,
}

/// Result of a national prefix rule.
#[derive(Clone, Copy)]
pub(super) struct Stripped<'d> {
    pub(super) digits: &'d [u8],
    /// Set if digits were inserted that were not typed.
    pub(super) added: bool,
}

/// Position of each calling code in the list, from 1; 0 for a code that does not exist.
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

/// Position of each pair of letters in the list, from 1; 0 for a region that does not exist.
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

    /// Returns the calling code at the start of the digits, and its number of digits. No code
    /// begins with another.
    #[inline]
    pub(super) fn at_start_of(digits: &[u8]) -> Option<(&'static Self, usize)> {
        let mut code = 0;
        for (digit, length) in digits.iter().zip(1..=3) {
            code = code * 10 + u16::from(*digit);
            // No calling code begins with 0.
            if code == 0 {
                return None;
            }
            if let Some(found) = Self::of(code) {
                return Some((found, length));
            }
        }
        None
    }

    /// Returns the plan of the code's main region.
    #[inline]
    pub(super) fn main(&self) -> Option<&'static RegionPlan> {
        REGIONS.get(usize::from(self.first_region))
    }

    /// Returns region and kind of a national number; `None` when there is no such number.
    #[inline]
    pub(super) fn classify(&self, national: &[u8]) -> Option<(&'static RegionPlan, NumberKind)> {
        self.labelled(Node::at(self.root).walk(national)?)
    }

    fn labelled(&self, label: usize) -> Option<(&'static RegionPlan, NumberKind)> {
        let (region, kind) = LABELS.get(label)?;
        let region = usize::from(self.first_region) + usize::from(*region);
        Some((REGIONS.get(region)?, *kind))
    }

    /// Returns the region whose landlines and mobiles begin with these digits; `None` when there is
    /// none, or more than one.
    pub(super) fn region_of_area(&self, area: &[u8]) -> Option<&'static RegionPlan> {
        // A skip may reach beyond the area code. Its digits do not matter, so zeros stand for them.
        let padded: Vec<u8> = area.iter().copied().chain([0; MAX_NATIONAL]).collect();
        let (mut node, mut used) = (Node::at(self.root), 0);
        while used < area.len() {
            (node, used) = node.step(&padded, used)?;
        }
        // Equal nodes are stored once, so several paths can lead to one.
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

    /// Returns the two letters; `None` for a code that belongs to no country.
    #[inline]
    pub(super) fn id(&self) -> Option<[u8; 2]> {
        (self.id != *b"--").then_some(self.id)
    }

    #[inline]
    pub(super) const fn code(&self) -> u16 {
        self.code
    }

    /// Returns `true` if the digits match the general pattern of the region, whatever their count.
    #[inline]
    pub(super) fn is_general(&self, national: &[u8]) -> bool {
        Node::at(self.general).walk(national).is_some()
    }

    #[inline]
    pub(super) const fn length(&self, count: usize) -> Length {
        // The masks have 32 bits. No number is that long.
        if count > 31 {
            return Length::TooLong;
        }
        let bit = 1_u32 << count;
        // The lowest set bit.
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

    /// Returns the number of leading digits that the region dials before a country code.
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
                // No return yet: a prefix can be the start of a longer one.
                longest = Some(used);
            }
        }
        longest
    }

    /// Strips the national prefix or rewrites the number. A number that matches the region's
    /// general pattern stays as it is if the result would not.
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
        // Without a rule the root is 0, the dead end.
        if self.trunk == 0 {
            return None;
        }
        let (mut node, mut used) = (Node::at(self.trunk), 0);
        let mut best: Option<(&Action, usize)> = None;
        loop {
            let label = node.label();
            if let Some(action) = label.and_then(|label| Action::of(label, used == digits.len()))
                // `<=`: of matches of equal rank the later one is longer, and wins.
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

    /// Applies the rule to digits of which the first `end` matched.
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
        // Digits that do not fit are dropped. The rest is still longer than any number, and
        // refused.
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

/// Returns the digits of a country code.
#[inline]
pub(super) fn code_digits(code: u16) -> impl Iterator<Item = u8> {
    let digits = [code / 100, code / 10 % 10, code % 10];
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    // Each digit is below ten, so the cast loses nothing.
    digits
        .into_iter()
        .skip(zeros)
        .map(|digit| (digit & 0xF) as u8)
}
