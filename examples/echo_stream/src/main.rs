//! Echoes a call: the caller hears their own voice, through a WebSocket of Media Streams.
//!
//!     TWILIO_AUTH_TOKEN=... PUBLIC_ORIGIN=https://acme.example.com cargo run
//!
//! The voice URL of the number is `https://acme.example.com/voice`.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use clinspark_twilio::twiml::{Connect, Stream, VoiceResponse};
use clinspark_twilio::types::{AuthToken, CallSid};
use clinspark_twilio::webhook::websocket::stream::{StreamCommand, StreamMessage};
use clinspark_twilio::webhook::{
    InboundCall, MemoryReplayGuard, PublicOrigin, Receiver, Validator, Webhook, WebhookLayer,
};

/// Calls that wait for their stream.
#[derive(Clone)]
struct Calls {
    stream_url: String,
    waiting: Arc<Mutex<HashSet<CallSid>>>,
}

/// Connects a call to the WebSocket.
async fn voice(
    State(calls): State<Calls>,
    Webhook(inbound): Webhook<InboundCall>,
) -> VoiceResponse {
    let mut waiting = calls.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.insert(inbound.call.call_sid);
    VoiceResponse::new().append(Connect::new().append(Stream::new().url(calls.stream_url)))
}

/// Accepts a handshake, whose signature the layer has verified.
async fn accept(State(calls): State<Calls>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.max_message_size(StreamMessage::MAX_BYTES);
    upgrade.on_upgrade(|socket| echo(calls, socket))
}

/// Sends the caller's audio back, until the stream stops.
async fn echo(calls: Calls, mut socket: WebSocket) {
    let mut is_started = false;
    while let Some(Ok(frame)) = socket.recv().await {
        let Message::Text(text) = frame else { continue };
        let media = match StreamMessage::parse(&text) {
            // A signed handshake can be replayed, so each call gets one stream.
            Ok(StreamMessage::Start(start)) if !is_started => {
                let mut waiting = calls.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                is_started = start.call_sid.is_some_and(|call| waiting.remove(&call));
                if is_started {
                    continue;
                }
                break;
            }
            Ok(StreamMessage::Media(media)) if is_started => media,
            Ok(StreamMessage::Connected(_) | StreamMessage::Mark(_) | StreamMessage::Dtmf(_)) => {
                continue;
            }
            _ => break,
        };
        let Some((stream, audio)) = media.stream_sid.zip(media.audio) else {
            continue;
        };
        let command = StreamCommand::media(stream, audio).to_json();
        if socket.send(Message::text(command)).await.is_err() {
            break;
        }
    }
}

fn service(token: AuthToken, origin: PublicOrigin) -> Router {
    let calls = Calls {
        stream_url: origin.websocket_url("/media"),
        waiting: Arc::default(),
    };
    // The guard answers a replayed call itself, so that it waits for no second stream.
    let receiver = Receiver::calls_only(Validator::new(token, origin))
        .replay_guard(MemoryReplayGuard::new(10_000))
        .on_refusal(|_, refusal| eprintln!("refused: {refusal}"));
    Router::new()
        .route("/voice", post(voice))
        .route("/media", get(accept))
        .layer(WebhookLayer::new(receiver))
        .with_state(calls)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, service(token, origin)).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
