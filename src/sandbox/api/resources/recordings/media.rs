//! Files of a recording.

use super::{audio, list};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::types::RecordingStatus;

/// Reports whether the last segment of a path is that of a file: the SID alone, or with the ending
/// of a format.
pub(in crate::sandbox::api) fn is_file(segment: &str) -> bool {
    let ending = segment.split_once('.').map(|(_, ending)| ending);
    matches!(ending, None | Some("wav" | "mp3"))
}

/// Returns the audio of a recording: WAV, or MP3 if the path says so.
pub(in crate::sandbox::api) fn file(request: &ApiRequest<'_>, segment: &str) -> ApiResult {
    request.require_get()?;
    request.query.allow_only(&["RequestedChannels"])?;
    let (sid, ending) = segment.split_once('.').unwrap_or((segment, "wav"));
    let recording = list::find(request, sid, None)
        .filter(|recording| recording.status == RecordingStatus::Completed)
        .ok_or_else(|| request.not_found())?;
    let context = request.context;
    let channels = match request.query.one("RequestedChannels") {
        None => recording.channels,
        Some("1") => 1,
        Some("2") if recording.channels == 2 => 2,
        Some("2") => {
            let message = "a mono recording cannot be downloaded with two channels";
            let call = recording.call_sid.map(|sid| sid.to_string());
            context.alert(16113, message, &call.unwrap_or_default());
            return Err(ApiError::bad_request(
                16113,
                "Cannot download a dual-channel presentation of a mono recording",
            ));
        }
        Some(_) => {
            let message = "RequestedChannels must be 1 or 2";
            return Err(ApiError::bad_request(20001, message));
        }
    };
    let seconds = recording.duration.unwrap_or_default();
    let is_silent = context.read(|state| {
        let entry = state.recordings.get(recording.sid);
        entry.is_some_and(|entry| entry.is_silent)
    });
    if ending == "mp3" {
        let bytes = audio::mp3(seconds);
        return Ok(ApiResponse::file("audio/mpeg".to_owned(), bytes));
    }
    let bytes = audio::wav(seconds, channels, is_silent);
    Ok(ApiResponse::file("audio/x-wav".to_owned(), bytes))
}
