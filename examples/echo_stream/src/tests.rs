//! A WebSocket client in the place of Twilio, over a real socket.

use clinspark_twilio::webhook::SIGNATURE_HEADER;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request as Handshake;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::*;

const STREAM: &str = "MZ00000000000000000000000000000001";

fn validator() -> Validator {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin)
}

/// Starts the service and returns the URL of its WebSocket.
async fn start() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/media", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, service(validator())).await });
    url
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

    let start = format!(
        r#"{{"event":"start","sequenceNumber":"1","streamSid":"{STREAM}","start":{{"tracks":["inbound"]}}}}"#
    );
    let media = |payload: &str| {
        format!(
            r#"{{"event":"media","sequenceNumber":"2","streamSid":"{STREAM}","media":{{"track":"inbound","chunk":"1","timestamp":"0","payload":"{payload}"}}}}"#
        )
    };
    let connected = r#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#.to_owned();
    for text in [
        connected,
        start,
        media("f39/fw=="),
        media("*"),
        media("/////w=="),
    ] {
        socket.send(Message::text(text)).await.unwrap();
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
