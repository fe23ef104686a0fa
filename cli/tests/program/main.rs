//! The program, run against the sandbox: what it prints, its exit codes, and what it never prints.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints that it is skipped"
)]

#[cfg(all(feature = "batch", unix))]
mod batch;
#[cfg(all(feature = "batch", unix))]
mod batch_files;
#[cfg(all(feature = "batch", unix))]
mod batch_postgres;
#[cfg(all(feature = "batch", unix))]
#[path = "../../../outbox/tests/common/cluster.rs"]
mod cluster;
mod contact;
mod explain_signature;
mod general;
mod number;
mod preflight;
mod sandbox;
mod setup;
mod support;
mod texts;
mod why;
