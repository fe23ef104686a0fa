//! Comparison with Google's library, case by case. `tests/data/make_phone_google.py` makes the
//! cases.

use std::collections::BTreeMap;

use clinspark_twilio::phone::{
    CountryCodeSource, Normalizer, NumberKind, PhoneErrorKind, PhoneNumber, Region,
};

const CASES: &str = include_str!("../data/phone_google.tsv");

/// Deliberate differences, with the number of cases in the file for each. Any other is a fault.
///
/// - 00 for a plus: the default dials another prefix and has no such number. Google refuses them.
/// - a national number with 00: what follows is no country code. Google refuses it.
/// - ambiguous: digits that begin with the default's own code or international prefix, and are a
///   number with and without it; `00...` where the default dials more than `00` abroad; a `(0)`
///   after a code, if there is a number with and without it. Google takes the first.
/// - decimal: `447911123456.0`, from a spreadsheet. Google reads the 0 as a digit.
/// - folded: invisible characters and rare spaces between digits. Google refuses them.
/// - folded into an extension: an invisible character within it. Google reads only the digits
///   before it.
/// - letters: Google drops them, or takes three or more for keys.
/// - over 15 digits: valid to Google, impossible in E.164.
/// - plus at the end: text from right to left. Google drops it and takes the default.
/// - plus without a code: `+99...`. Google tries the default, where `99` may be dialled abroad.
/// - signs beside: a sign before the digits may be a lost `+`, one after them a lost digit. Google
///   drops them.
/// - two numbers: Google keeps the first, or takes the second for an extension; of two endings,
///   `1234567/8`, it makes one.
///
/// The rest are refused by both, with a more exact reason here.
const POLICIES: &[(&str, usize)] = &[
    ("00 for a plus", 335),
    ("a national number with 00", 1),
    ("ambiguous", 20),
    ("decimal", 26),
    ("decimal, refused by both", 610),
    ("empty, refused by both", 22),
    ("folded", 593),
    ("folded into an extension", 2),
    ("folded, refused by both", 4),
    ("letters", 456),
    ("letters, refused by both", 1363),
    ("over 15 digits", 7),
    ("plus at the end", 300),
    ("plus at the end, refused by both", 5),
    ("plus without a code", 3),
    ("short codes, refused by both", 625),
    ("signs beside", 27),
    ("signs beside, refused by both", 6),
    ("tel: parameters, refused by both", 1),
    ("too short, refused by both", 124),
    ("two numbers", 600),
    ("two numbers, refused by both", 945),
];

#[test]
fn every_case_matches_google_or_a_documented_policy() {
    let mut cases = 0;
    let mut counts = BTreeMap::new();
    let mut faults = Vec::new();
    for case in all_cases() {
        cases += 1;
        let ours = case.clinic.normalize(&case.typed);
        let policy = match (case.google, &ours) {
            (Google::Accepts(answer), Ok(number)) if is_answer(number, answer) => continue,
            (Google::Refuses(reason), Err(error)) if agrees(reason, error.kind()) => continue,
            (Google::Accepts(answer), Err(error)) => refused(&case, answer, error.kind()),
            (Google::Refuses(_), Ok(number)) => accepted(&case, number),
            (Google::Refuses(_), Err(error)) => renamed(&case, error.kind()),
            (Google::Accepts(_), Ok(_)) => None,
        };
        match policy {
            Some(policy) => *counts.entry(policy).or_insert(0) += 1,
            None => faults.push(format!(
                "@{} {:?}: {:?}, ours {ours:?}",
                case.default, case.typed, case.google
            )),
        }
    }
    assert!(cases >= 20_000, "{cases} cases");
    assert!(
        faults.is_empty(),
        "{} faults of {cases}:\n{}\n{counts:#?}",
        faults.len(),
        faults
            .iter()
            .take(40)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    );
    let counts: Vec<(&str, usize)> = counts.into_iter().collect();
    assert_eq!(counts, POLICIES, "{cases} cases");
}

