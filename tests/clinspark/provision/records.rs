//! The stored record of what set-up has changed: read in its own version alone, whole or not at
//! all, and no error shows what it holds.

use clinspark_twilio::clinspark::Undo;
use serde_json::{Value, json};

use super::with_foreign_app;

const STORED: &str = include_str!("../../data/undo_v1.json");

fn stored() -> Value {
    serde_json::from_str(STORED).unwrap()
}

/// The error of a record; it shows nothing that the record holds but a number.
#[track_caller]
fn refused(record: &Value) -> String {
    let text = serde_json::to_string(record).unwrap();
    let by_text = serde_json::from_str::<Undo>(&text).unwrap_err();
    let by_value = serde_json::from_value::<Undo>(record.clone()).unwrap_err();
    for shown in [format!("{by_text} {by_text:?}"), format!("{by_value:?}")] {
        for secret in ["secret", "PLANTED", "old.example.com"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    by_value.to_string()
}

#[test]
fn another_version_is_refused_by_a_sentence_that_says_what_to_do() {
    let remedy = "and this version of the library reads version 1; undo with the version of the library that wrote it";
    for (version, said) in [
        (json!(0), "the record has version 0"),
        (json!(2), "the record has version 2"),
        (json!(256), "the record has version 256"),
        (json!(-1), "the record has version -1"),
        (json!(1.5), "the record has version 1.5"),
        (
            json!(u64::MAX),
            "the record has version 18446744073709551615",
        ),
        (json!(null), "the record has no version"),
        (json!("1"), "the version of the record is not a number"),
        (
            json!("PLANTED"),
            "the version of the record is not a number",
        ),
        (json!(true), "the version of the record is not a number"),
        (json!([1]), "the version of the record is not a number"),
        (
            json!({"PLANTED": 1}),
            "the version of the record is not a number",
        ),
    ] {
        let mut record = stored();
        record["version"] = version;
        assert_eq!(refused(&record), format!("{said}, {remedy}"));
        // Whatever else another version has changed, its number is what is said.
        record["changes"] = json!({"moved": "https://user:secret@old.example.com"});
        record["account"] = json!(["PLANTED"]);
        record["PLANTED"] = json!(1);
        assert_eq!(refused(&record), format!("{said}, {remedy}"));
    }
    let mut record = stored();
    record.as_object_mut().unwrap().remove("version");
    assert_eq!(
        refused(&record),
        format!("the record has no version, {remedy}")
    );
}

#[test]
fn a_record_that_is_not_whole_is_refused() {
    let url = "https://user:secret@old.example.com/sms";
    let damages: [fn(&mut Value, &str); 12] = [
        |record, _| drop(record.as_object_mut().unwrap().remove("account")),
        |record, _| drop(record.as_object_mut().unwrap().remove("changes")),
        |record, url| record["account"] = json!(url),
        |record, url| record["changes"] = json!(url),
        |record, url| record["changes"][1] = json!({ url: {} }),
        |record, url| record["changes"][1] = json!({ "updated": url }),
        |record, url| record["changes"][1]["updated"]["sid"] = json!(url),
        |record, url| record["changes"][1]["updated"]["from"]["SmsUrl"] = json!([url]),
        |record, url| record["changes"][1]["updated"]["PLANTED"] = json!(url),
        |record, _| {
            let updated = record["changes"][1]["updated"].as_object_mut();
            updated.unwrap().remove("from");
        },
        |record, url| record["changes"][2]["bound"]["from"]["PLANTED"] = json!(url),
        |record, url| record["PLANTED"] = json!(url),
    ];
    for (index, damage) in damages.iter().enumerate() {
        let mut record = stored();
        damage(&mut record, url);
        let said = refused(&record);
        assert!(said.starts_with("the record is damaged"), "{index}: {said}");
    }
    let half = STORED.get(..200).unwrap();
    for text in ["", "null", "1", "[]", "\"secret\"", half] {
        let error = serde_json::from_str::<Undo>(text).unwrap_err();
        assert!(!error.to_string().contains("user:"), "{error}");
    }
}

#[test]
fn the_order_of_its_fields_has_no_meaning() {
    let undo: Undo = serde_json::from_str(STORED).unwrap();
    let Value::Object(fields) = stored() else {
        unreachable!()
    };
    // As a database gives it back.
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{name:?}: {value}"))
        .collect();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let text = order.map(|at| fields[at].as_str()).join(", ");
        let read: Undo = serde_json::from_str(&format!("{{{text}}}")).unwrap();
        assert_eq!(read, undo);
    }
    for shown in [format!("{undo}"), format!("{undo:?}"), format!("{undo:#?}")] {
        assert!(!shown.contains("secret"), "{shown}");
    }
}

/// What a run writes today is version 1: each parameter of the app, by Twilio's name.
#[tokio::test]
async fn what_a_run_writes_is_read_back_and_undone() {
    let (fixture, _) = with_foreign_app().await;
    let before = fixture.state();
    let done = fixture.provision().await.unwrap();
    let written = serde_json::to_value(&done.undo).unwrap();
    assert_eq!(written["version"], 1);
    let updated = &written["changes"][0]["updated"];
    for state in ["from", "to"] {
        let names: Vec<_> = updated[state].as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            [
                "MessageStatusCallback",
                "PublicApplicationConnectEnabled",
                "SmsFallbackMethod",
                "SmsFallbackUrl",
                "SmsMethod",
                "SmsStatusCallback",
                "SmsUrl",
                "StatusCallback",
                "StatusCallbackMethod",
                "VoiceFallbackMethod",
                "VoiceFallbackUrl",
                "VoiceMethod",
                "VoiceUrl",
            ]
        );
    }
    let read: Undo = serde_json::from_value(written).unwrap();
    assert_eq!(read, done.undo);
    fixture.undo(&read).await.unwrap();
    assert_eq!(fixture.state(), before);
}
