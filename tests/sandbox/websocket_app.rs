//! An application with a WebSocket, which the test plays.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::webhook::{PublicOrigin, Validator};
use futures_core::Stream as _;
use futures_sink::Sink as _;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

/// Real time after which a test fails instead of waiting for ever.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Server that opens a WebSocket for each signed handshake, and refuses a forged one with 403.
pub(crate) struct SocketApp {
    listener: TcpListener,
    validator: Validator,
    pub(crate) address: SocketAddr,
}

impl SocketApp {
    pub(crate) async fn start(sandbox: &Sandbox) -> Self {
        Self::start_as(sandbox, None).await
    }

    /// Starts the server. `origin` is its public origin, by default its own address.
    pub(crate) async fn start_as(sandbox: &Sandbox, origin: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let own = format!("http://{address}");
        let origin = PublicOrigin::parse(origin.unwrap_or(&own)).unwrap();
        Self {
            listener,
            validator: Validator::new(sandbox.auth_token().clone(), origin),
            address,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/socket", self.address)
    }

    /// Waits for a handshake with a valid signature, and answers it with 101.
    pub(crate) async fn accept(&self) -> AppSocket {
        self.try_accept().await.unwrap()
    }

    /// Waits for a handshake. Returns `None` if its signature is invalid.
    pub(crate) async fn try_accept(&self) -> Option<AppSocket> {
        let accepted = tokio::time::timeout(TIMEOUT, self.listener.accept());
        let (connection, _) = accepted.await.unwrap().unwrap();
        let mut headers = HeaderMap::new();
        let mut path = String::new();
        #[expect(clippy::result_large_err, reason = "the library demands the type")]
        let check = |request: &Request, response: Response| {
            headers = request.headers().clone();
            path = request.uri().to_string();
            let verified = self
                .validator
                .verify_websocket(request.clone().map(|()| []));
            if verified.is_ok() {
                return Ok(response);
            }
            let mut refusal = ErrorResponse::new(None);
            *refusal.status_mut() = StatusCode::FORBIDDEN;
            Err(refusal)
        };
        let socket = accept_hdr_async(connection, check).await.ok()?;
        Some(AppSocket {
            socket,
            headers,
            path,
        })
    }
}

/// The application's end of a WebSocket.
pub(crate) struct AppSocket {
    socket: WebSocketStream<TcpStream>,
    pub(crate) headers: HeaderMap,
    pub(crate) path: String,
}

impl AppSocket {
    async fn next(&mut self) -> Option<Message> {
        let next = poll_fn(|cx| Pin::new(&mut self.socket).poll_next(cx));
        let next = tokio::time::timeout(TIMEOUT, next).await;
        next.unwrap().and_then(Result::ok)
    }

    /// Returns the next message.
    pub(crate) async fn receive(&mut self) -> Value {
        match self.next().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).unwrap(),
            other => panic!("not a text: {other:?}"),
        }
    }

    /// Returns the messages of one event, skipping none: `count` of them.
    pub(crate) async fn receive_all(&mut self, count: usize) -> Vec<Value> {
        let mut messages = Vec::new();
        for _ in 0..count {
            messages.push(self.receive().await);
        }
        messages
    }

    /// Returns code and reason of the close that must come next.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        match self.next().await {
            Some(Message::Close(Some(frame))) => {
                (frame.code.into(), frame.reason.as_str().to_owned())
            }
            other => panic!("not a close: {other:?}"),
        }
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        self.send_message(Message::text(message.to_string())).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        poll_fn(|cx| Pin::new(&mut self.socket).poll_ready(cx))
            .await
            .unwrap();
        Pin::new(&mut self.socket).start_send(message).unwrap();
        poll_fn(|cx| Pin::new(&mut self.socket).poll_flush(cx))
            .await
            .unwrap();
    }

    /// Closes the WebSocket with a code.
    pub(crate) async fn close(&mut self, code: u16) {
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        self.send_message(Message::Close(Some(frame))).await;
        // Completes the closing handshake.
        while self.next().await.is_some() {}
    }
}
