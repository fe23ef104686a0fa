//! Outbox: stores, worker, reconciling, preview and steering.
#![cfg(feature = "outbox")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod conformance;
mod dispositions;
mod faults;
mod persisted;
mod preview;
mod reconcile;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod sandbox;
mod shared_pace;
mod steering;
mod stops;
mod support;
#[cfg(feature = "tracing")]
mod trace;
mod worker;
