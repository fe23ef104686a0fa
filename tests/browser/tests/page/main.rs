//! The sandbox's page in Chromium: a person texts, calls, steers the clock and the faults.
//!
//! Needs Debian's `chromium` and `chromium-driver`. Without them each test says that it skips, and
//! with `REQUIRE_BROWSER=1` it fails. Pictures of every state are written to `target/screenshots`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../sandbox/app.rs"]
#[allow(dead_code, reason = "another test binary uses the rest")]
mod app;
mod browser;
mod calls;
mod clinic;
mod hostile;
mod keyboard;
mod looks;
mod numbers;
mod tabs;
mod texts;
mod world;
