//! Where a call goes after a verb.

use crate::sandbox::state::{Document, Instructions};
use crate::types::CallStatus;

pub(super) enum Step {
    /// To the next verb.
    NextVerb,
    /// To another document.
    Run(Document),
    /// To instructions that may have to be fetched.
    Follow(Instructions),
    /// To its end.
    End,
}

impl Step {
    /// The status with which a first `<Reject>` ends a call that was never answered.
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
