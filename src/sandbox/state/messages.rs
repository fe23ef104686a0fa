//! Messages of the account, and texts in a phone's inbox.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::settings::WebhookTarget;
use super::table::Row;
use super::timeline::GroupId;
use crate::phone::Address;
use crate::types::{
    MediaSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Redacted,
};

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
    /// URLs of the media, as the sender passed them; empty for files.
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
    /// Price in the currency of the account, such as `-0.0079`; `None` before the delivery.
    pub price: Option<String>,
    pub(crate) date_updated: SystemTime,
    pub(crate) date_sent: Option<SystemTime>,
    pub(crate) status_callback: Option<WebhookTarget>,
    pub(crate) media: Vec<StoredMedia>,
    pub(crate) options: MessageOptions,
    /// Set while a webhook of the application has the text of a phone and has not answered.
    pub(crate) awaits_answer: bool,
    /// Group in which the message was created.
    pub(crate) group: Option<GroupId>,
}

/// Options of a message that take effect after its creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MessageOptions {
    /// Longest wait before the message is sent.
    pub(crate) validity: Option<Duration>,
    /// The body is erased when the message has been handed over (`ContentRetention=discard`).
    pub(crate) discards_body: bool,
    /// Number of texts between numbers of the account that led to this one.
    pub(crate) hops: u8,
    /// The message is sent as one with media, although it has none (`SendAsMms`).
    pub(crate) is_mms: bool,
}

impl StoredMessage {
    /// Reports whether the message is sent as one with media.
    pub(crate) const fn is_mms(&self) -> bool {
        !self.media.is_empty() || self.options.is_mms
    }
}

/// A media file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredMedia {
    pub(crate) sid: MediaSid,
    /// Value of `Content-Type`.
    pub(crate) media_type: String,
    pub(crate) source: MediaSource,
    pub(crate) date_created: SystemTime,
}

/// Place of a media file.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum MediaSource {
    /// URL to which the API redirects.
    Url(String),
    Bytes(Arc<[u8]>),
}

impl fmt::Debug for MediaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(_) => f.write_str("Url([redacted])"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
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
