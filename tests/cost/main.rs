//! CPU time: no input costs more than its size explains.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod growth;
mod signature;
