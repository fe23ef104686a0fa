//! What preflight finds in accounts that are broken in one way each, and that it is silent where
//! nothing is wrong.
#![cfg(all(feature = "rustls", feature = "sandbox"))]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod checks;
mod clinic;
mod paths;
mod probe;
mod report;
mod setup;
mod unknown;
