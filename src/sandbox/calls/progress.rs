//! What the progress of a call consists of: the document that runs, and the input that is accepted.

use std::ptr::from_ref;

use super::input_kinds::InputKinds;
use crate::sandbox::state::WaitFor;
use crate::twiml::Node;

/// Document that a call runs.
pub(super) struct DocumentProgress {
    pub(super) number: u64,
    /// Addresses of the elements, in document order. The document does not move while it runs.
    addresses: Vec<usize>,
}

impl DocumentProgress {
    pub(super) fn new(number: u64, root: &Node) -> Self {
        let mut addresses = Vec::new();
        push_addresses(root, &mut addresses);
        Self { number, addresses }
    }

    /// Returns the index of an element in document order.
    pub(super) fn index_of(&self, node: &Node) -> Option<usize> {
        let mut addresses = self.addresses.iter();
        addresses.position(|address| *address == address_of(node))
    }
}

/// Input that the current verb accepts.
#[derive(Clone, Default)]
pub(super) struct AcceptedInput {
    pub(super) input: WaitFor,
    pub(super) hints: Option<String>,
    /// Set while the verb still speaks.
    pub(super) is_prompt: bool,
}

impl AcceptedInput {
    pub(super) fn new(input: WaitFor) -> Self {
        Self {
            input,
            hints: None,
            is_prompt: false,
        }
    }

    /// Creates the input of a `<Gather>`.
    pub(super) fn of_gather(verb: &Node, kinds: InputKinds) -> Self {
        let input = match (kinds.keys, kinds.speech) {
            (true, true) => WaitFor::KeysOrSpeech,
            (_, true) => WaitFor::Speech,
            _ => WaitFor::Keys,
        };
        Self {
            hints: verb.attribute("hints").map(str::to_owned),
            ..Self::new(input)
        }
    }
}

fn address_of(node: &Node) -> usize {
    from_ref(node).addr()
}

fn push_addresses(node: &Node, addresses: &mut Vec<usize>) {
    addresses.push(address_of(node));
    for child in node.children() {
        push_addresses(child, addresses);
    }
}
