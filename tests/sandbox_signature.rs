//! The signature on a webhook of the sandbox, against Twilio's own library.
//!
//! Alone in its process: SIDs and token are the same in every run only for the first sandbox.

#![cfg(feature = "sandbox")]
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use serde_json::{Value, json};

/// Made by `tests/data/make_sandbox_webhook.py` with the official Python library.
const FIXTURE: &str = include_str!("data/sandbox_webhook.json");

#[tokio::test]
async fn it_is_what_twilios_python_library_computes() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(E164::parse("+14155550100").unwrap());
    let phone = sandbox.phone(E164::parse("+14155550123").unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    sandbox
        .serve_origin("https://demo.example.com", listener.local_addr().unwrap())
        .unwrap();
    let router = axum::Router::new().fallback(|| async { http::StatusCode::NO_CONTENT });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let account = sandbox.account_sid();
    let base = sandbox.base_url();
    let url = format!("{base}/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{number}.json");
    let bound = reqwest::Client::builder().no_proxy().build().unwrap();
    let bound = bound
        .post(url)
        .basic_auth(account, Some(sandbox.auth_token().expose()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("SmsUrl=https%3A%2F%2Fdemo.example.com%2Fsms%3Fclinic%3D7%26at%3D9%253A00");
    assert_eq!(bound.send().await.unwrap().status(), 200);
    let to = E164::parse("+14155550100").unwrap();
    phone.texts(to, "Grüße + 100% & \"☎\"\n<b>").await.unwrap();

    let sent = sandbox.webhooks().remove(0);
    let sent = json!({
        "token": sandbox.auth_token().expose(),
        "url": sent.url.expose(),
        "parameters": sent.parameters.expose(),
        "signature": sent.signature.expose(),
    });
    let expected: Value = serde_json::from_str(FIXTURE).unwrap();
    assert_eq!(
        sent, expected,
        "if the request is meant to change, give it to the script: {sent}"
    );
}
