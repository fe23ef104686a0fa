//! Calls: rung, answered, run through their TwiML verb by verb, and reported.
//!
//! An [`ActiveCall`] is the task of one call. From the ground up: its state and reports
//! (`active_call`), the commands that reach it (`commands`), ringing (`ring`), requests to the
//! application (`request`), one file a verb (`speak`, `gather`, `record`, `dial`), all verbs of a
//! document (`run`), and the two ways in which a call begins (`inbound`, `outbound`).

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
