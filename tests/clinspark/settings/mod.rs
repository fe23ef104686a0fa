//! Settings: read as text, every mistake listed at once, nothing shown.

use clinspark_twilio::client::Delivery;
use clinspark_twilio::client::messages::{AddressRetention, ContentRetention, Sender};
use clinspark_twilio::clinspark::{Setting, SettingError, Settings, SettingsBuilder};

mod environment;
mod files;
mod paths;
mod tokens;
mod values;

const ACCOUNT: &str = "AC00000000000000000000000000000001";

fn sound() -> SettingsBuilder {
    Settings::builder()
        .domain("acme.example.com")
        .account_sid(ACCOUNT)
        .auth_token("hush-hush-token")
        .number("+14155550123")
        .delivery("live")
}

#[track_caller]
fn refused(builder: SettingsBuilder, message: &str) {
    assert_eq!(builder.build().unwrap_err().to_string(), message);
}

/// Returns the settings as they are written on purpose.
fn exposed(settings: &Settings) -> serde_json::Value {
    serde_json::to_value(settings.expose()).unwrap()
}

#[test]
fn a_sound_set_is_read() {
    let settings = sound()
        .default_country_prefix("0061")
        .application_sid("AP00000000000000000000000000000002")
        .voice_path("/hooks/voice")
        .build()
        .unwrap();
    assert!(settings.enabled());
    assert_eq!(settings.origin().as_str(), "https://acme.example.com");
    assert_eq!(settings.account_sid().as_str(), ACCOUNT);
    assert_eq!(settings.number().unwrap().as_str(), "+14155550123");
    assert_eq!(
        settings.webhook_paths().voice.as_deref(),
        Some("/hooks/voice")
    );
    assert_eq!(settings.webhook_paths().message, None);
    assert!(matches!(settings.delivery(), Delivery::Live));
    let typed = settings.normalizer().normalize("0491 570 156").unwrap();
    assert_eq!(typed.e164().as_str(), "+61491570156");
}

#[test]
fn every_error_is_listed_at_once_with_its_setting() {
    let error = Settings::builder().build().unwrap_err();
    let named: Vec<Setting> = error.errors().iter().map(SettingError::setting).collect();
    assert_eq!(
        named,
        [
            Setting::Domain,
            Setting::AccountSid,
            Setting::AuthToken,
            Setting::Number,
            Setting::Delivery
        ]
    );
    assert_eq!(
        error.to_string(),
        "domain (CLINSPARK_DOMAIN) is missing; account_sid (TWILIO_ACCOUNT_SID) is missing; \
         auth_token (TWILIO_AUTH_TOKEN) is missing; number (TWILIO_PHONE_NUMBER) is missing; \
         delivery (CLINSPARK_DELIVERY) is missing: write live, off, or only: followed by numbers, such as \
         only:+14155550123"
    );
    let error = sound()
        .enabled("yes")
        .domain("ac me")
        .account_sid("SK00000000000000000000000000000001")
        .auth_token("hush hush")
        .secondary_auth_token("hush hush")
        .api_key_sid("SK00000000000000000000000000000001")
        .application_sid("AP1")
        .number("4155550123")
        .messaging_service_sid("MG1")
        .default_country_prefix("0")
        .default_phone_region("XX")
        .voice_path("hooks")
        .call_status_path("//elsewhere.example.com/")
        .message_path("/hooks?x=1")
        .message_status_path("/ho oks")
        .content_retention("keep")
        .address_retention("discard")
        .text_kinds("phones")
        .call_kinds("mobiles;voip")
        .region("GB")
        .edge("ie1")
        .base_url("https://gateway.clinic.example")
        .delivery("everyone")
        .build()
        .unwrap_err();
    let mut named: Vec<Setting> = error.errors().iter().map(SettingError::setting).collect();
    named.sort();
    let all_but_the_sound_one: Vec<Setting> = Setting::ALL
        .iter()
        .copied()
        .filter(|s| *s != Setting::ApiKeySid)
        .collect();
    assert_eq!(named, all_but_the_sound_one);
}

