//! Echoes a call: the caller hears their own voice, through a WebSocket of Media Streams.
//!
//!     TWILIO_AUTH_TOKEN=... PUBLIC_ORIGIN=https://acme.example.com cargo run
//!
//! The program prints the TwiML that the voice URL of a number answers with.

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use clinspark_twilio::twiml::{Connect, Stream, VoiceResponse};
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::websocket::stream::{StreamCommand, StreamMessage};
use clinspark_twilio::webhook::{PublicOrigin, Validator};

/// Accepts a handshake that Twilio signed.
async fn accept(
    State(validator): State<Validator>,
    upgrade: WebSocketUpgrade,
    request: Request,
) -> Response {
    match validator.verify_websocket(request.map(|_| [])) {
        Ok(_) => upgrade
            .max_message_size(StreamMessage::MAX_BYTES)
            .on_upgrade(echo),
        Err(refusal) => {
            // The reason is for the operator; the sender gets only the status.
            eprintln!("refused: {refusal}");
            refusal.status().into_response()
        }
    }
}

/// Sends the caller's audio back, until the stream stops.
async fn echo(mut socket: WebSocket) {
    while let Some(Ok(frame)) = socket.recv().await {
        let Message::Text(text) = frame else { continue };
        let media = match StreamMessage::parse(&text) {
            Ok(StreamMessage::Media(media)) => media,
            Ok(StreamMessage::Stop(_)) | Err(_) => break,
            Ok(_) => continue,
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

fn service(validator: Validator) -> Router {
    Router::new()
        .route("/media", get(accept))
        .with_state(validator)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let url = origin.url("/media").replacen("http", "ws", 1);
    let stream = Connect::new().append(Stream::new().url(url));
    println!("{}", VoiceResponse::new().append(stream).to_xml());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, service(Validator::new(token, origin))).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
