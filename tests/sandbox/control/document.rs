//! The OpenAPI document: each route that it names answers as it says, and the document names each
//! route.

use std::collections::BTreeSet;

use clinspark_twilio::sandbox::{AccountFinding, CheckedAccount, FindingSeverity, Sandbox};
use serde_json::{Value, json};

use super::client::{Stage, error, read_json};
use super::schema::problems;
use crate::app::{Api, CLINIC, VOLUNTEER};

/// Requests whose answers are compared with the document: method, path template, path, body.
type Case = (&'static str, &'static str, String, Option<Value>);

/// Returns a request for each route, in an order in which each succeeds. `{call}` and `{event}`
/// stand for the last call and event.
fn cases() -> Vec<Case> {
    let phone = |rest: &str| format!("/phones/{VOLUNTEER}{rest}");
    let empty = || Some(json!({}));
    let call = |name: &str| format!("/calls/{{call}}/{name}?wait=5");
    vec![
        ("GET", "/health", "/health".to_owned(), None),
        ("GET", "/openapi.json", "/openapi.json".to_owned(), None),
        (
            "POST",
            "/numbers",
            "/numbers".to_owned(),
            Some(json!({"number": "+14155550101"})),
        ),
        (
            "PATCH",
            "/numbers/{number}",
            format!("/numbers/{CLINIC}"),
            Some(json!({"friendly_name": "Clinic"})),
        ),
        ("GET", "/numbers", "/numbers".to_owned(), None),
        (
            "POST",
            "/phones",
            "/phones".to_owned(),
            Some(json!({"number": VOLUNTEER, "name": "Ruth"})),
        ),
        ("GET", "/phones/{number}", phone(""), None),
        (
            "PATCH",
            "/phones/{number}",
            phone(""),
            Some(json!({"answer": "ring"})),
        ),
        (
            "POST",
            "/phones/{number}/messages",
            phone("/messages"),
            Some(json!({"to": CLINIC, "body": "One"})),
        ),
        (
            "POST",
            "/phones/{number}/messages",
            phone("/messages?wait=5"),
            Some(json!({"to": CLINIC, "body": "Two"})),
        ),
        (
            "GET",
            "/phones/{number}/messages/latest",
            phone("/messages/latest?wait=5"),
            None,
        ),
        ("GET", "/phones/{number}/messages", phone("/messages"), None),
        ("GET", "/messages", "/messages".to_owned(), None),
        (
            "POST",
            "/phones/{number}/calls",
            phone("/calls?wait=5"),
            Some(json!({"to": CLINIC})),
        ),
        (
            "POST",
            "/calls/{sid}/keys",
            call("keys"),
            Some(json!({"keys": "1"})),
        ),
        (
            "POST",
            "/calls/{sid}/speech",
            call("speech"),
            Some(json!({"text": "Yes"})),
        ),
        ("POST", "/calls/{sid}/silence", call("silence"), empty()),
        ("POST", "/calls/{sid}/hang-up", call("hang-up"), empty()),
        (
            "GET",
            "/calls/{sid}",
            "/calls/{call}?wait=1&until=completed".to_owned(),
            None,
        ),
        (
            "POST",
            "/phones/{number}/answer",
            phone("/answer?wait=5"),
            empty(),
        ),
        (
            "POST",
            "/phones/{number}/decline",
            phone("/decline?wait=5"),
            empty(),
        ),
        ("GET", "/calls", "/calls".to_owned(), None),
        ("GET", "/phones", "/phones".to_owned(), None),
        ("DELETE", "/phones/{number}", phone(""), None),
        ("GET", "/clock", "/clock".to_owned(), None),
        (
            "PUT",
            "/clock",
            "/clock".to_owned(),
            Some(json!({"mode": "held"})),
        ),
        (
            "POST",
            "/clock/advance",
            "/clock/advance".to_owned(),
            Some(json!({"seconds": 1})),
        ),
        (
            "POST",
            "/faults",
            "/faults".to_owned(),
            Some(json!({"fault": {"slow": {"seconds": 0.1}}})),
        ),
        ("GET", "/faults", "/faults".to_owned(), None),
        ("GET", "/alerts", "/alerts".to_owned(), None),
        ("GET", "/groups", "/groups".to_owned(), None),
        ("GET", "/events/{id}", "/events/{event}".to_owned(), None),
        (
            "POST",
            "/events/{id}/send-again",
            "/events/{event}/send-again".to_owned(),
            Some(json!({"forged": true})),
        ),
        (
            "POST",
            "/account-check",
            "/account-check".to_owned(),
            Some(json!({"number": CLINIC, "domain": "clinic.example.com"})),
        ),
        ("GET", "/snapshot", "/snapshot".to_owned(), None),
        ("DELETE", "/faults/{id}", "/faults/0".to_owned(), None),
        ("DELETE", "/faults", "/faults".to_owned(), None),
        ("GET", "/state", "/state".to_owned(), None),
        ("POST", "/reset", "/reset".to_owned(), empty()),
        ("PUT", "/state", "/state".to_owned(), Some(json!("{state}"))),
    ]
}

