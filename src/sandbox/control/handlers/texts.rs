//! `phones/{number}/messages`: the texts of one phone.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use serde::Deserialize;
use tokio::time::timeout;

use super::page::limit_of;
use super::phones::require;
use crate::phone::{Address, E164};
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::{ControlRequest, check_length, number_of};
use crate::sandbox::control::views::message::{MessageView, Place, SentTextView};
use crate::sandbox::control::views::phone::phone_of_message;
use crate::sandbox::messages::{self, InboundMedia, InboundText, MEDIA_LIMIT};
use crate::sandbox::state::{MediaSource, State, TextMessage};
use crate::types::MessageSid;

/// Longest body of a text, in characters.
const BODY_LIMIT: usize = 1_600;

/// Size of all media of a text together, in bytes.
const MEDIA_SIZE: usize = 5 * 1024 * 1024;

/// Size of the media of all messages, in bytes.
const ALL_MEDIA: usize = 256 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    limit: Option<usize>,
    /// SID of a message; older ones are listed.
    before: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextInput {
    to: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    media: Vec<MediaInput>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MediaInput {
    content_type: String,
    /// Bytes in base64.
    data: String,
}

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    let number = Address::Phone(request.number()?);
    let ListQuery { limit, before } = request.query()?;
    let limit = limit_of(limit)?;
    let account = request.context().account_sid;
    let messages: Vec<MessageView> = request.context().read(|state| {
        let place = Place {
            state,
            base_url: &request.base_url,
            account,
        };
        let mut newest = state.messages.iter().rev();
        if let Some(before) = &before {
            let found = newest.find(|message| message.sid.as_str() == before);
            found.ok_or_else(|| unknown_message(before))?;
        }
        let texts = newest.filter(|message| phone_of_message(message) == Some(&number));
        let texts = texts.take(limit);
        Ok(texts
            .map(|message| MessageView::new(place, message))
            .collect())
    })?;
    Reply::ok(&messages)
}

fn unknown_message(sid: &str) -> ControlError {
    let message = format!("`before` is {sid}, which is not the SID of a message");
    ControlError::bad_request("invalid_query", message)
}

/// Texts a number of the account. The text is processed even if the client goes away.
pub(in crate::sandbox::control) async fn create(request: &ControlRequest) -> Handled {
    let wait = request.wait()?;
    let from = request.number()?;
    let input: TextInput = request.json()?;
    let text = read_text(from, input)?;
    let context = request.context();
    context.update(|state| {
        check_owned(state, &text.to)?;
        check_space(state, &text.media)?;
        require(state, from)
    })?;
    let (message, replies) = messages::text(context, text);
    let message = message.ok_or_else(|| {
        let message = "the account is not active, so it receives no texts";
        ControlError::conflict("account_not_active", message)
    })?;
    let sid = message.sid;
    let Some(wait) = wait else {
        return Reply::created(&view(request, sid)?);
    };
    let replies: Option<Vec<TextMessage>> = match timeout(wait, replies).await {
        Ok(Ok(replies)) => Some(replies),
        _ => None,
    };
    let views = replies.iter().flatten();
    let views = views.filter_map(|reply| view(request, reply.sid).ok());
    Reply::created(&SentTextView {
        message: view(request, sid)?,
        answered: replies.is_some(),
        replies: views.collect(),
    })
}

fn read_text(from: E164, input: TextInput) -> Result<InboundText, ControlError> {
    let to = number_of("to", &input.to)?;
    check_length("body", &input.body, BODY_LIMIT)?;
    if input.body.is_empty() && input.media.is_empty() {
        let message = "the text has neither `body` nor `media`; give one of them";
        return Err(ControlError::invalid("empty_text", message));
    }
    Ok(InboundText {
        from: from.into(),
        to: to.into(),
        body: input.body,
        media: InboundMedia {
            urls: Vec::new(),
            files: read_media(&input.media)?,
        },
        hops: 0,
    })
}

/// Media type and bytes of a file.
type File = (String, Arc<[u8]>);

