//! Status callback of a call: its URL, and the events that it receives.

use crate::sandbox::state::WebhookTarget;

/// An event of `StatusCallbackEvent`.
///
/// Source: <https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallProgressEvent {
    Initiated,
    Ringing,
    Answered,
    Completed,
}

impl CallProgressEvent {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "initiated" => Some(Self::Initiated),
            "ringing" => Some(Self::Ringing),
            "answered" => Some(Self::Answered),
            "completed" => Some(Self::Completed),
            _ => None,
        }
    }
}

/// URL and events of a call's status callback.
pub(crate) struct StatusCallback {
    pub(crate) target: WebhookTarget,
    pub(crate) events: Vec<CallProgressEvent>,
    /// Set for the callback in a number's settings. It reports only the end of a call, without
    /// sequence number and timestamp.
    pub(crate) is_of_number: bool,
}
