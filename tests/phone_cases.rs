//! Typed numbers, through the public API only.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so do its helpers"
)]

use clinspark_twilio::phone::{
    Address, AlphanumericSender, Callee, CountryPrefix, E164, Normalizer, NumberKind, NumberKinds,
    NumberSource, PhoneErrorKind, PhoneNumber, Recipient, Region, Warning, Withheld,
};

#[track_caller]
fn under(region: &str) -> Normalizer {
    Normalizer::for_region(Region::parse(region).unwrap())
}

/// The clinic of a region; of none for empty text.
#[track_caller]
fn clinic_of(region: &str) -> Normalizer {
    match region {
        "" => Normalizer::international(),
        region => under(region),
    }
}

#[track_caller]
fn reads(clinic: Normalizer, typed: &str, expected: &str) {
    let number = clinic
        .normalize(typed)
        .unwrap_or_else(|e| panic!("{typed:?}: {e}"));
    assert_eq!(number.e164().as_str(), expected, "typed {typed:?}");
}

#[track_caller]
fn refuses(clinic: Normalizer, typed: &str, kind: PhoneErrorKind) {
    assert_eq!(
        clinic.normalize(typed).map_err(|e| e.kind()),
        Err(kind),
        "typed {typed:?}"
    );
}

#[test]
fn a_country_code_never_meets_the_default() {
    let typed = [
        "+8613123456789",
        "+4915123456789",
        "+442079460018",
        "+390612345678",
        "+37491123456",
        "+22501020304",
        "+2250102030405",
        "+61491570156",
    ];
    let clinics: Vec<Normalizer> = ["US", "GB", "DE", "IT", "RU", "AR", "BR", "AU", "HU", "JP"]
        .into_iter()
        .map(under)
        .chain([Normalizer::international()])
        .collect();
    for number in typed {
        let alone = Normalizer::international().normalize(number);
        for clinic in &clinics {
            assert_eq!(clinic.normalize(number), alone, "{number} under {clinic:?}");
        }
        if let Ok(read) = alone {
            assert_eq!(read.e164().as_str(), number);
        }
    }
    reads(under("US"), "+8613123456789", "+8613123456789");
    reads(under("US"), "+4915123456789", "+4915123456789");
}

#[test]
fn national_numbers_are_read_under_the_default() {
    reads(under("AU"), "0491 570 156", "+61491570156");
    reads(under("US"), "(415) 555-0123", "+14155550123");
    reads(under("US"), "1-415-555-0123", "+14155550123");
    reads(under("GB"), "020 7946 0018", "+442079460018");
    reads(under("IT"), "06 1234 5678", "+390612345678");
    reads(under("GB"), "0044 20 7946 0018", "+442079460018");
    reads(under("US"), "011 44 20 7946 0018", "+442079460018");
    reads(
        Normalizer::for_prefix(CountryPrefix::parse("0044").unwrap()),
        "020 7946 0018",
        "+442079460018",
    );
}

#[test]
fn separators_do_not_matter() {
    reads(under("US"), "+1415-555-0123", "+14155550123");
    reads(
        under("GB"),
        " \u{FF0B}1 (415)\u{A0}555.0123\u{200B} ",
        "+14155550123",
    );
    reads(
        Normalizer::international(),
        "+1/415/555\u{2013}0123",
        "+14155550123",
    );
}

