//! The life of a message: out through the carrier to a phone, in from a phone to the application.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Url;

use super::phone::Reception;
use super::records::{Hook, StoredMessage, Text, WebhookKind};
use super::store::{World, receipt_date};
use super::webhooks::{self, Document, Fields, field};
use crate::phone::E164;
use crate::sms::{MAX_BODY_LENGTH, MessageSize, OptOut, body_length};
use crate::twiml::Node;
use crate::types::{
    MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Method, Redacted,
};
/// Twilio's limit of media in a message.
pub(super) const MEDIA_LIMIT: usize = 10;
/// How many documents one text may lead through.
const DOCUMENT_LIMIT: usize = 20;

/// A message that is about to be.
pub(super) struct Draft {
    pub(super) from: E164,
    pub(super) to: E164,
    pub(super) body: String,
    pub(super) media: Vec<String>,
    pub(super) service: Option<MessagingServiceSid>,
    pub(super) send_at: Option<SystemTime>,
    pub(super) direction: MessageDirection,
    pub(super) callback: Option<Hook>,
}

/// Stores a message: `queued` on its way out, `received` on its way in.
pub(super) fn store(world: &World, draft: Draft) -> StoredMessage {
    let now = SystemTime::now();
    let inbound = draft.direction == MessageDirection::Inbound;
    let message = StoredMessage {
        sid: world.sid(if draft.media.is_empty() { "SM" } else { "MM" }),
        from: draft.from,
        to: draft.to,
        segments: u32::try_from(MessageSize::of(&draft.body).segments()).unwrap_or(u32::MAX),
        body: Redacted::new(draft.body),
        media: draft.media.into_iter().map(Redacted::new).collect(),
        direction: draft.direction,
        service: draft.service,
        send_at: draft.send_at,
        status: match draft.send_at {
            _ if inbound => MessageStatus::Received,
            Some(_) => MessageStatus::Scheduled,
            None => MessageStatus::Queued,
        },
        error_code: None,
        created: now,
        updated: now,
        sent: inbound.then_some(now),
        callback: draft.callback,
    };
    world.update(|state| state.messages.push(message.clone()));
    message
}

/// Carries a queued message to its phone and reports each step.
pub(super) async fn carry(world: &Arc<World>, sid: MessageSid) {
    let reception = world.update(|state| {
        let to = state.message(sid).map(|message| message.to)?;
        Some(state.phone_mut(to).reception)
    });
    let Some(reception) = reception else { return };
    match reception {
        Reception::Delivers => {
            step(world, sid, MessageStatus::Sent, None).await;
            step(world, sid, MessageStatus::Delivered, None).await;
        }
        Reception::Undelivered(code) => {
            step(world, sid, MessageStatus::Sent, None).await;
            step(world, sid, MessageStatus::Undelivered, Some(code)).await;
        }
        Reception::Failed(code) => step(world, sid, MessageStatus::Failed, Some(code)).await,
    }
}

async fn step(world: &Arc<World>, sid: MessageSid, status: MessageStatus, code: Option<u32>) {
    let message = world.update(|state| {
        let message = state.message_mut(sid)?;
        message.status.clone_from(&status);
        message.error_code = code;
        message.updated = SystemTime::now();
        if status == MessageStatus::Sent {
            message.sent = Some(message.updated);
        }
        let message = message.clone();
        if message.status == MessageStatus::Delivered {
            state.phone_mut(message.to).inbox.push(Text {
                sid,
                from: message.from,
                body: message.body.clone(),
                media: message.media.clone(),
            });
        }
        Some(message)
    });
    let Some(message) = message else { return };
    let Some(hook) = &message.callback else {
        return;
    };
    let fields = status_fields(world, &message);
    webhooks::notify(
        world,
        WebhookKind::MessageStatus,
        sid.as_str(),
        hook,
        fields,
    )
    .await;
}

fn status_fields(world: &World, message: &StoredMessage) -> Fields {
    let mut fields = Fields::new();
    field(&mut fields, "SmsSid", message.sid.as_str());
    field(&mut fields, "SmsStatus", message.status.as_str());
    field(&mut fields, "MessageStatus", message.status.as_str());
    field(&mut fields, "To", message.to.as_str());
    field(&mut fields, "MessageSid", message.sid.as_str());
    field(&mut fields, "AccountSid", world.account_sid.as_str());
    field(&mut fields, "From", message.from.as_str());
    field(&mut fields, "ApiVersion", "2010-04-01");
    if let Some(service) = message.service {
        field(&mut fields, "MessagingServiceSid", service.as_str());
    }
    if let Some(code) = message.error_code {
        field(&mut fields, "ErrorCode", code.to_string());
    }
    if matches!(
        message.status,
        MessageStatus::Delivered | MessageStatus::Undelivered
    ) {
        let receipt = receipt_date(message.updated).unwrap_or_default();
        field(&mut fields, "RawDlrDoneDate", receipt);
    }
    fields
}

