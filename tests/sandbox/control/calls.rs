//! Calls: from a phone, to a phone, keys, speech, hang-up.

use serde_json::{Value, json};

use super::client::{Stage, error};
use crate::app::{Api, CLINIC, VOLUNTEER};

/// Path of the volunteer's phone.
const PHONE: &str = "/phones/+14155550123";

const MENU: &str = "<Gather numDigits=\"1\" action=\"/menu\"><Say>Press 1.</Say></Gather>";

/// Returns what was said and pressed in a call.
fn transcript(call: &Value) -> Vec<String> {
    let entries = call["transcript"].as_array().unwrap();
    let text = |entry: &Value| {
        let field = |name: &str| entry[name].as_str().unwrap().to_owned();
        format!(
            "{} {} {}",
            field("party"),
            field("action"),
            field("content")
        )
    };
    entries.iter().map(text).collect()
}

fn path_of(call: &Value) -> String {
    format!("/calls/{}", call["sid"].as_str().unwrap())
}

#[tokio::test]
async fn a_phone_calls_presses_and_hears_the_answer() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.twiml("/voice", MENU);
    app.twiml(
        "/menu",
        "<Say>Thank you.</Say><Gather input=\"speech\" action=\"/said\"/>",
    );
    app.twiml("/said", "<Say>Goodbye.</Say><Pause length=\"5\"/>");
    let call = control
        .act(&format!("{PHONE}/calls?wait=5"), &json!({"to": CLINIC}))
        .await;
    assert_eq!(call["status"], "in-progress");
    assert_eq!(call["direction"], "from_phone");
    assert_eq!(transcript(&call), ["app speech Press 1."]);
    assert_eq!(call["waits"]["for"], "keys");
    let document = &call["documents"][0];
    assert_eq!(document["url"], app.url("/voice"));
    let current = usize::try_from(document["current"].as_u64().unwrap()).unwrap();
    let element = &document["elements"][current];
    assert_eq!(element["name"], "Gather");
    let line = usize::try_from(element["line"].as_u64().unwrap()).unwrap();
    let xml = document["xml"].as_str().unwrap();
    assert!(xml.lines().nth(line - 1).unwrap().contains("<Gather"));
    let path = path_of(&call);
    let call = control
        .act(&format!("{path}/keys?wait=5"), &json!({"keys": "1"}))
        .await;
    assert_eq!(app.seen("/menu")[0].field("Digits"), "1");
    let pressed = [
        "app speech Press 1.",
        "person keys 1",
        "app speech Thank you.",
    ];
    assert_eq!(transcript(&call), pressed);
    let call = control
        .act(
            &format!("{path}/speech?wait=5"),
            &json!({"text": "Yes please"}),
        )
        .await;
    assert_eq!(app.seen("/said")[0].field("SpeechResult"), "Yes please");
    assert_eq!(call["status"], "completed");
    assert_eq!(control.read("/calls").await, json!([call]));
    let late = control
        .post(&format!("{path}/keys"), &json!({"keys": "1"}))
        .await;
    assert_eq!(error(late), (409, "call_ended".to_owned()));
}

