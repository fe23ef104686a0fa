//! Values of the module `types`, and access tokens of the module `voice_token`.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod values;
mod voice_token;
