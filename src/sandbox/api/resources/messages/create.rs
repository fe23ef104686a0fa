//! Creation of a message.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::parties::Parties;
use super::render::render;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::messages::{self, MEDIA_LIMIT, NewMessage, checks};
use crate::sandbox::state::{MessageOptions, WebhookTarget};
use crate::sandbox::webhooks;
use crate::sms::smart_encode;
use crate::types::{ApplicationSid, MessageDirection, Method as WebhookMethod};

/// Window in which a message can be scheduled.
///
/// Source: <https://www.twilio.com/docs/messaging/features/message-scheduling>
const SCHEDULE: (Duration, Duration) = (
    Duration::from_secs(300),
    Duration::from_secs(35 * 24 * 60 * 60),
);

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
    "Tags",
];
const FLAGS: &[&str] = &[
    "ProvideFeedback",
    "ForceDelivery",
    "SmartEncoded",
    "ShortenUrls",
    "SendAsMms",
];

pub(super) fn create(context: &Arc<Context>, form: &Form) -> ApiResult {
    form.allow_only(CREATE)?;
    form.check_flags(FLAGS)?;
    check_options(form)?;
    let validity = form.number("ValidityPeriod", 1..=36_000, 21624)?;
    let parties = Parties::read(context, form)?;
    let (body, media_urls) = content(form)?;
    let own_callback = status_callback(context, form)?;
    let smart_encoded = form.flag("SmartEncoded");
    let service = parties.service.as_ref();
    let by_service = service.is_some_and(|it| it.setting("SmartEncoding") != Some("false"));
    let body = if smart_encoded.unwrap_or(by_service) {
        smart_encode(&body).into_owned()
    } else {
        body
    };
    let new = NewMessage {
        messaging_service_sid: parties.service_sid(),
        status_callback: own_callback.or_else(|| parties.service_callback()),
        from: parties.from,
        to: parties.to,
        body,
        media_urls,
        files: Vec::new(),
        send_at: send_at(context, form)?,
        direction: MessageDirection::OutboundApi,
        options: MessageOptions {
            validity: validity.map(Duration::from_secs),
            is_mms: form.one("SendAsMms") == Some("true"),
            discards_body: form.one("ContentRetention") == Some("discard"),
            ..MessageOptions::default()
        },
    };
    let message = messages::create(context, new);
    messages::start(context, &message);
    Ok(ApiResponse::created(render(context, &message)))
}

/// Rejects options with an unknown value, and those that need others.
fn check_options(form: &Form) -> Result<(), ApiError> {
    for (name, values, code) in [
        ("ContentRetention", ["retain", "discard"], 30029),
        ("AddressRetention", ["retain", "obfuscate"], 30030),
        ("RiskCheck", ["enable", "disable"], 20422),
    ] {
        if form.one(name).is_some_and(|value| !values.contains(&value)) {
            let message = format!("{name} must be {} or {}", values[0], values[1]);
            return Err(ApiError::bad_request(code, message));
        }
    }
    if form.one("FallbackFrom").is_some() {
        let (code, message) = match (form.one("From"), form.one("MessagingServiceSid")) {
            (Some(_), _) => (21664, "FallbackFrom is not valid together with From"),
            (None, None) => (21666, "FallbackFrom needs a MessagingServiceSid"),
            // The services of the sandbox have no sender that a message could fall back from.
            (None, Some(_)) => (21667, "The Messaging Service has no RCS sender"),
        };
        return Err(ApiError::bad_request(code, message));
    }
    Ok(())
}

/// Returns the time at which a scheduled message is due.
fn send_at(context: &Context, form: &Form) -> Result<Option<SystemTime>, ApiError> {
    match (form.one("ScheduleType"), form.one("SendAt")) {
        (None, _) => Ok(None),
        (Some("fixed"), Some(text)) => {
            let time = text
                .parse::<jiff::Timestamp>()
                .and_then(SystemTime::try_from);
            let time =
                time.map_err(|_| ApiError::bad_request(35114, "SendAt is not an ISO 8601 time"))?;
            let delay = time.duration_since(context.now()).unwrap_or_default();
            if delay <= SCHEDULE.0 || delay > SCHEDULE.1 {
                let message = "SendAt must be more than 300 seconds and at most 35 days ahead";
                return Err(ApiError::bad_request(35114, message));
            }
            Ok(Some(time))
        }
        _ => Err(ApiError::bad_request(
            35111,
            "A scheduled message needs ScheduleType=fixed and SendAt",
        )),
    }
}

/// Returns the message body and the media URLs.
fn content(form: &Form) -> Result<(String, Vec<String>), ApiError> {
    if form.one("ContentSid").is_some() {
        let message = "The ContentSid is invalid: the sandbox does not support content templates";
        return Err(ApiError::bad_request(21655, message));
    }
    let body = form.one("Body").unwrap_or_default();
    let media = form.all("MediaUrl");
    checks::check_body(body, !media.is_empty())?;
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
