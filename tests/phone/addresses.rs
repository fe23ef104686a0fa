//! Settings, stored numbers and addresses, through the public API only.

use clinspark_twilio::phone::{
    Address, AlphanumericSender, Callee, CountryPrefix, E164, Normalizer, NumberKind,
    PhoneErrorKind, PhoneNumber, Recipient, Region, SipUri, WithheldReason,
};

use crate::clinic::reads;

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
    // Different subscribers: a landline and a mobile of nine digits, and other pairs of numbers.
    for (one, other) in [
        ("+5511923456789", "+551123456789"),
        ("+14155550123", "+14155550124"),
        ("+441134960000", "+44113496000"),
    ] {
        assert_ne!(key(one), key(other));
    }
    // A key has no spelling that belongs to another key.
    for (typed, spellings) in [
        ("+5491123456789", "+541123456789 +5491123456789"),
        ("+525512345678", "+525512345678 +5215512345678"),
        ("+551161234567", "+551161234567 +5511961234567"),
        ("+551123456789", "+551123456789"),
        ("+14155550123", "+14155550123"),
        ("+541123456", "+541123456"),
    ] {
        let numbers = key(typed).spellings();
        let numbers: Vec<_> = numbers.map(|it| it.as_str().to_owned()).collect();
        assert_eq!(numbers.join(" "), spellings);
    }
    assert_eq!(key("+5491123456789").as_str(), "+541123456789");
    assert_eq!(
        format!("{:?}", key("+14155550123")),
        "UniquenessKey(+*********23)"
    );
}

#[test]
fn masked_addresses_show_no_person() {
    for (address, masked) in [
        ("+14155550123", "+*********23"),
        ("rcs:+14155550123", "rcs:+*********23"),
        ("Clinic 12", "Clinic 12"),
        ("rcs:clinic_agent", "rcs:[redacted]"),
        ("messenger:1234567890", "messenger:[redacted]"),
        ("sip:ann@example.com", "sip:[redacted]"),
        ("+266696687", "withheld"),
        ("new-channel:42", "[redacted]"),
    ] {
        assert_eq!(Address::parse(address).masked(), masked);
    }
    let number = E164::parse("+14155550123").unwrap();
    let recipient = Recipient::WhatsApp(number);
    assert_eq!(recipient.masked(), "whatsapp:+*********23");
    let callee = Callee::Sip(SipUri::parse("sip:ann@example.com").unwrap());
    assert_eq!(callee.masked(), "sip:[redacted]");
    assert_eq!(Callee::Phone(number).masked(), "+*********23");
}

