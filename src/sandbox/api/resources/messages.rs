//! `Messages.json`.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/message-resource>

use std::sync::Arc;
use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::phone::{Address, E164};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::messages::{self, MEDIA_LIMIT, NewMessage};
use crate::sandbox::state::{StoredMessage, WebhookTarget, rfc2822};
use crate::sandbox::webhooks;
use crate::sms::{MAX_BODY_LENGTH, body_length};
use crate::types::{
    ApplicationSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid,
    Method as WebhookMethod, Redacted,
};

const CREATE: &[&str] = &[
    "To",
    "From",
    "Body",
    "MediaUrl",
    "StatusCallback",
    "ApplicationSid",
    "MessagingServiceSid",
    "MaxPrice",
    "ProvideFeedback",
    "Attempt",
    "ValidityPeriod",
    "ForceDelivery",
    "ContentRetention",
    "AddressRetention",
    "SmartEncoded",
    "PersistentAction",
    "TrafficType",
    "ShortenUrls",
    "ScheduleType",
    "SendAt",
    "SendAsMms",
    "ContentVariables",
    "RiskCheck",
    "FallbackFrom",
    "ContentSid",
];
const FILTERS: &[&str] = &["To", "From", "DateSent", "DateSent<", "DateSent>"];
const FLAGS: &[&str] = &[
    "ProvideFeedback",
    "ForceDelivery",
    "SmartEncoded",
    "ShortenUrls",
    "SendAsMms",
];

pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    let Some(sid) = sid else {
        return match request.method {
            Method::GET => list(request),
            Method::POST => create(context, &request.form),
            _ => Err(ApiError::method_not_allowed()),
        };
    };
    let message = MessageSid::parse(sid)
        .ok()
        .and_then(|sid| context.read(|state| state.message(sid).cloned()))
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &message))),
        Method::POST => update(context, &request.form, message),
        Method::DELETE => delete(context, &message),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    check_filters(request, FILTERS)?;
    let query = &request.query;
    let sent = query.date_filter("DateSent")?;
    let page = PageRequest::read(request)?;
    let page = context.read(|state| {
        // Twilio lists the newest first.
        let found = state.messages.iter().rev().filter(|message| {
            query.matches_address("To", Some(&message.to))
                && query.matches_address("From", message.from.as_ref())
                && sent.admits(message.date_sent)
        });
        page.select(found, |message| message.sid.as_str())
    })?;
    Ok(page.render("messages", |message| render(context, message)))
}

fn create(context: &Arc<Context>, form: &Form) -> ApiResult {
    form.allow_only(CREATE)?;
    form.check_flags(FLAGS)?;
    form.number("ValidityPeriod", 1..=36_000, 21624)?;
    let (from, to, service) = parties(context, form)?;
    let (body, media_urls) = content(form)?;
    let status_callback = match status_callback(context, form)? {
        None => service_callback(context, service),
        callback => callback,
    };
    let new = NewMessage {
        from: Some(from.into()),
        to: to.into(),
        body,
        media_urls,
        messaging_service_sid: service,
        send_at: send_at(form)?,
        direction: MessageDirection::OutboundApi,
        status_callback,
    };
    if context.read(|state| state.opted_out.contains(&(from.into(), to.into()))) {
        return Err(ApiError::bad_request(
            21610,
            "Attempt to send to unsubscribed recipient",
        ));
    }
    let message = messages::create(context, new);
    messages::start(context, &message);
    Ok(ApiResponse::created(render(context, &message)))
}

