//! The signature of a webhook is the one that Twilio's own library computes.
//!
//! SIDs and token differ in every run, so no fixed signature can be expected. A second
//! implementation signs the webhook of the run; a fixture checks it against Twilio's library.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Made by `tests/data/make_sandbox_webhook.py` with the official Python library.
const FIXTURE: &str = include_str!("../data/sandbox_webhook.json");

#[tokio::test]
async fn the_signature_is_what_twilios_python_library_computes() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(E164::parse("+14155550100").unwrap());
    let phone = sandbox.phone(E164::parse("+14155550123").unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    sandbox
        .map_origin("https://demo.example.com", listener.local_addr().unwrap())
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
    phone.text(to, "Grüße + 100% & \"☎\"\n<b>").await.unwrap();

    let sent = sandbox.webhooks().remove(0);
    let parameters = sent.parameters.expose();
    let signature = sent.signature.expose();
    let token = sandbox.auth_token().expose();
    assert_eq!(*signature, sign(token, sent.url.expose(), parameters));

    let fixture: Fixture = serde_json::from_str(FIXTURE).unwrap();
    let signed = sign(&fixture.token, &fixture.url, &fixture.parameters);
    assert_eq!(signed, fixture.signature);
    let names = |fields: &[(String, String)]| -> Vec<String> {
        fields.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(
        (sent.url.expose(), names(parameters)),
        (&fixture.url, names(&fixture.parameters)),
        "after an intended change of the request, update `tests/data/make_sandbox_webhook.py`"
    );
}

#[derive(serde::Deserialize)]
struct Fixture {
    token: String,
    url: String,
    parameters: Vec<(String, String)>,
    signature: String,
}

/// Signs a form as Twilio documents it: the URL, then the fields sorted by name.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-security>
fn sign(token: &str, url: &str, fields: &[(String, String)]) -> String {
    let mut fields = fields.to_vec();
    fields.sort();
    let text = fields
        .iter()
        .fold(url.to_owned(), |text, (name, value)| text + name + value);
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