/// A text from a phone to one of our numbers: asks the application and carries its answer.
/// Gives back what reached the sender's phone because of it.
pub(super) async fn receive(
    world: Arc<World>,
    from: E164,
    to: E164,
    body: String,
    media: Vec<String>,
) -> Vec<Text> {
    let answer = obey(&world, to, from, &body);
    let draft = Draft {
        from,
        to,
        body,
        media,
        service: world.read(|state| {
            let number = state.number(to)?.sid;
            Some(state.service_of(number)?.sid)
        }),
        send_at: None,
        direction: MessageDirection::Inbound,
        callback: None,
    };
    let message = store(&world, draft);
    let mut replies = Vec::new();
    if let Some(answer) = answer {
        // Twilio's own answer reaches the phone whatever the person opted out of.
        let answer = outgoing(to, from, answer.to_owned());
        replies.push(store(&world, answer).sid);
    }
    if let Some((hook, fallback)) = inbound_hooks(&world, to) {
        replies.extend(converse(&world, &message, hook, fallback).await);
    }
    for sid in &replies {
        carry(&world, *sid).await;
    }
    world.update(|state| {
        let inbox = &state.phone_mut(from).inbox;
        inbox
            .iter()
            .filter(|text| replies.contains(&text.sid))
            .cloned()
            .collect()
    })
}

/// Notes STOP and START. Gives back what Twilio itself answers, in the sandbox's words.
fn obey(world: &World, ours: E164, theirs: E164, body: &str) -> Option<&'static str> {
    let meaning = OptOut::classify(body)?;
    world.update(|state| match meaning {
        OptOut::Stop => state
            .opted_out
            .insert((ours, theirs))
            .then_some("You will get no more messages from this number. Reply START to resume."),
        // YES from somebody who never opted out is an ordinary answer.
        OptOut::Start => state
            .opted_out
            .remove(&(ours, theirs))
            .then_some("You will get messages from this number again. Reply STOP to end them."),
        OptOut::Help => Some("Reply STOP to get no more messages from this number."),
        // Twilio reads no free text.
        OptOut::MaybeStop => None,
    })
}

fn outgoing(from: E164, to: E164, body: String) -> Draft {
    Draft {
        from,
        to,
        body,
        media: Vec::new(),
        service: None,
        send_at: None,
        direction: MessageDirection::OutboundReply,
        callback: None,
    }
}

/// The URLs that are really configured: those of the Messaging Service whose pool the number is in,
/// unless it defers to the number; else those of the TwiML App when the number is bound to one,
/// else the number's own.
fn inbound_hooks(world: &World, number: E164) -> Option<(Hook, Option<Hook>)> {
    world.read(|state| {
        let number = state.number(number)?;
        if let Some(service) = state.service_of(number.sid)
            && service.setting("UseInboundWebhookOnNumber") != Some("true")
        {
            // Without a URL of its own, such a service drops what comes in.
            let settings = &service.settings;
            let hook = settings.hook("InboundRequestUrl", "InboundMethod")?;
            return Some((hook, settings.hook("FallbackUrl", "FallbackMethod")));
        }
        let settings = match number.sms_application_sid() {
            Some(app) => &state.application(app)?.settings,
            None => &number.settings,
        };
        let hook = settings.hook("SmsUrl", "SmsMethod")?;
        Some((hook, settings.hook("SmsFallbackUrl", "SmsFallbackMethod")))
    })
}

/// Asks the application about a text, follows its redirects, and stores its replies.
async fn converse(
    world: &Arc<World>,
    message: &StoredMessage,
    hook: Hook,
    fallback: Option<Hook>,
) -> Vec<MessageSid> {
    let sid = message.sid.as_str();
    let kind = WebhookKind::InboundMessage;
    let mut replies = Vec::new();
    let mut next = Some(hook);
    let mut documents = 0;
    while let Some(hook) = next.take() {
        documents += 1;
        if documents > DOCUMENT_LIMIT {
            world.alert(14106, "the text was redirected more than 20 times", sid);
            break;
        }
        let fields = inbound_fields(world, message);
        let asked = webhooks::ask(world, kind, sid, &hook, fallback.as_ref(), fields);
        let Some(document) = asked.await else { break };
        match document {
            Document::Empty => {}
            Document::Text(body) => {
                let draft = outgoing(message.to, message.from, body);
                replies.extend(checked(world, message, draft));
            }
            Document::Twiml { root, url } => {
                for verb in root.children() {
                    match verb.name() {
                        "Message" | "Sms" => {
                            replies.extend(run_message(world, message, verb, url.as_ref()));
                        }
                        "Redirect" => {
                            next = redirect(verb, url.as_ref());
                            if next.is_none() {
                                world.alert(11100, "the <Redirect> names no usable URL", sid);
                            }
                            break;
                        }
                        _ => world.alert(14110, "a verb that no answer to a text may hold", sid),
                    }
                }
            }
        }
    }
    replies
}

