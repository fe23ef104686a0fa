//! Typed numbers, through the public API only.

use clinspark_twilio::phone::{
    CountryCodeSource, CountryPrefix, Normalizer, NumberKind, NumberKinds, NumberWarning,
    PhoneErrorKind,
};

use crate::clinic::{reads, refuses, under};

#[test]
fn a_typed_country_code_ignores_the_default() {
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
fn separators_do_not_change_the_number() {
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
fn only_selected_kinds_are_accepted() {
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
    assert_eq!(
        number.warnings().collect::<Vec<_>>(),
        [NumberWarning::TestNumber]
    );
    assert_eq!(
        format!("{:?}", NumberKinds::MOBILE),
        "{Mobile, FixedLineOrMobile}"
    );
    assert_eq!(NumberKind::all().collect::<NumberKinds>(), NumberKinds::ALL);
}

#[test]
fn source_and_warnings_are_reported() {
    for (clinic, typed, source, warnings) in [
        ("GB", "+44 20 7946 0018", CountryCodeSource::Plus, vec![]),
        (
            "GB",
            "0044 20 7946 0018",
            CountryCodeSource::InternationalPrefix,
            vec![],
        ),
        (
            "GB",
            "44 20 7946 0018",
            CountryCodeSource::CodeWithoutPlus,
            vec![],
        ),
        ("GB", "020 7946 0018", CountryCodeSource::National, vec![]),
        (
            "GB",
            "+44 (0)20 7946 0018",
            CountryCodeSource::Plus,
            vec![NumberWarning::NationalPrefixDropped],
        ),
        (
            "US",
            "+1 1 415 555 0123",
            CountryCodeSource::Plus,
            vec![NumberWarning::NationalPrefixDropped],
        ),
        ("IT", "+39 06 1234 5678", CountryCodeSource::Plus, vec![]),
        (
            "GB",
            "+0044 20 7946 0018",
            CountryCodeSource::InternationalPrefix,
            vec![NumberWarning::PlusBeforePrefix],
        ),
        (
            "AG",
            "460 1234",
            CountryCodeSource::National,
            vec![NumberWarning::DigitsAdded],
        ),
        (
            "AR",
            "011 15 2345 6789",
            CountryCodeSource::National,
            vec![NumberWarning::DigitsAdded],
        ),
    ] {
        let number = under(clinic).normalize(typed).unwrap();
        assert_eq!(number.country_code_source(), source, "{typed}");
        assert_eq!(number.warnings().collect::<Vec<_>>(), warnings, "{typed}");
    }
    reads(under("AG"), "460 1234", "+12684601234");
    reads(under("AR"), "011 15 2345 6789", "+5491123456789");
    reads(under("BR"), "0 15 11 96123-4567", "+5511961234567");
    reads(under("JE"), "180020", "+441534180020");
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
