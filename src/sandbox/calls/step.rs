//! Next step of a call after a verb.

use crate::sandbox::state::{Document, Instructions};
use crate::types::CallStatus;

pub(super) enum Step {
    /// Run the next verb of the document.
    NextVerb,
    /// Run another document.
    Run(Document),
    /// Run instructions, which may have to be fetched.
    Follow(Instructions),
    /// End the call.
    End,
    /// Stop the document, because the conference or queue has changed the state of the call.
    Changed,
    /// Leave the queue.
    Leave,
    /// Stop to wait, because the document is unusable.
    Failed,
}

impl Step {
    /// Returns the final status of an unanswered call whose document begins with `<Reject>`.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/reject>
    pub(super) fn rejection(&self) -> Option<CallStatus> {
        let Self::Run(Document::Twiml { root, .. }) = self else {
            return None;
        };
        let first = root.children().next()?;
        (first.name() == "Reject").then(|| match first.attribute("reason") {
            Some("busy") => CallStatus::Busy,
            _ => CallStatus::NoAnswer,
        })
    }
}
