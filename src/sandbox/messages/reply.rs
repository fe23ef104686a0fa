//! Runs the TwiML of a response to a text: `<Message>` and `<Redirect>`.

use reqwest::Url;

use super::create::{MEDIA_LIMIT, NewMessage, create};
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::numbers::{read_number, region_of};
use crate::sandbox::places::push_place;
use crate::sandbox::state::{
    AlertCause, Document, MessageOptions, StoredMessage, WebhookKind, WebhookTarget,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::sms::{MAX_BODY_LENGTH, OptOut, body_length};
use crate::twiml::Node;
use crate::types::{MessageSid, Method};

/// Limit for the documents of one text, so that a loop of `<Redirect>`s ends.
const DOCUMENT_LIMIT: usize = 20;

/// Sends an inbound message to the application, follows its redirects, and creates its replies.
pub(super) async fn create_replies(
    context: &Context,
    message: &StoredMessage,
    target: WebhookTarget,
    fallback: Option<WebhookTarget>,
) -> Vec<MessageSid> {
    let sid = message.sid.as_str();
    let kind = WebhookKind::InboundMessage;
    let mut replies = Vec::new();
    let Some(sender) = &message.from else {
        return replies;
    };
    let mut next = Some(target);
    let mut documents = 0;
    while let Some(target) = next.take() {
        documents += 1;
        if documents > DOCUMENT_LIMIT {
            context.alert(14106, "the text was redirected more than 20 times", sid);
            break;
        }
        let fields = inbound_fields(context, message);
        let document =
            webhooks::fetch_document(context, kind, sid, &target, fallback.as_ref(), fields);
        let Some(document) = document.await else {
            break;
        };
        match document {
            // Audio is an answer to calls only.
            Document::Empty | Document::Audio(_) => {}
            Document::Text(body) => {
                let reply = NewMessage::reply(message.to.clone(), sender.clone(), body);
                replies.extend(create_reply(context, message, reply));
            }
            Document::Twiml { root, url } => {
                for verb in root.children() {
                    match verb.name() {
                        // `<Sms>` is the former name of `<Message>`.
                        "Message" | "Sms" => {
                            replies.extend(run_message(context, message, verb, url.as_ref()));
                        }
                        "Redirect" => {
                            next = redirect_target(verb, url.as_ref());
                            if next.is_none() {
                                context.alert(11100, "the <Redirect> contains no valid URL", sid);
                            }
                            break;
                        }
                        _ => context.alert(
                            14110,
                            "this verb is not valid in a response to a text",
                            sid,
                        ),
                    }
                }
            }
        }
    }
    replies
}

fn inbound_fields(context: &Context, message: &StoredMessage) -> FormFields {
    let sid = message.sid;
    let mut fields = FormFields::new();
    push_place(&mut fields, "To", &message.to);
    if let Some(from) = &message.from {
        push_place(&mut fields, "From", from);
    }
    for name in ["SmsMessageSid", "SmsSid", "MessageSid"] {
        fields.push(name, message.sid.as_str());
    }
    fields.push("NumMedia", message.media.len().to_string());
    for (index, media) in message.media.iter().enumerate() {
        fields.push(&format!("MediaContentType{index}"), &media.media_type);
        let (base_url, account, media) =
            (context.client_base_url(), context.account_sid, media.sid);
        let url = format!("{base_url}/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{media}");
        fields.push(&format!("MediaUrl{index}"), url);
    }
    if let Some(keyword) = opt_out_type(context, message) {
        fields.push("OptOutType", keyword);
    }
    if let Some(service) = message.messaging_service_sid {
        fields.push("MessagingServiceSid", service.as_str());
    }
    fields.push("SmsStatus", message.status.as_str());
    fields.push("Body", message.body.expose());
    fields.push("To", message.to.expose());
    fields.push("NumSegments", message.num_segments.to_string());
    fields.push("AccountSid", context.account_sid.as_str());
    fields.push(
        "From",
        message
            .from
            .as_ref()
            .map(Address::expose)
            .unwrap_or_default(),
    );
    fields.push("ApiVersion", "2010-04-01");
    fields
}

/// Returns the target of the status callbacks: `statusCallback`, or else `action`, which has a
/// `method`.
fn status_callback(verb: &Node, base: Option<&Url>) -> Option<WebhookTarget> {
    let (url, method) = match verb.attribute("statusCallback") {
        Some(url) => (url, Method::Post),
        None => (verb.attribute("action")?, method(verb)),
    };
    let url = base?.join(url).ok()?;
    Some(WebhookTarget::new(url.as_str(), method))
}

fn method(verb: &Node) -> Method {
    match verb.attribute("method") {
        Some("GET") => Method::Get,
        _ => Method::Post,
    }
}

fn redirect_target(verb: &Node, base: Option<&Url>) -> Option<WebhookTarget> {
    let url = base?.join(verb.text().trim()).ok()?;
    Some(WebhookTarget::new(url.as_str(), method(verb)))
}

/// Runs a `<Message>`: creates its reply, unless Twilio would refuse it.
fn run_message(
    context: &Context,
    message: &StoredMessage,
    verb: &Node,
    base: Option<&Url>,
) -> Option<MessageSid> {
    let children = || verb.children();
    let mut body = verb.text().trim().to_owned();
    for child in children().filter(|child| child.name() == "Body") {
        body.push_str(&child.text());
    }
    let media_urls = children()
        .filter(|child| child.name() == "Media")
        .filter_map(|child| base?.join(child.text().trim()).ok())
        .map(String::from)
        .collect();
    let sid = message.sid.as_str();
    let address = |attribute, default: Option<Address>| {
        verb.attribute(attribute)
            .map_or(default, |text| read_number(text).map(Address::Phone))
    };
    let Some(to) = address("to", message.from.clone()) else {
        context.alert(
            14101,
            "the `to` of the <Message> is not a phone number",
            sid,
        );
        return None;
    };
    let ours = |from: &Address| context.read(|state| state.owns_sender(from));
    let Some(from) = address("from", Some(message.to.clone())).filter(ours) else {
        let text = "the `from` of the <Message> is not a number of the account";
        context.alert(14102, text, sid);
        return None;
    };
    let can_text = context.read(|state| {
        let number = state.number_at(&from);
        number.is_none_or(|number| number.has_capability("sms"))
    });
    if !can_text {
        context.alert(14108, "the `from` of the <Message> cannot text", sid);
        return None;
    }
    let status_callback = status_callback(verb, base);
    let reply = NewMessage {
        media_urls,
        status_callback,
        ..NewMessage::reply(from, to, body)
    };
    create_reply(context, message, reply)
}

/// Creates a reply. A reply that Twilio would refuse is not created; an alert contains the cause.
fn create_reply(
    context: &Context,
    message: &StoredMessage,
    reply: NewMessage,
) -> Option<MessageSid> {
    if let Some(cause) = refusal(context, &reply) {
        context.alert(cause.code, cause.message, message.sid.as_str());
        return None;
    }
    let hops = message.options.hops;
    let reply = NewMessage {
        options: MessageOptions {
            hops,
            ..MessageOptions::default()
        },
        ..reply
    };
    Some(create(context, reply).sid)
}

fn refusal(context: &Context, reply: &NewMessage) -> Option<AlertCause> {
    let (code, message) = if reply.body.is_empty() && reply.media_urls.is_empty() {
        (14103, "the <Message> has neither a body nor media")
    } else if body_length(&reply.body) > MAX_BODY_LENGTH {
        (21617, "the <Message> is longer than 1600 characters")
    } else if reply.media_urls.len() > MEDIA_LIMIT {
        (21623, "the <Message> has more than 10 media")
    } else if is_disabled(context, reply) {
        (21408, "texts to the recipient's country are not enabled")
    } else if !is_verified(context, reply) {
        (
            14111,
            "a trial account replied to a number that is not verified",
        )
    } else if is_opted_out(context, reply) {
        (21610, "the recipient of the reply has opted out")
    } else {
        return None;
    };
    Some(AlertCause::new(code, message))
}

fn is_disabled(context: &Context, reply: &NewMessage) -> bool {
    let region = reply.to.phone().and_then(region_of);
    region.is_some_and(|region| {
        context.read(|state| state.account.messaging_disabled.contains(&region))
    })
}

fn is_verified(context: &Context, reply: &NewMessage) -> bool {
    let to = reply.to.phone();
    to.is_none_or(|to| context.read(|state| state.is_verified(to)))
}

fn is_opted_out(context: &Context, reply: &NewMessage) -> bool {
    let from = reply.from.as_ref();
    from.is_some_and(|from| context.read(|state| state.has_opted_out(from, &reply.to)))
}

/// Returns the keyword that a Messaging Service with Advanced Opt-Out reports.
///
/// Source: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>
fn opt_out_type(context: &Context, message: &StoredMessage) -> Option<&'static str> {
    let service = message.messaging_service_sid?;
    if !context.read(|state| state.advanced_opt_out.contains(&service)) {
        return None;
    }
    match OptOut::classify(message.body.expose())? {
        OptOut::Stop => Some("STOP"),
        OptOut::Start => Some("START"),
        OptOut::Help => Some("HELP"),
        OptOut::MaybeStart | OptOut::MaybeStop => None,
    }
}
