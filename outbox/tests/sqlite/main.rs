//! The `SQLite` store and replay guard: the rules of the trait, bad input, processes that are killed,
//! durability and cost.

#![cfg(feature = "sqlite")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, prints what it measured, and a child tells its parent"
)]

mod bad_input;
mod clock_and_pace;
mod conformance;
mod cost;
#[path = "../common/folder.rs"]
mod folder;
mod group_commit;
mod hand_edits;
#[path = "../common/instant.rs"]
mod instant;
mod processes;
mod replay_guard;
mod support;
#[path = "../common/webhook.rs"]
mod webhook;
