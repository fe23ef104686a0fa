//! `explain-signature`.

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{PublicOrigin, Validator};

use crate::support::{Program, new_path};

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
            .shows(&["valid: the signature fits"]);
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
    let token = new_path("token.txt");
    std::fs::write(&token, format!("{TOKEN}\n")).unwrap();
    let token_path = token.to_str().unwrap();
    let https = "https://demo.clinspark.com/hooks/message?to=1";
    let from_file = explain(&["--url", https, path, "--token-file", token_path]);
    from_file.env("TWILIO_AUTH_TOKEN", "").run().await.expect(0);
    std::fs::remove_file(&file).unwrap();
    std::fs::remove_file(&token).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_request_or_token_exits_with_2() {
    let url = ["--url", "https://demo.clinspark.com"];
    for request in ["", "hello\n\n", "POST /x HTTP/1.1\nno header\n\n"] {
        let ran = explain(&url).input(request).run().await.expect(2);
        assert!(ran.err.contains("cannot be read"), "{}", ran.err);
    }
    let ran = explain(&url)
        .env("TWILIO_AUTH_TOKEN", "")
        .run()
        .await
        .expect(2);
    assert!(ran.err.contains("TWILIO_AUTH_TOKEN"), "{}", ran.err);
}
