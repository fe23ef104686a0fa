//! Rules about the source as a whole: module order, circles of files, public names, types of other crates, complete lists,
//! auto traits, redaction, files that documents name, and names beside Twilio's documents.

#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod auto_traits;
#[cfg(feature = "rustls")]
mod catalogue;
mod documents;
mod language;
mod layering;
#[cfg(feature = "rustls")]
#[path = "../operations/mod.rs"]
mod operations;
mod public_types;
mod redaction;
#[cfg(feature = "rustls")]
mod reserved;
#[cfg(feature = "rustls")]
mod spec_drift;