#[test]
fn each_error_says_what_to_write() {
    for domain in ["ac me", "-acme", "acme-", "localhost", "ac_me", "acmé"] {
        refused(
            sound().domain(domain),
            "domain (CLINSPARK_DOMAIN) cannot be used: write the instance's name, such as demo, or \
             its full domain",
        );
    }
    refused(
        sound().domain("YOUR_CLINSPARK_DOMAIN"),
        "domain (CLINSPARK_DOMAIN) cannot be used: put the instance's own name in place of \
         YOUR_CLINSPARK_DOMAIN",
    );
    for (domain, what) in [
        ("api.twilio.com", "twilio.com"),
        ("https://Twilio.com", "twilio.com"),
        ("clinspark.com", "the bare clinspark.com"),
        ("www.ClinSpark.com", "the bare clinspark.com"),
    ] {
        refused(
            sound().domain(domain),
            &format!(
                "domain (CLINSPARK_DOMAIN) cannot be used: {what} is not an instance of ClinSpark; \
                 write the instance's own domain"
            ),
        );
    }
    refused(
        sound().content_retention("obfuscate"),
        "content_retention (CLINSPARK_CONTENT_RETENTION) cannot be used: write retain or discard",
    );
    refused(
        sound().address_retention("discard"),
        "address_retention (CLINSPARK_ADDRESS_RETENTION) cannot be used: write retain or obfuscate",
    );
    refused(
        sound().domain("http://acme.example.com"),
        "domain (CLINSPARK_DOMAIN) cannot be used: write the domain with https, or without a scheme",
    );
    for domain in [
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
    ] {
        refused(
            sound().domain(domain),
            "domain (CLINSPARK_DOMAIN) cannot be used: write the domain with https, or without a scheme",
        );
    }
    for domain in ["acme_x.example.com", ".", "a..b"] {
        refused(
            sound().domain(domain),
            "domain (CLINSPARK_DOMAIN) cannot be used: Twilio accepts no host with an underscore or \
             an empty label",
        );
    }
    for path in [
        "/ho\\oks",
        "/hö",
        "/hooks#x",
        "/hooks%",
        "/hooks%2",
        "/hooks%zz",
    ] {
        assert!(sound().voice_path(path).build().is_err(), "{path}");
    }
    let number = "cannot be used: write it as + and digits without blanks, such as +14155550123";
    refused(
        sound().number("4155550123"),
        &format!("number (TWILIO_PHONE_NUMBER) {number}"),
    );
    refused(
        sound().delivery("only:+14155550123,"),
        &format!("delivery (CLINSPARK_DELIVERY) {number}"),
    );
    refused(
        sound().delivery("everyone"),
        "delivery (CLINSPARK_DELIVERY) cannot be used: write live, off, or only: followed by numbers, such \
         as only:+14155550123",
    );
    refused(
        sound()
            .default_country_prefix("1")
            .default_phone_region("GB"),
        "default_phone_region (CLINSPARK_DEFAULT_PHONE_REGION) cannot be used: the default country \
         prefix and the default region belong to different countries",
    );
    refused(
        sound().api_key_sid("SK00000000000000000000000000000001"),
        "api_key_secret (TWILIO_API_KEY_SECRET) is missing",
    );
}

#[test]
fn the_sender_is_the_number_the_service_or_both() {
    let service = "MG00000000000000000000000000000003";
    let both = sound().messaging_service_sid(service).build().unwrap();
    assert!(matches!(both.sender(), Sender::NumberInService { .. }));
    let number = sound().build().unwrap();
    assert!(matches!(number.sender(), Sender::Number(_)));
    let vars = |name: &str| {
        Some(match name {
            "CLINSPARK_DOMAIN" => "http://127.0.0.1:8080".to_owned(),
            "TWILIO_ACCOUNT_SID" => ACCOUNT.to_owned(),
            "TWILIO_AUTH_TOKEN" => "hush-hush-token".to_owned(),
            "TWILIO_MESSAGING_SERVICE_SID" => service.to_owned(),
            "CLINSPARK_DELIVERY" => "only:+14155550199, +14155550198".to_owned(),
            // Empty counts as absent, as deployment tools write it.
            _ => String::new(),
        })
    };
    let alone = Settings::from_vars(vars).unwrap();
    assert!(matches!(alone.sender(), Sender::Service(_)));
    assert_eq!(alone.number(), None);
    assert_eq!(alone.origin().as_str(), "http://127.0.0.1:8080");
}

