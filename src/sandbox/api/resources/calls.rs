//! `Calls.json`.
//!
//! Source: <https://www.twilio.com/docs/voice/api/call-resource>

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::phone::E164;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::{ActiveCall, CallProgressEvent, NewCall, StatusCallback, place};
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    CallCommand, Document, Instructions, QueuedCommand, StoredCall, formatted, rfc2822,
};
use crate::types::{ApplicationSid, CallDirection, CallSid, CallStatus};

const CREATE: &[&str] = &[
    "To",
    "From",
    "Url",
    "Twiml",
    "ApplicationSid",
    "Method",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackEvent",
    "StatusCallbackMethod",
    "SendDigits",
    "Timeout",
    "Record",
    "RecordingChannels",
    "RecordingStatusCallback",
    "RecordingStatusCallbackMethod",
    "RecordingStatusCallbackEvent",
    "RecordingTrack",
    "Trim",
    "SipAuthUsername",
    "SipAuthPassword",
    "MachineDetection",
    "MachineDetectionTimeout",
    "MachineDetectionSpeechThreshold",
    "MachineDetectionSpeechEndThreshold",
    "MachineDetectionSilenceTimeout",
    "AsyncAmd",
    "AsyncAmdStatusCallback",
    "AsyncAmdStatusCallbackMethod",
    "CallerId",
    "Byoc",
    "CallReason",
    "CallToken",
    "TimeLimit",
    "ClientNotificationUrl",
];
const UPDATE: &[&str] = &[
    "Status",
    "Url",
    "Method",
    "Twiml",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
    "TimeLimit",
];
const FILTERS: &[&str] = &[
    "To",
    "From",
    "ParentCallSid",
    "Status",
    "StartTime",
    "StartTime<",
    "StartTime>",
    "EndTime",
    "EndTime<",
    "EndTime>",
];
/// Twilio's limit for the TwiML in an API request: 4000 characters.
const TWIML_LIMIT: usize = 4000;

pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    let Some(sid) = sid else {
        return match request.method {
            Method::GET => list(request),
            Method::POST => create(context, &request.form),
            _ => Err(ApiError::method_not_allowed()),
        };
    };
    let call = CallSid::parse(sid)
        .ok()
        .and_then(|sid| context.read(|state| state.call(sid).map(|entry| entry.call.clone())))
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &call))),
        Method::POST => update(context, &request.form, &call),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    check_filters(request, FILTERS)?;
    let query = &request.query;
    let (started, ended) = (
        query.date_filter("StartTime")?,
        query.date_filter("EndTime")?,
    );
    let page = PageRequest::read(request)?;
    let page = context.read(|state| {
        // Twilio lists the newest first.
        let calls = state.calls.iter().rev().map(|entry| &entry.call);
        let found = calls.filter(|call| {
            let parent = call.parent_call_sid.as_ref().map_or("", |sid| sid.as_str());
            query.matches_address("To", Some(&call.to))
                && query.matches_address("From", Some(&call.from))
                && query.matches("ParentCallSid", parent)
                && query.matches("Status", call.status.as_str())
                && started.admits(call.start_time)
                && ended.admits(call.end_time)
        });
        page.select(found, |call| call.sid.as_str())
    })?;
    Ok(page.render("calls", |call| render(context, call)))
}

fn create(context: &Arc<Context>, form: &Form) -> ApiResult {
    form.allow_only(CREATE)?;
    form.check_flags(&["Record"])?;
    let timeout = form.number("Timeout", 0..=600, 21208)?.unwrap_or(60);
    form.number("TimeLimit", 0..=86_400, 20422)?;
    let (from, to) = parties(context, form)?;
    let (instructions, status_callback) = instructions(context, form)?;
    let new = NewCall {
        from: from.into(),
        to: to.into(),
        direction: CallDirection::OutboundApi,
        parent_call_sid: None,
        status_callback,
    };
    let timeout = Duration::from_secs(timeout);
    let call = ActiveCall::new(context, new);
    let stored = call.stored();
    context.spawn(|activity| place(call, instructions, timeout, activity));
    let rendered = stored.map_or(Value::Null, |call| render(context, &call));
    Ok(ApiResponse::created(rendered))
}

