//! Program with this crate: `cargo build --profile bench --examples`, then run it from
//! `target/release/examples`.
mod once;

use clinspark_twilio::phone::{Normalizer, Region};

fn main() {
    once::measure(|region, text| {
        Normalizer::for_region(Region::parse(region).unwrap())
            .normalize(text)
            .is_ok_and(|number| number.e164().as_str().len() > 3)
    });
}
