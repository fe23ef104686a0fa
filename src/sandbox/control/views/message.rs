//! A message.

use serde::Serialize;

use super::phone::phone_of_message;
use super::time::{millis, rfc3339_millis};
use crate::phone::Address;
use crate::sandbox::state::{State, StoredMedia, StoredMessage, WebhookKind};
use crate::sms::MessageSize;
use crate::types::{AccountSid, MessageDirection, MessageSid};

/// Newest webhooks that are searched for the one of a message.
const SEARCHED: usize = 5_000;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct MessageView {
    sid: MessageSid,
    phone: String,
    /// Number of the account, or another sender; empty until a Messaging Service has chosen it.
    other: String,
    direction: &'static str,
    body: String,
    media: Vec<MediaView>,
    status: String,
    error_code: Option<u32>,
    encoding: &'static str,
    units: usize,
    segments: u32,
    at: String,
    /// Time of sending of a scheduled message.
    due: Option<String>,
    /// Set while a webhook has the text of a phone and the application has not answered.
    awaits_answer: bool,
    /// Answer of the application to a text of the phone.
    webhook: Option<AnswerView>,
    /// Group of the timeline in which the message was created.
    group: Option<String>,
}

/// A text of a phone, and the replies that reached it.
#[derive(Serialize)]
pub(in crate::sandbox::control) struct SentTextView {
    pub(in crate::sandbox::control) message: MessageView,
    /// Set if the application has answered, and its replies were delivered.
    pub(in crate::sandbox::control) answered: bool,
    pub(in crate::sandbox::control) replies: Vec<MessageView>,
}

#[derive(Serialize)]
struct MediaView {
    url: String,
    content_type: String,
    /// Set for a type that every browser shows.
    is_image: bool,
}

#[derive(Serialize)]
struct AnswerView {
    status: Option<u16>,
    duration_ms: Option<u64>,
}

/// What the view needs beside the message.
#[derive(Clone, Copy)]
pub(in crate::sandbox::control) struct Place<'a> {
    pub(in crate::sandbox::control) state: &'a State,
    pub(in crate::sandbox::control) base_url: &'a str,
    pub(in crate::sandbox::control) account: AccountSid,
}

impl MessageView {
    pub(in crate::sandbox::control) fn new(place: Place<'_>, message: &StoredMessage) -> Self {
        let is_from_phone = message.direction == MessageDirection::Inbound;
        let other = if is_from_phone {
            Some(&message.to)
        } else {
            message.from.as_ref()
        };
        let body = message.body.expose();
        let size = MessageSize::of(body);
        let media = message.media.iter();
        Self {
            sid: message.sid,
            phone: phone_of_message(message).map_or_else(String::new, Address::expose),
            other: other.map_or_else(String::new, Address::expose),
            direction: if is_from_phone {
                "from_phone"
            } else {
                "to_phone"
            },
            body: body.clone(),
            media: media
                .map(|media| MediaView::new(place, message, media))
                .collect(),
            status: message.status.as_str().to_owned(),
            error_code: message.error_code,
            encoding: size.encoding().as_str(),
            units: size.units(),
            segments: message.num_segments,
            at: rfc3339_millis(message.date_created),
            due: message.send_at.map(rfc3339_millis),
            awaits_answer: message.awaits_answer,
            webhook: is_from_phone
                .then(|| answer_of(place.state, message))
                .flatten(),
            group: message.group.map(|group| group.to_string()),
        }
    }
}

impl MediaView {
    fn new(place: Place<'_>, message: &StoredMessage, media: &StoredMedia) -> Self {
        let Place {
            base_url, account, ..
        } = place;
        let (message, sid) = (message.sid, media.sid);
        let path = format!("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{sid}");
        Self {
            url: format!("{base_url}{path}"),
            content_type: media.media_type.clone(),
            is_image: matches!(
                media.media_type.as_str(),
                "image/jpeg" | "image/png" | "image/gif"
            ),
        }
    }
}

/// Returns the application's last answer to a text.
fn answer_of(state: &State, message: &StoredMessage) -> Option<AnswerView> {
    let mut sent = state.webhooks.iter().rev().take(SEARCHED);
    let (_, sent) = sent.find(|(_, sent)| {
        sent.kind == WebhookKind::InboundMessage && sent.sid == message.sid.as_str()
    })?;
    Some(AnswerView {
        status: sent.status,
        duration_ms: sent.duration.map(millis),
    })
}
