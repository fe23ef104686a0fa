//! Recordings of calls, and their transcriptions.

use std::time::{Duration, SystemTime};

use super::settings::WebhookTarget;
use super::table::Row;
use crate::types::{
    CallSid, ConferenceSid, RecordingSid, RecordingSource, RecordingStatus, RecordingTrack,
    Redacted, TranscriptionSid,
};

/// A recording of the account.
///
/// Source: <https://www.twilio.com/docs/voice/api/recording>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredRecording {
    /// SID of the recording, `RE...`.
    pub sid: RecordingSid,
    /// Recorded call. A `<Dial>` records the call that dials.
    pub call_sid: Option<CallSid>,
    /// Recorded conference.
    pub conference_sid: Option<ConferenceSid>,
    /// Request or verb that started the recording.
    pub source: RecordingSource,
    /// Status of the recording.
    pub status: RecordingStatus,
    /// Number of channels: 1, or 2 if each side has its own.
    pub channels: u8,
    /// Recorded side of the call.
    pub track: RecordingTrack,
    /// Duration in seconds by the sandbox's clock; `None` until the recording has ended.
    pub duration: Option<u64>,
    /// Twilio's error code for a recording without audio.
    pub error_code: Option<u32>,
    /// Time of creation.
    pub date_created: SystemTime,
    /// Time of the last change.
    pub date_updated: SystemTime,
    /// Time at which the recording started.
    pub start_time: SystemTime,
}

impl StoredRecording {
    /// Reports whether the recording is in progress or paused.
    pub(crate) const fn is_live(&self) -> bool {
        matches!(
            self.status,
            RecordingStatus::InProgress | RecordingStatus::Paused
        )
    }

    pub(crate) const fn is_deleted(&self) -> bool {
        matches!(self.status, RecordingStatus::Deleted)
    }
}

/// A recording, its transcriptions, and the callback that learns about it.
#[derive(Clone)]
pub(crate) struct RecordingEntry {
    pub(crate) recording: StoredRecording,
    /// Set if nothing was said.
    pub(crate) is_silent: bool,
    pub(crate) callback: Option<RecordingCallback>,
    pub(crate) transcriptions: Vec<StoredTranscription>,
}

impl RecordingEntry {
    /// Creates a recording in progress.
    pub(crate) fn new(sid: RecordingSid, options: &RecordingOptions, now: SystemTime) -> Self {
        let recording = StoredRecording {
            sid,
            call_sid: None,
            conference_sid: None,
            source: options.source.clone(),
            status: RecordingStatus::InProgress,
            channels: options.channels,
            track: options.track.clone(),
            duration: None,
            error_code: None,
            date_created: now,
            date_updated: now,
            start_time: now.checked_sub(options.lead).unwrap_or(now),
        };
        Self {
            recording,
            is_silent: false,
            callback: options.callback.clone(),
            transcriptions: Vec::new(),
        }
    }

    pub(crate) fn of_call(mut self, call: CallSid) -> Self {
        self.recording.call_sid = Some(call);
        self
    }

    pub(crate) fn of_conference(mut self, conference: ConferenceSid) -> Self {
        self.recording.conference_sid = Some(conference);
        self
    }
}

impl Row for RecordingEntry {
    type Key = RecordingSid;

    fn key(&self) -> RecordingSid {
        self.recording.sid
    }

    fn is_final(&self) -> bool {
        !self.recording.is_live() && self.recording.status != RecordingStatus::Stopped
    }
}

/// A transcription of a recording.
#[derive(Clone)]
pub(crate) struct StoredTranscription {
    pub(crate) sid: TranscriptionSid,
    pub(crate) recording_sid: RecordingSid,
    pub(crate) text: Redacted<String>,
    /// Duration of the recording in seconds.
    pub(crate) duration: u64,
    pub(crate) date_created: SystemTime,
}

/// Options with which a recording is started.
#[derive(Clone)]
pub(crate) struct RecordingOptions {
    pub(crate) source: RecordingSource,
    pub(crate) channels: u8,
    pub(crate) track: RecordingTrack,
    /// Time that is recorded already, such as that of ringing.
    pub(crate) lead: Duration,
    pub(crate) callback: Option<RecordingCallback>,
}

impl RecordingOptions {
    /// Creates options for one channel with both sides of the call.
    pub(crate) const fn new(source: RecordingSource) -> Self {
        Self {
            source,
            channels: 1,
            track: RecordingTrack::Both,
            lead: Duration::ZERO,
            callback: None,
        }
    }

    /// Sets the recorded side. One side alone has one channel.
    ///
    /// Source: <https://www.twilio.com/docs/voice/tutorials/how-record-single-side-call>
    pub(crate) fn with_track(mut self, track: RecordingTrack) -> Self {
        if track != RecordingTrack::Both {
            self.channels = 1;
        }
        self.track = track;
        self
    }
}

/// URL and events of a recording's status callback.
#[derive(Clone)]
pub(crate) struct RecordingCallback {
    pub(crate) target: WebhookTarget,
    pub(crate) events: Vec<RecordingStatus>,
}

/// Change of a recording in progress.
#[derive(Clone, Copy)]
pub(crate) enum RecordingChange {
    /// `skips` leaves the pause out of the recording; else it becomes silence.
    Pause {
        skips: bool,
    },
    Resume,
    Stop,
}
