//! Webhooks: signs them, sends them to the application, and reads the responses.
//!
//! Modules in the order of their dependencies: `webhook` (one webhook), `exchange` (one HTTP
//! request), `send` (attempts and redirects), `fault` (faults of the test), `dispatch` (fetches
//! instructions), `audio` (fetches files) and `notify` (reports statuses).

mod audio;
mod client;
mod dispatch;
mod exchange;
mod fault;
mod fields;
mod lint;
mod notify;
mod overrides;
mod read;
mod send;
mod url;
mod webhook;

pub(crate) use audio::fetch_audio;
pub(crate) use client::{CONNECT_TIMEOUT, http_client};
pub(crate) use dispatch::fetch_document;
pub(crate) use fields::FormFields;
pub(crate) use lint::warn;
pub(crate) use notify::{notify, notify_in_background};
pub(crate) use url::{is_near, parse_url};
