//! Messages of the account, and texts as a phone shows them.

use std::time::SystemTime;

use super::settings::WebhookTarget;
use crate::phone::E164;
use crate::types::{MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Redacted};

/// A message of the account, sent or received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredMessage {
    /// `SM...`, or `MM...` with media.
    pub sid: MessageSid,
    /// Number of the sender.
    pub from: E164,
    /// Number of the recipient.
    pub to: E164,
    /// Message body.
    pub body: Redacted<String>,
    /// URLs of the media, as they were given.
    pub media_urls: Vec<Redacted<String>>,
    /// Inbound, sent through the API, or sent as a reply.
    pub direction: MessageDirection,
    /// The Messaging Service that sent it, or whose pool its number is in.
    pub messaging_service_sid: Option<MessagingServiceSid>,
    /// Time of a scheduled message. The sandbox waits for nothing: a scheduled message stays so
    /// until it is canceled.
    pub send_at: Option<SystemTime>,
    /// Delivery status.
    pub status: MessageStatus,
    /// Twilio's error code of a message that was not delivered.
    pub error_code: Option<u32>,
    /// Number of SMS segments that the body takes.
    pub num_segments: u32,
    /// When the message was created.
    pub date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
    pub(crate) date_sent: Option<SystemTime>,
    pub(crate) status_callback: Option<WebhookTarget>,
}

/// A text as a volunteer's phone shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMessage {
    /// The message's SID, which a real phone does not see.
    pub sid: MessageSid,
    /// Number of the sender.
    pub from: E164,
    /// Message body.
    pub body: Redacted<String>,
    /// URLs of the media.
    pub media_urls: Vec<Redacted<String>>,
}
