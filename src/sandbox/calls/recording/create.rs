//! The resource of a recording, and its status callback.
//!
//! Source: <https://www.twilio.com/docs/voice/api/recording>

use std::sync::Arc;

use crate::sandbox::context::Context;
use crate::sandbox::state::{
    RecordingCallback, RecordingEntry, RecordingOptions, StoredRecording, WebhookKind, rfc2822,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::types::{CallSid, RecordingSid, RecordingStatus};

/// Audio of a recording that has ended.
pub(in crate::sandbox::calls) struct RecordedAudio {
    /// Duration in seconds.
    pub(in crate::sandbox::calls) seconds: u64,
    pub(in crate::sandbox::calls) is_silent: bool,
}

/// Creates a recording of a call in progress, and reports it.
pub(crate) fn create(
    context: &Arc<Context>,
    call: CallSid,
    options: &RecordingOptions,
) -> StoredRecording {
    let entry = RecordingEntry::new(context.ids.sid("RE"), options, context.now()).of_call(call);
    let recording = entry.recording.clone();
    context.update(|state| state.recordings.insert(entry, state.history_limit));
    report(context, &recording, options.callback.as_ref());
    recording
}

/// Stores the end of a recording, and reports it. Without audio, the recording is absent.
pub(in crate::sandbox::calls) fn complete(
    context: &Arc<Context>,
    sid: RecordingSid,
    audio: Option<RecordedAudio>,
) -> Option<StoredRecording> {
    let now = context.now();
    let (recording, callback) = context.update(|state| {
        let entry = state.recordings.get_mut(sid)?;
        let recording = &mut entry.recording;
        recording.date_updated = now;
        if let Some(audio) = audio {
            recording.status = RecordingStatus::Completed;
            recording.duration = Some(audio.seconds);
            entry.is_silent = audio.is_silent;
        } else {
            recording.status = RecordingStatus::Absent;
            recording.error_code = Some(16101);
        }
        Some((entry.recording.clone(), entry.callback.clone()))
    })?;
    if recording.status == RecordingStatus::Absent
        && let Some(call) = recording.call_sid
    {
        let message = "a recording was too short, so it has no audio";
        context.alert(16101, message, call.as_str());
    }
    report(context, &recording, callback.as_ref());
    Some(recording)
}

/// Returns the URL of a recording in webhooks, without the ending of a format.
pub(in crate::sandbox::calls) fn recording_url(context: &Context, sid: RecordingSid) -> String {
    let (base_url, account) = (context.client_base_url(), context.account_sid);
    format!("{base_url}/2010-04-01/Accounts/{account}/Recordings/{sid}")
}

/// Returns the fields with which a call or a `<Dial>` reports its recording.
pub(in crate::sandbox::calls) fn recording_fields(
    context: &Context,
    sid: RecordingSid,
) -> FormFields {
    let mut fields = FormFields::new();
    fields.push("RecordingUrl", recording_url(context, sid));
    fields.push("RecordingSid", sid.as_str());
    let seconds = context.read(|state| state.recording(sid)?.duration);
    fields.push("RecordingDuration", seconds.unwrap_or_default().to_string());
    fields
}

/// Reports the status of a recording, if its callback is subscribed to it.
pub(in crate::sandbox::calls) fn report(
    context: &Arc<Context>,
    recording: &StoredRecording,
    callback: Option<&RecordingCallback>,
) {
    let Some(callback) = callback else { return };
    let sid = recording.sid;
    let about = match (recording.call_sid, recording.conference_sid) {
        (Some(call), _) => ("CallSid", call.to_string()),
        (None, Some(conference)) => ("ConferenceSid", conference.to_string()),
        (None, None) => return,
    };
    if !callback.events.contains(&recording.status) {
        return;
    }
    let mut fields = FormFields::new();
    fields.push("AccountSid", context.account_sid.as_str());
    fields.push(about.0, about.1.as_str());
    fields.push("RecordingSid", sid.as_str());
    fields.push("RecordingUrl", recording_url(context, sid));
    fields.push("RecordingStatus", recording.status.as_str());
    if let Some(seconds) = recording.duration {
        fields.push("RecordingDuration", seconds.to_string());
    }
    fields.push("RecordingChannels", recording.channels.to_string());
    let start = rfc2822(recording.start_time).unwrap_or_default();
    fields.push("RecordingStartTime", start);
    fields.push("RecordingSource", recording.source.as_str());
    if recording.call_sid.is_some() {
        fields.push("RecordingTrack", recording.track.as_str());
    }
    let error = recording.error_code.unwrap_or_default();
    fields.push("ErrorCode", error.to_string());
    let kind = WebhookKind::RecordingStatus;
    webhooks::notify_in_background(context, kind, &about.1, &callback.target, fields);
}
