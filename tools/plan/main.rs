//! Tests that the numbering plan in `src` equals Google's metadata, and writes it from new
//! metadata.
//!
//! To adopt new metadata, raise `phonenumber` in `Cargo.toml` beside this file, run
//! `CLINSPARK_PLAN=rewrite cargo test -p clinspark-twilio-plan`, and read the diff. Then run
//! `tests/data/make_phone_google.py` again, with the Python package of that version.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so do its helpers"
)]
#![allow(
    unreachable_pub,
    reason = "the generator is a module of this test only"
)]

mod plan;

use std::path::Path;
use std::{env, fs};

#[test]
fn the_table_is_generated_from_the_metadata() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/phone/plan/table.rs");
    let table = plan::table();
    if env::var("CLINSPARK_PLAN").is_ok_and(|value| value == "rewrite") {
        fs::write(&path, &table).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stands == table,
        "src/phone/plan/table.rs is stale; run CLINSPARK_PLAN=rewrite cargo test -p clinspark-twilio-plan"
    );
}

#[test]
fn the_version_is_that_of_the_metadata() {
    assert_eq!(clinspark_twilio::phone::PLAN_VERSION, plan::version());
}
