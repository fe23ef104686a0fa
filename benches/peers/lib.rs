//! Other libraries at the same task as `clinspark-twilio`, measured in the same run.
//!
//!     cargo bench --manifest-path benches/peers/Cargo.toml
