//! The program, run against the sandbox: what it prints, its exit codes, and what it never prints.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[cfg(all(feature = "batch", unix))]
#[cfg(feature = "batch")]
mod batch;
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