/// Returns the sender, the recipient and the Messaging Service.
fn parties(
    context: &Context,
    form: &Form,
) -> Result<(E164, E164, Option<MessagingServiceSid>), ApiError> {
    let to = form
        .one("To")
        .ok_or_else(|| ApiError::bad_request(21604, "A 'To' phone number is required."))?;
    let invalid_to = || {
        ApiError::bad_request(
            21211,
            format!("The 'To' number {to} is not a valid phone number."),
        )
    };
    let to = E164::parse(to).map_err(|_| invalid_to())?;
    if let Some(code) = magic_recipient(to) {
        let message = format!(
            "{} is a magic number that rejects every message",
            to.as_str()
        );
        return Err(ApiError::bad_request(code, message));
    }
    if form.one("ScheduleType").is_some() && form.one("MessagingServiceSid").is_none() {
        let message = "A Messaging Service is required to schedule a message";
        return Err(ApiError::bad_request(35118, message));
    }
    let service = match form.one("MessagingServiceSid") {
        None => None,
        Some(sid) => Some(
            MessagingServiceSid::parse(sid)
                .ok()
                .and_then(|sid| context.read(|state| state.service(sid).cloned()))
                .ok_or_else(|| {
                    ApiError::bad_request(21705, "The Messaging Service Sid is invalid")
                })?,
        ),
    };
    let Some(from) = form.one("From") else {
        let Some(service) = service else {
            let message = "A 'From' phone number is required.";
            return Err(ApiError::bad_request(21603, message));
        };
        let pooled = context.read(|state| {
            let pooled = state
                .numbers
                .iter()
                .find(|n| service.numbers.contains(&n.sid));
            pooled.map(|number| number.number)
        });
        let message = "The Messaging Service contains no phone numbers";
        let from = pooled.ok_or_else(|| ApiError::bad_request(21703, message))?;
        return Ok((from, to, Some(service.sid)));
    };
    // Twilio's magic number for an invalid sender.
    if matches!(from, "+15005550001") {
        return Err(ApiError::bad_request(21212, "The 'From' number is invalid"));
    }
    let from = E164::parse(from).map_err(|_| {
        ApiError::bad_request(21212, format!("Invalid 'From' number or sender: {from}"))
    })?;
    if from == to {
        return Err(ApiError::bad_request(
            21266,
            "'To' and 'From' number cannot be the same",
        ));
    }
    if context.read(|state| state.number(from).is_none()) {
        let message = format!(
            "The 'From' number {} is not owned by the account",
            from.as_str()
        );
        return Err(ApiError::bad_request(21606, message));
    }
    let service = service.map(|service| service.sid);
    let pool = context.read(|state| {
        let sid = state.number(from)?.sid;
        Some(state.service_of(sid)?.sid)
    });
    if service.is_some() && service != pool {
        let message = "The 'From' number is not in the Messaging Service";
        return Err(ApiError::bad_request(21712, message));
    }
    Ok((from, to, service))
}

/// Returns the time at which a scheduled message is due.
fn send_at(form: &Form) -> Result<Option<SystemTime>, ApiError> {
    match (form.one("ScheduleType"), form.one("SendAt")) {
        (None, _) => Ok(None),
        (Some("fixed"), Some(text)) => {
            let time = text
                .parse::<jiff::Timestamp>()
                .and_then(SystemTime::try_from);
            time.map(Some)
                .map_err(|_| ApiError::bad_request(35114, "SendAt is not an ISO 8601 time"))
        }
        _ => Err(ApiError::bad_request(
            35111,
            "A scheduled message needs ScheduleType=fixed and SendAt",
        )),
    }
}

/// Returns the status callback of a service, for messages without their own.
fn service_callback(
    context: &Context,
    service: Option<MessagingServiceSid>,
) -> Option<WebhookTarget> {
    let url = context.read(|state| {
        let url = state.service(service?)?.setting("StatusCallback")?;
        Some(url.to_owned())
    })?;
    Some(WebhookTarget::new(&url, WebhookMethod::Post))
}

/// Returns the error code of a magic number of Twilio's test credentials.
///
/// Source: <https://www.twilio.com/docs/iam/test-credentials>
fn magic_recipient(to: E164) -> Option<u32> {
    match to.as_str() {
        "+15005550001" => Some(21211),
        "+15005550002" => Some(21612),
        "+15005550003" => Some(21408),
        "+15005550004" => Some(21610),
        "+15005550009" => Some(21614),
        _ => None,
    }
}

/// Returns the message body and the media URLs.
fn content(form: &Form) -> Result<(String, Vec<String>), ApiError> {
    if form.one("ContentSid").is_some() {
        // The sandbox's account has no content templates yet.
        return Err(ApiError::bad_request(21655, "The ContentSid is invalid"));
    }
    let body = form.one("Body").unwrap_or_default();
    let media = form.all("MediaUrl");
    if body.is_empty() && media.is_empty() {
        return Err(ApiError::bad_request(21602, "Message body is required."));
    }
    if body_length(body) > MAX_BODY_LENGTH {
        let message = "The concatenated message body exceeds the 1600 character limit";
        return Err(ApiError::bad_request(21617, message));
    }
    if media.len() > MEDIA_LIMIT {
        return Err(ApiError::bad_request(
            21623,
            "Number of media files exceeds allowed limit",
        ));
    }
    if media.iter().any(|url| webhooks::parse_url(url).is_none()) {
        return Err(ApiError::bad_request(21620, "Invalid media URL(s)"));
    }
    Ok((
        body.to_owned(),
        media.into_iter().map(str::to_owned).collect(),
    ))
}

