//! A document that a call runs, and what the call waits for.

use serde::Serialize;

use super::time::rfc3339_millis;
use crate::sandbox::state::{RunDocument, Wait, WaitFor};

#[derive(Serialize)]
pub(super) struct DocumentView {
    /// Number of the document in its call.
    id: u64,
    url: Option<String>,
    group: Option<String>,
    /// Webhook that fetched the document.
    event: Option<String>,
    /// Document with one element a line, at most 16 KiB.
    xml: String,
    elements: Vec<ElementView>,
    /// Index of the element that runs.
    current: Option<usize>,
    /// Indices of the elements that have run.
    done: Vec<usize>,
}

#[derive(Serialize)]
struct ElementView {
    index: usize,
    name: String,
    line: usize,
    end_line: usize,
}

#[derive(Serialize)]
pub(super) struct WaitView {
    #[serde(rename = "for")]
    input: &'static str,
    /// Time at which the call goes on without input.
    until: Option<String>,
    /// `hints` of the `<Gather>`.
    hints: Option<String>,
}

impl DocumentView {
    pub(super) fn new(document: &RunDocument) -> Self {
        let elements = document.elements.iter().enumerate();
        Self {
            id: document.number,
            url: document.url.as_ref().map(|url| url.expose().clone()),
            group: document.group.map(|group| group.to_string()),
            event: document.event.map(|event| event.to_string()),
            xml: document.xml.expose().clone(),
            elements: elements
                .map(|(index, element)| ElementView {
                    index,
                    name: element.name.clone(),
                    line: element.first,
                    end_line: element.last,
                })
                .collect(),
            current: document.current,
            done: document.done.clone(),
        }
    }
}

impl WaitView {
    pub(super) fn new(wait: &Wait) -> Self {
        Self {
            input: match wait.input {
                WaitFor::Keys => "keys",
                WaitFor::Speech => "speech",
                WaitFor::KeysOrSpeech => "either",
                WaitFor::Recording => "recording",
                WaitFor::Answer => "answer",
                WaitFor::Nothing => "nothing",
            },
            until: wait.until.map(rfc3339_millis),
            hints: wait.hints.clone(),
        }
    }
}
