//! Signatures of forms, compared with a plain implementation of Twilio's rule.
//!
//! Input: a path and query on the first line, and a form after it.
#![no_main]

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    PublicOrigin, ReplayKey, SIGNATURE_HEADER, Validator, Verified, WebhookEvent,
};
use http::{HeaderValue, Request};
use libfuzzer_sys::fuzz_target;
use ring::hmac;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ORIGIN: &str = "https://acme.example.com";

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let target = lines.next().unwrap_or_default();
    let body = lines.next().unwrap_or_default();
    let Some(request) = request(target, body) else {
        return;
    };
    let url = format!("{ORIGIN}{}", request.uri());
    // A form can also be covered by its hash.
    if url.contains("bodySHA256") {
        return;
    }
    let message = message(&url, body);
    let expected = sign(message.as_bytes());

    let validator = Validator::new(
        AuthToken::new(TOKEN).unwrap(),
        PublicOrigin::parse(ORIGIN).unwrap(),
    );
    assert_eq!(validator.sign(&request), expected);
    match validator.verify(with(&request, &expected)) {
        Ok(verified) => readable_was_signed(&verified, &url, &message, body),
        Err(error) => assert!(is_ambiguous(body), "refused: {error}"),
    }

    // One byte more or less makes another message.
    let longer = sign(format!("{message}x").as_bytes());
    assert!(validator.verify(with(&request, &longer)).is_err());
    let mut shorter = message.into_bytes();
    shorter.pop();
    let shorter = sign(&shorter);
    assert!(validator.verify(with(&request, &shorter)).is_err());
});

fn request<'a>(target: &[u8], body: &'a [u8]) -> Option<Request<&'a [u8]>> {
    let target = std::str::from_utf8(target).ok()?;
    let request = Request::post(target)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .ok()?;
    let is_path = request.uri().host().is_none() && request.uri().path().starts_with('/');
    is_path.then_some(request)
}

fn with<'a>(request: &Request<&'a [u8]>, signature: &str) -> Request<&'a [u8]> {
    let mut request = request.clone();
    let signature = HeaderValue::from_str(signature).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    request
}

/// Returns the URL, then names and values in order, each pair once.
fn message(url: &str, body: &[u8]) -> String {
    let pairs: BTreeSet<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    pairs
        .into_iter()
        .fold(url.to_owned(), |message, (name, value)| {
            message + &name + &value
        })
}

fn sign(message: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN.as_bytes());
    STANDARD.encode(hmac::sign(&key, message))
}

/// A name before `AccountSid` could also be the end of the URL.
fn is_ambiguous(body: &[u8]) -> bool {
    let has_account = form_urlencoded::parse(body).any(|(name, _)| name == "AccountSid");
    has_account && form_urlencoded::parse(body).any(|(name, _)| &*name < "AccountSid")
}

fn readable_was_signed(verified: &Verified<&[u8]>, url: &str, message: &str, body: &[u8]) {
    let parameters: Vec<_> = verified.parameters().collect();
    let expected: Vec<_> = form_urlencoded::parse(body).collect();
    assert_eq!(parameters, expected);
    for (name, value) in &parameters {
        assert!(message.contains(&format!("{name}{value}")));
        let first = expected.iter().find(|(other, _)| other == name);
        let first = first.map(|(_, value)| value.clone());
        assert_eq!(verified.parameter(name), first);
    }
    // The query is in the URL as it was signed.
    let (_, query) = url.split_once('?').unwrap_or((url, ""));
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let found = verified.query_parameter(&name).unwrap();
        let mut all = form_urlencoded::parse(query.as_bytes());
        let (_, first) = all.find(|(other, _)| *other == name).unwrap();
        assert_eq!(found, first);
        let _ = value;
    }
    if let Some(key) = ReplayKey::of(verified) {
        // A key consists of signed values, and hashes of them, with `-` and `#` between them.
        let is_hash = |part: &str| part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let mut parts = key.as_str().split(['-', '#']);
        assert!(parts.all(|part| message.contains(part) || is_hash(part)));
    }
    let _ = verified.parse::<WebhookEvent>();
    let shown = format!("{verified:?}");
    assert!(!shown.contains('?'), "a query is printed");
}