/// Returns the status callback: the message's own, or else that of the TwiML App that it names. The
/// TwiML App of the sender's number is not used.
fn status_callback(context: &Context, form: &Form) -> Result<Option<WebhookTarget>, ApiError> {
    let own = form.webhook("StatusCallback", "", 21609)?;
    let app = match form.one("ApplicationSid") {
        None => return Ok(own),
        Some(text) => ApplicationSid::parse(text).ok(),
    };
    let settings = context.read(|state| Some(state.application(app?)?.settings.clone()));
    let Some(settings) = settings else {
        return Err(ApiError::bad_request(
            21420,
            "The ApplicationSid is not accessible",
        ));
    };
    let url = settings
        .get("MessageStatusCallback")
        .or_else(|| settings.get("SmsStatusCallback"));
    Ok(own.or_else(|| url.map(|url| WebhookTarget::new(url, WebhookMethod::Post))))
}

fn update(context: &Context, form: &Form, message: StoredMessage) -> ApiResult {
    form.allow_only(&["Body", "Status"])?;
    match (form.given("Body"), form.one("Status")) {
        (None, Some("canceled")) if message.status == MessageStatus::Scheduled => {
            let canceled = context.update(|state| {
                let stored = state.message_mut(message.sid)?;
                stored.status = MessageStatus::Canceled;
                stored.date_updated = context.now();
                Some(stored.clone())
            });
            Ok(ApiResponse::ok(render(
                context,
                &canceled.unwrap_or(message),
            )))
        }
        (None, Some("canceled")) => Err(ApiError::bad_request(
            30409,
            "The message can no longer be canceled",
        )),
        (Some(""), None) if is_under_way(&message) => Err(ApiError::bad_request(
            20009,
            "Cannot redact a message before its final status",
        )),
        (Some(""), None) => {
            let redacted = context.update(|state| {
                let stored = state.message_mut(message.sid)?;
                stored.body = Redacted::default();
                stored.date_updated = context.now();
                Some(stored.clone())
            });
            Ok(ApiResponse::ok(render(
                context,
                &redacted.unwrap_or(message),
            )))
        }
        _ => Err(ApiError::bad_request(
            20422,
            "An empty Body or Status=canceled is required",
        )),
    }
}

fn delete(context: &Context, message: &StoredMessage) -> ApiResult {
    if is_under_way(message) {
        let text = "Resource not complete: the message has no final status yet";
        return Err(ApiError {
            status: StatusCode::CONFLICT,
            ..ApiError::bad_request(20009, text)
        });
    }
    context.update(|state| state.messages.remove(message.sid));
    Ok(ApiResponse::no_content())
}

const fn is_under_way(message: &StoredMessage) -> bool {
    matches!(
        message.status,
        MessageStatus::Scheduled | MessageStatus::Queued | MessageStatus::Sent
    )
}

fn render(context: &Context, message: &StoredMessage) -> Value {
    let account = context.account_sid.as_str();
    let sid = message.sid.as_str();
    let path = format!("/2010-04-01/Accounts/{account}/Messages/{sid}");
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.body.expose(),
        "date_created": rfc2822(message.date_created),
        "date_sent": message.date_sent.and_then(rfc2822),
        "date_updated": rfc2822(message.date_updated),
        "direction": message.direction.as_str(),
        "error_code": message.error_code,
        "error_message": message.error_code.map(|_| "DeliveryBehavior of the sandbox's phone"),
        "from": message.from.as_ref().map(Address::expose),
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": message.media_urls.len().to_string(),
        "num_segments": message.num_segments.to_string(),
        "price": null,
        "price_unit": "USD",
        "sid": sid,
        "status": message.status.as_str(),
        "subresource_uris": { "media": format!("{path}/Media.json") },
        "to": message.to.expose(),
        "uri": format!("{path}.json"),
    })
}
