//! Values that cannot be right are refused with their reason.

use clinspark_twilio::clinspark::Setting;

use super::{ACCOUNT, sound};

#[test]
fn the_domain_is_a_name_or_a_full_domain() {
    let origin = |domain: &str| {
        let settings = sound().domain(domain).build().unwrap();
        settings.origin().as_str().to_owned()
    };
    assert_eq!(origin("demo"), "https://demo.clinspark.com");
    assert_eq!(origin("demo-2"), "https://demo-2.clinspark.com");
    assert_eq!(origin("demo.clinspark.com"), "https://demo.clinspark.com");
    assert_eq!(
        origin("https://demo.clinspark.com/"),
        "https://demo.clinspark.com"
    );
    assert_eq!(
        origin("trials.example.com:8443"),
        "https://trials.example.com:8443"
    );
    assert_eq!(origin("nottwilio.com"), "https://nottwilio.com");
    assert_eq!(origin("http://localhost:8080"), "http://localhost:8080");
}

/// A token that certainly is none is refused at start-up: else the first sign is a refused send
/// and a lost STOP. Other forms are taken, because Twilio may change its own.
#[test]
fn an_impossible_auth_token_is_refused_with_its_reason() {
    const DIGITS: &str = "0123456789abcdef0123456789abcdef";
    let wrong = [
        format!("\"{DIGITS}\""),
        format!("'{DIGITS}'"),
        format!("{DIGITS}\""),
        format!("\u{201c}{DIGITS}\u{201d}"),
        format!("\u{feff}{DIGITS}"),
        format!("{DIGITS}\u{200b}"),
        format!(" {DIGITS}"),
        format!("{DIGITS}\r\n"),
        format!("TWILIO_AUTH_TOKEN={DIGITS}"),
        ACCOUNT.to_owned(),
        "SK00000000000000000000000000000001".to_owned(),
        "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
    ];
    let placeholders = [
        "your_auth_token",
        "YOUR-AUTH-TOKEN",
        "Your_Auth_Token_Here",
        "[AuthToken]",
        "<token>",
        "{{ auth_token }}",
        "${TWILIO_AUTH_TOKEN}",
        "{token}",
        "%TWILIO_AUTH_TOKEN%",
        "$TWILIO_AUTH_TOKEN",
        "xxxxxxxx",
        "********",
        "00000000000000000000000000000000",
        "...",
        "changeme",
        "CHANGE_ME",
        "replace-me",
        "todo",
        "auth_token",
        "undefined",
    ];
    let all = wrong.iter().map(String::as_str).chain(placeholders);
    for token in all {
        for setting in [
            Setting::AuthToken,
            Setting::SecondaryAuthToken,
            Setting::ApiKeySecret,
        ] {
            let key = "SK00000000000000000000000000000001";
            let error = sound()
                .api_key_sid(key)
                .api_key_secret("s3cret")
                .set(setting, token);
            let error = error.build().unwrap_err();
            let [mistake] = error.errors() else {
                unreachable!("{error}")
            };
            assert_eq!(mistake.setting(), setting, "{token:?}");
            assert!(mistake.problem().starts_with("cannot be used: "), "{error}");
            // Of the value nothing is shown.
            assert!(!error.to_string().contains(DIGITS) && !error.to_string().contains(ACCOUNT));
        }
    }
    for token in [
        DIGITS,
        "the-auth-token",
        "12345",
        "youth-token",
        "s3cret",
        "token",
        "a$",
    ] {
        assert!(sound().auth_token(token).build().is_ok(), "{token}");
    }
}

/// What tools leave around a value is named, whichever setting it is.
#[test]
fn quotes_blanks_and_marks_around_a_value_are_named() {
    let values = [
        (Setting::AccountSid, ACCOUNT),
        (
            Setting::ApplicationSid,
            "AP00000000000000000000000000000002",
        ),
        (Setting::Number, "+14155550123"),
        (Setting::Delivery, "live"),
        (Setting::Enabled, "true"),
        (Setting::VoicePath, "/hooks/voice"),
    ];
    for (setting, value) in values {
        for (written, fault) in [
            (format!("\"{value}\""), "it is in quotes"),
            (format!("'{value}'"), "it is in quotes"),
            (
                format!("\u{feff}{value}"),
                "it contains an invisible character",
            ),
            (format!("{value}\n"), "it has blanks or a newline around it"),
        ] {
            let error = sound()
                .set(setting, written)
                .build()
                .unwrap_err()
                .to_string();
            assert!(error.contains(fault), "{error}");
            assert!(value == "live" || !error.contains(value), "{error}");
        }
    }
}

/// A number too short for its country is refused. One whose range this version does not know is
/// not: preflight says so.
#[test]
fn a_number_of_impossible_length_is_refused() {
    for number in [
        "+6125550",
        "+614155501",
        "+442079460",
        "+1212555012",
        "+121255501234",
        "+99914155550123",
    ] {
        let error = sound().number(number).build().unwrap_err();
        let [mistake] = error.errors() else {
            unreachable!("{error}")
        };
        assert_eq!(mistake.setting(), Setting::Number);
        assert!(
            mistake.problem().contains("such as +14155550123"),
            "{error}"
        );
        assert!(!error.to_string().contains(number));
        let only = sound().delivery(format!("only:{number}")).build();
        assert!(only.is_err(), "{number}");
    }
    assert!(sound().number("+19995550100").build().is_ok());
}
