//! Other libraries at the same work as `clinspark-twilio`, measured in the same run.
//!
//!     cargo bench --manifest-path benches/peers/Cargo.toml
