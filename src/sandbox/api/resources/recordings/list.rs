//! Lists, fetches and deletes recordings.

use http::{Method, StatusCode};
use serde_json::Value;

use super::{control, render};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{StoredCall, StoredRecording};
use crate::types::{CallSid, RecordingSid, RecordingStatus};

const FILTERS: &[&str] = &[
    "DateCreated",
    "DateCreated<",
    "DateCreated>",
    "CallSid",
    "ConferenceSid",
    "IncludeSoftDeleted",
];

/// Lists the recordings of the account.
pub(in crate::sandbox::api) fn list(request: &ApiRequest<'_>) -> ApiResult {
    request.require_get()?;
    check_filters(request, FILTERS)?;
    let query = &request.query;
    let includes_deleted = includes_deleted(request)?;
    let created = query.date_filter("DateCreated")?;
    let page = PageRequest::read(request)?;
    let page = request.context.read(|state| {
        // Twilio lists the newest first.
        let recordings = state.recordings.iter().rev().map(|entry| &entry.recording);
        let found = recordings.filter(|recording| {
            let call = recording.call_sid.as_ref().map_or("", |sid| sid.as_str());
            let conference = recording.conference_sid.as_ref();
            (includes_deleted || !recording.is_deleted())
                && query.matches("CallSid", call)
                && query.matches("ConferenceSid", conference.map_or("", |sid| sid.as_str()))
                && created.admits(Some(recording.date_created))
        });
        page.select(found, |recording| recording.sid.as_str())
    })?;
    let (context, base_url) = (request.context, request.base_url);
    Ok(page.render("recordings", |recording| {
        render::of_account(context, base_url, recording)
    }))
}

/// Fetches or deletes a recording of the account.
pub(in crate::sandbox::api) fn one(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    let includes_deleted = includes_deleted(request)?;
    let recording = find(request, sid, None)
        .filter(|recording| includes_deleted || !recording.is_deleted())
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => {
            request.query.allow_only(&["IncludeSoftDeleted"])?;
            let (context, base_url) = (request.context, request.base_url);
            let body = render::of_account(context, base_url, &recording);
            Ok(ApiResponse::ok(body))
        }
        Method::DELETE => delete(request, &recording),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Handles a request for the recordings of one call. `rest` are the segments of its path after
/// `Recordings`.
pub(in crate::sandbox::api) fn of_call(
    request: &ApiRequest<'_>,
    call: &StoredCall,
    rest: &[&str],
) -> ApiResult {
    match (rest, &request.method) {
        ([], &Method::GET) => list_of_call(request, call),
        ([], &Method::POST) => control::start(request, call),
        ([sid], &Method::POST) => control::update(request, call, sid),
        ([sid], method) => {
            let recording = find(request, sid, Some(call.sid))
                .filter(|recording| !recording.is_deleted())
                .ok_or_else(|| request.not_found())?;
            match *method {
                Method::GET => {
                    let body = render::of_call(request.context, &recording);
                    Ok(ApiResponse::ok(body))
                }
                Method::DELETE => delete(request, &recording),
                _ => Err(ApiError::method_not_allowed()),
            }
        }
        ([], _) => Err(ApiError::method_not_allowed()),
        _ => Err(request.not_found()),
    }
}

fn list_of_call(request: &ApiRequest<'_>, call: &StoredCall) -> ApiResult {
    list_of(
        request,
        |recording| recording.call_sid == Some(call.sid),
        |recording| render::of_call(request.context, recording),
    )
}

/// Renders the recordings of a call or a conference that are not deleted, the newest first.
pub(super) fn list_of(
    request: &ApiRequest<'_>,
    is_of: impl Fn(&StoredRecording) -> bool,
    render: impl Fn(&StoredRecording) -> Value,
) -> ApiResult {
    check_filters(request, &["DateCreated", "DateCreated<", "DateCreated>"])?;
    let created = request.query.date_filter("DateCreated")?;
    let page = PageRequest::read(request)?;
    let page = request.context.read(|state| {
        let recordings = state.recordings.iter().rev().map(|entry| &entry.recording);
        let found = recordings.filter(|recording| {
            is_of(recording)
                && !recording.is_deleted()
                && created.admits(Some(recording.date_created))
        });
        page.select(found, |recording| recording.sid.as_str())
    })?;
    Ok(page.render("recordings", render))
}

/// Returns a recording, even a deleted one.
pub(super) fn find(
    request: &ApiRequest<'_>,
    sid: &str,
    call: Option<CallSid>,
) -> Option<StoredRecording> {
    let sid = RecordingSid::parse(sid).ok()?;
    let found = request
        .context
        .read(|state| state.recording(sid).cloned())?;
    (call.is_none() || found.call_sid == call).then_some(found)
}

/// Deletes a recording. Its metadata stay, for `IncludeSoftDeleted`.
pub(super) fn delete(request: &ApiRequest<'_>, recording: &StoredRecording) -> ApiResult {
    if recording.is_deleted() {
        return Err(request.not_found());
    }
    if recording.is_live() {
        let text = "Resource not complete: the recording is in progress";
        return Err(ApiError::new(StatusCode::CONFLICT, 20009, text));
    }
    let now = request.context.now();
    request.context.update(|state| {
        if let Some(entry) = state.recordings.get_mut(recording.sid) {
            entry.recording.status = RecordingStatus::Deleted;
            entry.recording.date_updated = now;
        }
    });
    Ok(ApiResponse::no_content())
}

fn includes_deleted(request: &ApiRequest<'_>) -> Result<bool, ApiError> {
    request.query.check_flags(&["IncludeSoftDeleted"])?;
    Ok(request.query.one("IncludeSoftDeleted") == Some("true"))
}
