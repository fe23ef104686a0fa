//! `explain-signature`.

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{Algorithm, PublicOrigin, Validator};

use crate::support::{Account, CLINIC, Program, new_path};

const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const BODY: &str = "Body=See+you+soon&From=%2B61491570156";

/// Returns the raw request, with the signature for this URL.
fn raw(origin: &str, ending: &str) -> String {
    let token = AuthToken::new(TOKEN).unwrap();
    let validator = Validator::new(token, PublicOrigin::parse(origin).unwrap());
    let request = http::Request::post("/hooks/message?to=1")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(BODY)
        .unwrap();
    let signature = validator.sign(&request);
    [
        "POST /hooks/message?to=1 HTTP/1.1",
        "Host: internal:8080",
        "Content-Type: application/x-www-form-urlencoded",
        &format!("Content-Length: {}", BODY.len()),
        &format!("X-Twilio-Signature: {signature}"),
        "",
        BODY,
    ]
    .join(ending)
}

fn explain(arguments: &[&str]) -> Program {
    let all = [&["explain-signature"], arguments].concat();
    let program = Program::new(&all).secret(TOKEN).secret("soon");
    program.env("TWILIO_AUTH_TOKEN", TOKEN)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_valid_signature_exits_with_0() {
    for ending in ["\r\n", "\n"] {
        let request = raw("https://demo.clinspark.com", ending) + "\n";
        let ran = explain(&["--url", "https://demo.clinspark.com"]).input(request);
        ran.run()
            .await
            .expect(0)
            .shows(&["valid: ", "with the primary auth token"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cause_of_a_refusal_is_named() {
    let request = raw("https://demo.clinspark.com", "\r\n");
    let url = "http://demo.clinspark.com/hooks/message?to=1";
    let ran = explain(&["--url", url])
        .input(request.clone())
        .run()
        .await
        .expect(1);
    ran.shows(&[
        "refused: signature-mismatch",
        "tried http://demo.clinspark.com/hooks/message?[redacted]",
        "cause: scheme",
    ]);
    assert!(!ran.out.contains("to=1"), "{}", ran.out);
    let file = new_path("request.http");
    std::fs::write(&file, &request).unwrap();
    let path = file.to_str().unwrap();
    let other =
        explain(&["--url", url, path, "--json"]).env("TWILIO_AUTH_TOKEN", &"a1b2".repeat(8));
    let answer = other.run().await.expect(1).json();
    assert_eq!(answer["causes"][0]["cause"], "other-token");
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_that_signed_is_named() {
    let origin = "https://demo.clinspark.com";
    let other = "a1b2".repeat(8);
    let request = raw(origin, "\r\n");
    let explain = |arguments: &[&str], request: &str| {
        let all = [&["--url", origin], arguments].concat();
        explain(&all)
            .env("TWILIO_AUTH_TOKEN", &other)
            .secret(&other)
            .input(request)
    };
    // A rotation: the secondary token was promoted, and the instance does not know it yet.
    let ran = explain(&[], &request).env("TWILIO_SECONDARY_AUTH_TOKEN", TOKEN);
    ran.run()
        .await
        .expect(0)
        .shows(&["the secondary auth token"]);

    let file = new_path("keys.txt");
    let path = file.to_str().unwrap();
    let secret = "c2hhcmVkLWtleQ";
    let lines = format!("{other}\n\n{TOKEN}\nwebhooks_sharedkey_01 hmac_sha256 {secret}\n");
    std::fs::write(&file, lines).unwrap();
    let by_token = explain(&["--key-file", path, "--json"], &request);
    let answer = by_token.run().await.expect(0).json();
    assert_eq!(answer["signed_by"], "the auth token of line 3");
    let message = format!("{origin}/hooks/message?to=1");
    let signature = Algorithm::HmacSha256.sign(secret.as_bytes(), message.as_bytes());
    let request = format!(
        "GET /hooks/message?to=1 HTTP/1.1\nX-Twilio-Signature: {signature}\n\
         X-Twilio-Webhooks-Signature-Settings: key=webhooks_sharedkey_01,algorithm=HMAC_SHA256\n\n"
    );
    let by_shared_key = explain(&["--key-file", path], &request).secret(secret);
    let ran = by_shared_key.run().await.expect(0);
    ran.shows(&["with the shared key webhooks_sharedkey_01"]);

    for (lines, fault) in [
        ("", "has no auth token"),
        (
            "webhooks_sharedkey_01 HMAC_SHA256 c2hhcmVkLWtleQ",
            "has no auth token",
        ),
        (
            "webhooks_sharedkey_01 MD5 c2hhcmVkLWtleQ",
            "line 1: the algorithm is neither",
        ),
        (
            "c2hhcmVkLWtleQ\nc2hhcmVkLWtleQ and more of it",
            "line 2: write an auth token",
        ),
    ] {
        std::fs::write(&file, lines).unwrap();
        let ran = explain(&["--key-file", path], &request).secret(secret);
        let ran = ran.run().await.expect(2);
        assert!(ran.err.contains(fault), "{}", ran.err);
    }
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_read_from_the_settings() {
    let account = Account::start().await;
    let origin = "https://demo.clinspark.com";
    let explain = ["explain-signature", "--url", origin, "--env-prefix", "ACME"];
    // All settings are checked, not the token alone.
    let ran = account.program(&explain).input(raw(origin, "\n"));
    let ran = ran.run().await.expect(2);
    assert!(ran.err.contains("ACME_TWILIO_ACCOUNT_SID"), "{}", ran.err);
    let mut prefixed = account.program(&explain).input(raw(origin, "\n"));
    for (name, value) in [
        ("ACME_TWILIO_BASE_URL", account.twilio.base_url()),
        ("ACME_CLINSPARK_DOMAIN", "demo"),
        (
            "ACME_TWILIO_ACCOUNT_SID",
            account.twilio.account_sid().as_str(),
        ),
        ("ACME_TWILIO_AUTH_TOKEN", &"a1b2".repeat(8)),
        ("ACME_TWILIO_SECONDARY_AUTH_TOKEN", TOKEN),
        ("ACME_TWILIO_PHONE_NUMBER", CLINIC),
        ("ACME_CLINSPARK_DELIVERY", "off"),
    ] {
        prefixed = prefixed.env(name, value);
    }
    let ran = prefixed.secret(TOKEN).run().await.expect(0);
    ran.shows(&["with the secondary auth token"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_request_or_token_exits_with_2() {
    let url = ["--url", "https://demo.clinspark.com"];
    for request in ["", "hello\n\n", "POST /x HTTP/1.1\nno header\n\n"] {
        let ran = explain(&url).input(request).run().await.expect(2);
        assert!(ran.err.contains("cannot be read"), "{}", ran.err);
    }
    let request = raw("https://demo.clinspark.com", "\n");
    let ran = explain(&["--url", "demo.clinspark.com"]).input(request);
    let ran = ran.run().await.expect(2);
    assert!(ran.err.contains("with https://"), "{}", ran.err);
    let ran = explain(&url)
        .env("TWILIO_AUTH_TOKEN", "")
        .run()
        .await
        .expect(2);
    assert!(ran.err.contains("TWILIO_AUTH_TOKEN"), "{}", ran.err);
}
