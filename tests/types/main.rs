//! Values of the module `types`, error codes of the module `codes`, and access tokens of the module
//! `voice_token`.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod error_codes;
mod values;
mod voice_token;
