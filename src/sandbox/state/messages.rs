//! Messages of the account, and texts in a phone's inbox.

use std::time::SystemTime;

use super::settings::WebhookTarget;
use super::table::Row;
use crate::phone::Address;
use crate::types::{MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Redacted};

/// A message of the account, sent or received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredMessage {
    /// SID of the message, `SM...`, or `MM...` with media.
    pub sid: MessageSid,
    /// Address of the sender; `None` while a Messaging Service has not chosen it yet.
    pub from: Option<Address>,
    /// Address of the recipient.
    pub to: Address,
    /// Message body.
    pub body: Redacted<String>,
    /// URLs of the media, as the sender passed them.
    pub media_urls: Vec<Redacted<String>>,
    /// Direction: inbound, sent through the API, or sent as a reply.
    pub direction: MessageDirection,
    /// Messaging Service that sent the message, or whose sender pool contains its number.
    pub messaging_service_sid: Option<MessagingServiceSid>,
    /// Time at which a scheduled message is sent, by the sandbox's clock.
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

impl Row for StoredMessage {
    type Key = MessageSid;

    fn key(&self) -> MessageSid {
        self.sid
    }

    fn is_final(&self) -> bool {
        !matches!(
            self.status,
            MessageStatus::Accepted
                | MessageStatus::Scheduled
                | MessageStatus::Queued
                | MessageStatus::Sending
                | MessageStatus::Sent
        )
    }
}

/// A text in the inbox of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMessage {
    /// SID of the message. A real phone does not know it.
    pub sid: MessageSid,
    /// Address of the sender.
    pub from: Address,
    /// Message body.
    pub body: Redacted<String>,
    /// URLs of the media.
    pub media_urls: Vec<Redacted<String>>,
}
