//! Answers texts with axum. The messenger's layer verifies each request, reports each STOP to the
//! consent gate, and gives a retry the first answer.
//!
//! ```text
//! export CLINSPARK_DOMAIN=acme.example.com TWILIO_PHONE_NUMBER=+61255501234
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=... CLINSPARK_DELIVERY=off
//! export CLINSPARK_MESSAGE_PATH=/twilio/sms
//! cargo run --example webhook_axum --features axum,tracing
//! ```
//!
//! Twilio requests `https://acme.example.com/twilio/sms`. A refused request is a `tracing` warning.

use axum::Router;
use axum::routing::post;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{MemoryConsentGate, Messenger};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Message, MessagingResponse};
use clinspark_twilio::types::BoxError;
use clinspark_twilio::webhook::{InboundMessage, MemoryReplayGuard, Webhook};

async fn message(Webhook(message): Webhook<InboundMessage>) -> MessagingResponse {
    match message.opt_out() {
        Some(OptOut::Stop | OptOut::MaybeStop) => MessagingResponse::new(), // no reply
        _ => MessagingResponse::new().append(Message::text("A nurse will call you.")),
    }
}

pub(crate) fn router(messenger: &Messenger) -> Router {
    Router::new()
        .route("/twilio/sms", post(message))
        .layer(messenger.layer())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // Both forget at restart: pass a gate (`consent_gate_fn`) and a guard on your database.
    let messenger = Settings::from_env()?
        .messenger_builder(MemoryConsentGate::new())
        .replay_guard(MemoryReplayGuard::new(10_000))
        .build()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router(&messenger)).await?)
}
