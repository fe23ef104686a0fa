//! Generates `src/phone/plan/table.rs` from the metadata inside the `phonenumber` crate.

mod automaton;
mod nfa;
mod print;
mod trunk;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use phonenumber::Metadata;
use phonenumber::metadata::{DATABASE, Descriptor};

use self::automaton::{Nodes, Words};
use self::nfa::{Nfa, pattern};
use self::trunk::Action;

/// Returns the text of the table for the repository.
pub fn table() -> String {
    print::table(&Plan::read())
}

/// Returns the version of Google's metadata. It is the build part of the crate's own version.
pub fn version() -> String {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let lock = fs::read_to_string(lock).expect("the lock file is committed");
    let (_, after) = lock
        .split_once("name = \"phonenumber\"\nversion = \"")
        .expect("a dependency");
    let version = after.split('"').next().unwrap();
    version.split_once('+').expect("a build part").1.to_owned()
}

/// Whole plan, before it is printed.
pub struct Plan {
    words: Words,
    /// Region within its code and kind; label n of the codes' automata is `labels[n - 1]`.
    labels: Vec<(usize, &'static str)>,
    actions: Vec<Action>,
    regions: Vec<Region>,
    codes: Vec<Code>,
}

struct Region {
    id: String,
    code: u16,
    /// Roots: the general pattern, international prefixes, the national prefix rule.
    general: usize,
    international: usize,
    trunk: usize,
    /// Bit n: numbers of n digits exist; of n digits, within one area only.
    lengths: u32,
    local_lengths: u32,
}

struct Code {
    number: u16,
    root: usize,
    first_region: usize,
}

impl Plan {
    fn read() -> Self {
        let mut nodes = Nodes::new();
        let (mut labels, mut actions) = (Vec::new(), Vec::new());
        let (mut regions, mut codes) = (Vec::new(), Vec::new());
        for code in 1..1000 {
            // Main region first, the others by name: Google tests them in this order.
            let Some(metas) = DATABASE.by_code(&code) else {
                continue;
            };
            codes.push(Code {
                number: code,
                root: add_code(&mut nodes, &metas, &mut labels),
                first_region: regions.len(),
            });
            for meta in metas {
                regions.push(add_region(&mut nodes, meta, code, &mut actions));
            }
        }
        let roots = |region: &Region| [region.general, region.international, region.trunk];
        let mut all: Vec<usize> = codes.iter().map(|code| code.root).collect();
        all.extend(regions.iter().flat_map(roots));
        Self {
            words: Words::write(&nodes, &all),
            labels,
            actions,
            regions,
            codes,
        }
    }
}

fn add_region(nodes: &mut Nodes, meta: &Metadata, code: u16, actions: &mut Vec<Action>) -> Region {
    let general = meta.descriptors().general().national_number();
    let international = meta.international_prefix();
    Region {
        id: meta.id().to_owned(),
        code,
        general: add_yes_or_no(nodes, general.as_str()),
        international: international.map_or(0, |p| add_yes_or_no(nodes, p.as_str())),
        trunk: trunk::add(nodes, meta, actions),
        lengths: lengths(meta),
        local_lengths: local_lengths(meta) & !lengths(meta),
    }
}

fn add_yes_or_no(nodes: &mut Nodes, text: &str) -> usize {
    let mut nfa = Nfa::default();
    let end = nfa.accept(1);
    let start = nfa.compile(&pattern(text), end);
    nodes.add(&nfa, &[start], &mut |tags, _| u16::from(!tags.is_empty()))
}

/// Two tags of every region, besides those of its kinds.
const GENERAL: u32 = 100;
const LEADING: u32 = 101;

/// Kinds in the order in which Google tests them, with a tag each. Fixed and mobile come last.
const FIXED: u32 = 8;
const MOBILE: u32 = 9;
const KINDS: [&str; 10] = [
    "PremiumRate",
    "TollFree",
    "SharedCost",
    "Voip",
    "Personal",
    "Pager",
    "Uan",
    "Voicemail",
    "FixedLine",
    "Mobile",
];

fn descriptors(meta: &Metadata) -> Vec<(u32, &Descriptor)> {
    let plan = meta.descriptors();
    let unread = [
        plan.emergency(),
        plan.short_code(),
        plan.standard_rate(),
        plan.carrier(),
    ];
    assert!(
        unread.iter().all(Option::is_none),
        "a new sort of descriptor"
    );
    let found = [
        plan.premium_rate(),
        plan.toll_free(),
        plan.shared_cost(),
        plan.voip(),
        plan.personal_number(),
        plan.pager(),
        plan.uan(),
        plan.voicemail(),
        plan.fixed_line(),
        plan.mobile(),
    ];
    (0..)
        .zip(found)
        .filter_map(|(tag, found)| Some((tag, found?)))
        .collect()
}

fn mask(lengths: &[u16]) -> u32 {
    lengths.iter().fold(0, |mask, length| mask | 1 << length)
}

/// Returns the lengths of all kinds together, because the general descriptor of that crate has
/// none.
fn lengths(meta: &Metadata) -> u32 {
    let all = descriptors(meta);
    all.iter()
        .fold(0, |mask_, (_, found)| mask_ | mask(found.possible_length()))
}

fn local_lengths(meta: &Metadata) -> u32 {
    let all = descriptors(meta);
    all.iter().fold(0, |mask_, (_, found)| {
        mask_ | mask(found.possible_local_length())
    })
}

/// Adds one automaton for all regions of a code. Its labels are region and kind.
fn add_code(
    nodes: &mut Nodes,
    metas: &[&Metadata],
    labels: &mut Vec<(usize, &'static str)>,
) -> usize {
    let mut nfa = Nfa::default();
    let mut starts = Vec::new();
    for (meta, region) in metas.iter().zip(0..) {
        let tag = |end: u32| region << 8 | end;
        if let (Some(leading), true) = (meta.leading_digits(), metas.len() > 1) {
            let end = nfa.accept_prefix(tag(LEADING));
            starts.push(nfa.compile(&pattern(leading.as_str()), end));
        }
        let end = nfa.accept(tag(GENERAL));
        let general = meta.descriptors().general().national_number();
        starts.push(nfa.compile(&pattern(general.as_str()), end));
        for (kind, found) in descriptors(meta) {
            let end = nfa.accept(tag(kind));
            starts.push(nfa.compile(&pattern(found.national_number().as_str()), end));
        }
    }
    let regions: Vec<RegionRules> = metas.iter().map(|meta| RegionRules::new(meta)).collect();
    nodes.add(&nfa, &starts, &mut |tags, length| {
        let Some(found) = classify(&regions, tags, length) else {
            return 0;
        };
        let known = labels.iter().position(|label| *label == found);
        let index = known.unwrap_or_else(|| {
            labels.push(found);
            labels.len() - 1
        });
        u16::try_from(index + 1).unwrap()
    })
}

/// Returns the first region that its leading digits claim, or that has a kind for the number.
/// Leading digits decide even if the region then has no kind.
fn classify(regions: &[RegionRules], tags: &[u32], length: usize) -> Option<(usize, &'static str)> {
    regions
        .iter()
        .enumerate()
        .find_map(|(index, region)| {
            let own = tags
                .iter()
                .filter(|tag| **tag >> 8 == u32::try_from(index).unwrap());
            let own: Vec<u32> = own.map(|tag| tag & 0xFF).collect();
            let kind = region.kind(&own, length);
            if regions.len() > 1 && region.has_leading_digits {
                return own.contains(&LEADING).then_some((index, kind));
            }
            (regions.len() == 1 || kind.is_some()).then_some((index, kind))
        })
        .and_then(|(index, kind)| Some((index, kind?)))
}

struct RegionRules {
    has_leading_digits: bool,
    lengths: u32,
    kind_lengths: HashMap<u32, u32>,
    /// Set if fixed lines and mobiles have one pattern, so that the digits do not distinguish them.
    is_mixed: bool,
}

impl RegionRules {
    fn new(meta: &Metadata) -> Self {
        let plan = meta.descriptors();
        let text = |found: &Descriptor| -> String {
            found
                .national_number()
                .as_str()
                .split_whitespace()
                .collect()
        };
        let of_kind = |(kind, found): (u32, &Descriptor)| (kind, mask(found.possible_length()));
        Self {
            has_leading_digits: meta.leading_digits().is_some(),
            lengths: lengths(meta),
            kind_lengths: descriptors(meta).into_iter().map(of_kind).collect(),
            is_mixed: plan.fixed_line().map(text) == plan.mobile().map(text)
                && plan.mobile().is_some(),
        }
    }

    fn kind(&self, tags: &[u32], length: usize) -> Option<&'static str> {
        if !tags.contains(&GENERAL) || self.lengths >> length & 1 == 0 {
            return None;
        }
        let fits = |kind: u32| {
            let lengths = self.kind_lengths.get(&kind).copied().unwrap_or(0);
            tags.contains(&kind) && lengths >> length & 1 == 1
        };
        if let Some(kind) = (0..FIXED).find(|kind| fits(*kind)) {
            return Some(KINDS[kind as usize]);
        }
        if fits(FIXED) {
            let both = self.is_mixed || fits(MOBILE);
            return Some(if both {
                "FixedLineOrMobile"
            } else {
                "FixedLine"
            });
        }
        (!self.is_mixed && fits(MOBILE)).then_some("Mobile")
    }
}
