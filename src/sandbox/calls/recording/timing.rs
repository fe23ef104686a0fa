//! Times of a recording in progress.

use std::time::Duration;

use crate::types::RecordingSid;

/// A recording in progress beside the verbs of a call. All times are readings of its clock.
pub(in crate::sandbox::calls) struct ActiveRecording {
    pub(super) sid: RecordingSid,
    /// Name by which a `<Stop>` identifies the recording.
    pub(super) name: Option<String>,
    pub(super) started_at: Duration,
    /// Start of the current pause, and whether the recording leaves the pause out.
    pub(super) paused: Option<(Duration, bool)>,
    /// Time of the pauses that are left out.
    pub(super) skipped: Duration,
}

impl ActiveRecording {
    /// Ends the current pause, if there is one.
    pub(super) fn resume(&mut self, now: Duration) {
        if let Some((since, true)) = self.paused.take() {
            self.skipped += now.saturating_sub(since);
        }
    }
}
