//! Settings: no secret is printed, and written settings are read back.
//!
//! Input: a setting's name or variable, `=` and its value on each line.
#![no_main]

use std::collections::BTreeMap;

use clinspark_twilio::clinspark::{Setting, Settings};
use libfuzzer_sys::fuzz_target;

/// Marker in front of each secret, which no message may contain.
const MARK: &str = "Zq7x";

fuzz_target!(|data: &str| {
    // The same text as a file.
    let _ = serde_json::from_str::<Settings>(data);

    let mut values = BTreeMap::new();
    for line in data.split('\n') {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let mut all = Setting::ALL.iter();
        if let Some(setting) = all.find(|s| s.name() == name || s.variable() == name) {
            values.insert(setting.variable(), value);
        }
    }
    let plain = Settings::from_vars(|name| values.get(name).map(|value| (*value).to_owned()));
    match &plain {
        Ok(settings) => assert_written_and_read(settings),
        Err(error) => assert!(error.errors().iter().all(|m| !m.problem().is_empty())),
    }

    let marked = Settings::from_vars(|name| {
        let value = *values.get(name)?;
        let is_private = [
            Setting::AuthToken,
            Setting::SecondaryAuthToken,
            Setting::ApiKeySecret,
            Setting::Number,
            Setting::Delivery,
        ];
        let is_private = is_private.iter().any(|setting| setting.variable() == name);
        Some(if is_private {
            format!("{MARK}{value}")
        } else {
            value.to_owned()
        })
    });
    let shown = match &marked {
        Ok(settings) => format!("{settings:?}"),
        Err(error) => format!("{error} {error:?} {:?}", error.errors()),
    };
    let given_away = values.values().any(|value| value.contains(MARK));
    assert!(given_away || !shown.contains(MARK), "a secret is printed");
});

fn assert_written_and_read(settings: &Settings) {
    let file = serde_json::to_string(&settings.expose()).unwrap();
    let again: Settings = serde_json::from_str(&file).unwrap();
    assert_eq!(format!("{again:?}"), format!("{settings:?}"));
    assert_eq!(serde_json::to_string(&again.expose()).unwrap(), file);
}
