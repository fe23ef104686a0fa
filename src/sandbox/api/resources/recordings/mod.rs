//! `Recordings.json`, the recordings of one call or conference, and their audio.
//!
//! - `list`: lists, fetches and deletes
//! - `control`: starts, pauses, resumes and stops the recording of a call
//! - `conference`: the recordings of one conference
//! - `media`, `audio`: the files
//! - `render`: the JSON
//!
//! Source: <https://www.twilio.com/docs/voice/api/recording>

mod audio;
mod conference;
mod control;
mod list;
mod media;
mod render;

pub(in crate::sandbox::api) use conference::{conference_options, of_conference};
pub(in crate::sandbox::api) use control::options;
pub(in crate::sandbox::api) use list::{list, of_call, one};
pub(in crate::sandbox::api) use media::{file, is_file};