#[tokio::test]
async fn a_phone_answers_declines_and_hangs_up() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    control.act("/phones", &json!({"number": VOLUNTEER})).await;
    let none = control.post(&format!("{PHONE}/answer"), &json!({})).await;
    assert_eq!(error(none), (409, "no_call_rings".to_owned()));
    let twiml = "<Response><Gather timeout=\"60\"><Say>Hello</Say></Gather></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    let api = Api::new(sandbox);
    let ways = [
        (json!({}), "busy"),
        (json!({"as": "busy"}), "busy"),
        (json!({"as": "no-answer"}), "no-answer"),
        (json!({"as": "machine"}), "in-progress"),
    ];
    for (way, status) in ways {
        api.create("Calls.json", &fields).await;
        let call = control.act(&format!("{PHONE}/decline?wait=5"), &way).await;
        assert_eq!(call["status"], status);
        if status == "in-progress" {
            control
                .act(&format!("{}/hang-up?wait=5", path_of(&call)), &json!({}))
                .await;
        }
    }
    api.create("Calls.json", &fields).await;
    let ringing = &control.read("/calls?limit=1").await[0];
    let path = format!("{}?wait=5&until=ringing", path_of(ringing));
    let ringing = control.read(&path).await;
    assert_eq!(ringing["status"], "ringing");
    assert_eq!(ringing["waits"]["for"], "answer");
    assert_eq!(ringing["rings_until"], ringing["waits"]["until"]);
    assert_eq!(control.read(PHONE).await["ringing"], ringing["sid"]);
    let keys = json!({"keys": "1"});
    let early = control
        .post(&format!("{}/keys", path_of(&ringing)), &keys)
        .await;
    assert_eq!(error(early), (409, "call_not_answered".to_owned()));
    let call = control.act(&format!("{PHONE}/answer"), &json!({})).await;
    assert_eq!(call["status"], "in-progress");
    assert_eq!(control.read(PHONE).await["in_call"], call["sid"]);
    let silent = control
        .act(&format!("{}/silence?wait=5", path_of(&call)), &json!({}))
        .await;
    assert_eq!(silent["status"], "completed");
    assert_eq!(transcript(&silent), ["app speech Hello", "person silence "]);
}

#[tokio::test]
async fn a_call_is_awaited_until_it_has_ended() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.twiml("/voice", MENU);
    let call = control
        .act(&format!("{PHONE}/calls"), &json!({"to": CLINIC}))
        .await;
    let path = path_of(&call);
    let waits = format!("{path}?wait=10&until=completed");
    let (ended, _) = tokio::join!(control.read(&waits), async {
        control
            .read(&format!("{path}?wait=5&until=in-progress"))
            .await;
        control.act(&format!("{path}/hang-up"), &json!({})).await
    });
    assert_eq!(ended["status"], "completed");
    let unexpected = control.get(&format!("{path}?until=answered")).await;
    assert_eq!(error(unexpected), (400, "invalid_query".to_owned()));
}

#[tokio::test]
async fn input_that_no_phone_gives_is_refused() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.twiml("/voice", MENU);
    let call = control
        .act(&format!("{PHONE}/calls?wait=5"), &json!({"to": CLINIC}))
        .await;
    let path = path_of(&call);
    for (keys, code) in [
        ("", "invalid_keys"),
        ("1a", "invalid_keys"),
        (&"1".repeat(101), "too_long"),
    ] {
        let refused = control
            .post(&format!("{path}/keys"), &json!({"keys": keys}))
            .await;
        assert_eq!(error(refused), (422, code.to_owned()));
    }
    for text in ["", " ", &"a".repeat(4_001)] {
        let refused = control
            .post(&format!("{path}/speech"), &json!({"text": text}))
            .await;
        assert_eq!(refused.0, 422);
    }
    // The `<Gather>` accepts no speech.
    let speech = format!("{path}/speech?wait=1");
    let refused = control.post(&speech, &json!({"text": "Yes"})).await;
    assert_eq!(error(refused), (409, "input_not_expected".to_owned()));
    let unknown = format!("/calls/CA{}", "0".repeat(32));
    assert_eq!(error(control.get(&unknown).await).1, "unknown_call");
    assert_eq!(error(control.get("/calls/CA1").await).1, "invalid_sid");
    let foreign = control
        .post(&format!("{PHONE}/calls"), &json!({"to": VOLUNTEER}))
        .await;
    assert_eq!(error(foreign), (422, "unknown_number".to_owned()));
    let wrong = control
        .post(&format!("{PHONE}/decline"), &json!({"as": "away"}))
        .await;
    assert_eq!(error(wrong), (422, "invalid_body".to_owned()));
}
