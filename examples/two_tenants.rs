//! Runs two clinics in one process, each with an account, a number and a public origin of its own.
//!
//! ```text
//! export ACME_CLINSPARK_DOMAIN=acme.example.com ACME_TWILIO_PHONE_NUMBER=+61255501234
//! export ACME_TWILIO_ACCOUNT_SID=AC... ACME_TWILIO_AUTH_TOKEN=... ACME_CLINSPARK_DELIVERY=off
//! export ACME_CLINSPARK_MESSAGE_PATH=/twilio/sms
//! export DEMO_CLINSPARK_DOMAIN=...   # and the other five variables for the second clinic
//! cargo run --example two_tenants    # Twilio requests /twilio/sms at both domains
//! ```
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header::HOST, request::Parts};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::post};
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::Messenger;
use clinspark_twilio::twiml::MessagingResponse;
use clinspark_twilio::types::BoxError;

/// Clinics by the host of their origin. No state of one is shared with another.
type Clinics = Arc<HashMap<String, Messenger>>;

pub(crate) fn router(clinics: [Messenger; 2]) -> Router {
    let clinics = clinics.map(|clinic| (clinic.origin().host().to_owned(), clinic));
    let router = Router::new().route("/twilio/sms", post(message));
    router.with_state(Clinics::new(clinics.into()))
}

/// Handles a text. `Host` only selects a clinic: `receive` refuses a request that is not signed by
/// that clinic's account, for its origin, about its number.
async fn message(State(clinics): State<Clinics>, head: Parts, body: Bytes) -> Response {
    let Some(clinic) = host(&head.headers).and_then(|host| clinics.get(host)) else {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    };
    match clinic.receive(Request::from_parts(head, body)).await {
        Ok(_) => {
            println!("{} received a text", clinic.origin().host());
            MessagingResponse::new().into_response().into_response() // no reply
        }
        Err(refusal) => refusal.into_response().into_response(),
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()?.split(':').next()
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let acme = Settings::from_env_with_prefix("ACME")?.messenger()?;
    let demo = Settings::from_env_with_prefix("DEMO")?.messenger()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router([acme, demo])).await?)
}
