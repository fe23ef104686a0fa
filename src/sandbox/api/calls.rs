//! `Calls.json`.
//!
//! Source: <https://www.twilio.com/docs/voice/api/call-resource>

use std::sync::Arc;
use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page};
use super::{ApiError, Asked, Form, Outcome};
use crate::phone::E164;
use crate::sandbox::calls::{
    Command, Event, Instructions, Leg, Order, Plan, StatusCallback, place,
};
use crate::sandbox::records::{StoredCall, formatted};
use crate::sandbox::store::{Busy, World, rfc2822};
use crate::sandbox::webhooks::{self, Document};
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
/// Twilio's limit of TwiML given to the API, in characters.
const TWIML_LIMIT: usize = 4000;

pub(super) fn route(world: &Arc<World>, asked: &Asked<'_>, sid: Option<&str>) -> Outcome {
    let Some(sid) = sid else {
        return match asked.method {
            Method::GET => list(world, asked),
            Method::POST => create(world, &asked.form),
            _ => Err(ApiError::wrong_method()),
        };
    };
    let call = CallSid::parse(sid)
        .ok()
        .and_then(|sid| world.read(|state| state.call(sid).map(|entry| entry.call.clone())))
        .ok_or_else(|| ApiError::not_found(asked.path))?;
    match asked.method {
        Method::GET => Ok((StatusCode::OK, render(world, &call))),
        Method::POST => update(world, &asked.form, &call),
        _ => Err(ApiError::wrong_method()),
    }
}

fn list(world: &World, asked: &Asked<'_>) -> Outcome {
    check(asked, FILTERS)?;
    let stored: Vec<StoredCall> =
        world.read(|state| state.calls.iter().map(|entry| entry.call.clone()).collect());
    let mut items = Vec::new();
    for call in stored.iter().rev() {
        let query = &asked.query;
        let parent = call.parent_call_sid.as_ref().map_or("", |sid| sid.as_str());
        if query.matches("To", call.to.as_str())
            && query.matches("From", call.from.as_str())
            && query.matches("ParentCallSid", parent)
            && query.matches("Status", call.status.as_str())
            && query.admits("StartTime", call.start_time)?
            && query.admits("EndTime", call.end_time)?
        {
            items.push(render(world, call));
        }
    }
    Ok((StatusCode::OK, page(asked, "calls", items)?))
}

fn create(world: &Arc<World>, form: &Form) -> Outcome {
    form.only(CREATE)?;
    form.flags(&["Record"])?;
    form.number("Timeout", 0..=600, 21208)?;
    form.number("TimeLimit", 0..=86_400, 20422)?;
    let (from, to) = parties(world, form)?;
    let (instructions, callback) = instructions(world, form)?;
    let plan = Plan {
        from,
        to,
        direction: CallDirection::OutboundApi,
        parent: None,
        callback,
    };
    let leg = Leg::new(world, plan);
    let call = leg.stored();
    world.spawn(|busy| place(leg, instructions, busy));
    let rendered = call.map_or(Value::Null, |call| render(world, &call));
    Ok((StatusCode::CREATED, rendered))
}

/// Who calls whom.
fn parties(world: &World, form: &Form) -> Result<(E164, E164), ApiError> {
    let to = form
        .one("To")
        .ok_or_else(|| ApiError::refused(21201, "No 'To' number is specified"))?;
    let from = form
        .one("From")
        .ok_or_else(|| ApiError::refused(21213, "No 'From' number is specified"))?;
    let invalid_to = || {
        ApiError::refused(
            21211,
            format!("The 'To' number {to} is not a valid phone number."),
        )
    };
    let to = E164::parse(to).map_err(|_| invalid_to())?;
    if let Some(code) = magic_callee(to) {
        let message = format!("Calls to {} are refused: a magic number", to.as_str());
        return Err(ApiError::refused(code, message));
    }
    let invalid_from = || ApiError::refused(21212, format!("Invalid 'From' number: {from}"));
    if from == "+15005550001" {
        return Err(invalid_from());
    }
    let from = E164::parse(from).map_err(|_| invalid_from())?;
    if world.read(|state| state.number(from).is_none()) {
        let message = format!(
            "The source phone number {} is not verified or owned by the account",
            from.as_str()
        );
        return Err(ApiError::refused(21210, message));
    }
    Ok((from, to))
}

/// What the numbers of Twilio's test mode are refused with.
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

/// What the call does once it is answered, and where it is reported.
fn instructions(
    world: &World,
    form: &Form,
) -> Result<(Instructions, Option<StatusCallback>), ApiError> {
    if let Some(text) = form.one("ApplicationSid") {
        return of_application(world, text);
    }
    let callback = status_callback(form)?;
    let fallback = form.hook("FallbackUrl", "FallbackMethod", 21205)?;
    // Twilio prefers the URL when both are given.
    let instructions = if let Some(hook) = form.hook("Url", "Method", 21205)? {
        Instructions::Ask(hook, fallback)
    } else {
        let missing = || ApiError::refused(21205, "Url, Twiml or ApplicationSid is required");
        Instructions::Inline(inline(form.one("Twiml").ok_or_else(missing)?)?)
    };
    Ok((instructions, callback))
}

