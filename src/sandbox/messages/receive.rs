//! Receives a text from a phone: opt-out keywords, the application's webhook, the replies.

use std::sync::Arc;

use super::create::{NewMessage, create};
use super::deliver::deliver;
use super::reply::create_replies;
use crate::phone::E164;
use crate::sandbox::context::Context;
use crate::sandbox::state::{TextMessage, WebhookTarget};
use crate::sms::OptOut;
use crate::types::MessageDirection;

/// Receives a text for a number of the account, and delivers the replies. Returns those that
/// reached the sender's phone.
pub(crate) async fn receive(
    context: Arc<Context>,
    from: E164,
    to: E164,
    body: String,
    media_urls: Vec<String>,
) -> Vec<TextMessage> {
    let keyword_reply = apply_keyword(&context, to, from, &body);
    let new = NewMessage {
        from,
        to,
        body,
        media_urls,
        messaging_service_sid: context.read(|state| {
            let number = state.number(to)?.sid;
            Some(state.service_of(number)?.sid)
        }),
        send_at: None,
        direction: MessageDirection::Inbound,
        status_callback: None,
    };
    let message = create(&context, new);
    let mut replies = Vec::new();
    if let Some(body) = keyword_reply {
        // Twilio's own reply reaches the phone even if the person has opted out.
        let reply = NewMessage::reply(to, from, body.to_owned());
        replies.push(create(&context, reply).sid);
    }
    if let Some((target, fallback)) = inbound_webhooks(&context, to) {
        replies.extend(create_replies(&context, &message, target, fallback).await);
    }
    for sid in &replies {
        deliver(&context, *sid).await;
    }
    context.update(|state| {
        let inbox = &state.phone_mut(from).inbox;
        inbox
            .iter()
            .filter(|text| replies.contains(&text.sid))
            .cloned()
            .collect()
    })
}

/// Applies Twilio's opt-out keywords. Returns Twilio's own reply, paraphrased.
fn apply_keyword(context: &Context, ours: E164, theirs: E164, body: &str) -> Option<&'static str> {
    let keyword = OptOut::classify(body)?;
    context.update(|state| match keyword {
        OptOut::Stop => state
            .opted_out
            .insert((ours, theirs))
            .then_some("You will get no more messages from this number. Reply START to resume."),
        // YES from a person who never opted out is an ordinary reply.
        OptOut::Start => state
            .opted_out
            .remove(&(ours, theirs))
            .then_some("You will get messages from this number again. Reply STOP to end them."),
        OptOut::Help => Some("Reply STOP to get no more messages from this number."),
        // Twilio reads no free text.
        OptOut::MaybeStop => None,
    })
}

/// Webhooks that are configured: those of the Messaging Service whose pool the number is in,
/// unless it defers to the number; else those of the TwiML App when the number is bound to one,
/// else the number's own.
fn inbound_webhooks(
    context: &Context,
    number: E164,
) -> Option<(WebhookTarget, Option<WebhookTarget>)> {
    context.read(|state| {
        let number = state.number(number)?;
        if let Some(service) = state.service_of(number.sid)
            && service.setting("UseInboundWebhookOnNumber") != Some("true")
        {
            // Without a URL of its own, such a service drops what comes in.
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
