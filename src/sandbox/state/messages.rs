//! Messages of the account, and texts in a phone's inbox.

use std::time::SystemTime;

use super::settings::WebhookTarget;
use crate::phone::E164;
use crate::types::{MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Redacted};

/// A message of the account, sent or received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredMessage {
    /// SID of the message, `SM...`, or `MM...` with media.
    pub sid: MessageSid,
    /// Number of the sender.
    pub from: E164,
    /// Number of the recipient.
    pub to: E164,
    /// Message body.
    pub body: Redacted<String>,
    /// URLs of the media, as the sender passed them.
    pub media_urls: Vec<Redacted<String>>,
    /// Direction: inbound, sent through the API, or sent as a reply.
    pub direction: MessageDirection,
    /// Messaging Service that sent the message, or whose sender pool contains its number.
    pub messaging_service_sid: Option<MessagingServiceSid>,
    /// Time at which a scheduled message is due. The sandbox does not wait for it: the message
    /// stays `scheduled` until it is canceled.
    pub send_at: Option<SystemTime>,
    /// Delivery status.
    pub status: MessageStatus,
    /// Twilio's error code, for a message that was not delivered.
    pub error_code: Option<u32>,
    /// Number of SMS segments of the body.
    pub num_segments: u32,
    /// Time of creation.
    pub date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
    pub(crate) date_sent: Option<SystemTime>,
    pub(crate) status_callback: Option<WebhookTarget>,
}

/// A text in the inbox of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMessage {
    /// SID of the message. A real phone does not know it.
    pub sid: MessageSid,
    /// Number of the sender.
    pub from: E164,
    /// Message body.
    pub body: Redacted<String>,
    /// URLs of the media.
    pub media_urls: Vec<Redacted<String>>,
}
