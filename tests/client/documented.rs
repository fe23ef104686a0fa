//! Example responses of Twilio's `OpenAPI` documents (`tests/data/answers.json`): intact, with a
//! missing field, with an unknown value, and as invalid JSON.

use std::collections::BTreeMap;

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Delivery, ErrorKind, Request, RetryPolicy};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::operations::{self, Operation, Visit};
use crate::resources::any_json;
use crate::support::{ACCOUNT, credentials};

/// Keys and indexes down to a value.
type Path = Vec<String>;

struct Documents {
    answers: BTreeMap<String, Value>,
    examples: usize,
    nulls: usize,
    words: usize,
}

/// Reads the JSON as the response to the request. Returns its `Debug` output.
async fn read<R: Request>(request: &R, json: &Value) -> Result<String, ErrorKind> {
    read_text(request, json.to_string()).await
}

async fn read_text<R: Request>(request: &R, json: String) -> Result<String, ErrorKind> {
    let transport = FakeTransport::new().reply(Reply::json(200, json));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .build()
        .unwrap();
    let answer = client.execute(request).await;
    answer
        .map(|answer| format!("{answer:?}"))
        .map_err(|error| error.kind())
}

/// Changes the example's SID, account and recipient to those of the request.
///
/// The client refuses a response about another resource.
async fn matched_to_request<R: Request>(request: &R, example: &Value) -> Value {
    let transport = FakeTransport::new();
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    client.execute(request).await.map(drop).unwrap_err();
    let [asked] = transport.requests().try_into().unwrap();
    let last = asked
        .path()
        .rsplit('/')
        .next()
        .unwrap()
        .trim_end_matches(".json")
        .to_owned();
    let mut answer = example.clone();
    let is_page = is_page(&answer);
    for value in answer.as_object_mut().unwrap().values_mut() {
        for item in value.as_array_mut().into_iter().flatten() {
            if item.get("account_sid").is_some() {
                item["account_sid"] = json!(ACCOUNT);
            }
            if let (true, Some(to)) = (item.get("to").is_some(), asked.parameter("To")) {
                item["to"] = json!(to);
            }
        }
    }
    for (field, value) in [
        ("account_sid", Some(ACCOUNT.to_owned())),
        ("to", asked.parameter("To")),
        ("phone_number", last.starts_with('+').then(|| last.clone())),
        ("sid", (!is_page && last.len() == 34).then(|| last.clone())),
    ] {
        if let (Some(value), true) = (value, answer.get(field).is_some()) {
            answer[field] = json!(value);
        }
    }
    answer
}

fn is_page(answer: &Value) -> bool {
    answer.get("meta").is_some() || answer.get("next_page_uri").is_some()
}

/// Collects the path of every value below `value`.
fn places(value: &Value, above: &Path, found: &mut Vec<Path>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(k, v)| (k.clone(), v)).collect(),
        // The items of a list have the same fields, so the first stands for all.
        Value::Array(items) => items.iter().take(1).map(|v| ("0".to_owned(), v)).collect(),
        _ => Vec::new(),
    };
    for (key, part) in parts {
        let mut path = above.clone();
        path.push(key);
        found.push(path.clone());
        places(part, &path, found);
    }
}

fn pointer(path: &[String]) -> String {
    path.iter().flat_map(|key| ["/", key]).collect()
}

/// Returns `true` for a value without which the response is unreadable: its SID, or the list of a
/// page.
fn is_needed(path: &Path, answer: &Value) -> bool {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["sid"] => true,
        [list] => is_page(answer) && answer[*list].is_array(),
        _ => false,
    }
}

/// Returns `true` if the items of a page have SIDs.
fn documented_sid(page: &Value) -> bool {
    let lists = page
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_array);
    lists.flatten().any(|item| item.get("sid").is_some())
}

/// Returns `true` for a value without which an item of a page is unreadable.
fn is_needed_by_item(path: &Path, answer: &Value) -> bool {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    match keys.as_slice() {
        [list, "0"] | [list, "0", "sid"] => is_page(answer) && answer[*list].is_array(),
        _ => false,
    }
}

/// Returns `true` for a field that the client compares with the request.
fn is_compared(path: &Path) -> bool {
    let last = path.last().unwrap().as_str();
    matches!(last, "sid" | "account_sid" | "to" | "phone_number")
}

