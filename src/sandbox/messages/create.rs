//! Adds messages to the account.

use std::time::SystemTime;

use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{StoredMessage, WebhookTarget};
use crate::sms::MessageSize;
use crate::types::{MessageDirection, MessageStatus, MessagingServiceSid, Redacted};

/// Twilio's limit for media in one message: 10.
pub(crate) const MEDIA_LIMIT: usize = 10;

/// Properties of a message to create.
pub(crate) struct NewMessage {
    pub(crate) from: Option<Address>,
    pub(crate) to: Address,
    pub(crate) body: String,
    pub(crate) media_urls: Vec<String>,
    pub(crate) messaging_service_sid: Option<MessagingServiceSid>,
    pub(crate) send_at: Option<SystemTime>,
    pub(crate) direction: MessageDirection,
    pub(crate) status_callback: Option<WebhookTarget>,
}

impl NewMessage {
    /// Creates a reply to an inbound message, without media and status callback.
    pub(super) const fn reply(from: Address, to: Address, body: String) -> Self {
        Self {
            from: Some(from),
            to,
            body,
            media_urls: Vec::new(),
            messaging_service_sid: None,
            send_at: None,
            direction: MessageDirection::OutboundReply,
            status_callback: None,
        }
    }
}

/// Creates a message with the status `received` if it is inbound, else `scheduled` or `queued`.
pub(crate) fn create(context: &Context, new: NewMessage) -> StoredMessage {
    let now = context.now();
    let inbound = new.direction == MessageDirection::Inbound;
    let prefix = if new.media_urls.is_empty() {
        "SM"
    } else {
        "MM"
    };
    let message = StoredMessage {
        sid: context.ids.sid(prefix),
        from: new.from,
        to: new.to,
        num_segments: u32::try_from(MessageSize::of(&new.body).segments()).unwrap_or(u32::MAX),
        body: Redacted::new(new.body),
        media_urls: new.media_urls.into_iter().map(Redacted::new).collect(),
        direction: new.direction,
        messaging_service_sid: new.messaging_service_sid,
        send_at: new.send_at,
        status: match new.send_at {
            _ if inbound => MessageStatus::Received,
            Some(_) => MessageStatus::Scheduled,
            None => MessageStatus::Queued,
        },
        error_code: None,
        date_created: now,
        date_updated: now,
        date_sent: inbound.then_some(now),
        status_callback: new.status_callback,
    };
    context.update(|state| {
        let limit = state.history_limit;
        state.messages.insert(message.clone(), limit);
    });
    message
}