#[test]
fn keypad_letters_match_google_or_are_refused() {
    let mut read = 0;
    for case in all_cases() {
        if !case.typed.contains(char::is_alphabetic) {
            continue;
        }
        let ours = case.clinic.keypad_letters(true).normalize(&case.typed);
        let Ok(number) = ours else { continue };
        match case.google {
            Google::Accepts(answer) => assert!(is_answer(&number, answer), "{:?}", case.typed),
            Google::Refuses(_) => assert!(has_folded_marks(&case.typed), "{:?}", case.typed),
        }
        read += 1;
    }
    assert!(read > 1_000, "{read} read");
}

#[derive(Debug)]
struct Case {
    default: String,
    clinic: Normalizer,
    typed: String,
    google: Google,
}

#[derive(Clone, Copy, Debug)]
enum Google {
    Accepts(&'static str),
    Refuses(char),
}

fn all_cases() -> impl Iterator<Item = Case> {
    let mut default = "-";
    CASES.lines().filter_map(move |line| {
        if let Some(head) = line.strip_prefix('@') {
            default = head.split(' ').next().unwrap();
            return None;
        }
        let (typed, google) = line.split_once('\t').unwrap();
        let clinic = match default {
            "-" => Normalizer::international(),
            region => Normalizer::for_region(Region::parse(region).unwrap()),
        };
        Some(Case {
            default: default.to_owned(),
            clinic: clinic.extensions(true),
            typed: typed.replace("\\n", "\n").replace("\\t", "\t"),
            google: match google.strip_prefix('!') {
                Some(reason) => Google::Refuses(reason.chars().next().unwrap()),
                None => Google::Accepts(google),
            },
        })
    })
}

/// Compares a number with Google's answer. Google has no kind for satellites, so there the kind is
/// not compared.
fn is_answer(number: &PhoneNumber, answer: &str) -> bool {
    let ours = letters(number);
    match number.kind() {
        NumberKind::Satellite => ours.get(1..) == answer.get(1..),
        _ => ours == answer,
    }
}

/// Returns a number in the form of the file.
fn letters(number: &PhoneNumber) -> String {
    let kind = match number.kind() {
        NumberKind::FixedLine => 'F',
        NumberKind::Mobile => 'M',
        NumberKind::FixedLineOrMobile => 'B',
        NumberKind::TollFree => 'T',
        NumberKind::PremiumRate => 'P',
        NumberKind::SharedCost => 'S',
        NumberKind::Personal => 'O',
        NumberKind::Voip => 'V',
        NumberKind::Pager => 'G',
        NumberKind::Uan => 'U',
        NumberKind::Voicemail => 'X',
        NumberKind::Satellite => '*',
        other => panic!("{other:?} has no letter"),
    };
    let source = match number.country_code_source() {
        CountryCodeSource::Plus => 'p',
        CountryCodeSource::InternationalPrefix => 'i',
        CountryCodeSource::CodeWithoutPlus => 'c',
        CountryCodeSource::National => 'n',
        other => panic!("{other:?} has no letter"),
    };
    let region = number
        .region()
        .map_or("-".to_owned(), |region| region.to_string());
    format!("{kind}{source} {} {region}", number.e164().as_str())
}

/// Compares a reason with Google's own: parse errors in capitals, then length verdicts.
fn agrees(reason: char, kind: PhoneErrorKind) -> bool {
    let expected = match reason {
        'I' | 'S' | 's' => PhoneErrorKind::TooShort,
        'L' | 'l' => PhoneErrorKind::TooLong,
        'i' => PhoneErrorKind::InvalidLength,
        'o' => PhoneErrorKind::LocalOnly,
        'p' => PhoneErrorKind::NotInNumberingPlan,
        'N' => PhoneErrorKind::NotANumber,
        'C' => {
            return matches!(
                kind,
                PhoneErrorKind::UnknownCallingCode | PhoneErrorKind::MissingCountry
            );
        }
        _ => return false,
    };
    kind == expected
}

/// Returns the policy by which we accept a text that Google refuses.
fn accepted(case: &Case, number: &PhoneNumber) -> Option<&'static str> {
    if has_folded_marks(&case.typed) {
        return Some("folded");
    }
    if number.country_code_source() == CountryCodeSource::National && case.typed.starts_with("00") {
        return Some("a national number with 00");
    }
    let typed = case.typed.trim_start_matches('+');
    let with_plus = format!("+{}", typed.strip_prefix("00")?);
    let meant = Normalizer::international().extensions(true);
    let meant = meant.normalize(&with_plus).ok()?;
    (meant.e164() == number.e164()).then_some("00 for a plus")
}

