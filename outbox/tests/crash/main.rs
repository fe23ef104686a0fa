//! Processes that are killed, databases that fail, and slots that block while texts are sent. A sandbox
//! counts what each person got, and each test prints its figures.
//!
//! `OUTBOX_FULL=1` runs the full sizes. `DATABASE_URL` is the `PostgreSQL` server.
#![cfg(unix)]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test prints its figures and ends at the first fault"
)]

mod blocked;
#[path = "../common/mod.rs"]
mod common;
mod kills;
mod pace;
mod points;
mod postgres_faults;
mod sigterm;
mod sqlite_faults;
mod tls;
mod workers;
