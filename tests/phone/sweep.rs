//! Valid numbers of every region, typed correctly and with errors, under every default region.
//!
//! `tests/data/make_phone_sweep.py` makes the numbers. According to Google's library, each exists
//! and is written in that form. A text that is read as another number than the one meant is wrong.
//! That is permitted only if the text is, digit for digit, the proper spelling of the other number.
//! No parser can distinguish the two, and refusing such texts means refusing proper ones. Every
//! wrong result of another cause is a fault.
//!
//! The usual run takes half of the numbers, each under its own region and one other. To run all of
//! them under every region:
//!
//! ```text
//! PHONE_SWEEP=full cargo test --release --no-default-features --test phone sweep -- --nocapture
//! ```

use std::collections::BTreeMap;
use std::env;

use clinspark_twilio::phone::{
    CountryCodeSource, Normalizer, NumberKinds, NumberWarning, PhoneErrorKind, PhoneNumber, Region,
};

const NUMBERS: &str = include_str!("../data/phone_sweep.txt");

/// Region, with the prefixes that are dialled there.
struct DefaultRegion {
    region: Region,
    code: &'static str,
    /// National prefix; `0` where there is none, because people dial it nevertheless.
    trunk: &'static str,
}

/// Number, with its written forms.
struct Number {
    /// Index of its region.
    default: usize,
    code: &'static str,
    trunk: &'static str,
    national: &'static str,
    /// Google's national and international format, the latter without the code.
    at_home: String,
    abroad: String,
}

fn numbers() -> (Vec<DefaultRegion>, Vec<Number>) {
    let mut regions: Vec<DefaultRegion> = Vec::new();
    let mut numbers = Vec::new();
    let mut formats: Vec<(&str, &str)> = Vec::new();
    for line in NUMBERS.lines() {
        if let Some(head) = line.strip_prefix('@') {
            let mut words = head.split(' ').map(str::trim);
            let mut word = || words.next().unwrap();
            regions.push(DefaultRegion {
                region: Region::parse(word()).unwrap(),
                code: word(),
                trunk: Some(word()).filter(|trunk| *trunk != "-").unwrap_or("0"),
            });
            formats.clear();
        } else if let Some(format) = line.strip_prefix('=') {
            formats.push(format.split_once('|').unwrap());
        } else {
            let (national, format) = line[1..].split_once(' ').unwrap();
            let (at_home, abroad) = formats[format.parse::<usize>().unwrap()];
            let default = regions.last().unwrap();
            numbers.push(Number {
                default: regions.len() - 1,
                code: default.code,
                trunk: default.trunk,
                national,
                at_home: filled(at_home, national),
                abroad: filled(abroad, national),
            });
        }
    }
    (regions, numbers)
}

fn filled(format: &str, national: &str) -> String {
    let mut digits = national.chars();
    let fill = |c| if c == '#' { digits.next().unwrap() } else { c };
    format.chars().map(fill).collect()
}

/// Returns ways to type a number: first the proper ones, then those with an error.
fn typed(number: &Number) -> Vec<(&'static str, String)> {
    let Number {
        code,
        trunk,
        national,
        at_home,
        abroad,
        ..
    } = number;
    let digits: String = at_home.chars().filter(char::is_ascii_digit).collect();
    let zero = if at_home.starts_with('(') { "0 " } else { "0" };
    vec![
        ("+ code number", format!("+{code}{national}")),
        ("+ code number, formatted", format!("+{code} {abroad}")),
        ("00 code number", format!("00{code}{national}")),
        ("00 code number, formatted", format!("00{code} {abroad}")),
        ("00 code number, apart", format!("00 {code} {abroad}")),
        ("national", digits.clone()),
        ("national, formatted", at_home.clone()),
        ("trunk dropped", (*national).to_owned()),
        ("trunk doubled", format!("{trunk}{trunk}{national}")),
        ("zero before national", format!("0{digits}")),
        (
            "zero before national, formatted",
            format!("{zero}{at_home}"),
        ),
        ("+ dropped", format!("{code}{national}")),
        ("+ dropped, formatted", format!("{code} {abroad}")),
        ("+ code trunk number", format!("+{code}{trunk}{national}")),
        ("+ code (0) number", format!("+{code} (0){abroad}")),
        ("00 code trunk number", format!("00{code}{trunk}{national}")),
        (
            "+ dropped, code trunk number",
            format!("{code}{trunk}{national}"),
        ),
        ("+ code code number", format!("+{code}{code}{national}")),
        ("00 code code number", format!("00{code}{code}{national}")),
        (
            "+ dropped, code code number",
            format!("{code}{code}{national}"),
        ),
        ("+ 00 code number", format!("+00{code}{national}")),
        ("+ number", format!("+{national}")),
        ("00 number", format!("00{national}")),
        ("0 code number", format!("0{code}{national}")),
        ("000 code number", format!("000{code}{national}")),
    ]
}

