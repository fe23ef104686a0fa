//! Invisible characters, and direction controls.

use clinspark_twilio::phone::PhoneErrorKind;
use regex_syntax::hir::{Class, HirKind};

use crate::clinic::{reads, refuses, under};

const CONTROLS: [char; 11] = [
    '\u{200F}', '\u{61C}', '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}',
    '\u{2067}', '\u{2068}', '\u{2069}',
];
const RIGHT_TO_LEFT: [char; 3] = ['\u{202B}', '\u{202E}', '\u{2067}'];

/// Returns Unicode's property, from the tables of another library.
fn is_ignorable() -> impl Fn(char) -> bool {
    let parsed = regex_syntax::parse(r"\p{Default_Ignorable_Code_Point}").unwrap();
    let HirKind::Class(Class::Unicode(class)) = parsed.into_kind() else {
        panic!("a property is a class of characters");
    };
    move |c| {
        class
            .ranges()
            .iter()
            .any(|r| (r.start()..=r.end()).contains(&c))
    }
}

#[test]
fn exactly_unicodes_ignorable_characters_are_dropped() {
    let is_ignorable = is_ignorable();
    let clinic = under("US").extensions(true);
    let mut ignorable = 0;
    // Every character of the planes that have such characters, a sample of the others.
    let looked_at =
        |c: &char| matches!(*c as u32 >> 16, 0 | 1 | 14) || (*c as u32).is_multiple_of(251);
    let all = ('\0'..=char::MAX).filter(looked_at);
    for c in all.filter(|c| !CONTROLS.contains(c)) {
        // Within a word even a space changes the meaning.
        let within_word = clinic.normalize(&format!("415 555 0123 e{c}xtension 12"));
        assert_eq!(within_word.is_ok(), is_ignorable(c), "U+{:04X}", c as u32);
        if is_ignorable(c) {
            ignorable += 1;
            reads(under("US"), &format!("415{c}555{c}0123"), "+14155550123");
            reads(
                under("GB"),
                &format!("{c}+{c}1 415 555 0123{c}"),
                "+14155550123",
            );
        }
    }
    assert!(ignorable > 4_000, "{ignorable}");
}

#[test]
fn controls_between_digits_are_refused() {
    for c in CONTROLS {
        for typed in [
            format!("+1 415{c}555 0123"),
            format!("+1 415 555 012{c}3"),
            format!("+{c}1 415 555 0123"),
            format!("415 {c}555\u{202C} 0123"),
            format!("415-555-0{c}123"),
        ] {
            refuses(under("US"), &typed, PhoneErrorKind::DirectionControls);
        }
    }
}

#[test]
fn only_left_to_right_controls_are_accepted_around_a_whole_number() {
    for c in CONTROLS {
        for typed in [
            format!("{c}+1 415 555 0123\u{202C}"),
            format!("{c}+1 415 555 0123"),
            format!(" {c}(415) 555-0123\u{2069} "),
            format!("415 555 0123{c}"),
        ] {
            if RIGHT_TO_LEFT.contains(&c) {
                refuses(under("US"), &typed, PhoneErrorKind::DirectionControls);
            } else {
                reads(under("US"), &typed, "+14155550123");
            }
        }
    }
}

#[test]
fn telephone_symbols_are_dropped() {
    reads(under("DE"), "\u{260E}\u{FE0F} 030 1234567", "+49301234567");
    reads(under("DE"), "\u{260E}\u{FE0E}030 1234567", "+49301234567");
}
