//! `Transcriptions.json`, and the transcriptions of one recording.
//!
//! Source: <https://www.twilio.com/docs/voice/api/recording-transcription>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{RecordingEntry, StoredTranscription, rfc2822};
use crate::types::{RecordingSid, TranscriptionSid};

/// Lists the transcriptions of the account, newest first.
pub(in crate::sandbox::api) fn list(request: &ApiRequest<'_>) -> ApiResult {
    list_of(request, |_| true)
}

/// Fetches or deletes a transcription of the account.
pub(in crate::sandbox::api) fn one(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    one_of(request, sid, |_| true)
}

/// Handles a request for the transcriptions of one recording. `rest` are the segments of its path
/// after `Transcriptions`.
pub(in crate::sandbox::api) fn of_recording(
    request: &ApiRequest<'_>,
    recording: &str,
    rest: &[&str],
) -> ApiResult {
    let recording = RecordingSid::parse(recording)
        .ok()
        .filter(|sid| {
            let exists = |entry: &RecordingEntry| !entry.recording.is_deleted();
            request
                .context
                .read(|state| state.recordings.get(*sid).is_some_and(exists))
        })
        .ok_or_else(|| request.not_found())?;
    let is_own = |entry: &RecordingEntry| entry.recording.sid == recording;
    match rest {
        [] => list_of(request, is_own),
        [sid] => one_of(request, sid, is_own),
        _ => Err(request.not_found()),
    }
}

fn list_of(request: &ApiRequest<'_>, admits: impl Fn(&RecordingEntry) -> bool) -> ApiResult {
    request.require_get()?;
    check_filters(request, &[])?;
    let items: Vec<Value> = request.context.read(|state| {
        let entries = state.recordings.iter().rev().filter(|entry| admits(entry));
        let found = entries.flat_map(|entry| entry.transcriptions.iter().rev());
        found.map(|found| render(request, found)).collect()
    });
    page(request, "transcriptions", &items)
}

fn one_of(
    request: &ApiRequest<'_>,
    sid: &str,
    admits: impl Fn(&RecordingEntry) -> bool,
) -> ApiResult {
    let sid = TranscriptionSid::parse(sid).map_err(|_| request.not_found())?;
    let found = request.context.read(|state| {
        let entries = state.recordings.iter().filter(|entry| admits(entry));
        let mut all = entries.flat_map(|entry| &entry.transcriptions);
        all.find(|transcription| transcription.sid == sid).cloned()
    });
    let found = found.ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request, &found))),
        Method::DELETE => {
            request.context.update(|state| {
                if let Some(entry) = state.recordings.get_mut(found.recording_sid) {
                    entry.transcriptions.retain(|kept| kept.sid != sid);
                }
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn render(request: &ApiRequest<'_>, transcription: &StoredTranscription) -> Value {
    let (account, sid) = (request.context.account_sid, transcription.sid);
    let date = rfc2822(transcription.date_created);
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "date_created": date,
        "date_updated": date,
        "duration": transcription.duration.to_string(),
        "price": null,
        "price_unit": "USD",
        "recording_sid": transcription.recording_sid,
        "sid": sid,
        "status": "completed",
        "transcription_text": transcription.text.expose(),
        "type": "fast",
        "uri": format!("/2010-04-01/Accounts/{account}/Transcriptions/{sid}.json"),
    })
}
