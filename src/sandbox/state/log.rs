//! Log of webhooks sent, and alerts of Twilio's debugger.

use std::time::SystemTime;

use crate::types::{Method, Redacted};

/// Reason for which a webhook was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookKind {
    /// A text came in; answered in TwiML.
    InboundMessage,
    /// The status of a message changed.
    MessageStatus,
    /// A call wants instructions: its first, or those of a `<Redirect>`; answered in TwiML.
    Voice,
    /// Digits or speech from a `<Gather>`; answered in TwiML.
    GatherAction,
    /// A `<Record>` has ended; answered in TwiML.
    RecordAction,
    /// A `<Dial>` has ended; answered in TwiML.
    DialAction,
    /// The status of a call changed.
    CallStatus,
}

/// A webhook that the sandbox sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// Reason for which it was sent.
    pub kind: WebhookKind,
    /// SID of the message or call that it is about.
    pub sid: String,
    /// HTTP method.
    pub method: Method,
    /// URL as it was signed, its query included.
    pub url: Redacted<String>,
    /// Form fields in the order sent; with `GET` they are part of the URL.
    pub parameters: Redacted<Vec<(String, String)>>,
    /// Value of `X-Twilio-Signature`.
    pub signature: Redacted<String>,
    /// HTTP status of the response; `None` while it is under way, and when there was no response.
    pub status: Option<u16>,
}

/// An entry of Twilio's debugger.
///
/// Source: <https://www.twilio.com/docs/api/errors>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// Twilio's error code, such as 12100.
    pub code: u32,
    /// Description by the sandbox.
    pub message: &'static str,
    /// SID of the message or call that it is about.
    pub sid: String,
    pub(crate) level: String,
    pub(crate) at: SystemTime,
}

/// Error code and description of an alert.
#[derive(Clone, Copy)]
pub(crate) struct AlertCause {
    pub(crate) code: u32,
    pub(crate) message: &'static str,
}

impl AlertCause {
    pub(crate) const fn new(code: u32, message: &'static str) -> Self {
        Self { code, message }
    }
}
