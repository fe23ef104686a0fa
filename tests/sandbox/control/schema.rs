//! A checker of JSON against the schemas of the OpenAPI document: the keywords that they use.

use serde_json::Value;

/// Keywords that are checked, and those that only explain.
const KEYWORDS: [&str; 19] = [
    "$ref",
    "additionalProperties",
    "anyOf",
    "enum",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minimum",
    "pattern",
    "properties",
    "required",
    "type",
    "format",
    "description",
    "contentEncoding",
    "title",
    "default",
];

/// Returns what is wrong with a value; nothing if it matches the schema.
pub(super) fn problems(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let keywords = schema.as_object().unwrap();
    for keyword in keywords.keys() {
        assert!(
            KEYWORDS.contains(&keyword.as_str()),
            "{at}: unknown keyword {keyword}"
        );
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(&reference[1..]);
        let target = target.unwrap_or_else(|| panic!("{at}: {reference} does not exist"));
        return problems(document, target, value, at);
    }
    let mut found = Vec::new();
    if let Some(any) = schema["anyOf"].as_array() {
        let tried: Vec<_> = any
            .iter()
            .map(|schema| problems(document, schema, value, at))
            .collect();
        if !tried.iter().any(Vec::is_empty) {
            found.push(format!("{at}: none of anyOf matches {value}: {tried:?}"));
        }
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    if !types.is_empty()
        && !types
            .iter()
            .any(|name| is_of_type(name.as_str().unwrap(), value))
    {
        found.push(format!("{at}: {value} is not {types:?}"));
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        found.push(format!("{at}: {value} is not one of {values:?}"));
    }
    if let (Some(items), Some(elements)) = (schema.get("items"), value.as_array()) {
        for (index, element) in elements.iter().enumerate() {
            found.extend(problems(document, items, element, &format!("{at}/{index}")));
        }
    }
    if let Some(fields) = value.as_object() {
        found.extend(fields_of(document, schema, fields, at));
    }
    if schema["format"] == "date-time"
        && let Some(text) = value.as_str()
        && !(text.len() == 24 && text.ends_with('Z') && text.as_bytes()[19] == b'.')
    {
        found.push(format!("{at}: {text} is no time"));
    }
    found
}

fn fields_of(
    document: &Value,
    schema: &Value,
    fields: &serde_json::Map<String, Value>,
    at: &str,
) -> Vec<String> {
    let mut found = Vec::new();
    for name in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap()) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, value) in fields {
        let at = format!("{at}/{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => found.push(format!("{at} is not in the schema")),
            (Value::Null, Value::Object(_)) => {
                found.extend(problems(
                    document,
                    &schema["additionalProperties"],
                    value,
                    &at,
                ));
            }
            (Value::Null, _) => {}
            (schema, _) => found.extend(problems(document, schema, value, &at)),
        }
    }
    found
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    }
}

#[test]
fn the_checker_finds_each_kind_of_difference() {
    use serde_json::json;
    let document = json!({"s": {"T": {"type": "string", "enum": ["a", null]}}});
    let schema = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["a", "b"],
        "properties": {
            "a": {"$ref": "#/s/T"},
            "b": {"type": ["integer", "null"]},
            "c": {"type": "array", "items": {"anyOf": [{"type": "boolean"}, {"type": "number"}]}},
        },
    });
    let count = |value: Value| problems(&document, &schema, &value, "").len();
    assert_eq!(count(json!({"a": "a", "b": null, "c": [true, 1.5]})), 0);
    assert_eq!(count(json!({"a": "a"})), 1);
    assert_eq!(count(json!({"a": "b", "b": 1})), 1);
    assert_eq!(count(json!({"a": "a", "b": 1.5})), 1);
    assert_eq!(count(json!({"a": "a", "b": 1, "c": ["x"]})), 1);
    assert_eq!(count(json!({"a": "a", "b": 1, "d": 1})), 1);
    assert_eq!(count(json!([])), 1);
}