impl Documents {
    async fn every_null<R: Request>(&mut self, case: &str, request: &R, example: &Value) {
        let mut found = Vec::new();
        places(example, &Vec::new(), &mut found);
        for path in found {
            let mut odd = example.clone();
            *odd.pointer_mut(&pointer(&path)).unwrap() = Value::Null;
            let nulled = read(request, &odd).await;
            let at = format!("{case}: {}", pointer(&path));
            if is_needed(&path, example) {
                assert_eq!(nulled, Err(ErrorKind::Decode), "{at}");
                continue;
            }
            assert!(nulled.is_ok(), "{at}: {nulled:?}");
            let reported = nulled.as_ref().unwrap().contains("UnreadableItem");
            let is_model = documented_sid(example);
            let expected = is_needed_by_item(&path, example) && (is_model || path.len() == 2);
            assert_eq!(reported, expected, "{at}");
            let (last, above) = path.split_last().unwrap();
            let above = odd.pointer_mut(&pointer(above)).unwrap();
            if let Some(fields) = above.as_object_mut() {
                fields.remove(last);
                assert_eq!(read(request, &odd).await, nulled, "{at}");
            }
            self.nulls += 1;
        }
    }

    /// Replaces each enum value by one that the documents do not list.
    async fn every_enum_value<R: Request>(&mut self, case: &str, request: &R, documents: &Value) {
        for example in documents["examples"].as_array().unwrap() {
            let example = &matched_to_request(request, example).await;
            let mut found = Vec::new();
            places(example, &Vec::new(), &mut found);
            for path in found {
                let last = path.last().unwrap();
                let listed = documents["words"].as_array().unwrap();
                // HTTP methods are a closed set, and the models do not have the fields in
                // `LEFT_OUT`.
                let ours = listed.contains(&json!(last))
                    && !last.ends_with("_method")
                    && !LEFT_OUT.contains(&last.as_str());
                if !ours {
                    continue;
                }
                let mut odd = example.clone();
                let word = match odd.pointer(&pointer(&path)).unwrap() {
                    Value::Null => continue,
                    Value::Array(_) => json!(["teleported"]),
                    _ => json!("teleported"),
                };
                *odd.pointer_mut(&pointer(&path)).unwrap() = word;
                let shown = read(request, &odd).await.unwrap();
                assert!(
                    shown.contains("\"teleported\""),
                    "{case}: {path:?}: {shown}"
                );
                self.words += 1;
            }
        }
    }
}

/// Fields that the models do not have: see `tests/architecture/spec_drift.rs`.
const LEFT_OUT: &[&str] = &[
    "business_registration_authority",
    "business_type",
    "opt_in_type",
    "vetting_provider",
];

/// Returns the examples of an operation: `None` for a deletion and for an undocumented operation.
fn of<'a>(answers: &'a BTreeMap<String, Value>, operation: &Operation) -> Option<&'a Value> {
    let path: String = operation
        .path
        .split('{')
        .map(|part| {
            part.split_once('}')
                .map_or(part.to_owned(), |(_, rest)| format!("{{}}{rest}"))
        })
        .collect();
    let documents = answers.get(&format!("{} {path}", operation.method));
    let undocumented = operation.method == "DELETE" || operation.name == "ListAccounts";
    assert_ne!(documents.is_some(), undocumented, "{}", operation.case);
    documents
}

impl Visit for Documents {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        let Some(documents) = of(&self.answers, &operation).cloned() else {
            return;
        };
        for example in documents["examples"].as_array().unwrap() {
            let example = &matched_to_request(&request, example).await;
            let whole = read(&request, example).await;
            assert!(whole.is_ok(), "{}: {whole:?}: {example}", operation.case);
            self.every_null(operation.case, &request, example).await;
            self.examples += 1;
        }
        self.every_enum_value(operation.case, &request, &documents)
            .await;
    }
}

fn answers() -> BTreeMap<String, Value> {
    let text = include_str!("../data/answers.json");
    let whole: Value = serde_json::from_str(text).unwrap();
    let operations = whole["operations"].as_object().unwrap();
    operations.clone().into_iter().collect()
}

#[tokio::test]
async fn every_documented_response_is_read_with_any_field_missing() {
    let mut documents = Documents {
        answers: answers(),
        examples: 0,
        nulls: 0,
        words: 0,
    };
    operations::every(&mut documents).await;
    let Documents {
        examples,
        nulls,
        words,
        ..
    } = documents;
    assert!(examples > 100, "{examples}");
    assert!(nulls > 2_000, "{nulls}");
    assert!(words > 80, "{words}");
}

/// Puts any JSON in any place, and truncates responses.
struct RandomDamage {
    answers: BTreeMap<String, Value>,
    runner: TestRunner,
}

