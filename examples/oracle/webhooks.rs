//! Names the cause of a webhook's refused signature: one JSON line in, one JSON line out.
//!
//! Input: `{"entry"?, "auth_token", "method", "url", "content_type", "headers"?, "body_base64",
//! "signature"}`. `entry` is `http` (the default) or `websocket`, `auth_token` is a string or a
//! list, `signature` may be null, and `headers` maps names to values.
//!
//! Output: `{"valid":true}` or `{"valid":false,"reason":...,"hint":...}`; with `--plain`, text.
//!
//! The lines contain secrets and may contain message bodies: keep them on your own machine.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::types::{AuthToken, SharedKeySecret};
use clinspark_twilio::webhook::{
    Algorithm, Cause, Diagnosis, Keys, RequestKind, SIGNATURE_HEADER, SharedKey, diagnose,
};
use http::{HeaderName, HeaderValue, Request, header};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    entry: EntryName,
    auth_token: OneOrMany,
    method: String,
    url: String,
    content_type: Option<String>,
    headers: Option<BTreeMap<String, OneOrMany>>,
    body_base64: Option<String>,
    signature: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EntryName {
    #[default]
    Http,
    WebSocket,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

#[derive(Serialize)]
struct Verdict {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Verdict {
    const VALID: Self = Self {
        valid: true,
        reason: None,
        hint: None,
    };

    fn refused(reason: &'static str, hint: &impl ToString) -> Self {
        Self {
            valid: false,
            reason: Some(reason),
            hint: Some(hint.to_string()),
        }
    }
}

/// Writes a verdict on each line of the input.
pub(crate) fn run(input: impl BufRead, mut out: impl Write, plain: bool) -> io::Result<()> {
    for line in input.split(b'\n') {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let verdict = match serde_json::from_slice(&line) {
            Ok(line) => judge(&line),
            Err(error) => Verdict::refused("bad-input", &fault(&error)),
        };
        if !plain {
            serde_json::to_writer(&mut out, &verdict)?;
            writeln!(out)?;
        } else if verdict.valid {
            writeln!(out, "valid")?;
        } else {
            let (reason, hint) = (
                verdict.reason.unwrap_or_default(),
                verdict.hint.unwrap_or_default(),
            );
            writeln!(out, "refused: {reason}\n    {hint}")?;
        }
    }
    Ok(())
}

/// Describes an invalid line. Does not repeat a value of the wrong type, which may be the token.
fn fault(error: &serde_json::Error) -> String {
    let words = error.to_string();
    if words.starts_with("invalid type") || words.starts_with("invalid value") {
        let column = error.column();
        format!("the line is not a request: a value of the wrong type ends at column {column}")
    } else {
        format!("the line is not a request: {words}")
    }
}

fn judge(line: &Line) -> Verdict {
    let request = match request(line) {
        Ok(request) => request,
        Err(verdict) => return verdict,
    };
    let kind = match line.entry {
        EntryName::Http => RequestKind::Webhook,
        EntryName::WebSocket => RequestKind::WebSocket,
    };
    let mut keyring = Vec::new();
    for token in line.auth_token.as_slice() {
        let Some(keys) = keys(token, &request) else {
            let fault = bad_token(token, kind, &line.url, &request);
            return Verdict::refused("bad-token", &fault);
        };
        keyring.push(keys);
    }
    let mut refusals = Vec::new();
    for keys in &keyring {
        match diagnose(keys, kind, &line.url, &request) {
            Ok(_) => return Verdict::VALID,
            Err(refusal) => refusals.push(refusal),
        }
    }
    // With several tokens, most refusals only say that the token is another one.
    let explained = |refusal: &&Diagnosis| refusal.causes() != [Cause::OtherToken];
    match refusals.iter().find(explained).or(refusals.first()) {
        Some(refusal) => Verdict::refused(refusal.error().kind().as_str(), refusal),
        None => Verdict::refused("bad-token", &"`auth_token` is empty; add a token"),
    }
}

/// Returns keys with `secret` as the auth token, and as the shared key that the request names.
fn keys(secret: &str, request: &Request<Vec<u8>>) -> Option<Keys> {
    let keys = Keys::new(AuthToken::new(secret).ok()?);
    let settings = request
        .headers()
        .get("x-twilio-webhooks-signature-settings");
    let settings = settings
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let named = |wanted: &str| {
        let mut parts = settings.split(',').filter_map(|part| part.split_once('='));
        parts
            .find(|(name, _)| name.trim() == wanted)
            .map(|(_, value)| value.trim())
    };
    let Some(id) = named("key") else {
        return Some(keys);
    };
    let algorithm = match named("algorithm") {
        Some(name) if name.eq_ignore_ascii_case("HMAC_SHA256") => Algorithm::HmacSha256,
        _ => Algorithm::HmacSha1,
    };
    let secret = SharedKeySecret::new(secret).ok()?;
    Some(keys.add_shared_key(SharedKey::new(id, algorithm, &secret)))
}

fn bad_token(token: &str, kind: RequestKind, url: &str, request: &Request<Vec<u8>>) -> String {
    let fault = AuthToken::new(token)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    let trimmed = keys(token.trim(), request);
    match trimmed.map(|keys| diagnose(&keys, kind, url, request)) {
        Some(Ok(_)) => {
            format!("{fault}; the signature is valid without the blanks around the token")
        }
        _ => fault,
    }
}

fn request(line: &Line) -> Result<Request<Vec<u8>>, Verdict> {
    let body = STANDARD
        .decode(line.body_base64.as_deref().unwrap_or_default())
        .map_err(|_| Verdict::refused("bad-input", &"`body_base64` is not valid Base64"))?;
    let mut request = Request::new(body);
    *request.method_mut() = line
        .method
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Verdict::refused("bad-input", &"`method` is not an HTTP method"))?;
    let headers = request.headers_mut();
    for (name, values) in line.headers.iter().flatten() {
        let bad = || {
            Verdict::refused(
                "bad-input",
                &format!("header {name:?} is not a valid HTTP header"),
            )
        };
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        for value in values.as_slice() {
            headers.append(&name, value.parse().map_err(|_| bad())?);
        }
    }
    if let Some(content_type) = &line.content_type {
        let value = content_type.parse().map_err(|_| {
            Verdict::refused("bad-input", &"`content_type` is not a valid header value")
        })?;
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Some(signature) = &line.signature {
        let value = HeaderValue::from_bytes(signature.as_bytes()).map_err(|_| {
            Verdict::refused(
                "malformed-header",
                &"the signature is not a valid header value",
            )
        })?;
        headers.insert(SIGNATURE_HEADER, value);
    }
    Ok(request)
}
