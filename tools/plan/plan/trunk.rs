//! National prefix rules: the digits that each region strips from a number or rewrites in it.

use phonenumber::Metadata;
use regex_syntax::hir::{Hir, HirKind, Look};

use super::automaton::Nodes;
use super::nfa::{Nfa, pattern};

/// Rewriting of the digits that a national prefix matched.
#[derive(Clone, PartialEq, Eq)]
pub struct Action {
    /// Precedence among matches: the lowest rank, then the longest match. The regex tries its
    /// alternatives in this order.
    pub rank: usize,
    /// Number of digits dropped at the start of the match.
    pub head: usize,
    /// Number of digits dropped at the end of the match; `None` drops all of it.
    pub tail: Option<usize>,
    /// Digits inserted in front.
    pub insert: String,
    /// Applies only where the match ends the number. Elsewhere the action of the label `otherwise`
    /// applies, if any.
    pub at_end: bool,
    pub otherwise: usize,
}

/// Adds the automaton of a region's rule. Label n is `actions[n - 1]`; 0 is no rule.
pub fn add(nodes: &mut Nodes, meta: &Metadata, actions: &mut Vec<Action>) -> usize {
    let Some(text) = text(meta) else {
        return 0;
    };
    let rule = pattern(text);
    let groups = rule.properties().explicit_captures_len();
    let rewrite = meta.national_prefix_transform_rule().map(|text| {
        let (insert, group) = text.split_once('$').expect("a rule keeps a group");
        (insert, group.parse().unwrap())
    });
    let mut nfa = Nfa::default();
    let mut starts = Vec::new();
    let mut ways = Vec::new();
    for (rank, branch) in branches(&rule).into_iter().enumerate() {
        ways.push(action(rank, &branch, groups, rewrite));
        let end = nfa.accept(u32::try_from(rank).unwrap());
        starts.push(branch.iter().rev().fold(end, |next, item| match item {
            Item::Plain(hir) | Item::Group(_, hir) => nfa.compile(hir, next),
            Item::End => next,
        }));
    }
    nodes.add(&nfa, &starts, &mut |tags, _| {
        let mut ranks = tags.to_vec();
        ranks.sort_unstable();
        let (first, second) = match ranks[..] {
            [] => return 0,
            [first] => (first, None),
            [first, second] => (first, Some(second)),
            _ => panic!("three branches meet in {}", meta.id()),
        };
        let mut chosen = ways[first as usize].clone();
        if let Some(second) = second {
            // Only Jersey has this: six digits alone are a local number, and a prefix if more
            // follow.
            assert!(chosen.at_end, "two branches meet in {}", meta.id());
            chosen.otherwise = index(actions, ways[second as usize].clone());
        }
        u16::try_from(index(actions, chosen)).unwrap()
    })
}

/// Returns the pattern of the rule. Without one, the national prefix itself is the pattern.
fn text(meta: &Metadata) -> Option<&str> {
    match meta.national_prefix_for_parsing() {
        Some(pattern) => Some(pattern.as_str()),
        None => meta.national_prefix(),
    }
}

/// Returns the label of an action, from 1.
fn index(actions: &mut Vec<Action>, action: Action) -> usize {
    if let Some(known) = actions.iter().position(|known| *known == action) {
        return known + 1;
    }
    actions.push(action);
    actions.len()
}

/// Returns the action of a branch. Google rewrites if the last group took part in the match, and
/// strips the match otherwise.
fn action(rank: usize, branch: &[Item], groups: usize, rewrite: Option<(&str, usize)>) -> Action {
    let position = |group: usize| {
        let is = |item: &Item| matches!(item, Item::Group(index, _) if *index == group);
        branch.iter().position(is)
    };
    let mut action = Action {
        rank,
        head: 0,
        tail: None,
        insert: String::new(),
        at_end: branch.iter().any(|item| matches!(item, Item::End)),
        otherwise: 0,
    };
    if let (Some((insert, group)), Some(_)) = (rewrite, position(groups)) {
        let kept = position(group).expect("the kept group stands in the branch");
        insert.clone_into(&mut action.insert);
        action.head = branch[..kept].iter().map(Item::length).sum();
        action.tail = Some(branch[kept + 1..].iter().map(Item::length).sum());
    }
    action
}

#[derive(Clone)]
enum Item {
    Plain(Hir),
    Group(usize, Hir),
    End,
}

impl Item {
    /// Returns the number of digits of the item. It must be fixed, because rules are applied by
    /// counting digits.
    fn length(&self) -> usize {
        match self {
            Self::Plain(hir) | Self::Group(_, hir) => {
                assert!(is_fixed(hir), "parts beside the kept group have one length");
                hir.properties().minimum_len().unwrap()
            }
            Self::End => 0,
        }
    }
}

/// Returns the rule as a flat list of alternatives, best first.
fn branches(hir: &Hir) -> Vec<Vec<Item>> {
    if !has_groups(hir) && is_fixed(hir) {
        return vec![vec![Item::Plain(hir.clone())]];
    }
    match hir.kind() {
        HirKind::Capture(group) => {
            assert!(!has_groups(&group.sub), "a group in a group");
            let index = group.index as usize;
            vec![vec![Item::Group(index, (*group.sub).clone())]]
        }
        HirKind::Look(Look::End) => vec![vec![Item::End]],
        HirKind::Alternation(parts) => parts.iter().flat_map(branches).collect(),
        HirKind::Concat(parts) => parts.iter().fold(vec![Vec::new()], |heads, part| {
            let tails = branches(part);
            let join = |head: &Vec<Item>| {
                let head = head.clone();
                tails
                    .iter()
                    .map(move |tail| [head.as_slice(), tail].concat())
                    .collect::<Vec<_>>()
            };
            heads.iter().flat_map(join).collect()
        }),
        HirKind::Repetition(part) if part.min == 0 && part.max == Some(1) => {
            let mut ways = branches(&part.sub);
            ways.push(Vec::new());
            ways
        }
        HirKind::Class(_) | HirKind::Literal(_) | HirKind::Empty => {
            vec![vec![Item::Plain(hir.clone())]]
        }
        other => panic!("{other:?} in a national prefix"),
    }
}

fn has_groups(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(_) | HirKind::Look(_) => true,
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_groups),
        HirKind::Repetition(part) => has_groups(&part.sub),
        _ => false,
    }
}

fn is_fixed(hir: &Hir) -> bool {
    let about = hir.properties();
    about.minimum_len() == about.maximum_len()
}
