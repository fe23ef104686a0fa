//! Text messages: segments, and opt-outs.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod opt_out;
mod segments;
