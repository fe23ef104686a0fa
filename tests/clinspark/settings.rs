//! Settings: read as text, every mistake listed at once, nothing shown.

use clinspark_twilio::client::Delivery;
use clinspark_twilio::client::applications::Application;
use clinspark_twilio::client::messages::{AddressRetention, ContentRetention, Sender};
use clinspark_twilio::clinspark::{Setting, SettingError, Settings, SettingsBuilder};
use clinspark_twilio::webhook::WebhookPaths;

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
    let runbook = include_str!("../../src/guide/setup.md");
    for (_, variable) in table {
        assert!(
            runbook.contains(&format!("`{variable}`")),
            "{variable} is not in the runbook"
        );
    }
}

/// The environment is the process's own, so another process reads it: this test, once more.
#[test]
fn the_environment_is_read() {
    const CHILD: &str = "SETTINGS_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        match Settings::from_env() {
            Ok(settings) => println!("[{}]", settings.origin()),
            Err(error) => println!("[{error}]"),
        }
        return;
    }
    let ask = |domain: &std::ffi::OsStr| {
        let answer = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "settings::the_environment_is_read",
                "--exact",
                "--nocapture",
            ])
            .env_clear()
            .env(CHILD, "1")
            .env("CLINSPARK_DOMAIN", domain)
            .env("TWILIO_ACCOUNT_SID", ACCOUNT)
            .env("TWILIO_AUTH_TOKEN", "hush-hush-token")
            .env("TWILIO_PHONE_NUMBER", "+14155550123")
            .env("CLINSPARK_DELIVERY", "off")
            .output()
            .unwrap();
        String::from_utf8(answer.stdout).unwrap()
    };
    assert!(ask("acme.example.com".as_ref()).contains("[https://acme.example.com]"));
    assert!(ask("".as_ref()).contains("[domain (CLINSPARK_DOMAIN) is missing]"));
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        let said = ask(std::ffi::OsStr::from_bytes(b"acme.\xFF"));
        assert!(
            said.contains("[domain (CLINSPARK_DOMAIN) is not UTF-8]"),
            "{said}"
        );
    }
}

/// Names that are one or two slips away from a setting that is not set are named, with the prefix.
#[test]
fn misspelt_variables_of_the_environment_are_named_with_their_prefix() {
    const CHILD: &str = "SETTINGS_TEST_SLIPS";
    if let Ok(prefix) = std::env::var(CHILD) {
        let told = match Settings::from_env_with_prefix(prefix.trim()) {
            Ok(settings) => settings.origin().to_string(),
            Err(error) => error.to_string(),
        };
        println!("[{told}]");
        return;
    }
    let ask = |prefix: &str, slips: &[(&str, &str)]| {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let name = "settings::misspelt_variables_of_the_environment_are_named_with_their_prefix";
        child.args([name, "--exact", "--nocapture"]).env_clear();
        child.env(CHILD, if prefix.is_empty() { " " } else { prefix });
        let sound = [
            ("CLINSPARK_DOMAIN", "acme.example.com"),
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_AUTH_TOKEN", "hush-hush-token"),
            ("TWILIO_PHONE_NUMBER", "+14155550123"),
            ("CLINSPARK_DELIVERY", "off"),
        ];
        let start = if prefix.is_empty() { "" } else { "DEMO_" };
        for (name, value) in sound {
            let slip = slips.iter().find(|(right, _)| *right == name);
            child.env(
                format!("{start}{}", slip.map_or(name, |(_, wrong)| wrong)),
                value,
            );
        }
        for (_, wrong) in slips {
            child.env(format!("{start}{wrong}"), "mobiles");
        }
        // A sound one, and those of another program and of another instance.
        child.env("TWILIO_REGION", "au1").env("TWILIO_API_KEY", "x");
        child.env("ACME_TWILIO_AUTH_TOKN", "x");
        let answer = child.output().unwrap();
        String::from_utf8(answer.stdout).unwrap()
    };
    let sound = ask("", &[]);
    assert!(sound.contains("[https://acme.example.com]"), "{sound}");
    for prefix in ["DEMO", "DEMO_"] {
        let told = ask(prefix, &[("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKN")]);
        let wanted = "[auth_token (DEMO_TWILIO_AUTH_TOKEN) is missing, but DEMO_TWILIO_AUTH_TOKN \
                      is set: rename it to DEMO_TWILIO_AUTH_TOKEN]";
        assert!(told.contains(wanted), "{told}");
    }
    for wrong in [
        "TWILIO_ACCOUNT_ID",
        "TWILIO_ACOUNT_SID",
        "twilio_account_sid",
        "TWILIO_SID",
    ] {
        let told = ask("", &[("TWILIO_ACCOUNT_SID", wrong)]);
        let wanted = format!("is missing, but {wrong} is set: rename it to TWILIO_ACCOUNT_SID]");
        assert!(told.contains(&wanted), "{told}");
    }
    // A setting that is optional would be passed over silently.
    let told = ask("", &[("CLINSPARK_TEXT_KINDS", "CLINSPARK_TEXT_KIND")]);
    let wanted = "[text_kinds (CLINSPARK_TEXT_KINDS) is not set, but CLINSPARK_TEXT_KIND is: \
                  rename it to CLINSPARK_TEXT_KINDS]";
    assert!(told.contains(wanted), "{told}");
}

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

