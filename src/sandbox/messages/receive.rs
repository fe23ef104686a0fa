//! Receives a text from a phone: opt-out keywords, the application's webhook, the replies.

use std::sync::Arc;

use super::create::{NewMessage, create};
use super::reply::create_replies;
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{MessageOptions, WebhookTarget};
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

/// Stores a text to a number of the account and sends its webhook. Returns the replies to deliver.
pub(super) async fn answer(context: &Arc<Context>, text: InboundText) -> Vec<MessageSid> {
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
        return Vec::new();
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
    let mut replies = Vec::new();
    if let Some(body) = keyword_reply {
        // Not checked against the opt-outs: the reply to STOP is sent after the opt-out.
        let reply = NewMessage::reply(to.clone(), from.clone(), body.to_owned());
        replies.push(create(context, reply).sid);
    }
    if let Some((target, fallback)) = inbound_webhooks(context, &to) {
        replies.extend(create_replies(context, &message, target, fallback).await);
    }
    replies
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

/// Returns the webhook for inbound messages and its fallback, in Twilio's order of precedence.
///
/// 1. The Messaging Service whose sender pool contains the number, unless its
///    `UseInboundWebhookOnNumber` is `true`.
/// 2. The TwiML App in the number's `SmsApplicationSid`.
/// 3. The number's own settings.
fn inbound_webhooks(
    context: &Context,
    number: &Address,
) -> Option<(WebhookTarget, Option<WebhookTarget>)> {
    context.read(|state| {
        let number = state.number_at(number)?;
        if let Some(service) = state.service_of(number.sid)
            && service.setting("UseInboundWebhookOnNumber") != Some("true")
        {
            // A service without an inbound URL drops messages, even if the number has a URL.
            let settings = &service.settings;
            let target = settings.webhook("InboundRequestUrl", "InboundMethod")?;
            return Some((target, settings.webhook("FallbackUrl", "FallbackMethod")));
        }
        let settings = match number.sms_application_sid() {
            Some(app) => &state.application(app)?.settings,
            None => &number.settings,
        };
        let target = settings.webhook("SmsUrl", "SmsMethod")?;
        let fallback = settings.webhook("SmsFallbackUrl", "SmsFallbackMethod");
        Some((target, fallback))
    })
}
