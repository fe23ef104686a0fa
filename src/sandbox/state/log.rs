//! Log of the webhooks sent, and alerts of Twilio's debugger.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use super::fault_id::FaultId;
use super::timeline::{EventId, GroupId};
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
    /// An `<Sms>` has sent a text, or was refused. The response is TwiML.
    SmsAction,
    /// A `<Dial>` has ended. The response is TwiML.
    DialAction,
    /// A phone rung by a `<Dial>` has answered, and its noun has a `url`. The response is TwiML for
    /// that phone, before both are connected.
    Screening,
    /// A `<Refer>` has ended, or the SIP endpoint of a `<Dial>` transfers the call. The response is
    /// TwiML.
    Refer,
    /// A participant waits for its conference to start, or is on hold. The response is TwiML.
    ConferenceMusic,
    /// The REST API announces something in a conference. The response is TwiML.
    ConferenceAnnouncement,
    /// A call waits in a queue. The response is TwiML.
    QueueMusic,
    /// A call has left a queue. The response is TwiML.
    EnqueueAction,
    /// A call in a queue is about to be connected. The response is TwiML.
    QueueGreeting,
    /// A conference or one of its participants changed.
    ConferenceStatus,
    /// Answering-machine detection has ended.
    MachineDetection,
    /// The status of a call changed.
    CallStatus,
    /// A call fetches the file of a `<Play>`. The response is audio.
    Audio,
    /// A `<Gather>` reports the words that it has recognized so far.
    PartialResult,
    /// The verification of a caller ID has ended.
    CallerIdVerification,
    /// The status of a recording changed.
    RecordingStatus,
    /// The transcription of a recording has ended.
    Transcription,
    /// A real-time transcription has started or stopped, has failed, or has text.
    RealTimeTranscription,
    /// A SIPREC session has failed.
    SiprecStatus,
    /// A `<Connect>` has ended. The response is TwiML.
    ConnectAction,
    /// A media stream started, stopped or failed.
    StreamStatus,
    /// Handshake of a WebSocket, for a `<Stream>` or `<ConversationRelay>`. The URL begins with
    /// `wss` or `ws`. A fault that loses it is a timeout of the connection.
    WebSocket,
}

impl WebhookKind {
    /// Reports whether the response is TwiML.
    pub(crate) const fn is_for_instructions(self) -> bool {
        !self.is_status() && !matches!(self, Self::Audio | Self::WebSocket)
    }

    /// Reports whether the response is ignored, because the webhook only reports a status.
    pub(crate) const fn is_status(self) -> bool {
        matches!(
            self,
            Self::MessageStatus
                | Self::CallStatus
                | Self::ConferenceStatus
                | Self::MachineDetection
                | Self::CallerIdVerification
                | Self::PartialResult
                | Self::RecordingStatus
                | Self::Transcription
                | Self::RealTimeTranscription
                | Self::SiprecStatus
                | Self::StreamStatus
        )
    }
}

/// Number of bytes of a response body that the log keeps.
const LOGGED_BODY: usize = 4 * 1024;

/// An HTTP request of a webhook. A retry and each redirect that is followed are requests of their
/// own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentWebhook {
    /// Event that the webhook is about.
    pub kind: WebhookKind,
    /// SID of the message, call or conference.
    pub sid: String,
    /// HTTP method.
    pub method: Method,
    /// URL as it was signed, including its query.
    pub url: Redacted<String>,
    /// Form fields in the order sent. With `GET` they are also in the URL.
    pub parameters: Redacted<Vec<(String, String)>>,
    /// Value of `X-Twilio-Signature`.
    pub signature: Redacted<String>,
    /// Number of the attempt, from 1. Retries have the numbers from 2.
    pub attempt: u32,
    /// Number of redirects that were followed before this request.
    pub redirects: u32,
    /// Time of sending, by the sandbox's clock.
    pub sent_at: SystemTime,
    /// Real time until the response was received or the request failed; `None` while it is in
    /// progress.
    pub duration: Option<Duration>,
    /// HTTP status of the response; `None` while the request is in progress, and if there was no
    /// response.
    pub status: Option<u16>,
    /// `Content-Type` of the response.
    pub response_type: Option<String>,
    /// First 4,096 bytes of the body of the response.
    pub response_body: Redacted<String>,
    /// Fault that affected the webhook.
    pub fault: Option<FaultId>,
    /// Set if another key made the signature, because of a fault or on demand.
    pub(crate) is_forged: bool,
    pub(crate) group: Option<GroupId>,
    /// Serial number in the log.
    pub(crate) id: u64,
}

/// An entry of Twilio's debugger.
///
/// Source: <https://www.twilio.com/docs/usage/monitor-alert>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// SID of the alert, `NO...`.
    pub sid: String,
    /// Twilio's error code, such as 12100.
    pub code: u32,
    /// Level in Twilio's words: `error`, `warning`, `notice` or `debug`.
    pub level: String,
    /// The sandbox's description of the error.
    pub message: Cow<'static, str>,
    /// SID of the message, call or conference; empty if the alert is about none of them.
    pub resource_sid: String,
    /// Time of the alert, by the sandbox's clock.
    pub date_generated: SystemTime,
    /// Request to the application that the alert is about; `None` if there was none.
    pub request: Option<AlertRequest>,
    /// Group in which the alert arose.
    pub(crate) group: Option<GroupId>,
}

/// Request and response that an [`Alert`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlertRequest {
    /// HTTP method.
    pub method: Method,
    /// URL, including its query.
    pub url: Redacted<String>,
    /// Form fields.
    pub parameters: Redacted<Vec<(String, String)>>,
    /// HTTP status of the response; `None` if there was none.
    pub response_status: Option<u16>,
    /// First 4,096 bytes of the body of the response.
    pub response_body: Redacted<String>,
    /// The request in the timeline; `None` if it was not sent.
    pub(crate) event: Option<EventId>,
}

impl AlertRequest {
    /// Creates the description of a request that was not sent.
    pub(crate) const fn unsent(method: Method, url: Redacted<String>) -> Self {
        Self {
            method,
            url,
            parameters: Redacted::new(Vec::new()),
            response_status: None,
            response_body: Redacted::new(String::new()),
            event: None,
        }
    }
}

impl From<&SentWebhook> for AlertRequest {
    fn from(sent: &SentWebhook) -> Self {
        Self {
            method: sent.method,
            url: sent.url.clone(),
            parameters: sent.parameters.clone(),
            response_status: sent.status,
            response_body: sent.response_body.clone(),
            event: Some(EventId::Webhook(sent.id)),
        }
    }
}

impl Alert {
    /// Returns the text of the alert in the form of Twilio's `alert_text`: fields of a form, such
    /// as `Msg` and `ErrorCode`. It contains no personal data.
    #[must_use]
    pub fn text(&self) -> String {
        let status = self
            .request
            .as_ref()
            .and_then(|request| request.response_status);
        let mut fields = vec![("Msg", self.message.clone().into_owned())];
        fields.extend(status.map(|status| ("httpResponse", status.to_string())));
        fields.push(("ErrorCode", self.code.to_string()));
        fields.push(("LogLevel", self.level.to_ascii_uppercase()));
        // Text values always make a form.
        serde_urlencoded::to_string(fields).unwrap_or_default()
    }
}

/// Returns the part of a response body that the log keeps.
pub(crate) fn logged_body(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..LOGGED_BODY).unwrap_or(body)).into_owned()
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
