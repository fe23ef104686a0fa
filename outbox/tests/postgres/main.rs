//! The store in `PostgreSQL`, on the server of `DATABASE_URL`. Each test has a database of its own.
#![cfg(feature = "postgres")]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking, and says why it skips"
)]

mod conformance;
mod connections;
mod cost;
mod database;
mod enqueue;
mod groups;
mod hand_edits;
#[path = "../common/instant.rs"]
mod instant;
mod migrations;
mod pace;
mod replay_guard;
#[path = "../common/webhook.rs"]
mod webhook;
