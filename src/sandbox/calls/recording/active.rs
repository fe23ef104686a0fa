//! Recordings beside the verbs of a call.

use std::time::Duration;

use super::create::{RecordedAudio, complete, create};
use super::timing::ActiveRecording;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::state::{RecordedTime, RecordingChange, RecordingOptions};
use crate::types::RecordingSid;

impl ActiveCall {
    /// Returns the time of the call for measurements: that of the clock, and that of verbs that
    /// passed at once.
    pub(in crate::sandbox::calls) fn reading(&self) -> Duration {
        self.context.clock.passed() + self.counted
    }

    /// Starts a recording of the call.
    pub(in crate::sandbox::calls) fn start_recording(
        &mut self,
        options: &RecordingOptions,
        name: Option<&str>,
    ) -> RecordingSid {
        let sid = create(&self.context, self.sid, options).sid;
        self.measure_recording(sid, name, options.lead);
        sid
    }

    /// Starts to measure a recording that the REST API has created.
    pub(in crate::sandbox::calls) fn add_recording(&mut self, sid: RecordingSid) {
        self.measure_recording(sid, None, Duration::ZERO);
    }

    fn measure_recording(&mut self, sid: RecordingSid, name: Option<&str>, lead: Duration) {
        self.recordings.push(ActiveRecording {
            sid,
            name: name.map(str::to_owned),
            time: RecordedTime::since(self.reading().saturating_sub(lead)),
        });
    }

    /// Pauses, resumes or stops a recording. The REST API has set its status.
    pub(in crate::sandbox::calls) fn change_recording(
        &mut self,
        sid: RecordingSid,
        change: RecordingChange,
    ) {
        let now = self.reading();
        let mut recordings = self.recordings.iter_mut();
        let Some(recording) = recordings.find(|recording| recording.sid == sid) else {
            return;
        };
        match change {
            RecordingChange::Pause { skips } => recording.time.pause(now, skips),
            RecordingChange::Resume => recording.time.resume(now),
            RecordingChange::Stop => self.stop_recording(sid),
        }
    }

    /// Ends a recording, and reports it.
    pub(in crate::sandbox::calls) fn stop_recording(&mut self, sid: RecordingSid) {
        let found = self.recordings.iter().position(|active| active.sid == sid);
        if let Some(index) = found {
            let recording = self.recordings.remove(index);
            self.complete_recording(&recording);
        }
    }

    /// Ends the recording with a name, and reports it. Returns `false` if there is none.
    pub(in crate::sandbox::calls) fn stop_recording_named(&mut self, name: &str) -> bool {
        let mut recordings = self.recordings.iter();
        let found = recordings.find(|active| active.name.as_deref() == Some(name));
        let Some(sid) = found.map(|active| active.sid) else {
            return false;
        };
        self.stop_recording(sid);
        true
    }

    /// Ends every recording of the call.
    pub(in crate::sandbox::calls) fn stop_recordings(&mut self) {
        for recording in std::mem::take(&mut self.recordings) {
            self.complete_recording(&recording);
        }
    }

    fn complete_recording(&self, recording: &ActiveRecording) {
        let audio = RecordedAudio {
            seconds: recording.time.seconds(self.reading()),
            is_silent: false,
        };
        complete(&self.context, recording.sid, Some(audio));
    }
}