/// Returns the policy by which we refuse a text that Google accepts.
fn refused(case: &Case, answer: &str, kind: PhoneErrorKind) -> Option<&'static str> {
    let typed = case.typed.as_str();
    let e164 = answer.split(' ').nth(1).unwrap();
    Some(match kind {
        PhoneErrorKind::Ambiguous => "ambiguous",
        PhoneErrorKind::Letters if typed.contains(char::is_alphabetic) => "letters",
        PhoneErrorKind::MultipleNumbers if has_something_between(typed) => "two numbers",
        PhoneErrorKind::TooLong if e164.len() > 16 => "over 15 digits",
        PhoneErrorKind::NotANumber if is_decimal(typed) => "decimal",
        PhoneErrorKind::NotANumber if has_plus_at_the_end(typed) => "plus at the end",
        PhoneErrorKind::NotANumber if has_signs_beside(typed) => "signs beside",
        PhoneErrorKind::UnknownCallingCode if typed.starts_with('+') => "plus without a code",
        PhoneErrorKind::TooShort | PhoneErrorKind::MultipleNumbers
            if typed.contains(['\u{200B}', '\u{2060}']) =>
        {
            "folded into an extension"
        }
        _ => return None,
    })
}

/// Returns the policy by which we refuse a text for a more exact reason than Google.
fn renamed(case: &Case, kind: PhoneErrorKind) -> Option<&'static str> {
    let typed = case.typed.as_str();
    let digits = typed.chars().filter(|c| c.is_numeric()).count();
    Some(match kind {
        PhoneErrorKind::Letters if typed.contains(char::is_alphabetic) => {
            "letters, refused by both"
        }
        PhoneErrorKind::MultipleNumbers => "two numbers, refused by both",
        PhoneErrorKind::NotANumber if is_decimal(typed) => "decimal, refused by both",
        PhoneErrorKind::NotANumber if has_plus_at_the_end(typed) => {
            "plus at the end, refused by both"
        }
        PhoneErrorKind::NotANumber if has_signs_beside(typed) => "signs beside, refused by both",
        PhoneErrorKind::NotANumber if typed.contains('=') => "tel: parameters, refused by both",
        PhoneErrorKind::Empty if digits == 0 => "empty, refused by both",
        PhoneErrorKind::TooShort => "too short, refused by both",
        PhoneErrorKind::UnknownCallingCode if typed.starts_with('+') => {
            "plus without a code, refused by both"
        }
        PhoneErrorKind::ShortCode => "short codes, refused by both",
        _ if has_folded_marks(typed) => "folded, refused by both",
        _ => return None,
    })
}

/// Returns `true` for a `+` after the last digit or letter.
fn has_plus_at_the_end(typed: &str) -> bool {
    let end = typed.rfind(|c: char| c.is_alphanumeric() || c == '#');
    typed.rfind(['+', '\u{FF0B}']) > end
}

/// Returns `true` for text that may separate two numbers.
fn has_something_between(typed: &str) -> bool {
    typed.contains(|c: char| c.is_alphabetic() || ";,/\\#~([*\u{FF08}".contains(c))
}

/// Returns `true` for a sign without a meaning of its own before the first digit or after the last.
fn has_signs_beside(typed: &str) -> bool {
    let is_digit = |c: char| c.is_numeric() && c != '½';
    let before = typed.split(is_digit).next().unwrap();
    let behind = typed.rsplit(is_digit).next().unwrap();
    let cut_off = behind.contains("..") || behind.contains("--");
    before.contains(['?', '\\', '½']) || behind.contains(['?', '\\', '*']) || cut_off
}

fn is_decimal(typed: &str) -> bool {
    [".0", ".00", ",0", ",00"]
        .iter()
        .any(|end| typed.ends_with(end))
}

/// Returns `true` for marks between digits that we fold, and that Google does not know, or not
/// before an extension.
fn has_folded_marks(typed: &str) -> bool {
    typed.contains(['\u{200E}', '\u{2009}']) || typed.contains('\u{A0}') && typed.ends_with('#')
}
