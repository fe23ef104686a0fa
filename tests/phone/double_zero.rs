//! Numbers that begin with `00`, which people everywhere type for `+`.

use clinspark_twilio::phone::{
    CountryCodeSource, CountryPrefix, E164, Normalizer, NumberWarning, PhoneErrorKind,
};

use crate::clinic::{reads, refuses, under};

#[track_caller]
fn asks(default: &str, typed: &str, readings: [&str; 2]) {
    let error = under(default).normalize(typed).expect_err(typed);
    let found = error.candidates().expect(typed).map(|number| number.e164());
    assert_eq!(
        found.each_ref().map(E164::as_str),
        readings,
        "{typed} under {default}"
    );
}

#[test]
fn two_existing_readings_are_ambiguous_with_the_default_first() {
    for (default, typed, readings) in [
        // A carrier's prefix before a country code.
        ("CO", "0056732000027", ["+6732000027", "+56732000027"]),
        (
            "BR",
            "0055 49 99100-0026",
            ["+49991000026", "+5549991000026"],
        ),
        ("SG", "0084902110068", ["+492110068", "+84902110068"]),
        ("KR", "002 677 711 0092", ["+6777110092", "+26777110092"]),
        ("NG", "009178755 50127", ["+17875550127", "+917875550127"]),
        // `00` is part of the default region's own prefix.
        ("AU", "00113215550115", ["+3215550115", "+13215550115"]),
        ("GY", "0013215550126", ["+3215550126", "+13215550126"]),
        // Another way to write the zeros.
        ("CO", "(00) 56 732 000 027", ["+6732000027", "+56732000027"]),
        ("CO", "+0056732000027", ["+6732000027", "+56732000027"]),
        ("CO", "tel:0056732000027", ["+6732000027", "+56732000027"]),
        (
            "CO",
            "\u{FF10}\u{FF10}56732000027",
            ["+6732000027", "+56732000027"],
        ),
        (
            "CO",
            "0\u{200B}056732000027",
            ["+6732000027", "+56732000027"],
        ),
    ] {
        asks(default, typed, readings);
    }
    let open = under("CO").extensions(true);
    refuses(open, "0056732000027 ext. 4", PhoneErrorKind::Ambiguous);
}

#[test]
fn the_only_existing_reading_is_returned() {
    for (default, typed, expected) in [
        ("BR", "0055 44 99100-0083", "+5544991000083"),
        ("SG", "0044 7911 000072", "+447911000072"),
        ("US", "0044 20 7946 0018", "+442079460018"),
        ("US", "(00)44 20 7946 0018", "+442079460018"),
        ("US", "tel:0044-20-7946-0018", "+442079460018"),
        ("US", "+0044 20 7946 0018", "+442079460018"),
        ("AU", "0061 491 570 156", "+61491570156"),
        ("RU", "0044 20 7946 0018", "+442079460018"),
        // The default's own prefix.
        ("US", "011 44 20 7946 0018", "+442079460018"),
        ("AU", "0011 44 20 7946 0018", "+442079460018"),
        ("TZ", "00037065000089", "+37065000089"),
        ("GB", "0049 151 12345678", "+4915112345678"),
        // Both readings are one number.
        ("KR", "00118765550161", "+18765550161"),
    ] {
        reads(under(default), typed, expected);
    }
    let freephone = Normalizer::for_prefix(CountryPrefix::parse("800").unwrap());
    reads(freephone, "0044 20 7946 0018", "+442079460018");
    let read = under("US").normalize("0044 20 7946 0018").unwrap();
    assert_eq!(
        read.country_code_source(),
        CountryCodeSource::InternationalPrefix
    );
    let read = under("US").normalize("+0044 20 7946 0018").unwrap();
    let warnings: Vec<NumberWarning> = read.warnings().collect();
    assert_eq!(warnings, [NumberWarning::PlusBeforePrefix]);
}

#[test]
fn more_than_two_zeros_are_not_a_plus() {
    for default in ["US", "GB", "DE", "AU", "JP"] {
        assert!(
            under(default).normalize("000 44 20 7946 0018").is_err(),
            "{default}"
        );
        assert!(
            under(default).normalize("0000 44 20 7946 0018").is_err(),
            "{default}"
        );
        assert!(
            under(default).normalize("00 0044 20 7946 0018").is_err(),
            "{default}"
        );
    }
    // Without a default, 00 may be part of any country's prefix.
    let nowhere = Normalizer::international();
    refuses(nowhere, "0044 20 7946 0018", PhoneErrorKind::MissingCountry);
}

#[test]
fn separators_within_the_code_show_a_zero_too_many() {
    // The German number +49 25 80011 exists.
    assert!(under("FR").normalize("+49 2580011").is_ok());
    let readings = ["+33492580011", "+492580011"];
    for typed in [
        "004-92-58-00-11",
        "004 92 58 00 11",
        "004.92.58.00.11",
        "0 04 92 58 00 11",
        "0-0492580011",
        "\u{FF10}\u{FF10}\u{FF14}\u{3000}92 58 00 11",
        "004\u{2009}92 58 00 11",
    ] {
        asks("FR", typed, readings);
    }
    // A German number as people type it.
    for typed in [
        "00492580011",
        "0049 2580011",
        "00 49 25 80011",
        "004925 80011",
        "00-49-2580011",
    ] {
        reads(under("FR"), typed, "+492580011");
    }
    // One digit alone after the 00 is the form of a national number, too.
    for typed in ["00 4 92 58 00 11", "00.4.92.58.00.11", "(00) 4 92 58 00 11"] {
        asks("FR", typed, ["+33492580011", "+492580011"]);
    }
    asks("FR", "00 2 99 69 50 13", ["+33299695013", "+299695013"]);
    reads(under("FR"), "00 1 212 555 0123", "+12125550123");
    // Invisible characters are no separators.
    reads(under("FR"), "004\u{200B}92580011", "+492580011");
    // Pairs of digits split a code of three, but the 00 is separate.
    reads(under("FR"), "00 21 26 61 23 45 67", "+212661234567");
    assert!(under("DE").normalize("035 31 23 45 67").is_ok());
    reads(under("DE"), "00 35 31 23 45 67 8", "+35312345678");
    reads(under("DE"), "0 0 4 4 2 0 7 9 4 6 0 0 1 8", "+442079460018");
}
