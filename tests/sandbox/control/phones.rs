//! Phones: the list, names, behavior.

use clinspark_twilio::sandbox::{AnswerBehavior, Sandbox};
use serde_json::json;

use super::client::{Stage, error};
use crate::app::{Api, CLINIC, VOLUNTEER};

#[tokio::test]
async fn a_phone_is_added_named_and_hidden() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let new = json!({"number": "(415) 555-0123", "name": "Ruth"});
    let (status, phone) = control.post("/phones", &new).await;
    assert_eq!(status, 201);
    assert_eq!(phone["number"], VOLUNTEER);
    assert_eq!(phone["national"], "(415) 555-0123");
    assert_eq!(phone["country"], "US");
    assert_eq!(phone["name"], "Ruth");
    assert_eq!(phone["answer"], "ring");
    assert_eq!(phone["delivery"], "delivered");
    assert_eq!(control.read("/phones").await, json!([phone]));
    // Adding it again changes nothing.
    let again = control.post("/phones", &json!({"number": VOLUNTEER})).await;
    assert_eq!(again, (201, phone));

    let path = format!("/phones/{VOLUNTEER}");
    let change = json!({"name": "", "answer": "busy", "delivery": {"undelivered": 30005}});
    let (status, phone) = control.patch(&path, &change).await;
    assert_eq!(status, 200);
    assert_eq!(phone["name"], json!(null));
    assert_eq!(phone["answer"], "busy");
    assert_eq!(phone["delivery"], json!({"undelivered": 30005}));
    assert_eq!(control.read(&path).await, phone);

    assert_eq!(control.delete(&path).await.0, 204);
    assert_eq!(control.read("/phones").await, json!([]));
    assert_eq!(control.read(&path).await["hidden"], true);
}

#[tokio::test]
async fn a_phone_that_is_texted_appears_with_its_texts_unread() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit at 9")];
    Api::new(sandbox).create("Messages.json", &fields).await;
    let text = control
        .read(&format!("/phones/{VOLUNTEER}/messages/latest?wait=5"))
        .await;
    assert_eq!(text["body"], "Visit at 9");
    let phone = &control.read("/phones").await[0];
    assert_eq!(phone["number"], VOLUNTEER);
    assert_eq!(phone["unread"], 1);
    assert_eq!(phone["last"]["body"], "Visit at 9");
    let path = format!("/phones/{VOLUNTEER}");
    let (_, phone) = control.patch(&path, &json!({"unread": 0})).await;
    assert_eq!(phone["unread"], 0);
    let wrong = control.patch(&path, &json!({"unread": 3})).await;
    assert_eq!(error(wrong), (422, "invalid_body".to_owned()));
}

#[tokio::test]
async fn a_phone_with_an_outcome_does_not_get_its_texts() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    control.act("/phones", &json!({"number": VOLUNTEER})).await;
    let path = format!("/phones/{VOLUNTEER}");
    for (outcome, status, code) in [
        (json!({"undelivered": 30003}), "undelivered", 30003),
        (json!({"failed": 30007}), "failed", 30007),
    ] {
        control.patch(&path, &json!({"delivery": outcome})).await;
        let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
        Api::new(sandbox).create("Messages.json", &fields).await;
        sandbox.wait_idle().await.unwrap();
        let message = &control.read("/messages?limit=1").await[0];
        assert_eq!(message["status"], status);
        assert_eq!(message["error_code"], code);
    }
}

#[tokio::test]
async fn an_unknown_phone_is_an_error_that_says_what_to_do() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let unknown = control.get("/phones/+14155550199").await;
    assert!(unknown.1.to_string().contains("POST /_sandbox/phones"));
    assert_eq!(error(unknown), (404, "unknown_phone".to_owned()));
    let none = control.get("/phones/nobody").await;
    assert_eq!(error(none), (404, "invalid_number".to_owned()));
    let wrong = control.post("/phones", &json!({"number": "12"})).await;
    assert_eq!(error(wrong), (422, "invalid_number".to_owned()));
    let long = json!({"number": VOLUNTEER, "name": "n".repeat(65)});
    assert_eq!(error(control.post("/phones", &long).await).1, "too_long");
    let path = format!("/phones/{VOLUNTEER}");
    assert_eq!(error(control.patch(&path, &json!({})).await).0, 404);
    assert_eq!(error(control.delete(&path).await).0, 404);
}

#[tokio::test]
async fn a_call_to_a_phone_that_no_one_has_added_ends_without_an_answer() {
    let stage = Stage::start().await;
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", "<Response/>"),
    ];
    Api::new(&stage.sandbox).create("Calls.json", &fields).await;
    stage.sandbox.wait_idle().await.unwrap();
    let phone = &stage.control.read("/phones").await[0];
    assert_eq!(
        (&phone["answer"], &phone["ringing"]),
        (&json!("no-answer"), &json!(null))
    );
    assert_eq!(stage.control.read("/calls").await[0]["status"], "no-answer");
}

