//! `Calls/{sid}/Transcriptions.json`: real-time transcriptions.
//!
//! Source: <https://www.twilio.com/docs/voice/api/realtime-transcription-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::{start_transcription, stop_transcription};
use crate::sandbox::state::{RealTimeTranscription, StoredCall, TranscriptionOptions, rfc2822};
use crate::types::CallStatus;

const START: &[&str] = &[
    "Name",
    "Track",
    "StatusCallbackUrl",
    "StatusCallbackMethod",
    "InboundTrackLabel",
    "OutboundTrackLabel",
    "PartialResults",
    "LanguageCode",
    "TranscriptionEngine",
    "ProfanityFilter",
    "SpeechModel",
    "Hints",
    "EnableAutomaticPunctuation",
    "IntelligenceService",
    "ConversationConfiguration",
    "ConversationId",
];

/// Handles a request. `rest` are the segments of its path after `Transcriptions`. Twilio can
/// neither list nor fetch real-time transcriptions.
pub(super) fn route(request: &ApiRequest<'_>, call: &StoredCall, rest: &[&str]) -> ApiResult {
    match (rest, &request.method) {
        ([], &Method::POST) => start(request, call),
        ([name], &Method::POST) => stop(request, call, name),
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(request.not_found()),
    }
}

fn start(request: &ApiRequest<'_>, call: &StoredCall) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(START)?;
    form.check_flags(&[
        "PartialResults",
        "ProfanityFilter",
        "EnableAutomaticPunctuation",
    ])?;
    let tracks = ["inbound_track", "outbound_track", "both_tracks"];
    if form
        .one("Track")
        .is_some_and(|track| !tracks.contains(&track))
    {
        let message = "Track must be inbound_track, outbound_track or both_tracks";
        return Err(ApiError::bad_request(20001, message));
    }
    let callback = form.webhook("StatusCallbackUrl", "StatusCallbackMethod", 20001)?;
    if call.status != CallStatus::InProgress {
        let message = "The call is not in progress";
        return Err(ApiError::bad_request(21220, message));
    }
    let options = TranscriptionOptions::read(|name| parameter(form, name), callback, Vec::new());
    let started = start_transcription(context, call.sid, options);
    Ok(ApiResponse::ok(render(request, call, &started)))
}

/// Returns the value of the parameter whose attribute in `TwiML` has this name.
fn parameter<'a>(form: &'a Form, attribute: &str) -> Option<&'a str> {
    let (first, rest) = attribute.split_at_checked(1)?;
    form.one(&format!("{}{rest}", first.to_ascii_uppercase()))
}

fn stop(request: &ApiRequest<'_>, call: &StoredCall, name: &str) -> ApiResult {
    request.form.allow_only(&["Status"])?;
    if request.form.one("Status") != Some("stopped") {
        return Err(ApiError::bad_request(20001, "Status must be stopped"));
    }
    let stopped = stop_transcription(request.context, call.sid, name);
    let stopped = stopped.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render(request, call, &stopped)))
}

fn render(
    request: &ApiRequest<'_>,
    call: &StoredCall,
    transcription: &RealTimeTranscription,
) -> Value {
    let (account, sid) = (request.context.account_sid, transcription.sid);
    let call = call.sid;
    let status = if transcription.is_stopped {
        "stopped"
    } else {
        "in-progress"
    };
    json!({
        "account_sid": account,
        "call_sid": call,
        "date_updated": rfc2822(transcription.date_updated),
        "name": transcription.options.name,
        "sid": sid,
        "status": status,
        "uri": format!("/2010-04-01/Accounts/{account}/Calls/{call}/Transcriptions/{sid}.json"),
    })
}
