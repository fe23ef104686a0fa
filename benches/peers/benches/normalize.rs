//! Cost of parsing, validating and formatting numbers as E.164, compared with other libraries.
//!
//! ```text
//! cd benches/peers && cargo bench -p clinspark-twilio-benches --bench normalize
//! ```

#[path = "../../numbers/mod.rs"]
mod numbers;

use clinspark_twilio::phone::{Normalizer, Region};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use phonenumber::country;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

fn main() {
    divan::main();
}

type List = Vec<(&'static str, String)>;

fn mixed() -> List {
    numbers::mixed()
        .into_iter()
        .map(|(region, text)| (region, text.to_owned()))
        .collect()
}

/// Reads a whole list of 1000 numbers; divide the time by 1000 for one number.
fn bench<C>(
    bencher: Bencher<'_, '_>,
    list: List,
    setting: impl Fn(&str) -> C,
    read: impl Fn(&C, &str) -> bool + Sync,
) {
    let list: Vec<(C, String)> = list
        .into_iter()
        .map(|(region, text)| (setting(region), text))
        .collect();
    let accepted = list.iter().filter(|(setting, text)| read(setting, text));
    assert!(
        accepted.count() > list.len() * 8 / 10,
        "most numbers are read"
    );
    bencher
        .counter(ItemsCount::new(list.len()))
        .bench_local(|| {
            for (setting, text) in &list {
                black_box(read(setting, black_box(text)));
            }
        });
}

fn ours(clinic: &Normalizer, text: &str) -> bool {
    clinic
        .normalize(text)
        .is_ok_and(|number| black_box(number.e164()).as_str().len() > 3)
}

fn our_setting(region: &str) -> Normalizer {
    Normalizer::for_region(Region::parse(region).unwrap())
}

fn rlib(region: &rlibphonenumber::Region, text: &str) -> bool {
    PHONE_NUMBER_UTIL
        .parse(text, Some(*region))
        .is_ok_and(|number| {
            number.is_valid() && black_box(number.format_as(PhoneNumberFormat::E164)).len() > 3
        })
}

fn rlib_setting(region: &str) -> rlibphonenumber::Region {
    region.parse().unwrap()
}

fn phonenumber_crate(region: &country::Id, text: &str) -> bool {
    phonenumber::parse(Some(*region), text).is_ok_and(|number| {
        let text = number.format().mode(phonenumber::Mode::E164).to_string();
        number.is_valid() && black_box(text).len() > 3
    })
}

fn phonenumber_setting(region: &str) -> country::Id {
    region.parse().unwrap()
}

#[divan::bench]
fn mixed_ours(bencher: Bencher<'_, '_>) {
    bench(bencher, mixed(), our_setting, ours);
}

#[divan::bench]
fn mixed_rlibphonenumber(bencher: Bencher<'_, '_>) {
    bench(bencher, mixed(), rlib_setting, rlib);
}

#[divan::bench(sample_count = 3)]
fn mixed_phonenumber(bencher: Bencher<'_, '_>) {
    bench(bencher, mixed(), phonenumber_setting, phonenumber_crate);
}

#[divan::bench]
fn us_ours(bencher: Bencher<'_, '_>) {
    bench(bencher, numbers::us(), our_setting, ours);
}

#[divan::bench]
fn us_rlibphonenumber(bencher: Bencher<'_, '_>) {
    bench(bencher, numbers::us(), rlib_setting, rlib);
}

#[divan::bench(sample_count = 10)]
fn us_phonenumber(bencher: Bencher<'_, '_>) {
    bench(
        bencher,
        numbers::us(),
        phonenumber_setting,
        phonenumber_crate,
    );
}
