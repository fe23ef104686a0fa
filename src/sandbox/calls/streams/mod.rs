//! Media streams: sound of a call, sent to a WebSocket of the application.
//!
//! - `sound`: text as sound, and sound as text
//! - `options`: settings of a stream
//! - `report`: status callback
//! - `outlet`: messages to the application
//! - `listen`: streams that only listen, of `<Start>` and the REST API
//! - `verbs`: `<Start>` and `<Stop>`

mod listen;
mod options;
mod outlet;
mod report;
mod sound;
mod verbs;

pub(crate) use listen::{listen, stop};
pub(super) use options::parameters;
pub(crate) use options::{StreamOptions, stream_url};
pub(super) use outlet::StreamOutlet;
pub(super) use report::{StreamIdentity, StreamWarnings, closed_cause};
pub(super) use sound::HeardSound;
