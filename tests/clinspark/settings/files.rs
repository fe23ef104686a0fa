//! Settings from a file, and written to one.

use clinspark_twilio::client::messages::Sender;
use clinspark_twilio::clinspark::{Settings, SettingsBuilder};

use super::{ACCOUNT, exposed, refused, sound};

const FILE: &str = r#"{
    "enabled": true,
    "domain": "demo",
    "account_sid": "AC00000000000000000000000000000001",
    "auth_token": "hush-hush-token",
    "number": "+14155550123",
    "application_sid": null,
    "messaging_service_sid": "",
    "default_country_prefix": 61,
    "voice_path": "/hooks/voice",
    "delivery": "only:+14155550199"
}"#;

#[test]
fn a_file_is_read_as_the_environment_is() {
    let settings: Settings = serde_json::from_str(FILE).unwrap();
    assert!(settings.enabled());
    assert_eq!(settings.origin().as_str(), "https://demo.clinspark.com");
    assert_eq!(settings.application_sid(), None);
    assert!(matches!(settings.sender(), Sender::Number(_)));
    let typed = settings.normalizer().normalize("0491 570 156").unwrap();
    assert_eq!(typed.e164().as_str(), "+61491570156");

    // What a file leaves out is added by hand.
    let without = FILE.replace("\"auth_token\": \"hush-hush-token\",", "");
    let builder: SettingsBuilder = serde_json::from_str(&without).unwrap();
    assert!(builder.clone().build().is_err());
    let whole = builder.auth_token("hush-hush-token").build().unwrap();
    assert_eq!(exposed(&whole), exposed(&settings));
}

#[test]
fn the_error_of_a_file_lists_every_fault_and_no_value() {
    let refused = |file: &str| {
        serde_json::from_str::<Settings>(file)
            .unwrap_err()
            .to_string()
    };
    let wrong = FILE
        .replace("hush-hush-token", "hush hush")
        .replace("+14155550123", "4155550123")
        .replace("/hooks/voice", "hooks");
    let told = refused(&wrong);
    for setting in ["auth_token (", "number (", "voice_path ("] {
        assert!(told.contains(setting), "{told}");
    }
    for (file, message) in [
        (
            r#"{"auth_tokn": "hush-hush"}"#,
            "the name of a setting is not one of: enabled, domain",
        ),
        (
            r#"{"hush-hush": "x"}"#,
            "the name of a setting is not one of: enabled, domain",
        ),
        (
            r#"{"auth_token": "hush", "auth_token": "hush"}"#,
            "duplicate field `auth_token`",
        ),
        (
            r#"{"auth_token": ["hush"]}"#,
            "invalid type: sequence, expected text",
        ),
        (
            r#"["hush"]"#,
            "invalid type: sequence, expected a map of settings",
        ),
    ] {
        let told = refused(file);
        assert!(told.starts_with(message), "{told}");
        assert!(!told.contains("hush") && !told.contains("tokn"), "{told}");
        let is_slip = file.contains("auth_tokn");
        assert_eq!(
            told.contains("; the intended name is probably auth_token"),
            is_slip
        );
    }
}

#[test]
fn settings_are_written_only_on_purpose_and_read_back_the_same() {
    let settings = sound()
        .domain("demo")
        .secondary_auth_token("hush-hush-next")
        .default_phone_region("GB")
        .message_path("/hooks/message")
        .content_retention("discard")
        .delivery("only:+14155550199,+14155550198")
        .build()
        .unwrap();
    let written = exposed(&settings);
    assert_eq!(
        written,
        serde_json::json!({
            "domain": "demo",
            "account_sid": ACCOUNT,
            "auth_token": "hush-hush-token",
            "secondary_auth_token": "hush-hush-next",
            "number": "+14155550123",
            "default_phone_region": "GB",
            "message_path": "/hooks/message",
            "content_retention": "discard",
            "delivery": "only:+14155550199,+14155550198",
        })
    );
    let read: Settings = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(exposed(&read), written);
    assert_eq!(read.delivery(), settings.delivery());
    let shown = format!("{:?}", settings.expose());
    assert_eq!(shown, "ExposedSettings([redacted])");
}

/// An empty environment variable counts as absent, and so does an empty value from elsewhere.
#[test]
fn an_empty_value_counts_as_absent() {
    let settings = sound()
        .secondary_auth_token("")
        .voice_path("")
        .messaging_service_sid("")
        .build()
        .unwrap();
    assert_eq!(exposed(&settings), exposed(&sound().build().unwrap()));
    // It replaces an earlier value, as every other value does.
    let without = sound().voice_path("/hooks/voice").voice_path("");
    assert_eq!(exposed(&without.build().unwrap()).get("voice_path"), None);
    refused(
        sound().number(""),
        "number (TWILIO_PHONE_NUMBER) is missing",
    );
}
