//! Runs two clinics in one process, each with an account, a number and a public origin of its own.
//!
//! ```text
//! export ACME_CLINSPARK_DOMAIN=acme.example.com ACME_TWILIO_PHONE_NUMBER=+61255501234
//! export ACME_TWILIO_ACCOUNT_SID=AC... ACME_TWILIO_AUTH_TOKEN=... ACME_CLINSPARK_DELIVERY=off
//! export ACME_CLINSPARK_MESSAGE_PATH=/twilio/sms
//! export DEMO_CLINSPARK_DOMAIN=...   # and the other five variables for the second clinic
//! cargo run --example two_tenants --features axum
//! ```
//!
//! Twilio requests `/twilio/sms` at both domains.
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use axum::{Router, routing::post};
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{
    MemoryConsentGate, Messenger, MessengerRouter, MessengerRouterError,
};
use clinspark_twilio::twiml::MessagingResponse;
use clinspark_twilio::types::BoxError;
use clinspark_twilio::webhook::{InboundMessage, Webhook};

/// `Host` only selects a clinic: its messenger refuses a request that is not signed by that clinic's
/// account, for its origin, about its number.
pub(crate) fn router(clinics: [Messenger; 2]) -> Result<Router, MessengerRouterError> {
    let layer = MessengerRouter::new(clinics)?.layer();
    Ok(Router::new()
        .route("/twilio/sms", post(message))
        .layer(layer))
}

async fn message(clinic: Messenger, _: Webhook<InboundMessage>) -> MessagingResponse {
    println!("{} received a text", clinic.origin().host());
    MessagingResponse::new() // no reply
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // A record of consent for each clinic. These forget at restart: pass gates on your database.
    let acme = Settings::from_env_with_prefix("ACME")?.messenger(MemoryConsentGate::new())?;
    let demo = Settings::from_env_with_prefix("DEMO")?.messenger(MemoryConsentGate::new())?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router([acme, demo])?).await?)
}
