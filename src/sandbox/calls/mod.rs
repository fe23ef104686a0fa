//! Calls: ringing, the answer, the verbs of their TwiML, and reports to the status callback.
//!
//! An [`ActiveCall`] is the state of the task that runs one call. Its methods are in these modules,
//! in the order of their dependencies:
//!
//! - `active_call`: state and reports
//! - `transcript`: sounds that the phone hears
//! - `progress`: the document that runs, and the input that the call accepts
//! - `notes`: what of it is kept for whoever watches the call
//! - `commands`: commands from the phone and the REST API
//! - `ring`: ringing
//! - `request`: requests to the application
//! - `send_digits`, `machine_detection`: what follows the answer
//! - `bridge`: two connected calls
//! - `music`: documents that play to a call that waits
//! - `conference`: calls that hear each other
//! - `enqueue`: calls that wait in a queue
//! - `recording`, `real_time_transcription`: recordings and transcriptions of the call
//! - `speak`, `gather`, `record`, `dial`, `refer`, `sms`, `echo`, `start`: one module for each kind of
//!   verb; `transcribe`: the text of a recording; `siprec`: its refusal
//! - `streams`: media streams that listen, of `<Start>` and the REST API
//! - `connect`: `<Connect>`, whose WebSocket speaks with the phone
//! - `unsupported`: verbs that are skipped
//! - `run`: all verbs of a document
//! - `inbound`, `outbound`: the two ways to start a call
//! - `verify`: the call that verifies a caller ID

mod active_call;
mod bridge;
mod commands;
mod conference;
mod connect;
mod dial;
mod echo;
mod enqueue;
mod gather;
mod inbound;
mod input_kinds;
mod machine_detection;
mod music;
mod notes;
mod outbound;
mod progress;
mod purpose;
mod real_time_transcription;
mod record;
mod recording;
mod refer;
mod request;
mod ring;
mod run;
mod send_digits;
mod siprec;
mod sms;
mod speak;
mod start;
mod status_callback;
mod step;
mod streams;
mod transcribe;
mod transcript;
mod unsupported;
mod verify;

pub(crate) use active_call::ActiveCall;
pub(crate) use conference::{
    ParticipantChange, PlaceParticipant, announce_to_all, announce_to_one, change,
    change_recording, complete, kick, place_participant,
};
pub(crate) use dial::is_label;
pub(crate) use inbound::{receive, receive_in_application};
pub(crate) use machine_detection::MachineDetection;
pub(crate) use outbound::{PlaceOptions, place};
pub(crate) use real_time_transcription::{start_transcription, stop_transcription};
pub(crate) use recording::create as create_recording;
pub(crate) use send_digits::is_digits;
pub(crate) use status_callback::{CallProgressEvent, StatusCallback};
pub(crate) use streams::{StreamOptions, listen, stop, stream_url};
pub(crate) use verify::{Verification, verify};
