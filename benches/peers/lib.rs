//! Benches of other libraries with the same tasks as `clinspark-twilio`, in the same run.
//!
//!     cargo bench --manifest-path benches/peers/Cargo.toml
