//! Webhooks: signs them, sends them to the application, and reads the responses.
//!
//! Modules in the order of their dependencies: `webhook` (one webhook), `exchange` (one HTTP
//! request), `send` (attempts and redirects), `fault` (faults of the test), `dispatch` (fetches
//! instructions), `audio` (fetches files), `notify` (reports statuses) and
//! `again` (repeats a webhook of the log). `websocket` opens a
//! WebSocket, `socket`.

mod again;
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
mod socket;
mod url;
mod webhook;
mod websocket;

pub(crate) use again::send_again;
pub(crate) use audio::fetch_audio;
pub(crate) use client::{CONNECT_TIMEOUT, http_client};
pub(crate) use dispatch::fetch_document;
pub(crate) use fields::FormFields;
pub(crate) use lint::warn;
pub(crate) use notify::{notify, notify_in_background};
pub(crate) use socket::{Closed, Frame, WebSocket};
pub(crate) use url::{is_near, parse_url, without_credentials};
pub(crate) use websocket::{close_websocket, open_websocket, parse_websocket_url};
