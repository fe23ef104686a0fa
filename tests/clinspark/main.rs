//! Settings of one instance, the check of its Twilio account, and the set-up of that account.
#![cfg(feature = "client")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod hosts;
mod preflight;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod provision;
mod settings;
