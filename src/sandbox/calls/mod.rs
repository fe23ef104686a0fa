//! Calls: ringing, the answer, the verbs of their TwiML, and reports to the status callback.
//!
//! An [`ActiveCall`] is the state of the task that runs one call. Its methods are in these modules,
//! in the order of their dependencies:
//!
//! - `active_call`: state and reports
//! - `commands`: commands from the phone and the REST API
//! - `ring`: ringing
//! - `request`: requests to the application
//! - `speak`, `gather`, `record`, `dial`: one module for each kind of verb
//! - `run`: all verbs of a document
//! - `inbound`, `outbound`: the two ways to start a call

mod active_call;
mod commands;
mod dial;
mod gather;
mod inbound;
mod outbound;
mod record;
mod request;
mod ring;
mod run;
mod speak;
mod status_callback;
mod step;

pub(crate) use active_call::{ActiveCall, NewCall};
pub(crate) use inbound::receive;
pub(crate) use outbound::place;
pub(crate) use status_callback::{CallProgressEvent, StatusCallback};
