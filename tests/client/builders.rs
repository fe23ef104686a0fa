//! The default transport from a caller's own reqwest builder: settings that apply, and settings
//! that are fixed.

use clinspark_twilio::client::{
    Client, Delivery, ErrorKind, Outcome, ReqwestTransport, RetryPolicy,
};
use http::{HeaderMap, HeaderValue};

use crate::server::{Act, Server, answer};
use crate::support::{ACCOUNT, MESSAGE, assert_clean, credentials, fetch, printed, send};

fn client(builder: reqwest::ClientBuilder, base_url: &str) -> Client {
    let transport = ReqwestTransport::from_builder(builder).unwrap();
    Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .retry(RetryPolicy::none())
        .base_url(base_url)
        .build()
        .unwrap()
}

fn message() -> Vec<u8> {
    answer(201, "", format!(r#"{{"sid": "{MESSAGE}"}}"#))
}

#[tokio::test]
async fn a_proxy_carries_plain_requests() {
    let proxy = Server::answering(message()).await;
    let builder = reqwest::Client::builder().proxy(reqwest::Proxy::all(proxy.url()).unwrap());
    // No server listens there: only the proxy can have responded.
    let client = client(builder, "http://127.0.0.1:1");
    client.execute(send()).await.unwrap();
    let [request] = proxy.requests().try_into().unwrap();
    let line = format!("POST http://127.0.0.1:1/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    assert!(
        request.starts_with(&line),
        "{}",
        request.lines().next().unwrap()
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_the_tunnel_sees_no_request() {
    let proxy = Server::answering(answer(407, "", "PLANTED")).await;
    let secret = proxy.url().replace("http://", "http://user:PLANTED@");
    let builder = reqwest::Client::builder().proxy(reqwest::Proxy::all(secret).unwrap());
    let error = client(builder, "https://api.twilio.com")
        .execute(send())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Connect, &Outcome::NotSent)
    );
    assert_clean(&printed(&error));
    let [request] = proxy.requests().try_into().unwrap();
    assert!(request.starts_with("CONNECT api.twilio.com:443 HTTP/1.1"));
    assert!(!request.contains("Messages.json"));
}

#[tokio::test]
async fn settings_of_a_builder_apply() {
    let server = Server::answering(message()).await;
    let mut headers = HeaderMap::new();
    headers.insert("x-clinic", HeaderValue::from_static("7"));
    let builder = reqwest::Client::builder()
        .no_proxy()
        .default_headers(headers);
    let client = client(builder, &server.url());
    client.execute(send()).await.unwrap();
    let [request] = server.requests().try_into().unwrap();
    assert!(request.to_lowercase().contains("x-clinic: 7"));
}

#[tokio::test]
async fn redirects_and_retries_of_a_builder_do_not_apply() {
    let elsewhere = Server::answering(message()).await;
    let location = format!("Location: {}/\r\n", elsewhere.url());
    let redirect = vec![Act::Read, Act::Write(answer(307, &location, ""))];
    let lost = vec![Act::Read];
    let server = Server::start([redirect.clone(), redirect, lost.clone(), lost]).await;
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::limited(10))
        .retry(reqwest::retry::for_host("127.0.0.1").classify_fn(|seen| {
            if seen.status().is_some() {
                seen.success()
            } else {
                seen.retryable()
            }
        }));
    let client = client(builder, &server.url());
    for kind in [ErrorKind::Redirect, ErrorKind::ConnectionLost] {
        assert_eq!(client.execute(send()).await.unwrap_err().kind(), kind);
        assert_eq!(client.execute(fetch()).await.unwrap_err().kind(), kind);
    }
    assert_eq!((server.posts(), server.requests().len()), (2, 4));
    assert_eq!(elsewhere.connections(), 0);
}
