//! The public API names types of the crates that the manifest allows, and of no others.
//!
//! `.ci/public-types` has rustdoc describe the API as JSON, and passes the file's path in `PUBLIC_API_JSON`. Without the
//! variable the test of the API says so and passes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

const STANDARD_LIBRARY: [&str; 3] = ["alloc", "core", "std"];

/// Types of other crates that the API names, each with the items that name it, by crate.
type ExternalTypes = BTreeMap<String, BTreeSet<String>>;

fn external_types(api: &Value) -> ExternalTypes {
    let mut found = ExternalTypes::new();
    for item in api["index"].as_object().unwrap().values() {
        let of_other_crate = item["crate_id"] != 0;
        let implementation = &item["inner"]["impl"];
        // The compiler's implementations, such as `Send` and `T: Into<U>`: nobody wrote them.
        let derived =
            implementation["is_synthetic"] == true || implementation["blanket_impl"].is_object();
        if !of_other_crate && !derived {
            collect(api, item, &item["inner"], &mut found);
        }
    }
    found
}

/// Paths are objects with an `id`, wherever they stand: in signatures, bounds, fields, re-exports.
fn collect(api: &Value, item: &Value, value: &Value, found: &mut ExternalTypes) {
    if let Some(id) = value["id"].as_u64() {
        let target = &api["paths"][id.to_string()];
        if let Some(crate_id) = target["crate_id"]
            .as_u64()
            .filter(|crate_id| *crate_id != 0)
        {
            let name = api["external_crates"][crate_id.to_string()]["name"]
                .as_str()
                .unwrap();
            let path: Vec<&str> = target["path"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let at = item["span"]["filename"].as_str().unwrap_or_default();
            let item = item["name"].as_str().unwrap_or("impl");
            let line = format!("{} in `{item}` ({at})", path.join("::"));
            found.entry(name.to_owned()).or_default().insert(line);
        }
    }
    match value {
        Value::Object(fields) => fields
            .values()
            .for_each(|value| collect(api, item, value, found)),
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect(api, item, value, found)),
        _ => {}
    }
}

/// Crates in `allowed_external_types`, the list of the tool `cargo-check-external-types`.
fn allowed() -> BTreeSet<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    let (_, list) = manifest.split_once("allowed_external_types = [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let entries = list
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            entry
                .trim_matches('"')
                .strip_suffix("::*")
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[test]
#[allow(clippy::print_stdout, reason = "a test that is left out says so")]
fn the_api_names_types_of_the_allowed_crates_only() {
    let Ok(path) = std::env::var("PUBLIC_API_JSON") else {
        println!("skipped: PUBLIC_API_JSON is not set; `.ci/public-types` sets it");
        return;
    };
    let api: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut named = external_types(&api);
    named.retain(|name, _| !STANDARD_LIBRARY.contains(&name.as_str()));
    let allowed = allowed();
    for (name, types) in &named {
        let types: Vec<&str> = types.iter().map(String::as_str).collect();
        assert!(
            allowed.contains(name),
            "`{name}` is not in allowed_external_types of Cargo.toml, but the API names\n{}",
            types.join("\n")
        );
    }
    let unused: Vec<_> = allowed
        .iter()
        .filter(|name| !named.contains_key(*name))
        .collect();
    assert!(unused.is_empty(), "allowed, but not in the API: {unused:?}");
}

#[test]
fn types_are_found_in_what_we_wrote_and_not_in_what_the_compiler_derives() {
    let api = serde_json::json!({
        "external_crates": { "7": { "name": "jiff" } },
        "paths": {
            "1": { "crate_id": 0, "path": ["clinspark_twilio", "Ours"] },
            "2": { "crate_id": 7, "path": ["jiff", "Timestamp"] },
        },
        "index": {
            "10": {
                "crate_id": 0, "name": "at", "span": { "filename": "src/lib.rs" },
                "inner": { "function": { "sig": { "inputs": [["x", { "resolved_path": { "id": 1 } }]],
                    "output": { "tuple": [{ "resolved_path": { "id": 2 } }] } } } },
            },
            "11": { "crate_id": 0, "inner": { "impl": { "is_synthetic": true, "trait": { "id": 2 } } } },
            "12": { "crate_id": 0, "inner": { "impl": { "blanket_impl": { "generic": "T" }, "for": { "id": 2 } } } },
            "13": { "crate_id": 7, "inner": { "struct": { "id": 2 } } },
        },
    });
    let expected = BTreeSet::from(["jiff::Timestamp in `at` (src/lib.rs)".to_owned()]);
    assert_eq!(
        external_types(&api),
        ExternalTypes::from([("jiff".to_owned(), expected)])
    );
}
