//! Cost of normalizing numbers. `benches/peers` compares other libraries.
//!
//! ```text
//! cargo bench -p clinspark-twilio-benches --bench normalize
//! ```

mod numbers;

use clinspark_twilio::phone::{Normalizer, Region};
use divan::{Bencher, black_box, counter::ItemsCount};

fn main() {
    divan::main();
}

fn clinics<T: AsRef<str>>(list: &[(&str, T)]) -> Vec<(Normalizer, String)> {
    let clinic = |region: &str| region.parse::<Region>().map(Normalizer::for_region);
    list.iter()
        .filter_map(|(region, text)| Some((clinic(region).ok()?, text.as_ref().to_owned())))
        .collect()
}

fn read(bencher: Bencher<'_, '_>, list: &[(Normalizer, String)]) {
    bencher.counter(ItemsCount::new(list.len())).bench(|| {
        for (clinic, text) in list {
            let _ = black_box(clinic.normalize(black_box(text)));
        }
    });
}

#[divan::bench(threads = [1, 2])]
fn mixed(bencher: Bencher<'_, '_>) {
    read(bencher, &clinics(&numbers::mixed()));
}

#[divan::bench(threads = [1, 2])]
fn us(bencher: Bencher<'_, '_>) {
    read(bencher, &clinics(&numbers::us()));
}

/// Inputs with an extension, a label and unusual characters, which take the slow path.
#[divan::bench]
fn messy(bencher: Bencher<'_, '_>) {
    let texts = [
        "tel: +44\u{A0}(0)20\u{2011}7946\u{2011}0018 ext. 12",
        "\u{202A}+1 415 555 0123\u{202C}",
    ];
    let clinic = Normalizer::international().extensions(true);
    let list = texts.map(|text| (clinic, text.to_owned()));
    read(bencher, &list);
}

// Input over 250 characters is refused without being read, so this must be fast.
#[divan::bench]
fn ten_thousand_characters(bencher: Bencher<'_, '_>) {
    let text = "1 ".repeat(5_000);
    bencher.bench(|| Normalizer::international().normalize(black_box(&text)));
}
