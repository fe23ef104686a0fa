//! Recording of a conference: from its start to its end.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/conference#record>

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::sandbox::calls::recording::{RecordedAudio, complete, report};
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    ConferenceRecording, RecordingChange, RecordingEntry, State, StoredRecording,
};
use crate::types::{ConferenceSid, RecordingSid, RecordingStatus};

/// Starts the recording that a conference has asked for. Returns it, so that it can be reported.
pub(super) fn begin(
    state: &mut State,
    conference: ConferenceSid,
    sid: RecordingSid,
    (now, reading): (SystemTime, Duration),
) -> Option<RecordingEntry> {
    let found = state.conferences.get_mut(conference)?;
    let options = found.recording_options.as_ref()?;
    let entry = RecordingEntry::new(sid, &options.recording, now).of_conference(conference);
    found.recording = Some(ConferenceRecording::new(
        sid,
        options.trims_silence,
        reading,
    ));
    let limit = state.history_limit;
    state.recordings.insert(entry.clone(), limit);
    Some(entry)
}

/// Reports the start of a recording.
pub(super) fn report_start(context: &Arc<Context>, entry: &RecordingEntry) {
    report(context, &entry.recording, entry.callback.as_ref());
}

/// Notes a sound that the participants hear.
pub(super) fn hear(context: &Context, conference: ConferenceSid, length: Duration) {
    let now = context.clock.passed();
    context.update(|state| {
        let recording = state.conferences.get_mut(conference)?.recording.as_mut()?;
        recording.hear(now, length);
        Some(())
    });
}

/// Ends a recording, and reports it.
pub(super) fn finish(context: &Arc<Context>, recording: &ConferenceRecording) {
    let audio = RecordedAudio {
        seconds: recording.seconds(context.clock.passed()),
        is_silent: recording.is_silent(),
    };
    complete(context, recording.sid, Some(audio));
}

/// Pauses, resumes or stops the recording of a conference at the request of the REST API. Returns
/// the changed recording, or `None` if it is in progress no more.
pub(crate) fn change_recording(
    context: &Arc<Context>,
    conference: ConferenceSid,
    sid: RecordingSid,
    (status, change): (RecordingStatus, RecordingChange),
) -> Option<StoredRecording> {
    let (now, reading) = (context.now(), context.clock.passed());
    let (changed, stopped) = context.update(|state| {
        let place = &mut state.conferences.get_mut(conference)?.recording;
        let active = place.as_mut().filter(|active| active.sid == sid)?;
        match change {
            RecordingChange::Pause { skips } => active.pause(reading, skips),
            RecordingChange::Resume => active.resume(reading),
            RecordingChange::Stop => {}
        }
        let stopped = match change {
            RecordingChange::Stop => place.take(),
            _ => None,
        };
        let recording = &mut state.recordings.get_mut(sid)?.recording;
        recording.status = status;
        recording.date_updated = now;
        Some((recording.clone(), stopped))
    })?;
    if let Some(stopped) = stopped {
        finish(context, &stopped);
    }
    Some(changed)
}
