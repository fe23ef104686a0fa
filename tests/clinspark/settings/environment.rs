//! Settings from the environment and from a look-up: slips are named.

use clinspark_twilio::clinspark::Settings;

use super::ACCOUNT;

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
                "settings::environment::the_environment_is_read",
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
        let name = "settings::environment::misspelt_variables_of_the_environment_are_named_with_their_prefix";
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
