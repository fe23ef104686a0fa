//! Checks JSON against a schema of Twilio's `OpenAPI` documents.

use serde_json::Value;

/// Checks a value. Each violation is described in `errors`, with its place in the value.
pub(crate) fn check(
    document: &Value,
    schema: &Value,
    value: &Value,
    place: &str,
    errors: &mut Vec<String>,
) {
    let schema = resolve(document, schema);
    if value.is_null() {
        let is_allowed = schema["nullable"] == true || schema.get("type").is_none();
        if !is_allowed {
            errors.push(format!("{place} is null"));
        }
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(document, part, value, place, errors);
    }
    for name in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[name].as_array() {
            let fits = choices.iter().any(|choice| {
                let mut found = Vec::new();
                check(document, choice, value, place, &mut found);
                found.is_empty()
            });
            if !fits {
                errors.push(format!("{place} fits no schema of {name}"));
            }
        }
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        errors.push(format!("{place} is {value}, not one of {allowed:?}"));
    }
    let has_type = match schema["type"].as_str() {
        None => true,
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("{place}: unknown type {other}"),
    };
    if !has_type {
        errors.push(format!(
            "{place} is {value}, not of type {}",
            schema["type"]
        ));
        return;
    }
    match value {
        Value::String(text) => check_text(schema, text, place, errors),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let place = format!("{place}/{index}");
                check(document, &schema["items"], item, &place, errors);
            }
        }
        Value::Object(fields) => check_fields(document, schema, fields, place, errors),
        _ => {}
    }
}

/// Follows references.
pub(crate) fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    while let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        schema = document.pointer(pointer).unwrap();
    }
    schema
}

fn check_fields(
    document: &Value,
    schema: &Value,
    fields: &serde_json::Map<String, Value>,
    place: &str,
    errors: &mut Vec<String>,
) {
    let known = schema["properties"].as_object();
    for (name, value) in fields {
        let place = format!("{place}/{name}");
        match known.map(|known| known.get(name)) {
            Some(Some(schema)) => check(document, schema, value, &place, errors),
            Some(None) => errors.push(format!("{place} is in no document")),
            // A map, such as one of links.
            None => {}
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if !fields.contains_key(name) {
            errors.push(format!("{place}/{name} is missing"));
        }
    }
}

fn check_text(schema: &Value, text: &str, place: &str, errors: &mut Vec<String>) {
    let length = text.chars().count() as u64;
    let too_short = schema["minLength"].as_u64().is_some_and(|min| length < min);
    let too_long = schema["maxLength"].as_u64().is_some_and(|max| length > max);
    if too_short || too_long {
        errors.push(format!("{place} has {length} characters"));
    }
    if let Some(pattern) = schema["pattern"].as_str()
        && !matches(pattern, text)
    {
        errors.push(format!("{place} does not match {pattern}"));
    }
    if let Some(format) = schema["format"].as_str()
        && !has_format(format, text)
    {
        errors.push(format!("{place} is {text}, not in the format {format}"));
    }
}

/// Matches the two kinds of pattern in the documents: SIDs, such as `^(SM|MM)[0-9a-fA-F]{32}$`,
/// and URLs.
fn matches(pattern: &str, text: &str) -> bool {
    let inner = pattern.trim_start_matches('^').trim_end_matches('$');
    if let Some(optional) = inner
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(")?"))
    {
        return text.is_empty() || matches(optional, text);
    }
    if inner.starts_with("https?://") {
        return text.starts_with("https://") || text.starts_with("http://");
    }
    let prefixes = inner
        .strip_suffix("[0-9a-fA-F]{32}")
        .unwrap_or_else(|| panic!("unknown pattern {pattern}"));
    let Some((prefix, digits)) = text.split_at_checked(2) else {
        return false;
    };
    let is_prefix = prefixes == "[a-zA-Z]{2}"
        || prefixes
            .trim_matches(['(', ')'])
            .split('|')
            .any(|p| p == prefix);
    is_prefix && digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "date-time-rfc-2822" => is_rfc2822(text),
        "date-time" => text.len() >= 20 && text.as_bytes()[10] == b'T' && text.ends_with('Z'),
        "date" => text.len() == 10 && text.split('-').count() == 3,
        "uri" => text.starts_with("http://") || text.starts_with("https://"),
        "http-method" => matches!(text, "GET" | "POST"),
        "iso-country-code" => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
        "currency" => text.len() == 3,
        // The documents use this also for `friendly_name`, whose form depends on the country.
        "phone-number" => text.bytes().any(|digit| digit.is_ascii_digit()),
        "endpoint" | "int64" | "twiml" => !text.is_empty(),
        _ => panic!("unknown format {format}"),
    }
}