async fn nothing_to_correct(account: CheckedAccount) -> Result<Vec<AccountFinding>, String> {
    let note = AccountFinding::new(FindingSeverity::Note, "domain", account.domain);
    Ok(vec![note])
}

const DIALOGUE: &str = "<Gather input=\"dtmf speech\" numDigits=\"1\" action=\"/voice\" actionOnEmptyResult=\"true\"/>";

#[tokio::test]
async fn each_route_answers_as_the_document_says() {
    let Stage {
        sandbox,
        app,
        control,
    } = Stage::with(Sandbox::builder().account_check(nothing_to_correct)).await;
    app.twiml("/sms", "<Message>Thanks</Message>");
    app.twiml("/voice", DIALOGUE);
    let document = control.read("/openapi.json").await;
    let mut walked = BTreeSet::from([("GET".to_owned(), "/events".to_owned())]);
    for (method, template, path, body) in cases() {
        if path.contains("/answer") || path.contains("/decline") {
            let fields = [
                ("To", VOLUNTEER),
                ("From", CLINIC),
                ("Twiml", "<Response/>"),
            ];
            Api::new(&sandbox).create("Calls.json", &fields).await;
        }
        let path = path.replace("{call}", &last_call(&sandbox));
        let path = path.replace("{event}", "w0");
        let body = match body {
            Some(body) if body == "{state}" => Some(control.read("/state").await),
            body => body,
        };
        let operation = &document["paths"][template][method.to_ascii_lowercase()];
        assert!(
            operation.is_object(),
            "the document has no {method} {template}"
        );
        if let Some(body) = &body {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(problems(&document, schema, body, template), [""; 0]);
        }
        let response = control.send(method, &path, body.as_ref()).await;
        let status = response.status().as_u16().to_string();
        let text = response.text().await.unwrap();
        assert!(status.starts_with('2'), "{method} {path}: {status} {text}");
        let described = &operation["responses"][&status];
        assert!(
            described.is_object(),
            "{method} {path}: {status} is not in the document"
        );
        let schema = &described["content"]["application/json"]["schema"];
        if schema.is_null() {
            assert_eq!(text, "", "{method} {path}");
        } else {
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                problems(&document, schema, &value, template),
                [""; 0],
                "{method} {path}"
            );
        }
        walked.insert((method.to_owned(), template.to_owned()));
    }
    assert_eq!(operations(&document), walked);
}

fn last_call(sandbox: &Sandbox) -> String {
    let calls = sandbox.calls();
    calls
        .last()
        .map_or_else(String::new, |call| call.sid.to_string())
}

/// Returns method and path of each operation of the document.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(|method| (method.to_ascii_uppercase(), path.clone()))
        })
        .collect()
}

#[tokio::test]
async fn the_document_is_whole() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let document = control.read("/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (method, path) in operations(&document) {
        let operation = &document["paths"][&path][method.to_ascii_lowercase()];
        assert!(
            ids.insert(operation["operationId"].to_string()),
            "{method} {path}"
        );
        assert!(operation["summary"].as_str().unwrap().ends_with('.'));
        let names: Vec<&str> = operation["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parameter| {
                let reference = parameter["$ref"].as_str().unwrap();
                let parameter = document.pointer(&reference[1..]).unwrap();
                parameter["name"].as_str().unwrap()
            })
            .collect();
        for name in path.split(['{', '}']).skip(1).step_by(2) {
            assert!(names.contains(&name), "{path} does not describe {name}");
        }
        // An unknown parameter is refused as the document says.
        let concrete = path
            .replace("{number}", VOLUNTEER)
            .replace("{sid}", &format!("CA{}", "0".repeat(32)))
            .replace("{id}", "0");
        let body = (method != "GET" && method != "DELETE").then(|| json!({"unknown": 1}));
        let response = control
            .send(&method, &format!("{concrete}?unknown=1"), body.as_ref())
            .await;
        let status = response.status().as_u16();
        let described = &operation["responses"][status.to_string()];
        let schema = &described["content"]["application/json"]["schema"];
        let value: Value = read_json(response).await;
        assert_eq!(
            problems(&document, schema, &value, &path),
            [""; 0],
            "{method} {path} {status}"
        );
        assert!((400..500).contains(&error((status, value)).0));
    }
    // Every reference leads to something, and every schema is used.
    let text = document.to_string();
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(
            text.contains(&format!("#/components/schemas/{name}\"")),
            "{name} is not used"
        );
    }
    for part in text.split("\"$ref\":\"").skip(1) {
        let reference = part.split('"').next().unwrap();
        assert!(
            document.pointer(&reference[1..]).is_some(),
            "{reference} does not exist"
        );
    }
}
