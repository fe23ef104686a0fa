//! Receives a text from a phone: opt-out keywords, the application's webhook, the replies.

use std::sync::Arc;

use super::create::{NewMessage, create};
use super::deliver::deliver;
use super::reply::create_replies;
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{ActivityGuard, TextMessage, WebhookTarget};
use crate::sms::OptOut;
use crate::types::MessageDirection;

/// Receives a text to a number of the account, and delivers the replies. Returns the replies that
/// reached the sender's phone.
pub(crate) async fn receive(
    context: Arc<Context>,
    from: Address,
    to: Address,
    body: String,
    media_urls: Vec<String>,
    activity: &mut Option<ActivityGuard>,
) -> Vec<TextMessage> {
    let keyword_reply = apply_keyword(&context, &to, &from, &body);
    let new = NewMessage {
        from: Some(from.clone()),
        to: to.clone(),
        body,
        media_urls,
        messaging_service_sid: context.read(|state| {
            let number = state.number_at(&to)?.sid;
            Some(state.service_of(number)?.sid)
        }),
        send_at: None,
        direction: MessageDirection::Inbound,
        status_callback: None,
    };
    let message = create(&context, new);
    let mut replies = Vec::new();
    if let Some(body) = keyword_reply {
        // Not checked against the opt-outs: the reply to STOP is sent after the opt-out.
        let reply = NewMessage::reply(to.clone(), from.clone(), body.to_owned());
        replies.push(create(&context, reply).sid);
    }
    if let Some((target, fallback)) = inbound_webhooks(&context, &to) {
        replies.extend(create_replies(&context, &message, target, fallback).await);
    }
    for sid in &replies {
        deliver(&context, *sid, activity).await;
    }
    context.update(|state| {
        let inbox = &state.phone_mut(&from).inbox;
        inbox
            .iter()
            .filter(|text| replies.contains(&text.sid))
            .cloned()
            .collect()
    })
}

/// Applies Twilio's opt-out keywords. Returns a paraphrase of Twilio's own reply.
fn apply_keyword(
    context: &Context,
    ours: &Address,
    theirs: &Address,
    body: &str,
) -> Option<&'static str> {
    let keyword = OptOut::classify(body)?;
    let pair = (ours.clone(), theirs.clone());
    context.update(|state| match keyword {
        OptOut::Stop => state
            .opted_out
            .insert(pair)
            .then_some("You will get no more messages from this number. Reply START to resume."),
        // YES from a person who never opted out is an ordinary reply.
        OptOut::Start | OptOut::MaybeStart => state
            .opted_out
            .remove(&pair)
            .then_some("You will get messages from this number again. Reply STOP to end them."),
        OptOut::Help => Some("Reply STOP to get no more messages from this number."),
        // Twilio acts only on its keywords, not on free text such as "please stop".
        OptOut::MaybeStop => None,
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
