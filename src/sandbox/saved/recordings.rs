//! Recordings and their transcriptions, in the saved state.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::values::SavedTime;
use crate::sandbox::state::{RecordingEntry, StoredRecording, StoredTranscription};
use crate::types::{
    CallSid, ConferenceSid, RecordingSid, RecordingSource, RecordingStatus, RecordingTrack,
    Redacted, TranscriptionSid,
};

/// A recording. Its audio is made from the duration, so there are no bytes to keep.
#[derive(Deserialize, Serialize)]
pub(super) struct SavedRecording {
    sid: RecordingSid,
    call_sid: Option<CallSid>,
    conference_sid: Option<ConferenceSid>,
    source: RecordingSource,
    status: RecordingStatus,
    channels: u8,
    track: RecordingTrack,
    duration: Option<u64>,
    error_code: Option<u32>,
    date_created: SavedTime,
    date_updated: SavedTime,
    start_time: SavedTime,
    is_silent: bool,
    transcriptions: Vec<SavedTranscription>,
}

#[derive(Deserialize, Serialize)]
struct SavedTranscription {
    sid: TranscriptionSid,
    text: String,
    duration: u64,
    date_created: SavedTime,
}

impl SavedRecording {
    /// Creates the saved form. A recording in progress is stated as completed `now`, because no call
    /// continues it.
    pub(super) fn new(entry: &RecordingEntry, now: SystemTime) -> Self {
        let recording = &entry.recording;
        let is_open = recording.is_live() || recording.status == RecordingStatus::Stopped;
        let until_now = || {
            now.duration_since(recording.start_time)
                .unwrap_or_default()
                .as_secs()
        };
        Self {
            sid: recording.sid,
            call_sid: recording.call_sid,
            conference_sid: recording.conference_sid,
            source: recording.source.clone(),
            status: if is_open {
                RecordingStatus::Completed
            } else {
                recording.status.clone()
            },
            channels: recording.channels,
            track: recording.track.clone(),
            duration: recording.duration.or_else(|| is_open.then(until_now)),
            error_code: recording.error_code,
            date_created: SavedTime(recording.date_created),
            date_updated: SavedTime(recording.date_updated),
            start_time: SavedTime(recording.start_time),
            is_silent: entry.is_silent,
            transcriptions: entry.transcriptions.iter().map(Into::into).collect(),
        }
    }
}

impl From<SavedRecording> for RecordingEntry {
    fn from(saved: SavedRecording) -> Self {
        let transcriptions = saved.transcriptions.into_iter();
        Self {
            recording: StoredRecording {
                sid: saved.sid,
                call_sid: saved.call_sid,
                conference_sid: saved.conference_sid,
                source: saved.source,
                status: saved.status,
                channels: saved.channels,
                track: saved.track,
                duration: saved.duration,
                error_code: saved.error_code,
                date_created: saved.date_created.0,
                date_updated: saved.date_updated.0,
                start_time: saved.start_time.0,
            },
            is_silent: saved.is_silent,
            callback: None,
            transcriptions: transcriptions
                .map(|transcription| StoredTranscription {
                    sid: transcription.sid,
                    recording_sid: saved.sid,
                    text: Redacted::new(transcription.text),
                    duration: transcription.duration,
                    date_created: transcription.date_created.0,
                })
                .collect(),
        }
    }
}

impl From<&StoredTranscription> for SavedTranscription {
    fn from(transcription: &StoredTranscription) -> Self {
        Self {
            sid: transcription.sid,
            text: transcription.text.expose().clone(),
            duration: transcription.duration,
            date_created: SavedTime(transcription.date_created),
        }
    }
}
