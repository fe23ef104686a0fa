//! One minimal automaton for all patterns, and its layout as 16-bit words.

use std::collections::HashMap;

use super::nfa::Nfa;

/// Most digits of a national number (Google's limit).
const DEPTH: usize = 17;

/// All nodes of all automata, with equal ones stored once. Node 0 is the dead end.
pub struct Nodes {
    nodes: Vec<Node>,
    known: HashMap<Node, usize>,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Node {
    label: u16,
    next: [usize; 10],
}

/// Meaning of a set of tags after a number of digits, as a label; 0 for no meaning.
pub type Label<'a> = &'a mut dyn FnMut(&[u32], usize) -> u16;

impl Nodes {
    pub fn new() -> Self {
        let dead = Node::default();
        Self {
            known: HashMap::from([(dead.clone(), 0)]),
            nodes: vec![dead],
        }
    }

    /// Adds the automaton that begins at a state. The patterns accept finitely many strings, so
    /// storing equal nodes once, from the leaves up, makes it minimal.
    pub fn add(&mut self, nfa: &Nfa, starts: &[usize], label: Label<'_>) -> usize {
        let set = nfa.closure(starts.iter().copied());
        self.node(nfa, set, 0, &mut HashMap::new(), label)
    }

    fn node(
        &mut self,
        nfa: &Nfa,
        set: Vec<usize>,
        depth: usize,
        done: &mut HashMap<(Vec<usize>, usize), usize>,
        label: Label<'_>,
    ) -> usize {
        if set.is_empty() || depth > DEPTH {
            return 0;
        }
        let key = (set, depth);
        if let Some(known) = done.get(&key) {
            return *known;
        }
        let mut node = Node {
            label: label(&nfa.tags(&key.0), depth),
            next: [0; 10],
        };
        for digit in 0..10 {
            let set = nfa.step(&key.0, digit);
            node.next[digit] = self.node(nfa, set, depth + 1, done, label);
        }
        let index = self.store(node);
        done.insert(key, index);
        index
    }

    fn store(&mut self, node: Node) -> usize {
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        let index = self.nodes.len();
        self.nodes.push(node.clone());
        self.known.insert(node, index);
        index
    }

    /// Returns the number of digits of any value that can be skipped from here, and the node after
    /// them.
    fn skip(&self, from: usize) -> Option<(usize, usize)> {
        let uniform = |index: usize| {
            let node = &self.nodes[index];
            let same = node.next.iter().all(|next| *next == node.next[0]);
            (same && node.label == 0 && node.next[0] != 0).then_some(node.next[0])
        };
        let (mut count, mut at) = (0, from);
        while let Some(next) = uniform(at) {
            (count, at) = (count + 1, next);
        }
        (count > 1).then_some((count, at))
    }
}

/// Returns the automaton as words. See `src/phone/plan/automaton.rs` for the layout.
pub struct Words {
    pub words: Vec<u16>,
    offsets: HashMap<usize, usize>,
}

/// First value that is not a label: values from here on skip digits.
pub const SKIP: usize = 96;

impl Words {
    pub fn write(nodes: &Nodes, roots: &[usize]) -> Self {
        let mut order = vec![0];
        let mut offsets = HashMap::from([(0, 0)]);
        let mut length = 2;
        // Nodes inside a skipped chain are left out, because no walk can stop at them.
        let mut waiting: Vec<usize> = roots.iter().rev().copied().collect();
        while let Some(index) = waiting.pop() {
            if offsets.contains_key(&index) {
                continue;
            }
            offsets.insert(index, length);
            order.push(index);
            let (_, targets) = row(nodes, index);
            length += 1 + targets.len();
            waiting.extend(targets.iter().rev());
        }
        let mut words = Vec::with_capacity(length);
        for index in order {
            let (header, targets) = row(nodes, index);
            assert_eq!(words.len(), offsets[&index]);
            words.push(u16::try_from(header).expect("a label fits in 7 bits"));
            let offset = |target: &usize| u16::try_from(offsets[target]);
            words.extend(
                targets
                    .iter()
                    .map(|target| offset(target).expect("16 bits")),
            );
        }
        Self { words, offsets }
    }

    pub fn offset(&self, root: usize) -> usize {
        self.offsets[&root]
    }
}

/// Returns header and targets of a node.
fn row(nodes: &Nodes, index: usize) -> (usize, Vec<usize>) {
    if let Some((count, target)) = nodes.skip(index) {
        return ((SKIP + count) << 9, vec![target]);
    }
    let node = &nodes.nodes[index];
    assert!(usize::from(node.label) < SKIP, "too many labels");
    let mut header = usize::from(node.label) << 9;
    let mut targets = vec![node.next[0]];
    for digit in 1..10 {
        if node.next[digit] != node.next[digit - 1] {
            header |= 1 << (digit - 1);
            targets.push(node.next[digit]);
        }
    }
    (header, targets)
}
