//! TwiML documents: built, written, parsed, linted, and compared with those of other libraries.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_imports,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod allocations;
mod canonical;
mod documents;
mod golden;
mod inventory;
mod lint;
mod nesting;
mod properties;
mod read;
mod rules;
mod typed;
