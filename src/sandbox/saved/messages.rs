//! Messages, phones and opt-outs in the saved state.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::values::{SavedAddress, SavedAnswer, SavedDelivery, SavedTarget, SavedTime};
use crate::phone::Address;
use crate::sandbox::state::{
    Carrier, MediaSource, MessageOptions, OptOutScope, PhoneState, StoredMedia, StoredMessage,
    TextMessage, WebhookTarget,
};
use crate::types::{
    MediaSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Redacted,
};

#[derive(Deserialize, Serialize)]
pub(super) struct SavedMessage {
    sid: MessageSid,
    from: Option<SavedAddress>,
    to: SavedAddress,
    body: String,
    media_urls: Vec<String>,
    direction: MessageDirection,
    messaging_service_sid: Option<MessagingServiceSid>,
    send_at: Option<SavedTime>,
    status: MessageStatus,
    error_code: Option<u32>,
    num_segments: u32,
    date_created: SavedTime,
    date_updated: SavedTime,
    date_sent: Option<SavedTime>,
    price: Option<String>,
    status_callback: Option<SavedTarget>,
    media: Vec<SavedMedia>,
    validity_seconds: Option<u64>,
    discards_body: bool,
    hops: u8,
    is_mms: bool,
}

#[derive(Deserialize, Serialize)]
struct SavedMedia {
    sid: MediaSid,
    media_type: String,
    source: SavedSource,
    date_created: SavedTime,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum SavedSource {
    Url(String),
    Data(Base64),
}

/// Bytes in base64.
struct Base64(Arc<[u8]>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(de::Error::custom)?;
        Ok(Self(bytes.into()))
    }
}

impl SavedMessage {
    pub(super) const fn sid(&self) -> MessageSid {
        self.sid
    }
}

impl From<&StoredMessage> for SavedMessage {
    fn from(message: &StoredMessage) -> Self {
        let media = message.media.iter();
        let urls = message.media_urls.iter();
        Self {
            sid: message.sid,
            from: message.from.clone().map(SavedAddress),
            to: SavedAddress(message.to.clone()),
            body: message.body.expose().clone(),
            media_urls: urls.map(|url| url.expose().clone()).collect(),
            direction: message.direction.clone(),
            messaging_service_sid: message.messaging_service_sid,
            send_at: message.send_at.map(SavedTime),
            status: message.status.clone(),
            error_code: message.error_code,
            num_segments: message.num_segments,
            date_created: SavedTime(message.date_created),
            date_updated: SavedTime(message.date_updated),
            date_sent: message.date_sent.map(SavedTime),
            price: message.price.clone(),
            status_callback: message.status_callback.as_ref().map(SavedTarget::from),
            media: media.map(SavedMedia::from).collect(),
            validity_seconds: message.options.validity.map(|it| it.as_secs()),
            discards_body: message.options.discards_body,
            hops: message.options.hops,
            is_mms: message.options.is_mms,
        }
    }
}

impl From<SavedMessage> for StoredMessage {
    fn from(saved: SavedMessage) -> Self {
        let urls = saved.media_urls.into_iter();
        Self {
            sid: saved.sid,
            from: saved.from.map(|from| from.0),
            to: saved.to.0,
            body: Redacted::new(saved.body),
            media_urls: urls.map(Redacted::new).collect(),
            direction: saved.direction,
            messaging_service_sid: saved.messaging_service_sid,
            send_at: saved.send_at.map(|time| time.0),
            status: saved.status,
            error_code: saved.error_code,
            num_segments: saved.num_segments,
            date_created: saved.date_created.0,
            date_updated: saved.date_updated.0,
            date_sent: saved.date_sent.map(|time| time.0),
            price: saved.price,
            status_callback: saved.status_callback.map(WebhookTarget::from),
            media: saved.media.into_iter().map(StoredMedia::from).collect(),
            options: MessageOptions {
                validity: saved.validity_seconds.map(Duration::from_secs),
                discards_body: saved.discards_body,
                hops: saved.hops,
                is_mms: saved.is_mms,
            },
            awaits_answer: false,
            group: None,
        }
    }
}

impl From<&StoredMedia> for SavedMedia {
    fn from(media: &StoredMedia) -> Self {
        Self {
            sid: media.sid,
            media_type: media.media_type.clone(),
            source: match &media.source {
                MediaSource::Url(url) => SavedSource::Url(url.clone()),
                MediaSource::Bytes(bytes) => SavedSource::Data(Base64(Arc::clone(bytes))),
            },
            date_created: SavedTime(media.date_created),
        }
    }
}

