//! Starts, pauses, resumes and stops the recording of a call.

use super::{list, render};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::create_recording;
use crate::sandbox::state::{
    CallCommand, RecordingCallback, RecordingChange, RecordingOptions, StoredCall, StoredRecording,
};
use crate::types::{CallSid, CallStatus, RecordingSource, RecordingStatus, RecordingTrack};

const START: &[&str] = &[
    "RecordingStatusCallbackEvent",
    "RecordingStatusCallback",
    "RecordingStatusCallbackMethod",
    "Trim",
    "RecordingChannels",
    "RecordingTrack",
];

/// Starts a recording of a call in progress. A second start returns the recording that the first
/// has started.
pub(super) fn start(request: &ApiRequest<'_>, call: &StoredCall) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(START)?;
    let options = options(form, RecordingSource::StartCallRecordingApi)?;
    if call.status != CallStatus::InProgress {
        return Err(not_eligible());
    }
    let mut live = live(request, call.sid).into_iter();
    if let Some(started) = live.find(|live| live.source == RecordingSource::StartCallRecordingApi) {
        return Ok(ApiResponse::ok(render::of_call(context, &started)));
    }
    let recording = create_recording(context, call.sid, &options);
    context.command(call.sid, CallCommand::StartRecording(recording.sid), None);
    Ok(ApiResponse::created(render::of_call(context, &recording)))
}

/// Pauses, resumes or stops a recording.
pub(super) fn update(request: &ApiRequest<'_>, call: &StoredCall, sid: &str) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    let (status, change) = change(form)?;
    let recording = if sid == "Twilio.CURRENT" {
        let mut live = live(request, call.sid).into_iter();
        match (live.next(), live.next()) {
            (Some(only), None) => only,
            (Some(_), Some(_)) => return Err(not_eligible()),
            (None, _) => return Err(request.not_found()),
        }
    } else {
        list::find(request, sid, Some(call.sid))
            .filter(|recording| !recording.is_deleted())
            .ok_or_else(|| request.not_found())?
    };
    // A `<Record>` is ended by the person only.
    if !recording.is_live() || recording.source == RecordingSource::RecordVerb {
        return Err(not_eligible());
    }
    let now = context.now();
    let changed = context.update(|state| {
        let recording = &mut state.recordings.get_mut(recording.sid)?.recording;
        recording.status = status;
        recording.date_updated = now;
        Some(recording.clone())
    });
    let change = CallCommand::ChangeRecording(recording.sid, change);
    context.command(call.sid, change, None);
    let changed = changed.unwrap_or(recording);
    Ok(ApiResponse::ok(render::of_call(context, &changed)))
}

/// Reads the change of a recording, and its status afterwards.
pub(super) fn change(form: &Form) -> Result<(RecordingStatus, RecordingChange), ApiError> {
    form.allow_only(&["Status", "PauseBehavior"])?;
    let skips = match form.one("PauseBehavior") {
        Some("skip") => true,
        None | Some("silence") => false,
        Some(_) => return Err(invalid("PauseBehavior must be skip or silence")),
    };
    Ok(match form.one("Status") {
        Some("paused") => (RecordingStatus::Paused, RecordingChange::Pause { skips }),
        Some("in-progress") => (RecordingStatus::InProgress, RecordingChange::Resume),
        Some("stopped") => (RecordingStatus::Stopped, RecordingChange::Stop),
        _ => return Err(invalid("Status must be in-progress, paused or stopped")),
    })
}

/// Returns the recordings of a call that are in progress or paused, except a `<Record>`.
fn live(request: &ApiRequest<'_>, call: CallSid) -> Vec<StoredRecording> {
    request.context.read(|state| {
        let recordings = state.recordings.iter().map(|entry| &entry.recording);
        let live = recordings.filter(|recording| {
            recording.call_sid == Some(call)
                && recording.is_live()
                && recording.source != RecordingSource::RecordVerb
        });
        live.cloned().collect()
    })
}

/// Reads the parameters of a recording.
pub(in crate::sandbox::api) fn options(
    form: &Form,
    source: RecordingSource,
) -> Result<RecordingOptions, ApiError> {
    let channels = match form.one("RecordingChannels") {
        None | Some("mono") => 1,
        Some("dual") => 2,
        Some(_) => return Err(invalid("RecordingChannels must be mono or dual")),
    };
    let track = match form.one("RecordingTrack") {
        None | Some("both") => RecordingTrack::Both,
        Some("inbound") => RecordingTrack::Inbound,
        Some("outbound") => RecordingTrack::Outbound,
        Some(_) => return Err(invalid("RecordingTrack must be inbound, outbound or both")),
    };
    if !matches!(
        form.one("Trim"),
        None | Some("trim-silence" | "do-not-trim")
    ) {
        return Err(invalid("Trim must be trim-silence or do-not-trim"));
    }
    let callback = callback(form, "")?;
    let options = RecordingOptions {
        channels,
        callback,
        ..RecordingOptions::new(source)
    };
    Ok(options.with_track(track))
}

/// Reads the status callback of a recording. `prefix` is `Conference` for that of a conference.
pub(super) fn callback(form: &Form, prefix: &str) -> Result<Option<RecordingCallback>, ApiError> {
    let url = format!("{prefix}RecordingStatusCallback");
    let (method, event) = (format!("{url}Method"), format!("{url}Event"));
    let Some(target) = form.webhook(&url, &method, 21609)? else {
        return Ok(None);
    };
    let events = events(form, &event)?;
    Ok(Some(RecordingCallback { target, events }))
}

/// Reads the events: repeated parameters, or one list with commas or spaces.
fn events(form: &Form, name: &str) -> Result<Vec<RecordingStatus>, ApiError> {
    let values = form.all(name);
    let words = values.iter().flat_map(|value| value.split([',', ' ']));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(vec![RecordingStatus::Completed]);
    }
    let events = words.into_iter().map(|word| match word {
        "in-progress" => Ok(RecordingStatus::InProgress),
        "completed" => Ok(RecordingStatus::Completed),
        "absent" => Ok(RecordingStatus::Absent),
        _ => Err(invalid(
            "RecordingStatusCallbackEvent must be in-progress, completed or absent",
        )),
    });
    events.collect()
}

pub(super) fn invalid(message: &str) -> ApiError {
    ApiError::bad_request(20001, message)
}

pub(super) fn not_eligible() -> ApiError {
    let message = "Requested resource is not eligible for recording";
    ApiError::bad_request(21220, message)
}