fn inbound_fields(world: &World, message: &StoredMessage) -> Fields {
    let mut fields = Fields::new();
    for name in [
        "ToCountry",
        "ToState",
        "ToCity",
        "ToZip",
        "FromCountry",
        "FromState",
        "FromCity",
        "FromZip",
    ] {
        // Twilio sends them empty when it does not know.
        field(&mut fields, name, "");
    }
    for name in ["SmsMessageSid", "SmsSid", "MessageSid"] {
        field(&mut fields, name, message.sid.as_str());
    }
    field(&mut fields, "NumMedia", message.media.len().to_string());
    for (index, url) in message.media.iter().enumerate() {
        let media_type = media_type(url.expose());
        field(&mut fields, &format!("MediaContentType{index}"), media_type);
        field(&mut fields, &format!("MediaUrl{index}"), url.expose());
    }
    if let Some(service) = message.service {
        field(&mut fields, "MessagingServiceSid", service.as_str());
    }
    field(&mut fields, "SmsStatus", message.status.as_str());
    field(&mut fields, "Body", message.body.expose());
    field(&mut fields, "To", message.to.as_str());
    field(&mut fields, "NumSegments", message.segments.to_string());
    field(&mut fields, "AccountSid", world.account_sid.as_str());
    field(&mut fields, "From", message.from.as_str());
    field(&mut fields, "ApiVersion", "2010-04-01");
    fields
}

/// What a medium is, by the ending of its address.
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

fn redirect(verb: &Node, base: Option<&Url>) -> Option<Hook> {
    let url = base?.join(verb.text().trim()).ok()?;
    let method = match verb.attribute("method") {
        Some("GET") => Method::Get,
        _ => Method::Post,
    };
    Some(Hook::new(url.as_str(), method))
}

/// Runs a `<Message>`.
fn run_message(
    world: &Arc<World>,
    message: &StoredMessage,
    verb: &Node,
    base: Option<&Url>,
) -> Option<MessageSid> {
    let children = || verb.children();
    let mut body = verb.text().trim().to_owned();
    for child in children().filter(|child| child.name() == "Body") {
        body.push_str(&child.text());
    }
    let media = children()
        .filter(|child| child.name() == "Media")
        .filter_map(|child| base?.join(child.text().trim()).ok())
        .map(String::from)
        .collect();
    let sid = message.sid.as_str();
    let number = |attribute, default| {
        verb.attribute(attribute)
            .map_or(Some(default), |text| E164::parse(text).ok())
    };
    let Some(to) = number("to", message.from) else {
        world.alert(14101, "the <Message> is for no E.164 number", sid);
        return None;
    };
    let ours = |from: &E164| world.read(|state| state.number(*from).is_some());
    let Some(from) = number("from", message.to).filter(ours) else {
        world.alert(14102, "the <Message> is from no number of the account", sid);
        return None;
    };
    let callback = verb
        .attribute("statusCallback")
        .or_else(|| verb.attribute("action"))
        .and_then(|url| base?.join(url).ok())
        .map(|url| Hook::new(url.as_str(), Method::Post));
    let draft = Draft {
        media,
        callback,
        ..outgoing(from, to, body)
    };
    checked(world, message, draft)
}

/// Stores a reply, if Twilio would take it.
fn checked(world: &Arc<World>, message: &StoredMessage, draft: Draft) -> Option<MessageSid> {
    let opted_out = world.read(|state| state.opted_out.contains(&(draft.from, draft.to)));
    let fault = if draft.body.is_empty() && draft.media.is_empty() {
        Some((14103, "the <Message> holds neither words nor media"))
    } else if body_length(&draft.body) > MAX_BODY_LENGTH {
        Some((21617, "the <Message> is longer than 1600 characters"))
    } else if draft.media.len() > MEDIA_LIMIT {
        Some((21623, "the <Message> holds more than 10 media"))
    } else if opted_out {
        Some((21610, "the reply is for somebody who has opted out"))
    } else {
        None
    };
    if let Some((code, words)) = fault {
        world.alert(code, words, message.sid.as_str());
        return None;
    }
    Some(store(world, draft).sid)
}
