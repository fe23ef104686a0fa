//! Answers of Rust libraries to misleading inputs: `cargo run --profile bench --example
//! treacherous`.

use clinspark_twilio::phone::{Normalizer, Region};
use phonenumber::country;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

/// Default region and typed number, separated by a tab.
const INPUTS: &str = include_str!("../treacherous.tsv");

fn main() {
    for (region, typed) in INPUTS.lines().filter_map(|line| line.split_once('\t')) {
        let ours = Normalizer::for_region(Region::parse(region).unwrap()).normalize(typed);
        let ours = match &ours {
            Ok(number) => number.e164().as_str().to_owned(),
            Err(error) => error.kind().as_str().to_owned(),
        };
        let id: country::Id = region.parse().unwrap();
        let theirs = phonenumber::parse(Some(id), typed);
        let phonenumber = match &theirs {
            Ok(number) if number.is_valid() => {
                number.format().mode(phonenumber::Mode::E164).to_string()
            }
            Ok(_) => "not valid".to_owned(),
            Err(_) => "refused".to_owned(),
        };
        let theirs = PHONE_NUMBER_UTIL.parse(typed, Some(region.parse().unwrap()));
        let rlib = match &theirs {
            Ok(number) if number.is_valid() => {
                number.format_as(PhoneNumberFormat::E164).to_string()
            }
            Ok(_) => "not valid".to_owned(),
            Err(_) => "refused".to_owned(),
        };
        println!(
            "{region} {typed:?}: ours {ours}, phonenumber {phonenumber}, rlibphonenumber {rlib}"
        );
    }
}
