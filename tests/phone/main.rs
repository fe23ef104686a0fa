//! Phone numbers: typed text that is parsed, refused or ambiguous, and the numbering plan.

#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod addresses;
mod cases;
mod clinic;
mod double_zero;
mod google;
mod ignorable;
#[cfg(feature = "phonenumber")]
mod interop;
mod properties;
mod refusals;
mod sweep;