/// Checks the shape of a date, such as `Thu, 30 Jul 2015 20:00:00 +0000`.
fn is_rfc2822(text: &str) -> bool {
    let parts: Vec<_> = text.split(' ').collect();
    let [day, date, month, year, time, zone] = parts.as_slice() else {
        return false;
    };
    day.len() == 4
        && date.parse::<u8>().is_ok()
        && month.len() == 3
        && year.len() == 4
        && time.split(':').count() == 3
        && *zone == "+0000"
}

/// Returns a value that a schema of a parameter permits.
pub(crate) fn sample(document: &Value, schema: &Value) -> String {
    let schema = resolve(document, schema);
    if let Some(first) = schema["enum"]
        .as_array()
        .and_then(|allowed| allowed.first())
    {
        return first.as_str().unwrap().to_owned();
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        let letters = pattern.trim_start_matches(['^', '(']).get(..2).unwrap();
        let prefix = if letters.bytes().all(|letter| letter.is_ascii_uppercase()) {
            letters
        } else {
            return "https://clinic.example/".to_owned();
        };
        return format!("{prefix}{}", "0".repeat(32));
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("array"), _) => sample(document, &schema["items"]),
        (Some("boolean"), _) => "true".to_owned(),
        (Some("integer" | "number"), _) => "1".to_owned(),
        (_, Some("uri")) => "https://clinic.example/".to_owned(),
        (_, Some("date")) => "2026-11-28".to_owned(),
        (_, Some("date-time")) => "2026-11-28T00:00:00Z".to_owned(),
        (_, Some("phone-number")) => "+14155550123".to_owned(),
        (_, Some("iso-country-code")) => "US".to_owned(),
        (_, Some("http-method")) => "POST".to_owned(),
        _ => "x".to_owned(),
    }
}

#[test]
fn violations_of_a_schema_are_found() {
    let document = serde_json::json!({ "components": { "schemas": {
        "status": { "type": "string", "enum": ["active", "closed"] },
        "account": { "type": "object", "required": ["sid"], "properties": {
            "sid": { "type": "string", "pattern": "^(AC|SK)[0-9a-fA-F]{32}$" },
            "app": { "type": "string", "pattern": "^(AP[0-9a-fA-F]{32})?$", "nullable": true },
            "status": { "$ref": "#/components/schemas/status" },
            "date": { "type": "string", "format": "date-time-rfc-2822" },
            "count": { "type": "integer" },
        }},
    }}});
    let schema = serde_json::json!({ "$ref": "#/components/schemas/account" });
    let found = |value: Value| {
        let mut errors = Vec::new();
        check(&document, &schema, &value, "", &mut errors);
        errors.join("; ")
    };
    let sid = format!("AC{}", "0".repeat(32));
    let right = serde_json::json!({ "sid": sid, "app": "", "status": "active", "count": 1,
        "date": "Thu, 30 Jul 2015 20:00:00 +0000" });
    assert_eq!(found(right.clone()), "");
    for (name, value, error) in [
        ("sid", Value::Null, "/sid is null"),
        (
            "sid",
            "AC0".into(),
            "/sid does not match ^(AC|SK)[0-9a-fA-F]{32}$",
        ),
        ("app", Value::Null, ""),
        (
            "app",
            "AP0".into(),
            "/app does not match ^(AP[0-9a-fA-F]{32})?$",
        ),
        (
            "count",
            "1".into(),
            "/count is \"1\", not of type \"integer\"",
        ),
        ("more", 1.into(), "/more is in no document"),
        (
            "date",
            "2015".into(),
            "/date is 2015, not in the format date-time-rfc-2822",
        ),
    ] {
        let mut wrong = right.clone();
        wrong[name] = value;
        assert_eq!(found(wrong), error, "{name}");
    }
    assert_eq!(found(serde_json::json!({})), "/sid is missing");
    assert!(found(serde_json::json!({ "sid": sid, "status": "x" })).contains("not one of"));
}
