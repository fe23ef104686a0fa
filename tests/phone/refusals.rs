//! Typed texts that are refused or ambiguous, through the public API only.

use clinspark_twilio::phone::{E164, Extension, NumberKind, NumberWarning, PhoneErrorKind};

use crate::clinic::{clinic_of, reads, refuses, under};

#[test]
fn text_that_is_not_a_number_is_refused_with_its_reason() {
    let long = "1".repeat(10_000);
    for (clinic, typed, kind) in [
        ("US", "", PhoneErrorKind::Empty),
        ("US", " - ", PhoneErrorKind::Empty),
        ("US", "\u{200B}", PhoneErrorKind::Empty),
        ("US", "???", PhoneErrorKind::NotANumber),
        ("US", long.as_str(), PhoneErrorKind::TooLongInput),
        (
            "US",
            "111111111111111111111111111111",
            PhoneErrorKind::TooLong,
        ),
        ("US", "1231231234", PhoneErrorKind::NotInNumberingPlan),
        ("US", "555 0123", PhoneErrorKind::LocalOnly),
        ("US", "4155550", PhoneErrorKind::LocalOnly),
        ("US", "41555501", PhoneErrorKind::TooShort),
        ("US", "415555012345", PhoneErrorKind::TooLong),
        ("BB", "+43 1234567890123456", PhoneErrorKind::TooLong),
        ("DE", "030 1620 4184 7202", PhoneErrorKind::TooLong),
        ("AX", "+247 1234567", PhoneErrorKind::TooLong),
        ("US", "+9991234567", PhoneErrorKind::UnknownCallingCode),
        ("GB", "+0 20 7946 0018", PhoneErrorKind::UnknownCallingCode),
        ("GB", "+020 7946 0018", PhoneErrorKind::UnknownCallingCode),
        (
            "FI",
            "+990 358 9 1234567",
            PhoneErrorKind::UnknownCallingCode,
        ),
        ("", "4155550123", PhoneErrorKind::MissingCountry),
        ("", "0044 20 7946 0018", PhoneErrorKind::MissingCountry),
    ] {
        refuses(clinic_of(clinic), typed, kind);
    }
}

#[test]
fn letters_are_refused_unless_keypad_letters_is_set() {
    for typed in [
        "1-800-FLOWERS",
        "415 555 O123",
        "4l5 555 0123",
        "4.4791E+11",
        "abc",
        "Mobile: 415 555 0123",
        "415 555 0123 (home)",
        "0xx11 96123 4567",
    ] {
        refuses(under("US"), typed, PhoneErrorKind::Letters);
    }
    let keypad = under("US").keypad_letters(true);
    reads(keypad, "1-800-FLOWERS", "+18003569377");
    refuses(keypad, "415 555 O123", PhoneErrorKind::Letters);
    refuses(keypad, "Mobile: 415 555 0123", PhoneErrorKind::Letters);
    let number = keypad.normalize("1-800-FLOWERS").unwrap();
    assert_eq!(
        number.warnings().collect::<Vec<_>>(),
        [NumberWarning::KeypadLetters]
    );
    reads(under("US"), "tel:+1-415-555-0123", "+14155550123");
    reads(under("GB"), "TEL: 020 7946 0018", "+442079460018");
    reads(
        under("US"),
        "tel:020-7946-0018;phone-context=+44",
        "+442079460018",
    );
}

#[test]
fn two_numbers_are_never_read_as_one() {
    for typed in [
        "415-555-0123 / 415-555-0124",
        "415-555-0123;415-555-0124",
        "415-555-0123, 415-555-0124",
        "415-555-0123\n415-555-0124",
        "415-555-0123 or 415-555-0124",
        "+14155550123+14155550124",
        "+1 415 555 0123 +1 415 555 0124",
        "4155550123;4155550124",
        "4155550123,555012345",
        "415 555 0123/x415 555 0124",
        "030 123456 7/0301234567",
    ] {
        refuses(under("US"), typed, PhoneErrorKind::MultipleNumbers);
    }
    reads(under("DE"), "030/1234567-89", "+4930123456789");
    reads(under("DE"), "0049/30/1234567", "+49301234567");
}

