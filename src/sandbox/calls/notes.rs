//! Notes the progress of a call for whoever watches it: the documents that it runs, the element that
//! runs now, and what the call waits for.

use reqwest::Url;

use super::active_call::ActiveCall;
use super::progress::{AcceptedInput, DocumentProgress};
use crate::sandbox::clock::Timer;
use crate::sandbox::context::Context;
use crate::sandbox::state::{CallEntry, RunDocument, Wait};
use crate::twiml::{Layout, Node};
use crate::types::Redacted;

impl ActiveCall {
    /// Notes that a document runs. Returns the document during which it runs, such as one with the
    /// `<Enqueue>` whose music it is.
    pub(super) fn begin_document(
        &mut self,
        root: &Node,
        url: Option<&Url>,
    ) -> Option<DocumentProgress> {
        let Layout { xml, elements } = Layout::of(root);
        let sid = self.sid;
        let number = self.context.update(|state| {
            // Only a document that was fetched has a URL.
            let event = url.and_then(|_| state.last_request(sid.as_str())?.event);
            let entry = state.call_mut(sid)?;
            let document = RunDocument {
                number: 0,
                url: url.map(|url| Redacted::new(url.to_string())),
                group: Context::cause().or(entry.group),
                event,
                xml: Redacted::new(xml),
                elements,
                current: None,
                done: Vec::new(),
            };
            Some(entry.documents.add(document))
        });
        let begun = number.map(|number| DocumentProgress::new(number, root));
        std::mem::replace(&mut self.document, begun)
    }

    /// Notes that an element of the current document runs.
    pub(super) fn begin_element(&self, node: &Node) {
        self.note(node, |entry, number, index| {
            entry.documents.start(number, index);
        });
    }

    /// Notes that an element of the current document has run.
    pub(super) fn end_element(&self, node: &Node) {
        self.note(node, |entry, number, index| {
            entry.documents.end(number, index);
        });
    }

    fn note(&self, node: &Node, change: impl FnOnce(&mut CallEntry, u64, usize)) {
        let Some(document) = &self.document else {
            return;
        };
        let Some(index) = document.index_of(node) else {
            return;
        };
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                change(entry, document.number, index);
            }
        });
    }

    /// Returns the wait of the call until a timer ends.
    pub(super) fn wait_until(&self, timer: &Timer) -> Wait {
        let AcceptedInput {
            input,
            hints,
            is_prompt,
        } = self.accepted_input.clone();
        let left = timer.time_left().filter(|_| !is_prompt);
        Wait {
            input,
            until: left.map(|left| self.context.now() + left),
            hints,
        }
    }
}
