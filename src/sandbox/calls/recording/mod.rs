//! Recordings of a call: their start, their end, and their status callback.
//!
//! - `create`: the resource and its status callback
//! - `options`: attributes of verbs
//! - `timing`, `active`: recordings beside the verbs of a call

mod active;
mod create;
mod options;
mod timing;

pub(crate) use create::create;
pub(super) use create::{RecordedAudio, complete, recording_fields, recording_url, report};
pub(super) use options::{callback_target, recording_track};
pub(super) use timing::ActiveRecording;
