//! Saved states that a person has edited: each is refused, or the sandbox works with it.

use std::collections::BTreeSet;
use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use serde_json::{Value, json};

use crate::app::{Api, CLINIC, VOLUNTEER, codes, e164};
use crate::saved::lived_in;

/// Returns the paths of the values that are neither lists nor objects, and of the lists: of each field
/// that several entries have, the first.
fn paths_to_edit(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    paths(value, "", &mut found);
    let mut fields = BTreeSet::new();
    found.retain(|path| {
        let steps = path.split('/');
        let is_index = |step: &str| step.parse::<usize>().is_ok();
        let field: Vec<_> = steps.filter(|step| !is_index(step)).collect();
        fields.insert(field.join("/"))
    });
    found
}

fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                paths(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            found.push(path.to_owned());
            for (index, value) in items.iter().enumerate() {
                paths(value, &format!("{path}/{index}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

/// Returns edits of a value that keep its type, and some that do not.
fn edits(value: &Value) -> Vec<Value> {
    let long = "é".repeat(5_000);
    match value {
        Value::Number(_) => vec![
            json!(0),
            json!(u32::MAX),
            json!(u64::MAX),
            json!(-1),
            json!(0.5),
        ],
        Value::String(text) if text.contains('T') && text.ends_with('Z') => vec![
            json!("-009999-01-02T00:00:00Z"),
            json!("1969-12-31T23:59:59Z"),
            json!("9999-12-30T22:00:00Z"),
        ],
        Value::String(text) => vec![
            json!(""),
            json!(long),
            json!(format!("{text}\u{0}\r\n\u{202e}")),
            json!("javascript:alert(1)"),
            json!("scheduled"),
        ],
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Array(items) => {
            let twice = items.iter().chain(items).cloned();
            vec![json!([]), twice.collect(), json!({})]
        }
        _ => vec![json!("")],
    }
}

/// Uses the parts of a sandbox that read everything.
async fn use_everything(sandbox: &Sandbox, api: &Api, what: &str) {
    for list in ["Messages.json", "Calls.json", "IncomingPhoneNumbers.json"] {
        assert_eq!(api.get(list).await.0, 200, "{list} after {what}");
    }
    for path in ["snapshot", "state"] {
        let url = format!("{}/_sandbox/{path}", sandbox.base_url());
        let answer = api.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path} after {what}");
        let text = answer.text().await.unwrap();
        assert!(text.len() >= 2, "{path} after {what}");
    }
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", "Visit"),
        ("Twiml", "<Response/>"),
    ];
    let (status, _) = api.post("Messages.json", &fields[..3]).await;
    assert!(status < 500, "a text after {what}");
    let call = [fields[0], fields[1], fields[3]];
    let (status, _) = api.post("Calls.json", &call).await;
    assert!(status < 500, "a call after {what}");
    sandbox
        .wait_idle()
        .await
        .unwrap_or_else(|error| panic!("{error} after {what}"));
    let advanced = sandbox.advance(Duration::from_secs(60)).await;
    advanced.unwrap_or_else(|error| panic!("{error} after {what}"));
}

#[tokio::test]
async fn a_state_with_any_value_edited_is_refused_or_works() {
    let (former, _, _app) = lived_in(ClockMode::Instant).await;
    let saved: Value = serde_json::from_str(&former.save_state()).unwrap();
    let found = paths_to_edit(&saved);
    assert!(found.len() > 80, "{found:?}");
    let sandbox = Sandbox::builder().history_limit(3).start().await.unwrap();
    let api = Api::new(&sandbox);
    let mut loaded = 0;
    for path in &found {
        for edit in edits(saved.pointer(path).unwrap()) {
            let mut state = saved.clone();
            *state.pointer_mut(path).unwrap() = edit.clone();
            if sandbox.load_state(&state.to_string()).await.is_err() {
                continue;
            }
            loaded += 1;
            let shown: String = edit.to_string().chars().take(60).collect();
            use_everything(&sandbox, &api, &format!("{path} = {shown}")).await;
            let again = sandbox.save_state();
            sandbox.load_state(&again).await.unwrap();
        }
    }
    assert!(loaded > 100, "{loaded}");
}

#[tokio::test]
async fn a_time_in_the_far_future_moves_the_clock_by_a_century_at_most() {
    let sandbox = Sandbox::builder()
        .clock(ClockMode::Held)
        .start()
        .await
        .unwrap();
    let started = sandbox.now();
    let mut state: Value = serde_json::from_str(&sandbox.save_state()).unwrap();
    state["now"] = json!("9999-12-30T22:00:00Z");
    let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    for _ in 0..3 {
        sandbox.load_state(&state.to_string()).await.unwrap();
        assert_eq!(sandbox.now().duration_since(started).unwrap(), century);
    }
    // What is due still comes.
    sandbox.add_number(e164(CLINIC));
    sandbox.set_delivery_delay(Duration::from_secs(10));
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    Api::new(&sandbox).create("Messages.json", &fields).await;
    sandbox.advance(Duration::from_secs(20)).await.unwrap();
    assert_eq!(sandbox.phone(e164(VOLUNTEER)).inbox().len(), 1);
    assert!(sandbox.save_state().len() > 100);
}

#[tokio::test]
async fn a_text_of_too_many_hops_goes_no_further() {
    const OTHER: &str = "+14155550101";
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    sandbox.add_number(e164(OTHER));
    let fields = [("To", OTHER), ("From", CLINIC), ("Body", "Visit")];
    Api::new(&sandbox).create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let mut state: Value = serde_json::from_str(&sandbox.save_state()).unwrap();
    let messages = state["messages"].as_array_mut().unwrap();
    messages.retain(|message| message["direction"] == "outbound-api");
    messages[0]["status"] = json!("queued");
    messages[0]["hops"] = json!(u8::MAX);
    sandbox.load_state(&state.to_string()).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [30039]);
    assert_eq!(sandbox.messages().len(), 1);
}
