//! OpenAPI document of the control API, made from the table of routes and `schemas.json`.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::route::{Answer, Route, Verb};

/// Schemas of bodies, and descriptions of parameters.
const COMPONENTS: &str = include_str!("schemas.json");

const DESCRIPTION: &str = "Plays the phones of the sandbox and shows what happened. Times are RFC \
                           3339 in UTC by the sandbox's clock; names that end in `_ms` are real \
                           milliseconds. No credentials are needed. Requests from web pages of \
                           another origin, and with another Host, are refused.";

/// Returns the document as JSON.
pub(super) fn document(routes: &[Route]) -> Bytes {
    // A test parses the file.
    let components: Value = serde_json::from_str(COMPONENTS).unwrap_or_default();
    let mut paths = Map::new();
    for route in routes {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(route.verb.as_str().to_ascii_lowercase(), operation(route));
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Control API of the sandbox",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
        },
        "servers": [{ "url": "/_sandbox" }],
        "paths": paths,
        "components": components,
    });
    Bytes::from(document.to_string())
}

fn operation(route: &Route) -> Value {
    let in_path = route.path.split(['{', '}']).skip(1).step_by(2);
    let parameters = in_path.chain(route.query.iter().copied());
    let parameters: Vec<Value> = parameters
        .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }))
        .collect();
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": route.summary,
        "parameters": parameters,
        "responses": responses(route),
    });
    if let (Some(schema), Value::Object(fields)) = (route.body, &mut operation) {
        let body = json!({
            "required": true,
            "content": { "application/json": { "schema": reference(schema) } },
        });
        fields.insert("requestBody".to_owned(), body);
    }
    operation
}

/// Returns a name such as `post_phones_number_messages`.
fn operation_id(route: &Route) -> String {
    let words = route.path.split(['/', '-', '.']).skip(1);
    let words = words.map(|word| word.trim_matches(['{', '}']));
    let verb = route.verb.as_str().to_ascii_lowercase();
    words.fold(verb, |id, word| format!("{id}_{word}"))
}

fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    let content = match route.answer {
        Answer::Nothing => None,
        Answer::One(schema) => Some(("application/json", reference(schema))),
        Answer::List(schema) => Some((
            "application/json",
            json!({ "type": "array", "items": reference(schema) }),
        )),
        Answer::Events => Some(("text/event-stream", json!({ "type": "string" }))),
    };
    let mut success = json!({ "description": route.summary });
    if let (Some((media_type, schema)), Value::Object(fields)) = (content, &mut success) {
        let content = json!({ media_type: { "schema": schema } });
        fields.insert("content".to_owned(), content);
    }
    responses.insert(route.status.to_string(), success);
    for (status, what) in errors(route) {
        let error = json!({
            "description": what,
            "content": { "application/json": { "schema": reference("Error") } },
        });
        responses.insert(status.to_string(), error);
    }
    responses.into()
}

/// Returns the HTTP statuses of a route's errors, each with its description.
fn errors(route: &Route) -> Vec<(u16, &'static str)> {
    let mut errors = vec![
        (400, "The query or the body cannot be read."),
        (503, "Too many requests are in progress."),
    ];
    if route.path.contains('{') {
        errors.push((404, "The entity in the path does not exist."));
    }
    if route.verb.has_body() {
        errors.push((413, "The body is too large."));
        errors.push((415, "The body is not declared as JSON."));
        errors.push((422, "A field of the body is wrong."));
    } else if route.verb == Verb::Delete {
        errors.push((413, "The body is too large."));
    }
    let more = route.errors.iter();
    errors.extend(more.map(|status| (*status, "The current state does not permit the request.")));
    errors
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}
