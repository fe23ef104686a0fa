//! Access tokens of OAuth apps.

use std::time::Duration;

use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{ClientSecret, OauthAppSid};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::account;
use crate::app::Api;

/// Requests an access token, without other credentials.
async fn request_token(sandbox: &Sandbox, version: u8, fields: &[(&str, &str)]) -> (u16, Value) {
    let response = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(format!("{}/v{version}/token", sandbox.base_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(fields).unwrap())
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    (
        status,
        serde_json::from_str(&response.text().await.unwrap()).unwrap(),
    )
}

/// Lists the messages with an access token.
async fn list_messages(sandbox: &Sandbox, api: &Api, token: &str) -> (u16, Value) {
    let url = format!("{}{}", sandbox.base_url(), api.path("Messages.json"));
    let response = api.http.get(url).bearer_auth(token).send().await.unwrap();
    let status = response.status().as_u16();
    let found: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    (status, found["code"].clone())
}

#[tokio::test]
async fn an_access_token_authenticates_until_it_expires() {
    let (sandbox, api) = account().await;
    let (app, secret) = sandbox.add_oauth_app();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", app.as_str()),
        ("client_secret", secret.expose()),
    ];
    let (status, granted) = request_token(&sandbox, 2, &fields).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&granted["token_type"], &granted["expires_in"]),
        (&"Bearer".into(), &3600.into())
    );
    let token = granted["access_token"].as_str().unwrap();
    assert_eq!(
        list_messages(&sandbox, &api, token).await,
        (200, Value::Null)
    );
    let forged = list_messages(&sandbox, &api, "eyJhbGciOiJIUzI1NiJ9").await;
    assert_eq!(forged, (401, 20003.into()));
    sandbox.advance(Duration::from_secs(3601)).await.unwrap();
    let expired = list_messages(&sandbox, &api, token).await;
    assert_eq!(expired, (401, 20104.into()));
    let (_, granted) = request_token(&sandbox, 2, &fields).await;
    let token = granted["access_token"].as_str().unwrap();
    assert_eq!(list_messages(&sandbox, &api, token).await.0, 200);
}

#[tokio::test]
async fn an_access_token_has_the_permissions_of_its_app() {
    let (sandbox, api) = account().await;
    let grant = async |(app, secret): &(OauthAppSid, ClientSecret)| {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", app.as_str()),
            ("client_secret", secret.expose()),
        ];
        let (_, granted) = request_token(&sandbox, 2, &fields).await;
        granted["access_token"].as_str().unwrap().to_owned()
    };
    let full = grant(&sandbox.add_oauth_app()).await;
    let restricted = grant(&sandbox.add_restricted_oauth_app(&["/Calls", "/v1/Alerts"])).await;
    let status = async |method: Method, path: &str, token: &str| {
        let url = format!("{}{path}", sandbox.base_url());
        let request = api.http.request(method, url).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    for (path, expected) in [
        (api.path("Messages.json"), 200),
        (api.path("Calls.json"), 403),
        ("/v1/Alerts".to_owned(), 403),
        ("/v1/Services".to_owned(), 200),
    ] {
        assert_eq!(
            status(Method::GET, &path, &restricted).await,
            expected,
            "{path}"
        );
        assert_eq!(status(Method::GET, &path, &full).await, 200, "{path}");
    }
    // No access token manages credentials or accounts.
    let own = format!("/2010-04-01/Accounts/{}.json", sandbox.account_sid());
    for (method, path) in [
        (Method::POST, "/v1/AuthTokens/Secondary"),
        (Method::POST, "/v1/AuthTokens/Promote"),
        (Method::GET, "/v1/Keys"),
        (Method::POST, "/2010-04-01/Accounts.json"),
        (Method::GET, own.as_str()),
    ] {
        assert_eq!(status(method, path, &full).await, 401, "{path}");
    }
    assert_eq!(
        status(Method::GET, &api.path("Messages.json"), "").await,
        401
    );
}

#[tokio::test]
async fn version_1_has_other_names_of_parameters() {
    let (sandbox, api) = account().await;
    let (app, secret) = sandbox.add_oauth_app();
    let fields = [
        ("GrantType", "client_credentials"),
        ("ClientId", app.as_str()),
        ("ClientSecret", secret.expose()),
    ];
    let (status, granted) = request_token(&sandbox, 1, &fields).await;
    assert_eq!(status, 201);
    let token = granted["access_token"].as_str().unwrap();
    assert_eq!(list_messages(&sandbox, &api, token).await.0, 200);
    assert_eq!(request_token(&sandbox, 2, &fields).await.0, 400);
}

#[tokio::test]
async fn only_the_apps_own_secret_is_exchanged() {
    let (sandbox, _) = account().await;
    let (app, secret) = sandbox.add_oauth_app();
    let (other, _) = sandbox.add_oauth_app();
    let grant = async |kind: &str, id: &str, secret: &str| {
        let fields = [
            ("grant_type", kind),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let (status, found) = request_token(&sandbox, 2, &fields).await;
        json!([status, found["code"]])
    };
    let (app, own) = (app.as_str(), secret.expose());
    let kind = "client_credentials";
    assert_eq!(grant(kind, app, "wrong").await, json!([401, 20003]));
    assert_eq!(grant(kind, other.as_str(), own).await, json!([401, 20003]));
    assert_eq!(grant(kind, app, "").await, json!([401, 20003]));
    assert_eq!(grant("password", app, own).await, json!([400, 20001]));
    // Grants of users are not supported.
    assert_eq!(grant("refresh_token", app, own).await, json!([404, 20404]));
    assert_eq!(grant(kind, app, own).await, json!([200, null]));
}
