//! Receives a text from a phone: opt-out keywords, the application's webhook, the replies.

use std::sync::Arc;

use super::create::{NewMessage, create};
use super::reply::create_replies;
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{MessageOptions, RouteCandidate, StoredMessage, WebhookTarget};
use crate::sms::OptOut;
use crate::types::{MessageDirection, MessageSid};

/// Media that a phone attaches to a text.
#[derive(Default)]
pub(crate) struct InboundMedia {
    /// URLs of files that the test serves.
    pub(crate) urls: Vec<String>,
    /// Files, each with its media type.
    pub(crate) files: Vec<(String, Arc<[u8]>)>,
}

/// A text from a phone.
pub(crate) struct InboundText {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) body: String,
    pub(crate) media: InboundMedia,
    /// Number of texts between numbers of the account that led to this one.
    pub(crate) hops: u8,
}

/// A text that the account has received, and Twilio's own reply to its keyword.
pub(super) struct ReceivedText {
    pub(super) message: StoredMessage,
    keyword_reply: Option<MessageSid>,
}

/// Stores a text to a number of the account. Returns `None` if the account is not active.
pub(super) fn store(context: &Context, text: InboundText) -> Option<ReceivedText> {
    let InboundText {
        from,
        to,
        body,
        media,
        hops,
    } = text;
    if !context.read(|state| state.account.is_active()) {
        let text = "the account is not active, so it receives no texts";
        context.alert(20005, text, context.account_sid.as_str());
        return None;
    }
    let keyword_reply = apply_keyword(context, &to, &from, &body);
    let new = NewMessage {
        from: Some(from.clone()),
        to: to.clone(),
        body,
        media_urls: media.urls,
        files: media.files,
        options: MessageOptions {
            hops,
            ..MessageOptions::default()
        },
        messaging_service_sid: context.read(|state| state.service_of_sender(&to)),
        send_at: None,
        direction: MessageDirection::Inbound,
        status_callback: None,
    };
    let message = create(context, new);
    if inbound_webhooks(context, &message.to).is_some() {
        set_awaits_answer(context, message.sid, true);
    }
    // Not checked against the opt-outs: the reply to STOP is sent after the opt-out.
    let keyword_reply = keyword_reply.map(|body| {
        let reply = NewMessage::reply(to, from, body.to_owned());
        create(context, reply).sid
    });
    Some(ReceivedText {
        message,
        keyword_reply,
    })
}

/// Sends the webhook of a text. Returns the replies to deliver.
pub(super) async fn answer(context: &Arc<Context>, text: &ReceivedText) -> Vec<MessageSid> {
    let mut replies = Vec::from_iter(text.keyword_reply);
    if let Some((target, fallback)) = inbound_webhooks(context, &text.message.to) {
        replies.extend(create_replies(context, &text.message, target, fallback).await);
    }
    set_awaits_answer(context, text.message.sid, false);
    replies
}

/// Notes whether the application still has to answer a text.
fn set_awaits_answer(context: &Context, sid: MessageSid, awaits_answer: bool) {
    context.update(|state| {
        let awaits = |message: &StoredMessage| message.awaits_answer;
        // Without a change, readers of the feed learn nothing.
        if state.message(sid).is_some_and(awaits) != awaits_answer
            && let Some(message) = state.message_mut(sid)
        {
            message.awaits_answer = awaits_answer;
        }
    });
}

/// Applies Twilio's opt-out keywords. Returns a paraphrase of Twilio's own reply.
fn apply_keyword(
    context: &Context,
    ours: &Address,
    theirs: &Address,
    body: &str,
) -> Option<&'static str> {
    let keyword = OptOut::classify(body)?;
    context.update(|state| {
        let scope = state.opt_out_scope(ours);
        let theirs = theirs.clone();
        match keyword {
            OptOut::Stop => state.opt_outs.add(scope, theirs).then_some(
                "You will get no more messages from this number. Reply START to resume.",
            ),
            // YES from a person who never opted out is an ordinary reply.
            OptOut::Start | OptOut::MaybeStart => state
                .opt_outs
                .remove(scope, theirs)
                .then_some("You will get messages from this number again. Reply STOP to end them."),
            OptOut::Help => Some("Reply STOP to get no more messages from this number."),
            // Twilio acts only on its keywords, not on free text such as "please stop".
            OptOut::MaybeStop => None,
        }
    })
}

/// Returns the webhook for inbound messages and its fallback.
fn inbound_webhooks(
    context: &Context,
    number: &Address,
) -> Option<(WebhookTarget, Option<WebhookTarget>)> {
    let candidates = context.read(|state| Some(state.text_routes(state.number_at(number)?)));
    let winner = RouteCandidate::winner(candidates?)?;
    Some((winner.target?, winner.fallback))
}