/// A TwiML App brings its own URLs: Twilio passes over those of the request.
fn of_application(
    world: &World,
    sid: &str,
) -> Result<(Instructions, Option<StatusCallback>), ApiError> {
    let app = ApplicationSid::parse(sid).ok();
    let settings = world
        .read(|state| Some(state.application(app?)?.settings.clone()))
        .ok_or_else(|| ApiError::refused(21218, "The ApplicationSid is invalid"))?;
    let hook = settings
        .hook("VoiceUrl", "VoiceMethod")
        .ok_or_else(|| ApiError::refused(21205, "The application has no VoiceUrl"))?;
    let fallback = settings.hook("VoiceFallbackUrl", "VoiceFallbackMethod");
    let callback = settings.hook("StatusCallback", "StatusCallbackMethod");
    let callback = callback.map(|hook| StatusCallback {
        hook,
        events: vec![Event::Completed],
        plain: false,
    });
    Ok((Instructions::Ask(hook, fallback), callback))
}

fn status_callback(form: &Form) -> Result<Option<StatusCallback>, ApiError> {
    let hook = form.hook("StatusCallback", "StatusCallbackMethod", 21609)?;
    let mut events = Vec::new();
    for word in form
        .all("StatusCallbackEvent")
        .iter()
        .flat_map(|words| words.split_whitespace())
    {
        let event = Event::read(word);
        events
            .push(event.ok_or_else(|| ApiError::refused(21626, "StatusCallbackEvent is invalid"))?);
    }
    if events.is_empty() {
        events.push(Event::Completed);
    }
    Ok(hook.map(|hook| StatusCallback {
        hook,
        events,
        plain: false,
    }))
}

fn inline(xml: &str) -> Result<Document, ApiError> {
    if xml.chars().count() > TWIML_LIMIT {
        return Err(ApiError::refused(
            32018,
            "Twiml is longer than 4000 characters",
        ));
    }
    webhooks::read_inline(xml).map_err(|(code, words)| ApiError::refused(code, words))
}

fn update(world: &Arc<World>, form: &Form, call: &StoredCall) -> Outcome {
    form.only(UPDATE)?;
    let unanswered = matches!(call.status, CallStatus::Queued | CallStatus::Ringing);
    let wrong_state =
        || ApiError::refused(21220, "The call is not in a state that allows this update");
    if call.status.is_final() {
        return Err(wrong_state());
    }
    let command = match form.one("Status") {
        Some("canceled") if !unanswered => return Err(wrong_state()),
        Some("canceled" | "completed") => {
            let status = if unanswered {
                CallStatus::Canceled
            } else {
                CallStatus::Completed
            };
            end(world, call.sid, &status);
            Command::Ended
        }
        Some(_) => {
            return Err(ApiError::refused(
                20422,
                "Status is not canceled or completed",
            ));
        }
        None if unanswered => return Err(wrong_state()),
        None => {
            let fallback = form.hook("FallbackUrl", "FallbackMethod", 21205)?;
            let hook = form.hook("Url", "Method", 21205)?;
            Command::Redirect(match (hook, form.one("Twiml")) {
                (Some(hook), _) => Instructions::Ask(hook, fallback),
                (None, Some(xml)) => Instructions::Inline(inline(xml)?),
                (None, None) => {
                    return Err(ApiError::refused(20422, "Give Status, Url or Twiml"));
                }
            })
        }
    };
    let order = Order {
        command,
        taken: None,
        busy: Some(Busy::new(world)),
    };
    let updated = world.update(|state| {
        let entry = state.call(call.sid)?;
        // A line that is gone is a call that has just ended by itself.
        let _ = entry.line.send(order);
        Some(entry.call.clone())
    });
    let rendered = render(world, updated.as_ref().unwrap_or(call));
    Ok((StatusCode::OK, rendered))
}

/// Sets the last status at once: the call learns of it, and reports it, in its own time.
fn end(world: &World, sid: CallSid, status: &CallStatus) {
    world.update(|state| {
        if let Some(entry) = state.call_mut(sid) {
            entry.call.status = status.clone();
            entry.call.end_time = Some(SystemTime::now());
        }
    });
}

fn render(world: &World, call: &StoredCall) -> Value {
    let account = world.account_sid.as_str();
    let sid = call.sid.as_str();
    let path = format!("/2010-04-01/Accounts/{account}/Calls/{sid}");
    let ours = match call.direction {
        CallDirection::Inbound => call.to,
        _ => call.from,
    };
    let number_sid = world.read(|state| state.number(ours).map(|number| number.sid));
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
        "from": call.from.as_str(),
        "from_formatted": formatted(call.from),
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
        "to": call.to.as_str(),
        "to_formatted": formatted(call.to),
        "trunk_sid": null,
        "uri": format!("{path}.json"),
    })
}