#[test]
fn stored_numbers_are_looked_up_unchanged() {
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
fn digits_of_a_withheld_caller_are_refused() {
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
fn country_prefixes_are_parsed_as_people_write_them() {
    for text in ["44", "+44", "0044", " 44 ", "00 44", "+ 44"] {
        let prefix = CountryPrefix::parse(text).unwrap();
        assert_eq!(
            (prefix.calling_code(), prefix.region().unwrap().as_str()),
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
        assert_eq!(
            (prefix.calling_code(), named.as_str()),
            (code, region),
            "{text}"
        );
        assert_eq!(CountryPrefix::parse(&prefix.to_string()).unwrap(), prefix);
    }
    // An area code counts only if it belongs to one territory.
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
fn addresses_of_every_form_are_distinguished() {
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
        Address::Withheld(WithheldReason::Unavailable)
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
fn plus_and_few_digits_are_not_a_number() {
    for digits in 0..100_000_u32 {
        let typed = format!("+{digits}");
        let read = Normalizer::international().normalize(&typed);
        assert!(read.is_err(), "{typed}");
    }
    for typed in [
        "+12",
        "+123",
        "+911",
        "+1234",
        "+40404",
        "+44201",
        "whatsapp:+40404",
        "rcs:+12345",
    ] {
        assert!(
            matches!(Address::parse(typed), Address::Other(_)),
            "{typed}"
        );
        assert!(
            Recipient::try_from(Address::parse(typed)).is_err(),
            "{typed}"
        );
        assert!(Callee::try_from(Address::parse(typed)).is_err(), "{typed}");
        assert_eq!(Address::parse(typed).expose(), typed);
    }
    // The shortest number of any country.
    reads(Normalizer::international(), "+49 1644", "+491644");
    assert!(matches!(Address::parse("+491644"), Address::Phone(_)));
}

#[test]
fn callers_without_a_number_are_withheld_in_every_spelling() {
    for (text, withheld) in [
        ("sip:anonymous@anonymous.invalid", WithheldReason::Anonymous),
        ("sip:Anonymous@Anonymous.Invalid", WithheldReason::Anonymous),
        ("SIP:ANONYMOUS@ANONYMOUS.INVALID", WithheldReason::Anonymous),
        (
            "sips:anonymous@anonymous.invalid",
            WithheldReason::Anonymous,
        ),
        ("anonymous@anonymous.invalid", WithheldReason::Anonymous),
        (
            "sip:anonymous@anonymous.invalid:5060",
            WithheldReason::Anonymous,
        ),
        (
            "sip:anonymous@anonymous.invalid;user=phone",
            WithheldReason::Anonymous,
        ),
        (
            "sip:anonymous@anonymous.invalid:5061;transport=tls?x=y",
            WithheldReason::Anonymous,
        ),
        (
            "sip:anonymous@anonymous.invalid.",
            WithheldReason::Anonymous,
        ),
        ("sip:thisis@anonymous.invalid", WithheldReason::Anonymous),
        (
            "sip:+14155550123@anonymous.invalid",
            WithheldReason::Anonymous,
        ),
        (
            "sip:unavailable@unknown.invalid",
            WithheldReason::Unavailable,
        ),
        ("sip:restricted@host.invalid", WithheldReason::Restricted),
        ("Restricted", WithheldReason::Restricted),
        ("+1266696687", WithheldReason::Anonymous),
        ("186282452253", WithheldReason::Unavailable),
    ] {
        assert_eq!(Address::parse(text), Address::Withheld(withheld), "{text}");
        assert!(Recipient::try_from(Address::parse(text)).is_err(), "{text}");
        assert!(Callee::try_from(Address::parse(text)).is_err(), "{text}");
        assert!(SipUri::parse(text).is_err(), "{text}");
        assert!(E164::parse(text).is_err(), "{text}");
    }
    // A user or host of that name can exist, and 737 is an area code of Texas.
    for text in [
        "sip:restricted@example.sip.twilio.com",
        "sip:nurse@anonymous.invalid.example.com",
        "sip:nurse@anonymousinvalid",
    ] {
        assert!(matches!(Address::parse(text), Address::Sip(_)), "{text}");
    }
    assert!(matches!(Address::parse("+17378742833"), Address::Phone(_)));
}

#[test]
fn alphanumeric_senders_are_checked() {
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
fn e164_accepts_only_its_own_form() {
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
        "+12345",
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

/// Some carriers report a caller without the country code, and 7 or 8 digits look like a short code.
#[test]
fn debug_shows_no_number_in_any_form() {
    let digits = "491570156491570";
    let mut shown = Vec::new();
    for length in 7..=digits.len() {
        let number = &digits[..length];
        for text in [
            number.to_owned(),
            format!("0{number}"),
            format!("00{number}"),
            format!("+{number}"),
            format!(" {number}"),
            format!("tel:{number}"),
            format!("whatsapp:{number}"),
            format!("whatsapp:+{number}"),
            format!("rcs:{number}"),
            format!("rcs:+{number}"),
            format!("messenger:{number}"),
            format!("client:{number}"),
            format!("sip:{number}"),
            format!("sip:{number}@clinic.example"),
            format!("sips:+{number}@clinic.example;user=phone"),
        ] {
            let debug = format!("{:?}", Address::parse(&text));
            if debug.contains(&digits[..5]) || debug.contains(&number[length - 5..]) {
                shown.push(debug);
            }
        }
    }
    assert!(shown.is_empty(), "{shown:?}");
    assert_eq!(format!("{:?}", Address::parse("40404")), "ShortCode(40404)");
    assert_eq!(
        format!("{:?}", Address::parse("91234567")),
        "ShortCode(******67)"
    );
}
