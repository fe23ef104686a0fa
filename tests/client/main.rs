//! The client against a scripted server on loopback, and over an in-memory transport.

#![cfg(feature = "rustls")]
#![allow(
    clippy::future_not_send,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod accounts;
mod answers;
mod audit;
mod budget;
mod builder_misuse;
mod builder_order;
mod builders;
mod callbacks;
mod closed_requests;
mod codes;
mod comparison;
mod concurrency;
mod contract;
mod documented;
mod downloads;
mod env_proxies;
mod extras;
mod fault_answer;
mod fault_bytes;
mod fault_case;
mod fault_certificates;
mod fault_crowd;
mod fault_leave;
mod fault_line;
mod fault_reach;
mod fault_table;
mod fault_time;
mod faults;
mod guard;
mod lists;
mod models;
#[path = "../operations/mod.rs"]
mod operations;
mod outside_tokio;
mod pages;
mod raw;
mod raw_guard;
mod reconcile;
mod redaction;
mod refusals;
mod requests;
mod reqwest_settings;
mod resource_models;
mod resources;
mod retry;
mod save;
mod server;
mod settings;
mod settled;
mod support;
mod testing;
mod timeouts;
mod tokens;
