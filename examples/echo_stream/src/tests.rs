//! A WebSocket client in the place of Twilio, over a real socket.

use clinspark_twilio::webhook::SIGNATURE_HEADER;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request as Handshake;
use tokio_tungstenite::tungstenite::{Error, Message};

use tower_service::Service as _;

use super::*;

const STREAM: &str = "MZ00000000000000000000000000000001";

fn validator() -> Validator {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin)
}

const CALL: &str = "CA00000000000000000000000000000001";

/// Starts the service, with the call waiting for its stream. Returns the URL of its WebSocket.
async fn start() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/media", listener.local_addr().unwrap());
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let mut router = service(AuthToken::new("12345").unwrap(), origin);
    let response = router.call(signed_call()).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), 1024)
        .await
        .unwrap();
    let body = std::str::from_utf8(&body).unwrap();
    let stream = r#"<Stream url="wss://acme.example.com/media"/>"#;
    assert!(body.contains(stream), "{body}");
    tokio::spawn(async { axum::serve(listener, router).await });
    url
}

/// Returns the request of an inbound call, as Twilio sends it.
fn signed_call() -> axum::extract::Request {
    let form = format!(
        "CallSid={CALL}&CallStatus=ringing&AccountSid=AC00000000000000000000000000000001\
         &Direction=inbound&From=%2B14155550123&To=%2B14155550199"
    );
    let request = || {
        axum::http::Request::post("/voice")
            .header("content-type", "application/x-www-form-urlencoded")
    };
    let signature = validator().sign(&request().body(form.clone()).unwrap());
    let request = request().header(SIGNATURE_HEADER, signature);
    request.body(form.into()).unwrap()
}

fn start_message(call: &str) -> Message {
    Message::text(format!(
        r#"{{"event":"start","sequenceNumber":"1","streamSid":"{STREAM}","start":{{"callSid":"{call}","tracks":["inbound"]}}}}"#
    ))
}

fn media(payload: &str) -> Message {
    Message::text(format!(
        r#"{{"event":"media","sequenceNumber":"2","streamSid":"{STREAM}","media":{{"track":"inbound","chunk":"1","timestamp":"0","payload":"{payload}"}}}}"#
    ))
}

/// Returns a handshake with the signature of a validator.
fn signed(url: &str, validator: &Validator) -> Handshake {
    let mut request = url.into_client_request().unwrap();
    let signature = validator.sign_websocket(&request.clone().map(|()| []));
    let headers = request.headers_mut();
    headers.insert(SIGNATURE_HEADER, signature.parse().unwrap());
    request
}

#[tokio::test]
async fn a_caller_hears_their_own_voice() {
    let request = signed(&start().await, &validator());
    let (mut socket, _) = connect_async(request).await.unwrap();

    let connected = r#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#;
    for message in [
        Message::text(connected),
        start_message(CALL),
        media("f39/fw=="),
        media("*"),
        media("/////w=="),
    ] {
        socket.send(message).await.unwrap();
    }
    for payload in ["f39/fw==", "/////w=="] {
        let echo = socket.next().await.unwrap().unwrap();
        let expected = format!(
            r#"{{"event":"media","streamSid":"{STREAM}","media":{{"payload":"{payload}"}}}}"#
        );
        assert_eq!(echo.to_text().unwrap(), expected);
    }
    // After `stop` the service closes the socket.
    let stop = format!(r#"{{"event":"stop","streamSid":"{STREAM}","stop":{{}}}}"#);
    socket.send(Message::text(stop)).await.unwrap();
    while let Some(Ok(frame)) = socket.next().await {
        assert!(frame.is_close(), "{frame}");
    }
}

/// A signed handshake never expires, so it alone proves no call.
#[tokio::test]
async fn each_call_gets_one_stream() {
    let url = start().await;
    let (mut first, _) = connect_async(signed(&url, &validator())).await.unwrap();
    first.send(start_message(CALL)).await.unwrap();
    first.send(media("f39/fw==")).await.unwrap();
    assert!(first.next().await.unwrap().unwrap().is_text());

    // The same call again, a call that never came, and audio before the start.
    let other = "CA00000000000000000000000000000002";
    for message in [start_message(CALL), start_message(other), media("f39/fw==")] {
        let (mut replayed, _) = connect_async(signed(&url, &validator())).await.unwrap();
        replayed.send(message).await.unwrap();
        while let Some(Ok(frame)) = replayed.next().await {
            assert!(frame.is_close(), "{frame}");
        }
    }
    // The second start of a stream ends it.
    first.send(start_message(CALL)).await.unwrap();
    while let Some(Ok(frame)) = first.next().await {
        assert!(frame.is_close(), "{frame}");
    }
}

#[tokio::test]
async fn a_forged_handshake_is_refused() {
    let url = start().await;
    let other = Validator::new(
        AuthToken::new("54321").unwrap(),
        PublicOrigin::parse("https://acme.example.com").unwrap(),
    );
    let unsigned = url.as_str().into_client_request().unwrap();
    for request in [unsigned, signed(&url, &other)] {
        let Err(Error::Http(refusal)) = connect_async(request).await else {
            panic!("the handshake was accepted");
        };
        assert_eq!(refusal.status(), 403);
    }
}

#[tokio::test]
async fn a_long_message_ends_the_echo() {
    let request = signed(&start().await, &validator());
    let (mut socket, _) = connect_async(request).await.unwrap();
    let long = "x".repeat(StreamMessage::MAX_BYTES + 1);
    socket.send(Message::text(long)).await.unwrap();
    while let Some(Ok(frame)) = socket.next().await {
        assert!(frame.is_close(), "{frame}");
    }
}
