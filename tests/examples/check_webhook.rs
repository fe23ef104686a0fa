//! The command `oracle webhooks` names the cause of a refused signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{Algorithm, PublicOrigin, Validator, body_sha256};
use http::Request;
use serde_json::{Value, json};

#[path = "../../examples/oracle/webhooks.rs"]
mod webhooks;

const FORM: &str = "application/x-www-form-urlencoded";
const SMS: &str =
    "Body=Yes+%2B+thanks&From=%2B14155550123&ToCity=&MessageSid=SM1&To=%2B14155550199";

fn judge(line: &Value) -> Value {
    let mut out = Vec::new();
    webhooks::run(line.to_string().as_bytes(), &mut out, false).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// Returns a line with Twilio's signature for `url` and the form.
fn signed(url: &str, form: &str) -> Value {
    let at = url[8..].find('/').unwrap() + 8;
    let origin = PublicOrigin::parse(&url[..at]).unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let request = Request::post(&url[at..])
        .header("content-type", FORM)
        .body(form.to_owned());
    let signature = validator.sign(&request.unwrap());
    json!({
        "auth_token": "12345", "method": "POST", "url": url, "content_type": FORM,
        "body_base64": STANDARD.encode(form), "signature": signature,
    })
}

/// Returns the line with some of its members changed.
fn but(mut line: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else {
        unreachable!()
    };
    line.as_object_mut().unwrap().extend(changes);
    line
}

#[track_caller]
fn cause(line: &Value) -> String {
    let verdict = judge(line);
    assert_eq!(verdict["valid"], false, "{verdict}");
    assert_eq!(verdict["reason"], "signature-mismatch", "{verdict}");
    verdict["hint"]
        .as_str()
        .unwrap()
        .split(':')
        .next()
        .unwrap()
        .to_owned()
}

const URL: &str = "https://acme.example.com/sms?b=x%20y&a='1'";

#[test]
fn valid_signatures() {
    assert_eq!(judge(&signed(URL, SMS)), json!({"valid": true}));
    let list = but(
        signed(URL, SMS),
        json!({"auth_token": ["67890", "12345"], "entry": "http"}),
    );
    assert_eq!(judge(&list), json!({"valid": true}));
    let several = format!("{}\n\n{}\n", signed(URL, SMS), signed(URL, "a=1"));
    let mut out = Vec::new();
    webhooks::run(several.as_bytes(), &mut out, true).unwrap();
    assert_eq!(out, b"valid\nvalid\n");
}

#[test]
fn causes_in_the_url() {
    let signed = || signed(URL, SMS);
    for (url, name) in [
        ("http://acme.example.com/sms?b=x%20y&a='1'", "scheme"),
        (
            "https://acme.example.com/sms/?b=x%20y&a='1'",
            "trailing-slash",
        ),
        ("https://acme.example.com//sms?b=x%20y&a='1'", "path"),
        ("https://acme.example.com/sms?b=x+y&a='1'", "query-encoding"),
        (
            "https://acme.example.com/sms?b=x%20y&a=%271%27",
            "query-encoding",
        ),
        ("https://acme.example.com/sms?a='1'&b=x%20y", "query-order"),
        ("https://other.example.com/sms?b=x%20y&a='1'", "other-token"),
    ] {
        assert_eq!(cause(&but(signed(), json!({"url": url}))), name, "{url}");
    }
    let hosted = json!({
        "url": "https://app.internal/sms?b=x%20y&a='1'",
        "headers": {"X-Forwarded-Host": "acme.example.com"},
    });
    assert_eq!(cause(&but(signed(), hosted)), "host");
}

#[test]
fn causes_in_the_port() {
    let line = signed("https://acme.example.com:8443/sms", SMS);
    assert_eq!(
        cause(&but(line, json!({"url": "https://acme.example.com/sms"}))),
        "port"
    );
    let odd = signed("https://acme.example.com:7001/sms", SMS);
    let changes = json!({
        "url": "https://acme.example.com/sms", "headers": {"X-Forwarded-Port": "7001"},
    });
    assert_eq!(cause(&but(odd, changes)), "port");
    let two = signed("https://acme.example.com:8443/sms", SMS);
    let verdict = judge(&but(two, json!({"url": "http://acme.example.com/sms/"})));
    let hint = verdict["hint"].as_str().unwrap();
    for name in ["scheme: ", "and port: ", "and trailing-slash: "] {
        assert!(hint.contains(name), "{hint}");
    }
}

#[test]
fn causes_in_the_form() {
    let body = |form: &str| json!({"body_base64": STANDARD.encode(form)});
    let line = |form| signed("https://acme.example.com/sms?q=1", form);
    assert_eq!(
        cause(&but(line("Body=Yes+&From=1"), body("Body=Yes&From=1"))),
        "trimmed-values"
    );
    assert_eq!(
        cause(&but(line("Body=Yes&From=1"), body("Body=+Yes+&From=1"))),
        "trimmed-values"
    );
    assert_eq!(
        cause(&but(line("Body=a%0D%0Ab"), body("Body=a%0Ab"))),
        "trimmed-values"
    );
    assert_eq!(
        cause(&but(line(SMS), body(&SMS.replace("&ToCity=", "")))),
        "empty-values"
    );
    assert_eq!(
        cause(&but(line(SMS), body(&SMS.replace("%2B1", "+1")))),
        "body-encoding"
    );
    assert_eq!(
        cause(&but(line("a=100%2525"), body("a=100%25"))),
        "body-encoding"
    );
    assert_eq!(cause(&but(line("a=1"), body("a=1&q=1"))), "query-in-form");
    assert_eq!(
        cause(&but(line("a=1"), json!({"auth_token": "67890"}))),
        "other-token"
    );
    let by_get = json!({
        "method": "GET", "url": "https://acme.example.com/sms?a=1", "body_base64": "",
    });
    assert_eq!(
        cause(&but(signed("https://acme.example.com/sms", "a=1"), by_get)),
        "method"
    );
}

#[test]
fn bodies_that_the_signature_does_not_cover() {
    let line = signed("https://acme.example.com/sms", SMS);
    let verdict = judge(&but(line, json!({"content_type": "text/plain"})));
    assert_eq!(verdict["reason"], "uncovered-body");
    assert!(
        verdict["hint"]
            .as_str()
            .unwrap()
            .starts_with("content-type: "),
        "{verdict}"
    );

    let line = signed("https://acme.example.com/sms", "a=1&b=x+y");
    let body = STANDARD.encode(r#"{"b":"x y","a":"1"}"#);
    let verdict = judge(&but(
        line,
        json!({"content_type": "application/json", "body_base64": body}),
    ));
    assert!(
        verdict["hint"]
            .as_str()
            .unwrap()
            .starts_with("body-reserialised: "),
        "{verdict}"
    );
}

#[test]
fn json_that_was_reserialised() {
    let sent = r#"{ "b": [1, {"c": "né"}], "a": {} }"#;
    let python = r#"{"b": [1, {"c": "n\u00e9"}], "a": {}}"#;
    let url = |body: &str| {
        format!(
            "https://acme.example.com/studio?bodySHA256={}",
            body_sha256(body.as_bytes())
        )
    };
    for (signed_body, seen) in [
        (sent.replace(' ', "").as_str(), sent),
        (python, sent),
        (
            sent.replace(' ', "").as_str(),
            "{\n  \"b\": [1, {\"c\": \"né\"}],\n  \"a\": {}\n}\n",
        ),
        (r#"{"a":{},"b":[1,{"c":"né"}]}"#, sent),
    ] {
        let line = but(
            signed(&url(signed_body), ""),
            json!({"content_type": "application/json", "body_base64": STANDARD.encode(seen)}),
        );
        let verdict = judge(&line);
        assert_eq!(verdict["reason"], "body-hash-mismatch");
        assert!(
            verdict["hint"]
                .as_str()
                .unwrap()
                .starts_with("body-reserialised: "),
            "{verdict}"
        );
    }
    let forged = but(
        signed(&url(sent), ""),
        json!({"content_type": "application/json", "body_base64": STANDARD.encode("{}")}),
    );
    assert!(
        judge(&forged)["hint"]
            .as_str()
            .unwrap()
            .starts_with("body-hash-mismatch: ")
    );
}

#[test]
fn web_sockets() {
    let signature = Algorithm::HmacSha1.sign(b"12345", b"wss://acme.example.com/media/");
    let line = json!({
        "entry": "websocket", "auth_token": "12345", "method": "GET", "content_type": null,
        "url": "https://acme.example.com/media", "headers": {"Upgrade": "websocket"},
        "body_base64": "", "signature": signature,
    });
    assert_eq!(judge(&line), json!({"valid": true}));
    assert_eq!(
        cause(&but(line.clone(), json!({"entry": "http"}))),
        "request-kind"
    );
    let verdict = judge(&but(line, json!({"headers": {}})));
    assert_eq!(verdict["reason"], "not-a-handshake");
}

#[test]
fn shared_keys() {
    let signature = Algorithm::HmacSha256.sign(b"12345", b"https://acme.example.com/p");
    let settings = |value: &str| json!({"X-Twilio-Webhooks-Signature-Settings": value});
    let line = json!({
        "auth_token": "12345", "method": "GET", "content_type": null, "body_base64": "",
        "url": "https://acme.example.com/p", "signature": signature,
        "headers": settings("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"),
    });
    assert_eq!(judge(&line), json!({"valid": true}));
    let reason =
        |value| judge(&but(line.clone(), json!({"headers": settings(value)})))["reason"].clone();
    assert_eq!(
        reason("key=webhooks_sharedkey_1,algorithm=HMAC_MD5"),
        "unsupported-algorithm"
    );
    assert_eq!(
        reason("key=webhooks_sharedkey_1,algorithm=HMAC_SHA1"),
        "signature-mismatch"
    );
}

#[test]
fn invalid_tokens_and_lines() {
    for token in [json!(""), json!(["12345", ""]), json!([])] {
        let mut line = but(signed(URL, SMS), json!({"auth_token": token}));
        line["signature"] = json!(Algorithm::HmacSha1.sign(b"", b"x"));
        assert_eq!(judge(&line)["reason"], "bad-token");
    }
    let stray = judge(&but(signed(URL, SMS), json!({"auth_token": "12345\n"})));
    let hint = stray["hint"].as_str().unwrap();
    assert!(
        hint.ends_with("the signature is valid without the blanks around the token"),
        "{hint}"
    );
    let typed = judge(&json!({"headers": "secret-1", "url": 1}));
    assert_eq!(typed["reason"], "bad-input");
    assert!(!typed.to_string().contains("secret-1"), "{typed}");
    let missing = judge(&json!({"url": "https://acme.example.com/"}));
    let hint = missing["hint"].as_str().unwrap();
    assert!(hint.contains("missing field `auth_token`"), "{hint}");
    assert_eq!(
        judge(&but(signed(URL, SMS), json!({"url": "/sms"})))["reason"],
        "bad-url"
    );
    assert_eq!(
        judge(&but(signed(URL, SMS), json!({"signature": null})))["reason"],
        "missing-header"
    );
}
