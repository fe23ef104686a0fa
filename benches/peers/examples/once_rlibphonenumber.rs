//! Program with `rlibphonenumber`. See `once_ours`.
mod once;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

fn main() {
    once::measure(|region, text| {
        PHONE_NUMBER_UTIL
            .parse(text, Some(region.parse::<Region>().unwrap()))
            .is_ok_and(|number| {
                number.is_valid() && number.format_as(PhoneNumberFormat::E164).len() > 3
            })
    });
}