#[test]
fn two_endings_are_not_joined() {
    for (clinic, typed) in [
        ("DE", "030 1234567/8"),
        ("DE", "030 1234567 / 68"),
        ("DE", "030/1234567/68"),
        ("DE", "030 1234567*8"),
        ("DE", "030 1234567 (2)"),
        ("DE", "030 1234567 [2]"),
        ("DE", "030 1234567 (8-17)"),
        ("AT", "0664 1234567/8"),
        ("IT", "06 1234567/8"),
        ("ID", "021 5551234/5"),
    ] {
        refuses(under(clinic), typed, PhoneErrorKind::MultipleNumbers);
    }
    // The digits before the slash or bracket are no number.
    reads(under("DE"), "030/1234", "+49301234");
    reads(under("DE"), "(030) 123456", "+4930123456");
    reads(under("FR"), "01/23/45/67/89", "+33123456789");
    reads(under("US"), "415-555/0123", "+14155550123");
    reads(under("US"), "415 (555) (0123)", "+14155550123");
    // Many slashes only group the digits.
    reads(under("LU"), "+352/27/12/34/56", "+35227123456");
    for typed in ["415-555-0123/4", "020 7946 0018/9"] {
        assert!(under("US").normalize(typed).is_err());
        assert!(under("GB").normalize(typed).is_err());
    }
}

#[test]
fn signs_of_lost_digits_or_a_lost_plus_are_refused() {
    // Each would be a number of Germany without the sign.
    for typed in [
        "?447911123456",
        "\u{FFFD}447911123456",
        "%20301234567",
        "\u{2795}44 7911 123456",
        "\u{207A}\u{2074}\u{2074} 7911 123456",
        "\u{FB29}44 7911 123456",
        "\u{2460} 030 1234567",
        "\\0301234567",
        "&0301234567",
        "\x000301234567",
        "030 123456...",
        "030 123456\u{2026}",
        "030 123456?",
        "030 1234**",
        "030 1234__",
        "030 1234--",
        "030 123456\u{FFFD}",
        "030 123456\u{2795}",
    ] {
        refuses(under("DE"), typed, PhoneErrorKind::NotANumber);
    }
    // Quotation marks, brackets, a full stop and a telephone symbol do not change the digits.
    for typed in [
        "\u{201C}030 1234567\u{201D}",
        "'030 1234567",
        "<030 1234567>",
        "030 1234567.",
        "030 1234567 -",
        "\u{260E}\u{FE0F} 030 1234567",
        "\u{1F4F1}030 1234567",
        "tel: 030 1234567;",
    ] {
        reads(under("DE"), typed, "+49301234567");
    }
    // With a `+` the start of the number is certain.
    reads(under("DE"), "?? +44 20 7946 0018", "+442079460018");
}

#[test]
fn tel_addresses_are_parsed_completely() {
    let open = under("US").extensions(true);
    for (typed, extension) in [
        ("tel:+1-415-555-0123;ext=5;isub=12", Some("5")),
        ("tel:+1-415-555-0123;isub=12;ext=5", Some("5")),
        ("tel:+1-415-555-0123;isub=12", None),
        ("tel:415-555-0123;phone-context=+1", None),
        ("tel:4155550123;phone-context=example.com", None),
    ] {
        let number = open.normalize(typed).unwrap();
        assert_eq!(number.e164().as_str(), "+14155550123", "{typed}");
        let read = number.extension();
        assert_eq!(read.as_ref().map(Extension::as_str), extension, "{typed}");
    }
    for (typed, kind) in [
        (
            "tel:020-7946-0018;phone-context=+44;phone-context=+1",
            PhoneErrorKind::NotANumber,
        ),
        (
            "tel:+442079460018;phone-context=+1",
            PhoneErrorKind::NotANumber,
        ),
        (
            ";phone-context=a;tel:4155550123",
            PhoneErrorKind::NotANumber,
        ),
        ("tel:+14155550123;postd=pp22", PhoneErrorKind::Letters),
        ("tel:911;phone-context=+1", PhoneErrorKind::TooShort),
        (
            "tel:7042;phone-context=example.com",
            PhoneErrorKind::ShortCode,
        ),
        ("sms:+14155550123", PhoneErrorKind::Letters),
        ("whatsapp:+14155550123", PhoneErrorKind::Letters),
        ("client:4155550123", PhoneErrorKind::Letters),
        ("sip:4155550123@example.com", PhoneErrorKind::Letters),
        ("https://wa.me/14155550123", PhoneErrorKind::Letters),
    ] {
        refuses(open, typed, kind);
    }
}

