//! Log of the webhooks sent, and alerts of Twilio's debugger.

use std::time::SystemTime;

use crate::types::{Method, Redacted};

/// Event that a webhook reports or asks instructions for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookKind {
    /// A text was received. The response is TwiML.
    InboundMessage,
    /// The status of a message changed.
    MessageStatus,
    /// A call needs its first instructions, or those of a `<Redirect>`. The response is TwiML.
    Voice,
    /// A `<Gather>` collected digits or speech. The response is TwiML.
    GatherAction,
    /// A `<Record>` has ended. The response is TwiML.
    RecordAction,
    /// A `<Dial>` has ended. The response is TwiML.
    DialAction,
    /// A phone rung by a `<Dial>` has answered, and its noun has a `url`. The response is TwiML for
    /// that phone, before both are connected.
    Screening,
    /// A `<Refer>` has ended, or the SIP endpoint of a `<Dial>` transfers the call. The response is
    /// TwiML.
    Refer,
    /// Answering-machine detection has ended.
    MachineDetection,
    /// The status of a call changed.
    CallStatus,
    /// The verification of a caller ID has ended.
    CallerIdVerification,
}

/// A webhook that the sandbox sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentWebhook {
    /// Event that the webhook is about.
    pub kind: WebhookKind,
    /// SID of the message or call.
    pub sid: String,
    /// HTTP method.
    pub method: Method,
    /// URL as it was signed, including its query.
    pub url: Redacted<String>,
    /// Form fields in the order sent. With `GET` they are also in the URL.
    pub parameters: Redacted<Vec<(String, String)>>,
    /// Value of `X-Twilio-Signature`.
    pub signature: Redacted<String>,
    /// HTTP status of the response; `None` while the request is in progress, and if there was no
    /// response.
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
    /// The sandbox's description of the error.
    pub message: &'static str,
    /// SID of the message or call.
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
