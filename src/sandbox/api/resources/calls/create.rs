//! Creates a call.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::instructions::instructions;
use super::parties::{check_account, parties};
use super::render::render;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::resources::recordings;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::{ActiveCall, MachineDetection, PlaceOptions, is_digits, place};
use crate::sandbox::context::Context;
use crate::sandbox::state::AlertCause;
use crate::types::RecordingSource;

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
/// Twilio's limit for `SendDigits`.
const DIGITS_LIMIT: usize = 32;

pub(super) fn create(context: &Arc<Context>, form: &Form) -> ApiResult {
    form.allow_only(CREATE)?;
    form.check_flags(&["Record", "AsyncAmd"])?;
    check_account(context)?;
    let timeout = form.number("Timeout", 0..=600, 21208)?.unwrap_or(60);
    let time_limit = form.number("TimeLimit", 1..=86_400, 20422)?;
    let parties = parties(context, form)?;
    let (instructions, status_callback) = instructions(context, form)?;
    let send_digits = send_digits(form)?;
    let mut alerts = Vec::new();
    let machine_detection = machine_detection(form, &mut alerts)?;
    let recording = recordings::options(form, RecordingSource::OutboundApi)?;
    let call = ActiveCall::outbound(context, parties, status_callback, time_limit);
    let stored = call.stored();
    for alert in alerts {
        call.alert(alert.code, alert.message);
    }
    let options = PlaceOptions {
        instructions,
        timeout: Duration::from_secs(timeout),
        send_digits,
        machine_detection,
        recording: (form.one("Record") == Some("true")).then_some(recording),
    };
    context.spawn(|activity| place(call, options, activity));
    let rendered = stored.map_or(Value::Null, |call| render(context, &call));
    Ok(ApiResponse::created(rendered))
}

fn send_digits(form: &Form) -> Result<Option<String>, ApiError> {
    let Some(digits) = form.one("SendDigits") else {
        return Ok(None);
    };
    if digits.len() > DIGITS_LIMIT || !is_digits(digits) {
        let message = "SendDigits must be at most 32 keys and pauses";
        return Err(ApiError::bad_request(20422, message));
    }
    Ok(Some(digits.to_owned()))
}

/// Reads the settings of answering-machine detection. Invalid ones become alerts of the call.
fn machine_detection(
    form: &Form,
    alerts: &mut Vec<AlertCause>,
) -> Result<Option<MachineDetection>, ApiError> {
    let get = |suffix: &str| form.one(&format!("MachineDetection{suffix}"));
    let Some(detection) = MachineDetection::read(get, alerts) else {
        return Ok(None);
    };
    let (url, method) = ("AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod");
    let callback = form.webhook(url, method, 21609)?;
    Ok(Some(match form.flag("AsyncAmd") {
        Some(true) => detection.with_callback(callback, alerts),
        _ => detection,
    }))
}