fn exposed(settings: &Settings) -> serde_json::Value {
    serde_json::to_value(settings.expose()).unwrap()
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

#[test]
fn missing_paths_are_taken_from_the_app() {
    let app = |origin: &str| -> Application {
        serde_json::from_value(serde_json::json!({
            "sid": "AP00000000000000000000000000000002",
            "voice_url": format!("{origin}/twilio/voice"),
            "status_callback": format!("{origin}/twilio/calls?x=1"),
            "sms_url": format!("{origin}/twilio/message"),
            "message_status_callback": format!("{origin}.evil.example/status"),
        }))
        .unwrap()
    };
    let settings = sound()
        .domain("demo")
        .voice_path("/hooks/voice")
        .build()
        .unwrap();
    let paths = app("https://demo.clinspark.com").webhook_paths(settings.origin());
    let mut told = WebhookPaths::default();
    told.voice = Some("/twilio/voice".to_owned());
    told.message = Some("/twilio/message".to_owned());
    assert_eq!(paths, told);
    let adopted = settings.clone().with_missing_paths(&paths);
    // What was set stays; a query, and another place, are not taken.
    let mut wanted = WebhookPaths::default();
    wanted.voice = Some("/hooks/voice".to_owned());
    wanted.message = Some("/twilio/message".to_owned());
    assert_eq!(*adopted.webhook_paths(), wanted);
    assert_eq!(exposed(&adopted)["message_path"], "/twilio/message");
    assert_eq!(exposed(&settings).get("message_path"), None);

    let mut odd = WebhookPaths::default();
    odd.message = Some("//elsewhere.example.com/".to_owned());
    odd.call_status = Some("/calls?x=1".to_owned());
    assert_eq!(
        exposed(&settings.clone().with_missing_paths(&odd)),
        exposed(&settings)
    );

    // Scheme and host are the same in any case (RFC 3986), and the path is not.
    let shouting = app("HTTPS://Demo.ClinSpark.com").webhook_paths(settings.origin());
    assert_eq!(shouting, paths);

    let made = app("https://demo.clinspark.com").sid;
    let known = settings.clone().with_application_sid(made);
    assert_eq!(known.application_sid(), Some(made));
    assert_eq!(exposed(&known)["application_sid"], made.as_str());

    let elsewhere = app("https://other.clinspark.com");
    let nothing = elsewhere.webhook_paths(settings.origin());
    assert_eq!(nothing, WebhookPaths::default());
}

/// Two kinds at one path would make a webhook of one kind count as the other.
#[test]
fn two_webhooks_at_one_path_are_refused() {
    refused(
        sound().voice_path("/twilio").message_path("/twilio"),
        "message_path (CLINSPARK_MESSAGE_PATH) is the same as voice_path (CLINSPARK_VOICE_PATH): \
         give each a path of its own, because the path tells the kind of a webhook",
    );
    for (status, message_status) in [("/s", "/s/"), ("/s#rc=5", "/s"), ("/s/#rc=1", "/s#rc=2")] {
        let builder = sound()
            .call_status_path(status)
            .message_status_path(message_status);
        let error = builder.build().unwrap_err();
        let [error] = error.errors() else {
            panic!("{error}")
        };
        assert_eq!(error.setting(), Setting::MessageStatusPath);
    }
    // A path below another one is another path.
    let nested = sound().voice_path("/hooks").message_path("/hooks/message");
    nested.build().unwrap();

    // An app that has one URL for everything: the first kind keeps it.
    let mut one = WebhookPaths::default();
    for path in [&mut one.voice, &mut one.call_status, &mut one.message] {
        *path = Some("/twilio".to_owned());
    }
    let adopted = sound().build().unwrap().with_missing_paths(&one);
    let mut wanted = WebhookPaths::default();
    wanted.voice = Some("/twilio".to_owned());
    assert_eq!(*adopted.webhook_paths(), wanted);
    assert_eq!(exposed(&adopted).get("message_path"), None);
    // A path that was set keeps its kind.
    let set = sound().message_path("/twilio").build().unwrap();
    let adopted = set.clone().with_missing_paths(&one);
    assert_eq!(exposed(&adopted), exposed(&set));
}

/// Claims of a token.
fn claims(token: &str) -> serde_json::Value {
    use base64::Engine as _;
    let part = token.split('.').nth(1).unwrap();
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    serde_json::from_slice(&json.unwrap()).unwrap()
}

#[test]
fn a_voice_token_is_signed_with_the_settings_key() {
    let hour = std::time::Duration::from_secs(3_600);
    let with_key = || {
        sound()
            .api_key_sid("SK00000000000000000000000000000001")
            .api_key_secret("hush-hush-secret")
    };
    let app = "AP00000000000000000000000000000002";
    let settings = with_key().application_sid(app).build().unwrap();
    let token = settings.voice_token("site_12_nurse", hour).unwrap();
    let claims = claims(token.expose());
    assert_eq!(claims["sub"], ACCOUNT);
    assert_eq!(claims["iss"], "SK00000000000000000000000000000001");
    assert_eq!(
        claims["grants"],
        serde_json::json!({
            "identity": "site_12_nurse",
            "voice": {
                "incoming": {"allow": true},
                "outgoing": {"application_sid": app},
            }
        })
    );
    let refused = |builder: SettingsBuilder| {
        let settings = builder.build().unwrap();
        settings.voice_token("site_12_nurse", hour).unwrap_err()
    };
    let error = refused(sound());
    assert_eq!(
        error.to_string(),
        "a voice token needs api_key_sid (TWILIO_API_KEY_SID), api_key_secret \
         (TWILIO_API_KEY_SECRET) and application_sid (TWILIO_APPLICATION_SID); set them"
    );
    let error = refused(with_key());
    assert_eq!(error.missing(), [Setting::ApplicationSid]);
    assert_eq!(
        error.to_string(),
        "a voice token needs application_sid (TWILIO_APPLICATION_SID); set it"
    );
    let error = refused(sound().application_sid(app));
    assert_eq!(error.missing(), [Setting::ApiKeySid, Setting::ApiKeySecret]);
    for (identity, lifetime) in [("nurse site", hour), ("", hour), ("nurse", hour * 25)] {
        let error = settings.voice_token(identity, lifetime).unwrap_err();
        assert!(error.missing().is_empty(), "{identity:?}");
    }
    let shown = format!("{settings:?} {token:?}");
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn an_api_key_signs_in_where_one_is_set() {
    let token = sound().build().unwrap();
    let key = sound()
        .api_key_sid("SK00000000000000000000000000000001")
        .api_key_secret("hush-hush-secret")
        .build()
        .unwrap();
    assert!(format!("{:?}", token.credentials()).contains(ACCOUNT));
    assert!(!format!("{:?}", token.credentials()).contains("SK0000"));
    assert!(format!("{:?}", key.credentials()).contains("SK00000000000000000000000000000001"));
    assert_eq!(key.auth_token().expose(), "hush-hush-token");
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

#[test]
fn paths_may_hold_connection_overrides_and_no_other_fragment() {
    for (fragment, is_taken) in [
        ("ct=2000&rc=2", true),
        ("rc=0", true),
        ("rp=4xx,5xx,ct,rt", true),
        ("rp=all&tt=15000&rt=100&sni=n", true),
        ("e=sydney-ix,dublin", true),
        ("rc=6", false),
        ("ct=99", false),
        ("ct=10001", false),
        ("rt=15001", false),
        ("rt=+200", false),
        ("rp=", false),
        ("rp=6xx", false),
        ("e=mars", false),
        ("sni=yes", false),
        ("rc=2&rc=3", false),
        ("rc=2&", false),
        ("", false),
        ("top", false),
    ] {
        let path = format!("/hooks/status#{fragment}");
        let settings = sound().message_status_path(&path).build();
        assert_eq!(settings.is_ok(), is_taken, "{path}");
        if let Ok(settings) = settings {
            assert_eq!(settings.webhook_paths().message_status, Some(path));
            let bare = settings.webhook_paths().without_overrides();
            assert_eq!(bare.message_status.as_deref(), Some("/hooks/status"));
        }
    }
}

/// A look-up cannot list its names, so likely misspellings are asked for.
#[test]
fn a_misspelt_variable_of_a_look_up_is_named() {
    let error = |wrong: &'static str, right: &'static str| {
        let set = [
            ("CLINSPARK_DOMAIN", "demo"),
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_AUTH_TOKEN", "hush-hush-token"),
            ("TWILIO_PHONE_NUMBER", "+14155550123"),
            ("CLINSPARK_DELIVERY", "off"),
        ];
        let settings = Settings::from_vars(|name| {
            let mut set = set.iter();
            let is_asked = |variable| name == if variable == right { wrong } else { variable };
            let found = set.find(|(variable, _)| is_asked(*variable));
            found.map(|(_, value)| (*value).to_owned())
        });
        settings.unwrap_err().to_string()
    };
    for (wrong, right) in [
        ("TWILIO_AUTH_TOKN", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_TOKEN", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_ACCOUNT_ID", "TWILIO_ACCOUNT_SID"),
        ("TWILIO_PHONE_NUMEBR", "TWILIO_PHONE_NUMBER"),
        ("TWILIO_FROM_NUMBER", "TWILIO_PHONE_NUMBER"),
        ("clinspark_delivery", "CLINSPARK_DELIVERY"),
    ] {
        let told = error(wrong, right);
        let end = format!("({right}) is missing, but {wrong} is set: rename it to {right}");
        assert!(told.ends_with(&end), "{told}");
    }
    let told = error("TWILIO_ELSEWHERE", "TWILIO_AUTH_TOKEN");
    assert_eq!(told, "auth_token (TWILIO_AUTH_TOKEN) is missing");
}
