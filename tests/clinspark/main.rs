//! Settings of one instance, the check of its Twilio account, and the set-up of that account.
#![cfg(feature = "client")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod hosts;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod preflight;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod provision;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod sandbox_settings;
mod settings;
