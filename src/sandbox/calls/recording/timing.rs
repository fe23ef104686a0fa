//! Times of a recording in progress.

use crate::sandbox::state::RecordedTime;
use crate::types::RecordingSid;

/// A recording in progress beside the verbs of a call. All times are readings of its clock.
pub(in crate::sandbox::calls) struct ActiveRecording {
    pub(super) sid: RecordingSid,
    /// Name by which a `<Stop>` identifies the recording.
    pub(super) name: Option<String>,
    pub(super) time: RecordedTime,
}