fn read_media(media: &[MediaInput]) -> Result<Vec<File>, ControlError> {
    if media.len() > MEDIA_LIMIT {
        let message = format!(
            "`media` has {} files; at most {MEDIA_LIMIT} are possible",
            media.len()
        );
        return Err(ControlError::invalid("too_many_media", message));
    }
    let mut files = Vec::new();
    let mut size = 0;
    for (index, file) in media.iter().enumerate() {
        let field = |name: &str| format!("`media[{index}].{name}`");
        if !is_media_type(&file.content_type) {
            let message = format!(
                "{} is no media type, such as image/png",
                field("content_type")
            );
            return Err(ControlError::invalid("invalid_media", message));
        }
        let bytes = STANDARD.decode(&file.data).map_err(|error| {
            let message = format!("{} is not base64: {error}", field("data"));
            ControlError::invalid("invalid_media", message)
        })?;
        size += bytes.len();
        files.push((file.content_type.clone(), Arc::from(bytes)));
    }
    if size > MEDIA_SIZE {
        let message = format!("the media have {size} bytes; at most {MEDIA_SIZE} are possible");
        return Err(ControlError::invalid("media_too_large", message));
    }
    Ok(files)
}

/// Checks that the media of all messages have space in the memory.
fn check_space(state: &State, new: &InboundMedia) -> Result<(), ControlError> {
    if new.files.is_empty() {
        return Ok(());
    }
    let stored = state.messages.iter().flat_map(|message| &message.media);
    let stored: usize = stored
        .map(|media| match &media.source {
            MediaSource::Bytes(bytes) => bytes.len(),
            MediaSource::Url(_) => 0,
        })
        .sum();
    let added: usize = new.files.iter().map(|(_, bytes)| bytes.len()).sum();
    if stored + added <= ALL_MEDIA {
        return Ok(());
    }
    let message = format!("the sandbox has {stored} bytes of media already; reset it first");
    Err(ControlError::conflict("media_full", message))
}

fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        let mut bytes = part.bytes();
        !part.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    text.len() <= 100
        && HeaderValue::from_str(text).is_ok()
        && essence
            .split_once('/')
            .is_some_and(|(top, sub)| is_token(top) && is_token(sub))
}

/// Checks that the account owns a number that a phone texts or calls.
pub(super) fn check_owned(state: &State, number: &Address) -> Result<(), ControlError> {
    if state.number_at(number).is_some() {
        return Ok(());
    }
    let message = format!(
        "`to` is {}, which the account does not own; add it with `POST /_sandbox/numbers`",
        number.expose()
    );
    Err(ControlError::invalid("unknown_number", message))
}

/// Returns the newest text that the phone received and that was not returned yet.
pub(in crate::sandbox::control) async fn latest(request: &ControlRequest) -> Handled {
    let wait = request.wait()?;
    let number = Address::Phone(request.number()?);
    let find = |state: &mut State| {
        let phone = state.phones.get(&number)?;
        // Only a phone that has something is lent for a change.
        if phone.inbox.len() <= phone.taken_count {
            return None;
        }
        state.phone_mut(&number).take_newest().map(|text| text.sid)
    };
    let found = request
        .context()
        .wait_at_most(wait.unwrap_or_default(), find)
        .await;
    let sid = found.ok_or_else(|| {
        let message = "the phone received no text that this path has not returned yet; `?wait=5` \
                       waits for one";
        ControlError::not_found("no_message", message)
    })?;
    Reply::ok(&view(request, sid)?)
}

fn view(request: &ControlRequest, sid: MessageSid) -> Result<MessageView, ControlError> {
    let context = request.context();
    let view = context.read(|state| {
        let place = Place {
            state,
            base_url: &request.base_url,
            account: context.account_sid,
        };
        Some(MessageView::new(place, state.message(sid)?))
    });
    view.ok_or_else(|| {
        let message = "the message was deleted in the meantime";
        ControlError::conflict("message_deleted", message)
    })
}