/// Styles without an error: the ways in which numbers are properly typed.
const PROPER: [&str; 7] = [
    "+ code number",
    "+ code number, formatted",
    "00 code number",
    "00 code number, formatted",
    "00 code number, apart",
    "national",
    "national, formatted",
];

/// Number of wrong results by cause: under the number's own region, under others.
///
/// - `+` or `00` and a number: a country code was dropped or doubled, or a zero was added. The rest
///   is an existing number of another country. Refusing such texts means refusing people who type
///   `00` and a code properly.
/// - the default's prefix and a number: the same after `011` or a carrier's prefix.
/// - the default's code and a number: the code was doubled, or a zero was added after it.
/// - a number of the default region: typed without a country code under another country's default,
///   or with a zero too many or too few. A default exists to read such digits as its own. In Gabon,
///   a number that begins with 0 and one after a dialled 0 are written alike.
/// - after a longer prefix: a carrier's code, or a former prefix such as Lithuania's 8.
/// - a local number: an island's number without its area code, or an Argentine mobile.
/// - a national prefix after the code: `+49 030 ...`, as many people write it.
const QUICK: &[(&str, usize, usize)] = &[
    ("+ and a number", 1_290, 1_260),
    ("00 and a number", 2_471, 2_513),
    ("a local number of the default region", 5, 210),
    ("a national prefix behind the code", 47, 38),
    ("a number of the default region", 502, 7_448),
    (
        "a number of the default region behind a longer prefix",
        0,
        35,
    ),
    (
        "a number of the default region behind its national prefix",
        311,
        3_439,
    ),
    ("the default's code and a number", 488, 59),
    ("the default's prefix and a number", 112, 86),
];
const FULL: &[(&str, usize, usize)] = &[
    ("+ and a number", 15_100, 678_985),
    ("00 and a number", 18_619, 1_356_393),
    ("a local number of the default region", 300, 92_744),
    ("a national prefix behind the code", 151, 21_647),
    ("a number of the default region", 1_688, 3_547_063),
    (
        "a number of the default region behind a longer prefix",
        0,
        8_336,
    ),
    (
        "a number of the default region behind its national prefix",
        614,
        1_689_344,
    ),
    ("the default's code and a number", 1_264, 18_024),
    ("the default's prefix and a number", 244, 40_965),
];

#[derive(Default)]
struct Figures {
    right: usize,
    wrong: usize,
    wrong_mobile: usize,
    ambiguous: usize,
    refused: usize,
}

