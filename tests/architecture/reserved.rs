//! Requests that give away what the account owns stay in the client.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::catalogue::files;

/// Requests that buy or release a number, or change an auth token.
const RESERVED: [&str; 5] = [
    "BuyPhoneNumber",
    "CreateSecondaryAuthToken",
    "DeleteSecondaryAuthToken",
    "PromoteAuthToken",
    "ReleasePhoneNumber",
];

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A messenger, the provisioning and every program leave these requests to the operator's code.
#[test]
fn only_the_client_names_a_reserved_request() {
    let client = package().join("src/client");
    for folder in ["src", "examples", "benches", "tools"] {
        for file in files(&package().join(folder)) {
            let is_rust = file.extension().is_some_and(|extension| extension == "rs");
            if !is_rust || file.starts_with(&client) {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            for name in RESERVED {
                assert!(!text.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

#[test]
fn exactly_these_requests_are_marked_as_reserved() {
    let mut marked = BTreeSet::new();
    for file in files(&package().join("src/client/resources")) {
        let text = fs::read_to_string(&file).unwrap();
        let mut request = "";
        for line in text.lines() {
            if let Some((name, _)) = line.trim_start().split_once(" => ") {
                request = name;
            }
            if line.trim() == "reserved true;" {
                marked.insert(request.to_owned());
            }
        }
    }
    assert_eq!(marked, RESERVED.map(str::to_owned).into());
}