impl From<SavedMedia> for StoredMedia {
    fn from(saved: SavedMedia) -> Self {
        Self {
            sid: saved.sid,
            media_type: saved.media_type,
            source: match saved.source {
                SavedSource::Url(url) => MediaSource::Url(url),
                SavedSource::Data(bytes) => MediaSource::Bytes(bytes.0),
            },
            date_created: saved.date_created.0,
        }
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct SavedPhone {
    address: SavedAddress,
    name: Option<String>,
    is_in_use: bool,
    is_known: bool,
    is_hidden: bool,
    delivery: Option<SavedDelivery>,
    answer: SavedAnswer,
    default_answer: SavedAnswer,
    line_type: Option<String>,
    carrier: Option<SavedCarrier>,
    unread: u32,
    last_text: Option<SavedLastText>,
    inbox: Vec<SavedText>,
    read_count: usize,
    taken_count: usize,
}

#[derive(Deserialize, Serialize)]
struct SavedCarrier {
    name: String,
    mobile_country_code: String,
    mobile_network_code: String,
}

#[derive(Deserialize, Serialize)]
struct SavedLastText {
    at: SavedTime,
    body: String,
}

#[derive(Deserialize, Serialize)]
struct SavedText {
    sid: MessageSid,
    from: SavedAddress,
    body: String,
    media_urls: Vec<String>,
}

impl SavedPhone {
    pub(super) fn new(address: &Address, phone: &PhoneState) -> Self {
        let last = phone.last_text.as_ref();
        Self {
            address: SavedAddress(address.clone()),
            name: phone.name.as_ref().map(|name| name.expose().clone()),
            is_in_use: phone.is_in_use,
            is_known: phone.is_known,
            is_hidden: phone.is_hidden,
            delivery: phone.delivery.map(SavedDelivery::from),
            answer: phone.answer.into(),
            default_answer: phone.default_answer.into(),
            line_type: phone.line_type.clone(),
            carrier: phone.carrier.as_ref().map(|carrier| SavedCarrier {
                name: carrier.name.clone(),
                mobile_country_code: carrier.mobile_country_code.clone(),
                mobile_network_code: carrier.mobile_network_code.clone(),
            }),
            unread: phone.unread,
            last_text: last.map(|(at, body)| SavedLastText {
                at: SavedTime(*at),
                body: body.expose().clone(),
            }),
            inbox: phone.inbox.iter().map(SavedText::from).collect(),
            read_count: phone.read_count,
            taken_count: phone.taken_count,
        }
    }

    /// Returns the text by which phones are ordered, because the state has them in no order.
    pub(super) fn order(&self) -> String {
        self.address.0.expose()
    }

    pub(super) fn into_phone(self) -> (Address, PhoneState) {
        let last = self.last_text;
        let phone = PhoneState {
            name: self.name.map(Redacted::new),
            is_in_use: self.is_in_use,
            is_known: self.is_known,
            is_hidden: self.is_hidden,
            delivery: self.delivery.map(Into::into),
            answer: self.answer.into(),
            default_answer: self.default_answer.into(),
            line_type: self.line_type,
            carrier: self.carrier.map(|carrier| Carrier {
                name: carrier.name,
                mobile_country_code: carrier.mobile_country_code,
                mobile_network_code: carrier.mobile_network_code,
            }),
            unread: self.unread,
            last_text: last.map(|last| (last.at.0, Redacted::new(last.body))),
            read_count: self.read_count.min(self.inbox.len()),
            taken_count: self.taken_count.min(self.inbox.len()),
            inbox: self.inbox.into_iter().map(TextMessage::from).collect(),
            ringing_calls: std::collections::VecDeque::new(),
        };
        (self.address.0, phone)
    }
}

impl From<&TextMessage> for SavedText {
    fn from(text: &TextMessage) -> Self {
        let urls = text.media_urls.iter();
        Self {
            sid: text.sid,
            from: SavedAddress(text.from.clone()),
            body: text.body.expose().clone(),
            media_urls: urls.map(|url| url.expose().clone()).collect(),
        }
    }
}

impl From<SavedText> for TextMessage {
    fn from(saved: SavedText) -> Self {
        let urls = saved.media_urls.into_iter();
        Self {
            sid: saved.sid,
            from: saved.from.0,
            body: Redacted::new(saved.body),
            media_urls: urls.map(Redacted::new).collect(),
        }
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct SavedOptOut {
    recipient: SavedAddress,
    /// Sender that the recipient refuses; `None` for every sender of `messaging_service_sid`.
    sender: Option<SavedAddress>,
    messaging_service_sid: Option<MessagingServiceSid>,
}

impl SavedOptOut {
    pub(super) fn new((scope, recipient): &(OptOutScope, Address)) -> Self {
        let (sender, messaging_service_sid) = match scope {
            OptOutScope::Sender(sender) => (Some(SavedAddress(sender.clone())), None),
            OptOutScope::Service(sid) => (None, Some(*sid)),
        };
        Self {
            recipient: SavedAddress(recipient.clone()),
            sender,
            messaging_service_sid,
        }
    }

    /// Returns the text by which opt-outs are ordered, because the state has them in no order.
    pub(super) fn order(&self) -> (String, String) {
        let sender = self.sender.as_ref().map(|sender| sender.0.expose());
        let service = self.messaging_service_sid.map(|sid| sid.to_string());
        let scope = sender.or(service).unwrap_or_default();
        (self.recipient.0.expose(), scope)
    }

    /// Returns the opt-out, or `None` if it names neither a sender nor a service.
    pub(super) fn into_opt_out(self) -> Option<(OptOutScope, Address)> {
        let scope = match (self.sender, self.messaging_service_sid) {
            (Some(sender), _) => OptOutScope::Sender(sender.0),
            (None, sid) => OptOutScope::Service(sid?),
        };
        Some((scope, self.recipient.0))
    }
}