/// Returns the caller and the recipient.
fn parties(context: &Context, form: &Form) -> Result<(E164, E164), ApiError> {
    let to = form
        .one("To")
        .ok_or_else(|| ApiError::bad_request(21201, "No 'To' number is specified"))?;
    let from = form
        .one("From")
        .ok_or_else(|| ApiError::bad_request(21213, "No 'From' number is specified"))?;
    let invalid_to = || {
        ApiError::bad_request(
            21211,
            format!("The 'To' number {to} is not a valid phone number."),
        )
    };
    let to = E164::parse(to).map_err(|_| invalid_to())?;
    if let Some(code) = magic_callee(to) {
        let message = format!("{} is a magic number that rejects every call", to.as_str());
        return Err(ApiError::bad_request(code, message));
    }
    let invalid_from = || ApiError::bad_request(21212, format!("Invalid 'From' number: {from}"));
    // Twilio's magic number for an invalid caller.
    if from == "+15005550001" {
        return Err(invalid_from());
    }
    let from = E164::parse(from).map_err(|_| invalid_from())?;
    if context.read(|state| state.number(from).is_none()) {
        let message = format!(
            "The source phone number {} is not verified or owned by the account",
            from.as_str()
        );
        return Err(ApiError::bad_request(21210, message));
    }
    Ok((from, to))
}

/// Returns the error code of a magic number of Twilio's test credentials.
///
/// Source: <https://www.twilio.com/docs/iam/test-credentials>
fn magic_callee(to: E164) -> Option<u32> {
    match to.as_str() {
        "+15005550001" => Some(21217),
        "+15005550002" => Some(21214),
        "+15005550003" => Some(21215),
        "+15005550004" => Some(21216),
        _ => None,
    }
}

/// Returns the instructions of a new call, and its status callback.
fn instructions(
    context: &Context,
    form: &Form,
) -> Result<(Instructions, Option<StatusCallback>), ApiError> {
    if let Some(text) = form.one("ApplicationSid") {
        return of_application(context, text);
    }
    let callback = status_callback(form)?;
    let fallback = form.webhook("FallbackUrl", "FallbackMethod", 21205)?;
    // Twilio uses `Url` if the request has both `Url` and `Twiml`.
    let instructions = if let Some(target) = form.webhook("Url", "Method", 21205)? {
        Instructions::Webhook { target, fallback }
    } else {
        let missing = || ApiError::bad_request(21205, "Url, Twiml or ApplicationSid is required");
        Instructions::Inline(inline(form.one("Twiml").ok_or_else(missing)?)?)
    };
    Ok((instructions, callback))
}

/// Returns the instructions of a TwiML App. Twilio then ignores the URLs in the request.
fn of_application(
    context: &Context,
    sid: &str,
) -> Result<(Instructions, Option<StatusCallback>), ApiError> {
    let app = ApplicationSid::parse(sid).ok();
    let settings = context
        .read(|state| Some(state.application(app?)?.settings.clone()))
        .ok_or_else(|| ApiError::bad_request(21218, "The ApplicationSid is invalid"))?;
    let target = settings
        .webhook("VoiceUrl", "VoiceMethod")
        .ok_or_else(|| ApiError::bad_request(21205, "The application has no VoiceUrl"))?;
    let fallback = settings.webhook("VoiceFallbackUrl", "VoiceFallbackMethod");
    let callback = settings.webhook("StatusCallback", "StatusCallbackMethod");
    let callback = callback.map(|target| StatusCallback {
        target,
        events: vec![CallProgressEvent::Completed],
        is_of_number: false,
    });
    Ok((Instructions::Webhook { target, fallback }, callback))
}

fn status_callback(form: &Form) -> Result<Option<StatusCallback>, ApiError> {
    let target = form.webhook("StatusCallback", "StatusCallbackMethod", 21609)?;
    let mut events = Vec::new();
    // Events are sent as repeated parameters, or as one value separated by spaces.
    for word in form
        .all("StatusCallbackEvent")
        .iter()
        .flat_map(|words| words.split_whitespace())
    {
        let event = CallProgressEvent::parse(word);
        events.push(
            event.ok_or_else(|| ApiError::bad_request(21626, "StatusCallbackEvent is invalid"))?,
        );
    }
    if events.is_empty() {
        events.push(CallProgressEvent::Completed);
    }
    Ok(target.map(|target| StatusCallback {
        target,
        events,
        is_of_number: false,
    }))
}

fn inline(xml: &str) -> Result<Document, ApiError> {
    if xml.chars().count() > TWIML_LIMIT {
        return Err(ApiError::bad_request(
            32018,
            "Twiml is longer than 4000 characters",
        ));
    }
    Document::read_twiml(xml, None)
        .map_err(|cause| ApiError::bad_request(cause.code, cause.message))
}

