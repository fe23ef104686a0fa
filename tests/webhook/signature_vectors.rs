//! Webhook signatures compared with the results of Twilio's own Python and Node validators.
//!
//! The vectors and the script that creates them are in `tests/data/signatures`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::types::{AuthToken, Method};
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
use http::{HeaderValue, Request};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    note: String,
    auth_token: String,
    method: String,
    url: String,
    content_type: Option<String>,
    body_base64: String,
    signature: String,
    expect: bool,
    /// `true`, `false`, or the name of the exception that the library raises.
    python: serde_json::Value,
    node: serde_json::Value,
    why: Option<String>,
}

impl Row {
    fn request(&self, target: &str) -> Option<Request<Vec<u8>>> {
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(target)
            .body(STANDARD.decode(&self.body_base64).unwrap())
            .ok()?;
        if let Some(content_type) = &self.content_type {
            let value = HeaderValue::from_str(content_type).unwrap();
            request
                .headers_mut()
                .insert(http::header::CONTENT_TYPE, value);
        }
        if !self.signature.is_empty() {
            let value = HeaderValue::from_str(&self.signature).unwrap();
            request.headers_mut().insert(SIGNATURE_HEADER, value);
        }
        Some(request)
    }

    fn validator(&self, origin: &str) -> Validator {
        let token = AuthToken::new(self.auth_token.as_str()).unwrap();
        let validator = Validator::new(token, PublicOrigin::parse(origin).unwrap());
        validator.methods([Method::Get, Method::Post])
    }

    fn disagrees(&self) -> bool {
        self.python != self.expect || self.node != self.expect
    }
}

fn rows() -> Vec<Row> {
    include_str!("../data/signatures/vectors.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_row_has_the_expected_result_by_its_whole_url() {
    let rows = rows();
    assert!(rows.len() >= 300, "{} rows", rows.len());
    for row in rows {
        let request = row.request("/").unwrap();
        let verdict = row
            .validator("https://unused.example")
            .verify_with_url(&row.url, request);
        assert_eq!(verdict.is_ok(), row.expect, "{}: {verdict:?}", row.note);
    }
}

#[test]
fn every_row_has_the_expected_result_by_origin_and_target() {
    let mut judged = 0;
    for row in rows() {
        let path_at = row.url.find("://").unwrap() + 3;
        let Some(length) = row.url[path_at..].find('/') else {
            continue;
        };
        let (origin, target) = row.url.split_at(path_at + length);
        let Ok(origin) = PublicOrigin::parse(origin) else {
            continue;
        };
        let Some(request) = row.request(target) else {
            continue;
        };
        let verdict = row.validator(origin.as_str()).verify(request);
        assert_eq!(verdict.is_ok(), row.expect, "{}: {verdict:?}", row.note);
        judged += 1;
    }
    assert!(judged >= 400, "{judged} rows");
}

#[test]
fn accepted_signatures_equal_our_own() {
    for row in rows().into_iter().filter(|row| row.expect) {
        let path_at = row.url.find("://").unwrap() + 3;
        let (origin, target) = row
            .url
            .split_at(path_at + row.url[path_at..].find('/').unwrap());
        let Ok(origin) = PublicOrigin::parse(origin) else {
            continue;
        };
        let Some(mut request) = row.request(target) else {
            continue;
        };
        let validator = row.validator(origin.as_str());
        let signature = HeaderValue::from_str(&validator.sign(&request)).unwrap();
        request.headers_mut().insert(SIGNATURE_HEADER, signature);
        assert!(validator.verify(request).is_ok(), "{}", row.note);
    }
}

/// Rows on which a library is wrong, or less strict than this crate. Each has its reason.
#[test]
fn each_disagreement_with_a_library_has_its_reason() {
    let (odd, agreed): (Vec<_>, Vec<_>) = rows().into_iter().partition(Row::disagrees);
    assert!(
        agreed.len() >= 300,
        "{} rows on which all three agree",
        agreed.len()
    );
    assert!(agreed.iter().all(|row| row.why.is_none()));
    for row in &odd {
        assert!(row.why.is_some(), "{} has no reason", row.note);
    }
    assert_eq!(odd.len(), 33);
}
