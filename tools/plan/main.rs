//! The numbering plan in `src` is the one that Google's metadata gives.
//!
//! To adopt new metadata: raise `phonenumber` in `Cargo.toml` beside this file, run
//! `CLINSPARK_PLAN=rewrite cargo test -p clinspark-twilio-plan`, and read the difference. Then run
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
fn the_table_is_what_the_metadata_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/phone/plan/table.rs");
    let table = plan::table();
    if env::var("CLINSPARK_PLAN").is_ok_and(|value| value == "rewrite") {
        fs::write(&path, &table).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stands == table,
        "src/phone/plan/table.rs is stale: CLINSPARK_PLAN=rewrite cargo test -p clinspark-twilio-plan"
    );
}

#[test]
fn the_version_is_the_metadatas() {
    assert_eq!(clinspark_twilio::phone::PLAN_VERSION, plan::version());
}
