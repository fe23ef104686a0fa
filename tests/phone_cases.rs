//! Typed numbers, through the public API only.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use clinspark_twilio::phone::{
    Address, Callee, CountryPrefix, E164, Normalizer, NumberKind, PhoneErrorKind, Recipient,
    Region, Withheld,
};

#[track_caller]
fn under(region: &str) -> Normalizer {
    Normalizer::for_region(Region::parse(region).unwrap())
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
    refuses(
        under("US"),
        "1231231234",
        PhoneErrorKind::NotInNumberingPlan,
    );
    refuses(under("US"), "", PhoneErrorKind::Empty);
    refuses(under("US"), " - ", PhoneErrorKind::Empty);
    refuses(
        under("US"),
        &"1".repeat(10_000),
        PhoneErrorKind::TooLongInput,
    );
    refuses(under("US"), &"1".repeat(30), PhoneErrorKind::TooLong);
    refuses(under("US"), "1-800-FLOWERS", PhoneErrorKind::Letters);
    refuses(under("US"), "415 555 O123", PhoneErrorKind::Letters);
    refuses(under("US"), "4.4791E+11", PhoneErrorKind::Letters);
    refuses(under("US"), "415-555-0123 x12", PhoneErrorKind::Letters);
    refuses(
        under("US"),
        "415-555-0123;415-555-0124",
        PhoneErrorKind::NotANumber,
    );
    refuses(
        under("US"),
        "+14155550123+14155550124",
        PhoneErrorKind::NotANumber,
    );
    refuses(under("US"), "911", PhoneErrorKind::NotInNumberingPlan);
    refuses(under("US"), "40404", PhoneErrorKind::NotInNumberingPlan);
    refuses(
        under("US"),
        "+9991234567",
        PhoneErrorKind::UnknownCallingCode,
    );
    refuses(
        Normalizer::international(),
        "4155550123",
        PhoneErrorKind::MissingCountry,
    );
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
    for text in ["", "0", "+", "999", "four", "12345"] {
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
    assert!(matches!(parse("Clinic"), Address::Other(_)));
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
        "Clinic",
        "",
    ] {
        assert_eq!(parse(text).expose(), text);
    }
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
