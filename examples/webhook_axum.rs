//! Answers texts with axum. The messenger verifies each request, and reports each STOP to its
//! consent gate, if it has one.
//!
//! ```text
//! export CLINSPARK_DOMAIN=acme.example.com TWILIO_PHONE_NUMBER=+61255501234
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=... CLINSPARK_DELIVERY=off
//! export CLINSPARK_MESSAGE_PATH=/twilio/sms
//! cargo run --example webhook_axum   # Twilio requests https://acme.example.com/twilio/sms
//! ```
#![allow(clippy::print_stderr, reason = "a program for people to read")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Request, StatusCode, request::Parts};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::Messenger;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Message, MessagingResponse};
use clinspark_twilio::types::BoxError;
use clinspark_twilio::webhook::InboundMessage;

/// Handles a text. The signature covers the raw body, so nothing may parse the body before.
async fn message(State(messenger): State<Messenger>, head: Parts, body: Bytes) -> Response {
    let verified = match messenger.receive(Request::from_parts(head, body)).await {
        Ok(verified) => verified,
        Err(refusal) => {
            eprintln!("refused: {refusal}"); // the sender gets only the status
            return refusal.into_response().into_response();
        }
    };
    let Ok(message) = verified.parse::<InboundMessage>() else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let answer = match message.opt_out() {
        Some(OptOut::Stop | OptOut::MaybeStop) => MessagingResponse::new(), // no reply
        _ => MessagingResponse::new().append(Message::text("A nurse will call you.")),
    };
    answer.into_response().into_response()
}

pub(crate) fn router(messenger: Messenger) -> Router {
    Router::new()
        .route("/twilio/sms", post(message))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .with_state(messenger)
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let messenger = Settings::from_env()?.messenger()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router(messenger)).await?)
}
