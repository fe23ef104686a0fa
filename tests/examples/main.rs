//! The examples behave as they document.

#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

#[cfg(all(feature = "rustls", feature = "sandbox", feature = "tower"))]
mod axum_clinic;
#[cfg(all(feature = "rustls", feature = "tower"))]
mod axum_server;
mod cases;
mod check_webhook;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod client_examples;
mod numbers_and_segments;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod sending;
#[cfg(all(feature = "rustls", feature = "tower"))]
#[path = "../../examples/axum_server/service.rs"]
mod service;
mod voice_menu;
mod webhook_lambda;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod webhook_servers;
