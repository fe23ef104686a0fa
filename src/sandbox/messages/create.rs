//! Adds messages to the account.

use std::sync::Arc;
use std::time::SystemTime;

use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    MediaSource, MessageOptions, State, StoredMedia, StoredMessage, WebhookTarget,
};
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
    pub(crate) options: MessageOptions,
    /// Media files that a phone attached.
    pub(crate) files: Vec<(String, Arc<[u8]>)>,
}

impl NewMessage {
    /// Creates a reply to an inbound message, without media and status callback.
    pub(super) fn reply(from: Address, to: Address, body: String) -> Self {
        Self {
            from: Some(from),
            to,
            body,
            media_urls: Vec::new(),
            messaging_service_sid: None,
            send_at: None,
            direction: MessageDirection::OutboundReply,
            status_callback: None,
            options: MessageOptions::default(),
            files: Vec::new(),
        }
    }
}

/// Creates a message with the status `received` if it is inbound, else `scheduled` or `queued`.
pub(crate) fn create(context: &Context, new: NewMessage) -> StoredMessage {
    let now = context.now();
    let inbound = new.direction == MessageDirection::Inbound;
    let has_sender = new.from.is_some();
    let media = media_of(context, &new, now);
    let is_mms = !media.is_empty() || new.options.is_mms;
    let prefix = if is_mms { "MM" } else { "SM" };
    let message = StoredMessage {
        sid: context.ids.sid(prefix),
        num_segments: if is_mms || new.from.is_some() {
            segments(&new.body, is_mms)
        } else {
            // Counted when the Messaging Service has chosen the sender.
            0
        },
        from: new.from,
        to: new.to,
        body: Redacted::new(new.body),
        media_urls: new.media_urls.into_iter().map(Redacted::new).collect(),
        direction: new.direction,
        messaging_service_sid: new.messaging_service_sid,
        send_at: new.send_at,
        status: match new.send_at {
            _ if inbound => MessageStatus::Received,
            Some(_) => MessageStatus::Scheduled,
            None if has_sender => MessageStatus::Queued,
            None => MessageStatus::Accepted,
        },
        error_code: None,
        date_created: now,
        date_updated: now,
        date_sent: inbound.then_some(now),
        status_callback: new.status_callback,
        price: None,
        media,
        options: new.options,
        awaits_answer: false,
        group: Context::cause(),
    };
    context.update(|state| {
        note_subject(state, &message);
        state.add_message(message.clone());
    });
    message
}

/// Names the message in its group, and lets its phone appear.
fn note_subject(state: &mut State, message: &StoredMessage) {
    let phone = match &message.from {
        Some(from) if message.direction == MessageDirection::Inbound => from,
        _ => &message.to,
    };
    if let Some(group) = message.group {
        let title = || match message.direction {
            MessageDirection::Inbound => format!("Text from {}", phone.expose()),
            _ => format!("Text to {}", phone.expose()),
        };
        let timeline = &mut state.timeline;
        timeline.set_subject(group, message.sid.as_str(), title, phone);
    }
    let state_of_phone = state.phone_mut(phone);
    state_of_phone.appear();
    if message.direction == MessageDirection::Inbound {
        state_of_phone.last_text = Some((message.date_created, message.body.clone()));
    }
}

/// Returns the number of segments of a message. One with media is sent as a whole.
pub(super) fn segments(body: &str, is_mms: bool) -> u32 {
    if is_mms {
        return 1;
    }
    u32::try_from(MessageSize::of(body).segments()).unwrap_or(u32::MAX)
}

fn media_of(context: &Context, new: &NewMessage, now: SystemTime) -> Vec<StoredMedia> {
    let urls = new.media_urls.iter().map(|url| {
        let source = MediaSource::Url(url.clone());
        (media_type(url).to_owned(), source)
    });
    let files = new.files.iter().map(|(media_type, bytes)| {
        let source = MediaSource::Bytes(Arc::clone(bytes));
        (media_type.clone(), source)
    });
    urls.chain(files)
        .map(|(media_type, source)| StoredMedia {
            sid: context.ids.sid("ME"),
            media_type,
            source,
            date_created: now,
        })
        .collect()
}

/// Returns the media type for the extension of a URL's path.
fn media_type(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    match path
        .rsplit('.')
        .next()
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("mp4") => "video/mp4",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}
