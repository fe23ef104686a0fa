//! Documents that a call has run, and what it waits for.

use std::collections::VecDeque;
use std::time::SystemTime;

use super::timeline::{EventId, GroupId};
use crate::twiml::ElementLines;
use crate::types::Redacted;

/// Number of documents that are kept for each call.
const DOCUMENT_LIMIT: usize = 30;
/// Number of bytes of a document that are kept.
const XML_LIMIT: usize = 16 * 1024;

/// A document of TwiML that a call runs or has run.
#[derive(Clone, Debug)]
pub(crate) struct RunDocument {
    /// Number of the document in its call, from 0.
    pub(crate) number: u64,
    /// URL from which it was fetched; `None` for the `Twiml` of a request to the API.
    pub(crate) url: Option<Redacted<String>>,
    /// Group of the webhook that fetched it.
    pub(crate) group: Option<GroupId>,
    /// Webhook that fetched it.
    pub(crate) event: Option<EventId>,
    /// The document with one element a line.
    pub(crate) xml: Redacted<String>,
    /// Elements in document order, the root first.
    pub(crate) elements: Vec<ElementLines>,
    /// Index of the element that runs.
    pub(crate) current: Option<usize>,
    /// Indices of the elements that have run, in order.
    pub(crate) done: Vec<usize>,
}

/// Documents of a call, in order of their start.
#[derive(Default)]
pub(crate) struct RunDocuments {
    next: u64,
    documents: VecDeque<RunDocument>,
}

impl RunDocuments {
    /// Adds a document, and returns its number. The oldest is removed above a limit.
    pub(crate) fn add(&mut self, document: RunDocument) -> u64 {
        let number = self.next;
        self.next += 1;
        if self.documents.len() == DOCUMENT_LIMIT {
            self.documents.pop_front();
        }
        let mut xml = document.xml.into_inner();
        let mut end = xml.len().min(XML_LIMIT);
        while !xml.is_char_boundary(end) {
            end -= 1;
        }
        xml.truncate(end);
        self.documents.push_back(RunDocument {
            number,
            xml: Redacted::new(xml),
            ..document
        });
        number
    }

    /// Notes that an element runs.
    pub(crate) fn start(&mut self, number: u64, element: usize) {
        if let Some(document) = self.get_mut(number) {
            document.current = Some(element);
        }
    }

    /// Notes that an element has run.
    pub(crate) fn end(&mut self, number: u64, element: usize) {
        if let Some(document) = self.get_mut(number) {
            document.current = None;
            if !document.done.contains(&element) {
                document.done.push(element);
            }
        }
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &RunDocument> {
        self.documents.iter()
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut RunDocument> {
        let mut documents = self.documents.iter_mut().rev();
        documents.find(|document| document.number == number)
    }
}

/// Input for which a call waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum WaitFor {
    Keys,
    Speech,
    KeysOrSpeech,
    Recording,
    Answer,
    /// A time, another call or a conference.
    #[default]
    Nothing,
}

/// A wait of a call for its phone, or for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) input: WaitFor,
    /// Time by the sandbox's clock at which the call goes on without input; `None` if it waits without
    /// end, or still speaks.
    pub(crate) until: Option<SystemTime>,
    /// `hints` of the `<Gather>`.
    pub(crate) hints: Option<String>,
}