/// Returns the cause of a wrong result: the proper spelling that the text has of another number.
fn cause(
    text: &str,
    read: &PhoneNumber,
    default: &DefaultRegion,
    regions: &[DefaultRegion],
) -> &'static str {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let e164 = read.e164();
    let all = &e164.as_str()[1..];
    // A number of no region, such as +800, has a code of three digits.
    let owner = regions
        .iter()
        .find(|default| Some(default.region) == read.region());
    let (code, owner_trunk) =
        owner.map_or((&all[..3], "0"), |default| (default.code, default.trunk));
    let national = all.strip_prefix(code).unwrap();
    if read
        .warnings()
        .any(|warning| warning == NumberWarning::DigitsAdded)
    {
        return "a local number of the default region";
    }
    let before = digits
        .strip_suffix(national)
        .expect("no digit of it was changed");
    let prefix = before.strip_suffix(code);
    let trunk = before.strip_suffix(owner_trunk);
    match (read.country_code_source(), prefix) {
        (CountryCodeSource::National, _) if before.is_empty() => "a number of the default region",
        (CountryCodeSource::National, _) if before == default.trunk => {
            "a number of the default region behind its national prefix"
        }
        (CountryCodeSource::National, _) => "a number of the default region behind a longer prefix",
        (CountryCodeSource::Plus, Some("")) => "+ and a number",
        (CountryCodeSource::CodeWithoutPlus, Some("")) => "the default's code and a number",
        (CountryCodeSource::InternationalPrefix, Some("00")) => "00 and a number",
        (CountryCodeSource::InternationalPrefix, Some(_)) => "the default's prefix and a number",
        _ if trunk.is_some_and(|before| before.ends_with(code)) => {
            "a national prefix behind the code"
        }
        _ => "no spelling of the number that was read",
    }
}

#[test]
fn typing_errors_reach_another_number_only_if_spelled_alike() {
    let full = env::var("PHONE_SWEEP").is_ok_and(|value| value == "full");
    let (regions, numbers) = numbers();
    assert_eq!((regions.len(), numbers.len()), (245, 49_000));
    let mut figures: BTreeMap<(&str, bool), Figures> = BTreeMap::new();
    let mut causes: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut samples: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let step = if full { 1 } else { 2 };
    for (at, number) in numbers.iter().enumerate().step_by(step) {
        let meant = format!("+{}{}", number.code, number.national);
        let others = if full { 0..regions.len() } else { at..at + 1 };
        let others = others.map(|other| other % regions.len());
        let others = others.filter(|other| *other != number.default);
        for (style, text) in typed(number) {
            for at in [number.default].into_iter().chain(others.clone()) {
                let default = &regions[at];
                let is_own = default.code == number.code;
                let figures = figures.entry((style, is_own)).or_default();
                match Normalizer::for_region(default.region).normalize(&text) {
                    Ok(read) if read.e164().as_str() == meant => figures.right += 1,
                    Ok(read) => {
                        figures.wrong += 1;
                        let is_mobile = NumberKinds::MOBILE.contains(read.kind());
                        figures.wrong_mobile += usize::from(is_mobile);
                        let cause = cause(&text, &read, default, &regions);
                        causes.entry(cause).or_default()[usize::from(!is_own)] += 1;
                        samples.entry((cause, style)).or_insert_with(|| {
                            let read = read.e164();
                            format!("{} {text}: {meant}, read {}", default.region, read.as_str())
                        });
                    }
                    Err(error) if error.kind() == PhoneErrorKind::Ambiguous => {
                        figures.ambiguous += 1;
                    }
                    Err(_) => figures.refused += 1,
                }
            }
        }
    }
    for ((style, is_own), f) in &figures {
        println!(
            "{style:32} {:5} right {:8} wrong {:7} (mobiles {:6}) ambiguous {:7} refused {:8}",
            if *is_own { "own" } else { "other" },
            f.right,
            f.wrong,
            f.wrong_mobile,
            f.ambiguous,
            f.refused
        );
        let has_code = style.contains("code");
        if PROPER.contains(style) && (*is_own || has_code) {
            let refused = f.ambiguous + f.refused;
            assert!(refused * 300 <= f.right, "{style}: {refused} refused");
            assert!(!has_code || f.wrong == 0, "{style}: {} wrong", f.wrong);
        }
    }
    for ((cause, style), sample) in &samples {
        println!("{cause} ({style}) {sample}");
    }
    let causes: Vec<_> = causes
        .iter()
        .map(|(cause, n)| (*cause, n[0], n[1]))
        .collect();
    assert_eq!(causes, if full { FULL } else { QUICK });
}