#[test]
fn every_setting_has_its_name_and_its_variable_which_the_readme_lists() {
    let table: Vec<_> = Setting::ALL
        .iter()
        .map(|setting| (setting.name(), setting.variable()))
        .collect();
    assert_eq!(
        table,
        [
            ("enabled", "CLINSPARK_TWILIO_ENABLED"),
            ("domain", "CLINSPARK_DOMAIN"),
            ("account_sid", "TWILIO_ACCOUNT_SID"),
            ("auth_token", "TWILIO_AUTH_TOKEN"),
            ("secondary_auth_token", "TWILIO_SECONDARY_AUTH_TOKEN"),
            ("api_key_sid", "TWILIO_API_KEY_SID"),
            ("api_key_secret", "TWILIO_API_KEY_SECRET"),
            ("application_sid", "TWILIO_APPLICATION_SID"),
            ("number", "TWILIO_PHONE_NUMBER"),
            ("messaging_service_sid", "TWILIO_MESSAGING_SERVICE_SID"),
            ("default_country_prefix", "CLINSPARK_DEFAULT_COUNTRY_PREFIX"),
            ("default_phone_region", "CLINSPARK_DEFAULT_PHONE_REGION"),
            ("voice_path", "CLINSPARK_VOICE_PATH"),
            ("call_status_path", "CLINSPARK_CALL_STATUS_PATH"),
            ("message_path", "CLINSPARK_MESSAGE_PATH"),
            ("message_status_path", "CLINSPARK_MESSAGE_STATUS_PATH"),
            ("content_retention", "CLINSPARK_CONTENT_RETENTION"),
            ("address_retention", "CLINSPARK_ADDRESS_RETENTION"),
            ("text_kinds", "CLINSPARK_TEXT_KINDS"),
            ("call_kinds", "CLINSPARK_CALL_KINDS"),
            ("region", "TWILIO_REGION"),
            ("edge", "TWILIO_EDGE"),
            ("base_url", "TWILIO_BASE_URL"),
            ("delivery", "CLINSPARK_DELIVERY"),
        ]
    );
    let runbook = include_str!("../../../src/guide/setup.md");
    for (_, variable) in table {
        assert!(
            runbook.contains(&format!("`{variable}`")),
            "{variable} is not in the runbook"
        );
    }
}

#[test]
fn retention_is_left_to_twilio_unless_it_is_set() {
    let unset = sound().build().unwrap();
    assert_eq!(
        (unset.content_retention(), unset.address_retention()),
        (None, None)
    );
    let set = sound()
        .content_retention("discard")
        .address_retention("obfuscate");
    let set = set.build().unwrap();
    assert_eq!(set.content_retention(), Some(&ContentRetention::Discard));
    assert_eq!(set.address_retention(), Some(&AddressRetention::Obfuscate));
}

#[test]
fn nothing_secret_is_shown() {
    let builder = sound()
        .api_key_sid("SK00000000000000000000000000000001")
        .api_key_secret("hush-hush-secret")
        .delivery("only:+14155550199");
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    // Values pasted into the wrong field do not show either.
    let pasted = builder
        .account_sid("hush-hush-token")
        .application_sid("+14155550123")
        .default_country_prefix("hush-hush-secret")
        .build()
        .unwrap_err();
    let shown = format!("{shown} {pasted} {pasted:?}");
    for hidden in ["hush-hush", "4155550123", "4155550199"] {
        assert!(!shown.contains(hidden), "{hidden} shows in {shown}");
    }
}