impl Visit for RandomDamage {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        let Some(documents) = of(&self.answers, &operation) else {
            return;
        };
        for example in documents["examples"].as_array().unwrap() {
            let example = &matched_to_request(&request, example).await;
            let mut found = Vec::new();
            places(example, &Vec::new(), &mut found);
            // All places take too long: each run tests a random third of them.
            let first = (0_usize..3).new_tree(&mut self.runner).unwrap().current();
            for path in found.into_iter().skip(first).step_by(3) {
                let mut odd = example.clone();
                let anything = any_json().new_tree(&mut self.runner).unwrap().current();
                *odd.pointer_mut(&pointer(&path)).unwrap() = anything;
                let read = read(&request, &odd).await;
                // A link to another host is an error when the client follows it, not when it reads
                // it.
                let fine = matches!(read, Ok(_) | Err(ErrorKind::Decode));
                assert!(fine, "{}: {odd}", operation.case);
                let unneeded = !is_needed(&path, example) && !is_compared(&path);
                assert!(read.is_ok() || !unneeded, "{}: {odd}", operation.case);
            }
            let text = example.to_string();
            let halves = (0..text.len())
                .step_by(97)
                .filter_map(|cut| text.get(..cut));
            for half in halves {
                let half = read_text(&request, half.to_owned()).await;
                assert_eq!(half, Err(ErrorKind::Decode), "{}", operation.case);
            }
        }
    }
}

#[tokio::test]
async fn any_json_in_any_place_is_read_or_is_a_decode_error() {
    let mut damage = RandomDamage {
        answers: answers(),
        runner: TestRunner::default(),
    };
    operations::every(&mut damage).await;
}

/// Values that are invalid JSON, or that fit no field of the crate.
const INVALID_VALUES: &[&str] = &[
    r#""see you \ud83d""#,
    r#""\ude00 \x \u12""#,
    "\"a raw\ttab, a \u{1}\"",
    "1e999",
    "-1e999",
    "99999999999999999999",
    "-5",
    "NaN",
    "Infinity",
    "01",
    r#"{"a": 1, "a": "\udc00"}"#,
    "[{}, [1e999]]",
    r#"null, "doubled": 1, "doubled": 2"#,
    "@deep@",
];

/// Puts invalid JSON in any place.
struct InvalidJson {
    answers: BTreeMap<String, Value>,
    read: usize,
}

impl Visit for InvalidJson {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        let Some(documents) = of(&self.answers, &operation).cloned() else {
            return;
        };
        for example in documents["examples"].as_array().unwrap() {
            let example = matched_to_request(&request, example).await;
            let mut found = Vec::new();
            places(&example, &Vec::new(), &mut found);
            let is_item = |path: &Path| is_page(&example) && example[&path[0]].is_array();
            let skipped = |path: &Path| {
                is_needed(path, &example)
                    || is_needed_by_item(path, &example)
                    || is_compared(path)
                    || matches!(path[0].as_str(), "meta" | "next_page_uri")
            };
            // Fields of the response or of an item only: a damaged field may lose everything inside
            // it.
            found.retain(|path| !skipped(path) && path.len() == 1 + 2 * usize::from(is_item(path)));
            for path in found {
                let mut marked = example.clone();
                *marked.pointer_mut(&pointer(&path)).unwrap() = json!("@here@");
                let text = marked.to_string();
                let without = text.replace("\"@here@\"", "null");
                let without = read_text(&request, without).await.unwrap();
                for odd in INVALID_VALUES
                    .iter()
                    .cycle()
                    .skip(self.read % INVALID_VALUES.len())
                    .take(4)
                {
                    let deep = format!("{}7{}", "[".repeat(300), "]".repeat(300));
                    let odd = text.replace("\"@here@\"", odd).replace("@deep@", &deep);
                    let read = read_text(&request, odd).await;
                    let at = format!("{}: {}", operation.case, pointer(&path));
                    let read = read.unwrap_or_else(|kind| panic!("{at}: {kind:?}"));
                    assert!(is_one_field(&without, &read), "{at}: {without} {read}");
                    self.read += 1;
                }
            }
        }
    }
}

/// Returns `true` if two responses differ in one field only, which `without` does not have.
fn is_one_field(without: &str, with: &str) -> bool {
    let same = without
        .bytes()
        .zip(with.bytes())
        .take_while(|(a, b)| a == b);
    let same = same.count();
    let (without, with) = (&without.as_bytes()[same..], &with.as_bytes()[same..]);
    // The value in `with` can begin with the same letters as `None`, or be `None`.
    let rest = without.strip_prefix(b"None").unwrap_or(without);
    with.ends_with(rest)
}

#[tokio::test]
async fn invalid_json_in_a_field_affects_that_field_only() {
    let mut invalid = InvalidJson {
        answers: answers(),
        read: 0,
    };
    operations::every(&mut invalid).await;
    assert!(invalid.read > 3_000, "{}", invalid.read);
}
