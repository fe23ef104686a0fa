//! Digit patterns as a nondeterministic finite automaton.

use std::collections::BTreeSet;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Parses a pattern of the metadata. White space in it is ignored.
pub fn pattern(text: &str) -> Hir {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ParserBuilder::new().build().parse(&text).unwrap()
}

#[derive(Default)]
pub struct Nfa {
    states: Vec<State>,
}

enum State {
    /// Accepts one of the digits in the mask, then continues with the next state.
    Digit(u16, usize),
    Fork(Vec<usize>),
    Accept(u32),
}

impl Nfa {
    /// End with a tag.
    pub fn accept(&mut self, tag: u32) -> usize {
        self.push(State::Accept(tag))
    }

    /// End that any further digits do not leave.
    pub fn accept_prefix(&mut self, tag: u32) -> usize {
        let end = self.accept(tag);
        let fork = self.push(State::Fork(Vec::new()));
        let more = self.push(State::Digit(ANY, fork));
        self.states[fork] = State::Fork(vec![end, more]);
        fork
    }

    /// Puts a pattern before a state. Panics on syntax that a digit pattern cannot contain.
    pub fn compile(&mut self, hir: &Hir, next: usize) -> usize {
        match hir.kind() {
            HirKind::Empty => next,
            HirKind::Literal(text) => text.0.iter().rev().fold(next, |next, byte| {
                assert!(byte.is_ascii_digit(), "{byte} in a digit pattern");
                self.push(State::Digit(1 << (byte - b'0'), next))
            }),
            HirKind::Class(class) => self.push(State::Digit(mask(class), next)),
            HirKind::Capture(group) => self.compile(&group.sub, next),
            HirKind::Concat(parts) => parts
                .iter()
                .rev()
                .fold(next, |next, part| self.compile(part, next)),
            HirKind::Alternation(parts) => {
                let starts = parts.iter().map(|part| self.compile(part, next)).collect();
                self.push(State::Fork(starts))
            }
            HirKind::Repetition(repeated) => {
                let max = repeated.max.expect("a digit pattern has an end");
                (0..max).rev().fold(next, |rest, done| {
                    let once = self.compile(&repeated.sub, rest);
                    if done >= repeated.min {
                        self.push(State::Fork(vec![once, next]))
                    } else {
                        once
                    }
                })
            }
            HirKind::Look(look) => panic!("{look:?} in a digit pattern"),
        }
    }

    /// Returns the states that can be reached from a set of states without a digit, in order.
    pub fn closure(&self, from: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut waiting: Vec<usize> = from.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(state) = waiting.pop() {
            if let (true, State::Fork(ways)) = (seen.insert(state), &self.states[state]) {
                waiting.extend(ways);
            }
        }
        seen.retain(|state| !matches!(self.states[*state], State::Fork(_)));
        seen.into_iter().collect()
    }

    /// Returns the states to which a digit leads from a set of states.
    pub fn step(&self, set: &[usize], digit: usize) -> Vec<usize> {
        self.closure(set.iter().filter_map(|state| match self.states[*state] {
            State::Digit(mask, next) => (mask >> digit & 1 == 1).then_some(next),
            _ => None,
        }))
    }

    /// Returns the tags of the ends in a set of states.
    pub fn tags(&self, set: &[usize]) -> Vec<u32> {
        let tag = |state: &usize| match self.states[*state] {
            State::Accept(tag) => Some(tag),
            _ => None,
        };
        set.iter().filter_map(tag).collect()
    }

    fn push(&mut self, state: State) -> usize {
        self.states.push(state);
        self.states.len() - 1
    }
}

const ANY: u16 = 0x3FF;

/// Returns the ASCII digits of a class. `\d` is Unicode's here, but only its ASCII part is used.
fn mask(class: &Class) -> u16 {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => class
            .iter()
            .map(|range| (range.start().into(), range.end().into()))
            .collect(),
        Class::Bytes(class) => class
            .iter()
            .map(|range| (range.start().into(), range.end().into()))
            .collect(),
    };
    let holds = |digit: u32| {
        ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&(digit + 48)))
    };
    (0..10)
        .filter(|digit| holds(*digit))
        .fold(0, |mask, digit| mask | 1 << digit)
}
