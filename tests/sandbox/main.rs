//! The sandbox as a user sees it: the REST API over HTTP, webhooks to a server, phones.

#![cfg(feature = "sandbox")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test fails loudly, and a table of cases is long"
)]

mod access;
mod api;
mod app;
mod bindings;
mod calls;
mod fields;
mod life;
mod messages;
mod setup;
mod texts;
mod verbs;