fn update(context: &Arc<Context>, form: &Form, call: &StoredCall) -> ApiResult {
    form.allow_only(UPDATE)?;
    let unanswered = matches!(call.status, CallStatus::Queued | CallStatus::Ringing);
    let wrong_state =
        || ApiError::bad_request(21220, "The call is not in a state that allows this update");
    if call.status.is_final() {
        return Err(wrong_state());
    }
    // Twilio cancels only calls that were not answered, and redirects only calls that were.
    let command = match form.one("Status") {
        Some("canceled") if !unanswered => return Err(wrong_state()),
        Some("canceled" | "completed") => {
            let status = if unanswered {
                CallStatus::Canceled
            } else {
                CallStatus::Completed
            };
            end(context, call.sid, &status);
            CallCommand::EndedByApi
        }
        Some(_) => {
            return Err(ApiError::bad_request(
                20422,
                "Status must be canceled or completed",
            ));
        }
        None if unanswered => return Err(wrong_state()),
        None => {
            let fallback = form.webhook("FallbackUrl", "FallbackMethod", 21205)?;
            let target = form.webhook("Url", "Method", 21205)?;
            CallCommand::Redirect(match (target, form.one("Twiml")) {
                (Some(target), _) => Instructions::Webhook { target, fallback },
                (None, Some(xml)) => Instructions::Inline(inline(xml)?),
                (None, None) => {
                    return Err(ApiError::bad_request(
                        20422,
                        "Status, Url or Twiml is required",
                    ));
                }
            })
        }
    };
    let queued = QueuedCommand {
        command,
        accepted: None,
        activity: Some(context.begin_activity()),
    };
    let updated = context.update(|state| {
        let entry = state.call(call.sid)?;
        // A closed channel means that the call has just ended.
        let _ = entry.commands.send(queued);
        Some(entry.call.clone())
    });
    let rendered = render(context, updated.as_ref().unwrap_or(call));
    Ok(ApiResponse::ok(rendered))
}

/// Sets the final status at once, so that the response shows it. The task of the call reports it.
fn end(context: &Context, sid: CallSid, status: &CallStatus) {
    context.update(|state| {
        if let Some(entry) = state.call_mut(sid) {
            entry.call.status = status.clone();
            entry.call.end_time = Some(context.now());
        }
    });
}

fn render(context: &Context, call: &StoredCall) -> Value {
    let account = context.account_sid.as_str();
    let sid = call.sid.as_str();
    let path = format!("/2010-04-01/Accounts/{account}/Calls/{sid}");
    let ours = match call.direction {
        CallDirection::Inbound => &call.to,
        _ => &call.from,
    };
    let number_sid = context.read(|state| state.number_at(ours).map(|number| number.sid));
    json!({
        "account_sid": account,
        "answered_by": null,
        "api_version": "2010-04-01",
        "caller_name": null,
        "date_created": rfc2822(call.date_created),
        "date_updated": rfc2822(call.end_time.or(call.start_time).unwrap_or(call.date_created)),
        "direction": call.direction.as_str(),
        "duration": call.duration.map(|seconds| seconds.to_string()),
        "end_time": call.end_time.and_then(rfc2822),
        "forwarded_from": null,
        "from": call.from.expose(),
        "from_formatted": formatted(&call.from),
        "group_sid": null,
        "parent_call_sid": call.parent_call_sid,
        "phone_number_sid": number_sid,
        "price": null,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": sid,
        "start_time": call.start_time.and_then(rfc2822),
        "status": call.status.as_str(),
        "subresource_uris": {
            "events": format!("{path}/Events.json"),
            "notifications": format!("{path}/Notifications.json"),
            "payments": format!("{path}/Payments.json"),
            "recordings": format!("{path}/Recordings.json"),
            "siprec": format!("{path}/Siprec.json"),
            "streams": format!("{path}/Streams.json"),
            "transcriptions": format!("{path}/Transcriptions.json"),
            "user_defined_message_subscriptions":
                format!("{path}/UserDefinedMessageSubscriptions.json"),
            "user_defined_messages": format!("{path}/UserDefinedMessages.json"),
        },
        "to": call.to.expose(),
        "to_formatted": formatted(&call.to),
        "trunk_sid": null,
        "uri": format!("{path}.json"),
    })
}