#[test]
fn what_is_no_number_is_refused_with_its_reason() {
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
fn letters_are_refused_and_read_only_when_asked_for() {
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
        [Warning::LettersRead]
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
fn two_numbers_are_never_one() {
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
fn what_a_spreadsheet_spoiled_is_refused() {
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
fn short_codes_and_emergency_numbers_are_nobodys() {
    let clinics = ["US", "GB", "DE", "AU", "IT", "FR", "NZ", "JP", ""];
    for typed in ["911", "112", "999", "000", "110", "116", "118"] {
        for clinic in clinics {
            refuses(clinic_of(clinic), typed, PhoneErrorKind::ShortCode);
        }
    }
    for typed in ["40404", "72345", "123456", "4-04-04"] {
        refuses(under("US"), typed, PhoneErrorKind::ShortCode);
    }
    // Islands whose numbers are as short as that.
    reads(under("FK"), "50411", "+50050411");
}

#[test]
fn what_can_be_two_numbers_is_asked_about() {
    let error = under("DE").normalize("49 151 12345678").unwrap_err();
    assert_eq!(error.kind(), PhoneErrorKind::Ambiguous);
    let readings = error.readings().unwrap();
    assert_eq!(
        readings.map(|number| (number.e164().as_str().to_owned(), number.kind())),
        [
            ("+494915112345678".to_owned(), NumberKind::FixedLine),
            ("+4915112345678".to_owned(), NumberKind::Mobile),
        ]
    );
    assert_eq!(format!("{error:?}"), "PhoneError { kind: Ambiguous, .. }");
    // 001 is what Singapore dials abroad, 00 what most do.
    refuses(under("SG"), "+001 659 234 5678", PhoneErrorKind::Ambiguous);
    // Few digits do not make it a short code.
    refuses(under("DE"), "491644", PhoneErrorKind::Ambiguous);
    reads(under("US"), "1 415 555 0123", "+14155550123");
    reads(under("DE"), "0049 151 12345678", "+4915112345678");
}

#[test]
fn extensions_are_refused_or_reported() {
    let open = under("US").extensions(true);
    for (typed, extension) in [
        ("415-555-0123 x12", "12"),
        ("415-555-0123 ext. 0042", "0042"),
        ("415-555-0123 extensión 7", "7"),
        ("415-555-0123 доб. 7", "7"),
        ("415-555-0123 anexo 7", "7"),
        (
            "415-555-0123;ext=12345678901234567890",
            "12345678901234567890",
        ),
        ("415-555-0123,,6", "6"),
        ("415-555-0123 #5", "5"),
        ("415-555-0123 -55#", "55"),
        ("tel:+14155550123;ext=9", "9"),
    ] {
        refuses(under("US"), typed, PhoneErrorKind::ExtensionNotAllowed);
        let number = open.normalize(typed).unwrap();
        assert_eq!(number.e164().as_str(), "+14155550123", "{typed}");
        assert_eq!(number.extension().unwrap().as_str(), extension, "{typed}");
    }
    assert_eq!(open.normalize("415-555-0123").unwrap().extension(), None);
    let shown = format!("{:?}", open.normalize("415-555-0123 x4711").unwrap());
    assert!(!shown.contains("4711"), "{shown}");
}

#[test]
fn only_the_kinds_asked_for_are_taken() {
    let mobiles = |region| under(region).kinds(NumberKinds::MOBILE);
    reads(mobiles("GB"), "07400 123456", "+447400123456");
    reads(mobiles("US"), "415 555 0123", "+14155550123");
    refuses(
        mobiles("GB"),
        "020 7946 0018",
        PhoneErrorKind::KindNotAllowed,
    );
    refuses(
        mobiles("US"),
        "800 555 0123",
        PhoneErrorKind::KindNotAllowed,
    );
    let not_premium = under("GB").kinds(NumberKinds::ALL.without(NumberKind::PremiumRate));
    refuses(not_premium, "0909 879 0000", PhoneErrorKind::KindNotAllowed);
    reads(not_premium, "020 7946 0018", "+442079460018");

    refuses(
        mobiles("US"),
        "+15005550006",
        PhoneErrorKind::KindNotAllowed,
    );
    let testing = mobiles("US").test_numbers(true);
    reads(testing, "+15005550006", "+15005550006");
    refuses(testing, "+15005551006", PhoneErrorKind::KindNotAllowed);
    let number = testing.normalize("+15005550006").unwrap();
    assert_eq!(number.warnings().collect::<Vec<_>>(), [Warning::TestNumber]);
    assert_eq!(
        format!("{:?}", NumberKinds::MOBILE),
        "{Mobile, FixedLineOrMobile}"
    );
    assert_eq!(
        NumberKind::ALL.into_iter().collect::<NumberKinds>(),
        NumberKinds::ALL
    );
}

#[test]
fn it_says_how_it_was_read() {
    for (clinic, typed, source, warnings) in [
        ("GB", "+44 20 7946 0018", NumberSource::Plus, vec![]),
        (
            "GB",
            "0044 20 7946 0018",
            NumberSource::InternationalPrefix,
            vec![],
        ),
        (
            "GB",
            "44 20 7946 0018",
            NumberSource::CodeWithoutPlus,
            vec![],
        ),
        ("GB", "020 7946 0018", NumberSource::National, vec![]),
        (
            "GB",
            "+44 (0)20 7946 0018",
            NumberSource::Plus,
            vec![Warning::NationalPrefixDropped],
        ),
        (
            "US",
            "+1 1 415 555 0123",
            NumberSource::Plus,
            vec![Warning::NationalPrefixDropped],
        ),
        ("IT", "+39 06 1234 5678", NumberSource::Plus, vec![]),
        (
            "GB",
            "+0044 20 7946 0018",
            NumberSource::InternationalPrefix,
            vec![Warning::PlusBeforePrefix],
        ),
        (
            "AG",
            "460 1234",
            NumberSource::National,
            vec![Warning::DigitsAdded],
        ),
        (
            "AR",
            "011 15 2345 6789",
            NumberSource::National,
            vec![Warning::DigitsAdded],
        ),
    ] {
        let number = under(clinic).normalize(typed).unwrap();
        assert_eq!(number.source(), source, "{typed}");
        assert_eq!(number.warnings().collect::<Vec<_>>(), warnings, "{typed}");
    }
    reads(under("AG"), "460 1234", "+12684601234");
    reads(under("AR"), "011 15 2345 6789", "+5491123456789");
    reads(under("BR"), "0 15 11 96123-4567", "+5511961234567");
    reads(under("JE"), "180020", "+441534180020");
}

#[test]
fn spellings_of_one_mobile_have_one_key() {
    let key = |text| E164::parse(text).unwrap().uniqueness_key();
    for (one, other) in [
        ("+5491123456789", "+541123456789"),
        ("+5215512345678", "+525512345678"),
        ("+5511961234567", "+551161234567"),
    ] {
        assert_eq!(key(one), key(other));
    }
    // A landline beside a mobile of nine digits; other people's numbers.
    for (one, other) in [
        ("+5511923456789", "+551123456789"),
        ("+14155550123", "+14155550124"),
        ("+441134960000", "+44113496000"),
    ] {
        assert_ne!(key(one), key(other));
    }
    assert_eq!(key("+5491123456789").as_str(), "+541123456789");
    assert_eq!(
        format!("{:?}", key("+14155550123")),
        "UniquenessKey(+*********23)"
    );
}

#[test]
fn stored_numbers_are_looked_up_as_they_are() {
    let look = |text| PhoneNumber::try_from(E164::parse(text).unwrap());
    let number = look("+447400123456").unwrap();
    assert_eq!(
        (number.region().unwrap().as_str(), number.kind()),
        ("GB", NumberKind::Mobile)
    );
    assert_eq!(look("+80012345678").unwrap().region(), None);
    assert_eq!(
        look("+11231231234").unwrap_err().kind(),
        PhoneErrorKind::NotInNumberingPlan
    );
    assert_eq!(
        look("+9991234567").unwrap_err().kind(),
        PhoneErrorKind::UnknownCallingCode
    );
}

#[test]
fn the_digits_of_a_withheld_caller_are_in_no_plan() {
    for typed in [
        "+266696687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+86282452253",
    ] {
        assert!(
            matches!(Address::parse(typed), Address::Withheld(_)),
            "{typed}"
        );
        assert!(
            Normalizer::international().normalize(typed).is_err(),
            "{typed}"
        );
    }
}

#[test]
fn region_and_kind_come_from_the_number() {
    let number = under("US").normalize("+1 876 512 3456").unwrap();
    assert_eq!(number.region().unwrap().as_str(), "JM");
    let number = under("US").normalize("+390612345678").unwrap();
    assert_eq!(
        (number.region().unwrap().as_str(), number.kind()),
        ("IT", NumberKind::FixedLine)
    );
    assert_eq!(
        under("US").normalize("4155550123").unwrap().kind(),
        NumberKind::FixedLineOrMobile
    );
    assert_eq!(
        under("AU").normalize("0491570156").unwrap().kind(),
        NumberKind::Mobile
    );
}

#[test]
fn settings_are_read_as_people_write_them() {
    for text in ["44", "+44", "0044", " 44 "] {
        let prefix = CountryPrefix::parse(text).unwrap();
        assert_eq!(
            (prefix.code(), prefix.region().unwrap().as_str()),
            (44, "GB")
        );
    }
    for (text, code, region) in [
        ("+1 876", 1, "JM"),
        ("1-876", 1, "JM"),
        ("+1 (876)", 1, "JM"),
        ("1876", 1, "JM"),
        ("001 809", 1, "DO"),
        ("+1 787", 1, "PR"),
        ("+44 1481", 44, "GG"),
        ("+44-1534", 44, "JE"),
        ("0044 1624", 44, "IM"),
        ("+7 7", 7, "KZ"),
        ("+39 06 698", 39, "VA"),
        ("+47 79", 47, "SJ"),
        ("+61 89162", 61, "CC"),
        ("+61 89164", 61, "CX"),
        ("+358 18", 358, "AX"),
        ("+599 9", 599, "CW"),
        ("+599 7", 599, "BQ"),
        ("+672 3", 672, "NF"),
    ] {
        let prefix = CountryPrefix::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let named = prefix.region().unwrap();
        assert_eq!((prefix.code(), named.as_str()), (code, region), "{text}");
        assert_eq!(CountryPrefix::parse(&prefix.to_string()).unwrap(), prefix);
    }
    // An area code is no calling code, unless it is a territory's own.
    for text in [
        "", "0", "+", "999", "four", "12345", "+1 212", "+44 7", "+44 20", "+1 800",
    ] {
        let error = CountryPrefix::parse(text).unwrap_err();
        assert_eq!(error.kind(), PhoneErrorKind::UnknownCallingCode, "{text:?}");
    }
    let gb = Region::parse("gb").unwrap();
    let one = CountryPrefix::parse("1").unwrap();
    assert_eq!(
        Normalizer::from_defaults(Some(one), Some(gb))
            .unwrap_err()
            .kind(),
        PhoneErrorKind::ConflictingDefaults
    );
    let jamaica = CountryPrefix::parse("+1 876").unwrap();
    let us = Region::parse("US").unwrap();
    assert_eq!(
        Normalizer::from_defaults(Some(jamaica), Some(us))
            .unwrap_err()
            .kind(),
        PhoneErrorKind::ConflictingDefaults
    );
    let jm = Region::parse("JM").unwrap();
    for clinic in [
        Normalizer::for_prefix(jamaica),
        Normalizer::from_defaults(Some(jamaica), Some(jm)).unwrap(),
        Normalizer::from_defaults(Some(one), Some(jm)).unwrap(),
        Normalizer::from_defaults(Some(one), None).unwrap(),
    ] {
        reads(clinic, "876 512 3456", "+18765123456");
    }
    let guernsey = Normalizer::for_prefix(CountryPrefix::parse("+44 1481").unwrap());
    reads(guernsey, "256789", "+441481256789");
    assert_eq!(
        Normalizer::from_defaults(None, None).unwrap(),
        Normalizer::international()
    );
    assert_eq!(
        Region::parse("XX").unwrap_err().kind(),
        PhoneErrorKind::UnknownRegion
    );
}

#[test]
fn addresses_of_every_form_are_told_apart() {
    let parse = Address::parse;
    assert!(matches!(parse("+14155550123"), Address::Phone(_)));
    assert!(matches!(parse("40404"), Address::ShortCode(_)));
    assert!(matches!(
        parse("whatsapp:+14155550123"),
        Address::WhatsApp(_)
    ));
    assert!(matches!(
        parse("whatsapp:US.13491208655302741918"),
        Address::Other(_)
    ));
    assert!(matches!(parse("rcs:+14155550123"), Address::Rcs(_)));
    assert!(matches!(parse("messenger:104"), Address::Messenger(_)));
    assert!(matches!(parse("client:nurse"), Address::Client(_)));
    assert!(matches!(parse("sip:nurse@example.com"), Address::Sip(_)));
    assert!(matches!(parse("rcs:clinic_agent"), Address::RcsSender(_)));
    assert!(matches!(parse("Clinic"), Address::Alphanumeric(_)));
    assert!(matches!(parse("Clinic of Perth"), Address::Other(_)));
    for text in [
        "",
        "anonymous",
        "Anonymous",
        "+266696687",
        "266696687",
        "+2562533",
        "restricted",
    ] {
        assert!(matches!(parse(text), Address::Withheld(_)), "{text:?}");
        assert!(Recipient::try_from(parse(text)).is_err(), "{text:?}");
        assert!(Callee::try_from(parse(text)).is_err(), "{text:?}");
        assert!(E164::parse(text).is_err(), "{text:?}");
    }
    assert_eq!(
        parse("+86282452253"),
        Address::Withheld(Withheld::Unavailable)
    );
    for text in [
        "+14155550123",
        "40404",
        "whatsapp:+14155550123",
        "client:nurse",
        "rcs:clinic_agent",
        "rcs:+14155550123",
        "messenger:104",
        "sip:nurse@example.com",
        "Clinic",
        "whatsapp:US.13491208655302741918",
        "",
    ] {
        assert_eq!(parse(text).expose(), text);
    }
}

#[test]
fn senders_names_are_checked() {
    assert_eq!(
        AlphanumericSender::parse("My Clinic").unwrap().as_str(),
        "My Clinic"
    );
    for text in [
        "",
        "12345",
        "Twelve chars",
        "Clinic!",
        "Clínica",
        "anonymous",
    ] {
        assert!(AlphanumericSender::parse(text).is_err(), "{text:?}");
    }
    assert!(Recipient::try_from(Address::parse("My Clinic")).is_err());
    assert!(Recipient::try_from(Address::parse("40404")).is_err());
}

#[test]
fn e164_takes_its_own_form_only() {
    assert_eq!(
        E164::parse("+14155550123").unwrap().as_str(),
        "+14155550123"
    );
    assert_eq!(
        E164::parse("+123456789012345").unwrap().as_str(),
        "+123456789012345"
    );
    for text in [
        "",
        "+",
        "+1",
        "14155550123",
        "+04155550123",
        "+1415 5550123",
        "+1234567890123456",
        "+１４１５",
    ] {
        assert!(E164::parse(text).is_err(), "{text:?}");
    }
    assert_eq!(size_of::<E164>(), 16);
}

#[test]
fn messages_stand_beside_the_field_and_hold_no_digits() {
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
