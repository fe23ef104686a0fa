//! Recordings of one conference.
//!
//! Source: <https://www.twilio.com/docs/voice/api/recording>

use http::Method;

use super::control::{callback, change, invalid, not_eligible};
use super::{list, render};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::change_recording;
use crate::sandbox::state::{
    Conference, ConferenceRecordingOptions, RecordingOptions, StoredRecording,
};
use crate::types::{ConferenceSid, RecordingSource};

/// Handles a request for the recordings of one conference. `rest` are the segments of its path
/// after `Recordings`.
pub(in crate::sandbox::api) fn of_conference(
    request: &ApiRequest<'_>,
    conference: &Conference,
    rest: &[&str],
) -> ApiResult {
    let sid = conference.sid;
    match (rest, &request.method) {
        ([], _) => list_of_conference(request, sid),
        (["Twilio.CURRENT"], &Method::POST) => {
            let current = conference.recording.as_ref().map(|active| active.sid);
            let current = current.ok_or_else(|| request.not_found())?;
            update(request, sid, &find(request, sid, current.as_str())?)
        }
        ([recording], method) => {
            let recording = find(request, sid, recording)?;
            match *method {
                Method::GET => {
                    let body = render::of_conference(request.context, sid, &recording);
                    Ok(ApiResponse::ok(body))
                }
                Method::POST => update(request, sid, &recording),
                Method::DELETE => list::delete(request, &recording),
                _ => Err(ApiError::method_not_allowed()),
            }
        }
        _ => Err(request.not_found()),
    }
}

fn find(
    request: &ApiRequest<'_>,
    conference: ConferenceSid,
    sid: &str,
) -> Result<StoredRecording, ApiError> {
    list::find(request, sid, None)
        .filter(|found| found.conference_sid == Some(conference) && !found.is_deleted())
        .ok_or_else(|| request.not_found())
}

fn list_of_conference(request: &ApiRequest<'_>, conference: ConferenceSid) -> ApiResult {
    request.require_get()?;
    list::list_of(
        request,
        |recording| recording.conference_sid == Some(conference),
        |recording| render::of_conference(request.context, conference, recording),
    )
}

/// Pauses, resumes or stops a recording.
fn update(
    request: &ApiRequest<'_>,
    conference: ConferenceSid,
    recording: &StoredRecording,
) -> ApiResult {
    let context = request.context;
    let change = change(&request.form)?;
    let changed =
        change_recording(context, conference, recording.sid, change).ok_or_else(not_eligible)?;
    let body = render::of_conference(context, conference, &changed);
    Ok(ApiResponse::ok(body))
}

/// Reads `ConferenceRecord` and the parameters that belong to it.
pub(in crate::sandbox::api) fn conference_options(
    form: &Form,
) -> Result<Option<ConferenceRecordingOptions>, ApiError> {
    let trims_silence = match form.one("ConferenceTrim") {
        None | Some("trim-silence") => true,
        Some("do-not-trim") => false,
        Some(_) => {
            return Err(invalid(
                "ConferenceTrim must be trim-silence or do-not-trim",
            ));
        }
    };
    let callback = callback(form, "Conference")?;
    match form.one("ConferenceRecord") {
        None | Some("false" | "do-not-record") => return Ok(None),
        Some("true" | "record-from-start") => {}
        Some(_) => {
            let message = "ConferenceRecord must be record-from-start or do-not-record";
            return Err(invalid(message));
        }
    }
    Ok(Some(ConferenceRecordingOptions {
        recording: RecordingOptions {
            callback,
            ..RecordingOptions::new(RecordingSource::Conference)
        },
        trims_silence,
    }))
}