#[tokio::test]
async fn a_phone_that_no_one_has_added_rings_where_a_person_plays_the_phones() {
    let builder = Sandbox::builder().unknown_phones(AnswerBehavior::Ring);
    let stage = Stage::with(builder).await;
    let control = &stage.control;
    let twiml = "<Response><Say>Visit at 9</Say></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    let api = Api::new(&stage.sandbox);
    let place = async || {
        let call = api.create("Calls.json", &fields).await;
        stage.sandbox.wait_idle().await.unwrap();
        call["sid"].clone()
    };

    let first = place().await;
    let phone = &control.read("/phones").await[0];
    assert_eq!(phone["number"], VOLUNTEER);
    assert_eq!(
        (&phone["answer"], &phone["ringing"]),
        (&json!("ring"), &first)
    );
    // A second call meets a phone that is engaged.
    place().await;
    assert_eq!(control.read("/calls?limit=1").await[0]["status"], "busy");

    let path = format!("/phones/{VOLUNTEER}");
    let answered = control.act(&format!("{path}/answer"), &json!({})).await;
    assert_eq!(answered["sid"], first);
    stage.sandbox.wait_idle().await.unwrap();
    let ended = control
        .read(&format!("/calls/{}", first.as_str().unwrap()))
        .await;
    assert_eq!(ended["status"], "completed");

    // The choice outlives a reset, and a phone that a person sets reacts as set.
    control.act("/reset", &json!({})).await;
    let after = place().await;
    assert_eq!(control.read(&path).await["ringing"], after);
    control.act(&format!("{path}/decline"), &json!({})).await;
    control.patch(&path, &json!({"answer": "no-answer"})).await;
    place().await;
    assert_eq!(
        control.read("/calls?limit=1").await[0]["status"],
        "no-answer"
    );
}

#[tokio::test]
async fn a_hidden_phone_appears_again_when_it_texts_or_is_reached() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, &stage.control);
    let path = format!("/phones/{VOLUNTEER}");
    let new = json!({"number": VOLUNTEER, "name": "Ruth"});
    let listed = async || control.read("/phones").await.as_array().unwrap().len();
    let call = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", "<Response/>"),
    ];
    let text = [call[0], call[1], ("Body", "Visit at 9")];
    let api = Api::new(sandbox);
    control.act("/phones", &new).await;
    for way in ["text", "call", "texted", "called", "added"] {
        assert_eq!(control.delete(&path).await.0, 204);
        assert_eq!(listed().await, 0, "{way}");
        // A reset brings back no phone that a person has hidden.
        control.act("/reset", &json!({})).await;
        assert_eq!(listed().await, 0, "{way}");
        match way {
            "text" => {
                let text = json!({"to": CLINIC, "body": "Hello"});
                control.act(&format!("{path}/messages"), &text).await;
            }
            "call" => {
                let call = json!({"to": CLINIC});
                control.act(&format!("{path}/calls"), &call).await;
            }
            "texted" => {
                api.create("Messages.json", &text).await;
            }
            "called" => {
                api.create("Calls.json", &call).await;
            }
            _ => {
                control.act("/phones", &json!({"number": VOLUNTEER})).await;
            }
        }
        assert_eq!(listed().await, 1, "{way}");
        let phone = control.read(&path).await;
        assert_eq!(
            (&phone["hidden"], &phone["name"]),
            (&json!(false), &json!("Ruth"))
        );
    }
}

#[tokio::test]
async fn a_name_is_kept_as_it_was_written() {
    let stage = Stage::start().await;
    let control = &stage.control;
    let path = format!("/phones/{VOLUNTEER}");
    control.act("/phones", &json!({"number": VOLUNTEER})).await;
    let longest = "é".repeat(64);
    for name in [
        "<img src=x onerror=alert(1)>",
        "Ana \u{202e}Li",
        &longest,
        " José ",
    ] {
        let (status, phone) = control.patch(&path, &json!({"name": name})).await;
        assert_eq!((status, &phone["name"]), (200, &json!(name)));
    }
    // A blank name clears it; one that is not given stays.
    for (name, kept) in [(json!("   "), json!(null)), (json!(null), json!("Ana"))] {
        control.patch(&path, &json!({"name": "Ana"})).await;
        let (_, phone) = control.patch(&path, &json!({"name": name})).await;
        assert_eq!(phone["name"], kept, "{name}");
    }
    let long = control.patch(&path, &json!({"name": "é".repeat(65)})).await;
    assert_eq!(error(long), (422, "too_long".to_owned()));
    let wrong = control.patch(&path, &json!({"name": 5})).await;
    assert_eq!(error(wrong), (422, "invalid_body".to_owned()));
}
