//! Normalisation of typed numbers: the result is read as itself, and no number is printed.
//!
//! Input: two letters of a region, or `--`, and options (`x` extensions, `k` keypad letters) on the
//! first line; a number after it.
#![no_main]

use clinspark_twilio::phone::{E164, Normalizer, PhoneErrorKind, Region};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let (head, typed) = data.split_once('\n').unwrap_or((data, ""));
    let (region, options) = head.split_at_checked(2).unwrap_or((head, ""));
    let Ok(region) = Some(region)
        .filter(|region| *region != "--")
        .map(Region::parse)
        .transpose()
    else {
        return;
    };
    let home = match region {
        Some(region) => Normalizer::for_region(region),
        None => Normalizer::international(),
    };
    let home = home
        .extensions(options.contains('x'))
        .keypad_letters(options.contains('k'));
    match home.normalize(typed) {
        Ok(number) => {
            let e164 = number.e164();
            let digits = e164.as_str().strip_prefix('+').unwrap();
            assert!((3..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
            assert_eq!(E164::parse(e164.as_str()).unwrap(), e164);
            for again in [home, Normalizer::international()] {
                let again = again.normalize(e164.as_str()).unwrap();
                assert_eq!(again.e164(), e164, "a number reads as another");
                assert_eq!(
                    (again.kind(), again.region()),
                    (number.kind(), number.region())
                );
            }
            assert!(
                !format!("{number:?}").contains(digits),
                "a number is printed"
            );
        }
        Err(error) => {
            assert_eq!(
                error.candidates().is_some(),
                error.kind() == PhoneErrorKind::Ambiguous
            );
            if let Some([first, second]) = error.candidates() {
                assert_ne!(first.e164(), second.e164());
            }
            // The longest number in a message is the character limit.
            for shown in [error.to_string(), format!("{error:?}")] {
                let mut runs = shown.split(|c: char| !c.is_ascii_digit());
                assert!(runs.all(|run| run.len() < 5), "a number is printed");
            }
        }
    }
});