#[test]
fn unknown_words_for_an_extension_are_letters() {
    for word in [
        "Durchwahl",
        "poste",
        "\u{5185}\u{7DDA}",
        "ramal",
        "wew.",
        "toestel",
        "interno",
        "\u{0645}\u{062F}",
    ] {
        let typed = format!("415 555 0123 {word} 12");
        refuses(
            under("US").extensions(true),
            &typed,
            PhoneErrorKind::Letters,
        );
    }
}

#[test]
fn numbers_that_a_spreadsheet_changed_are_refused() {
    for typed in [
        "447911123456.0",
        "447911123456.00",
        "447911123456,0",
        "+447911123456.0",
    ] {
        refuses(under("GB"), typed, PhoneErrorKind::NotANumber);
        refuses(under("DE"), typed, PhoneErrorKind::NotANumber);
    }
    refuses(under("DE"), "2290195123456.0", PhoneErrorKind::NotANumber);
    reads(under("GB"), "020.7946.0018", "+442079460018");
}

#[test]
fn short_codes_and_emergency_numbers_are_refused() {
    let clinics = ["US", "GB", "DE", "AU", "IT", "FR", "NZ", "JP", ""];
    for typed in ["911", "112", "999", "000", "110", "116", "118"] {
        for clinic in clinics {
            refuses(clinic_of(clinic), typed, PhoneErrorKind::ShortCode);
        }
    }
    for typed in ["40404", "72345", "123456", "4-04-04"] {
        refuses(under("US"), typed, PhoneErrorKind::ShortCode);
    }
    // Islands with numbers that short.
    reads(under("FK"), "50411", "+50050411");
}

#[test]
fn text_that_can_be_two_numbers_is_ambiguous() {
    let error = under("DE").normalize("49 151 12345678").unwrap_err();
    assert_eq!(error.kind(), PhoneErrorKind::Ambiguous);
    let readings = error.candidates().unwrap();
    assert_eq!(
        readings.map(|number| (number.e164().as_str().to_owned(), number.kind())),
        [
            ("+494915112345678".to_owned(), NumberKind::FixedLine),
            ("+4915112345678".to_owned(), NumberKind::Mobile),
        ]
    );
    assert_eq!(format!("{error:?}"), "PhoneError { kind: Ambiguous, .. }");
    // Singapore dials 001 abroad, most countries 00.
    refuses(under("SG"), "+001 659 234 5678", PhoneErrorKind::Ambiguous);
    // Each of these is both an international number and a national one of a company.
    for (clinic, typed, national, international) in [
        ("IL", "0153 623 423297", "+972153623423297", "+3623423297"),
        ("RU", "81081631768612", "+781081631768612", "+81631768612"),
        ("RW", "006 903 553", "+25006903553", "+6903553"),
    ] {
        let error = under(clinic).normalize(typed).unwrap_err();
        let readings = error.candidates().unwrap().map(|number| number.e164());
        let [first, second] = readings.each_ref().map(E164::as_str);
        assert_eq!([first, second], [national, international], "{typed}");
    }
    // A zero that Italy dials before landlines but not before mobiles.
    for clinic in ["IT", "US"] {
        let error = under(clinic).normalize("+39 (0)331 1234567").unwrap_err();
        let [landline, mobile] = error.candidates().unwrap();
        assert_eq!(landline.e164().as_str(), "+3903311234567");
        assert_eq!(mobile.e164().as_str(), "+393311234567");
    }
    reads(under("US"), "+39 (0)6 1234 5678", "+390612345678");
    reads(under("US"), "(+44) (0)20 7946 0018", "+442079460018");
    // The second entry of a list, or the area code of Duisburg.
    refuses(under("DE"), "2) 030 1234567", PhoneErrorKind::Ambiguous);
    reads(under("US"), "1) 415 555 0123", "+14155550123");
    reads(under("GB"), "020) 7946 0018", "+442079460018");
    // Few digits do not make it a short code.
    refuses(under("DE"), "491644", PhoneErrorKind::Ambiguous);
    reads(under("US"), "1 415 555 0123", "+14155550123");
    reads(under("DE"), "0049 151 12345678", "+4915112345678");
}

#[test]
fn messages_are_for_the_user_and_contain_no_digits() {
    let error = under("US").normalize("1231231234").unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no such phone number in its country; check the area code and the digits"
    );
    for typed in [
        "1231231234",
        "12",
        "+99912345",
        "4155550123;1",
        "41555501ab",
    ] {
        let shown = format!("{0} {0:?}", under("US").normalize(typed).unwrap_err());
        assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{shown}");
    }
}
