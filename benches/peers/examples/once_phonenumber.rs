//! Program with `phonenumber`. See `once_ours`.
mod once;

use phonenumber::country;

fn main() {
    once::measure(|region, text| {
        phonenumber::parse(Some(region.parse::<country::Id>().unwrap()), text).is_ok_and(|number| {
            number.is_valid()
                && number
                    .format()
                    .mode(phonenumber::Mode::E164)
                    .to_string()
                    .len()
                    > 3
        })
    });
}
