//! A server that answers Twilio and nobody else, on axum.
//!
//!     TWILIO_AUTH_TOKEN=... PUBLIC_ORIGIN=https://acme.example.com \
//!         cargo run --example axum_server --features tower
//!
//! Set the number's webhooks to `/twilio/sms` and `/twilio/voice` under that origin.

use axum::Router;
use axum::extract::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Message, MessagingResponse, Say, VoiceResponse};
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    InboundCall, InboundMessage, PublicOrigin, Validator, Verified, VerifyLayer,
};

/// The routes behind the layer: whatever reaches a handler is Twilio's.
pub fn app(layer: VerifyLayer) -> Router {
    Router::new()
        .route("/twilio/sms", post(sms))
        .route("/twilio/voice", post(voice))
        .layer(layer)
}

async fn sms(Extension(verified): Extension<Verified<Bytes>>) -> Response {
    let Ok(message) = verified.parse::<InboundMessage>() else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response(); // wired to the wrong URL
    };
    let answer = match message.opt_out() {
        Some(OptOut::Stop | OptOut::MaybeStop) => MessagingResponse::new(),
        _ => MessagingResponse::new().append(Message::text("See you at 9:00.")),
    };
    answer.into_response().into_response()
}

async fn voice(Extension(verified): Extension<Verified<Bytes>>) -> Response {
    if verified.parse::<InboundCall>().is_err() {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let answer = VoiceResponse::new().append(Say::new("Goodbye."));
    answer.into_response().into_response()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let layer = VerifyLayer::new(Validator::new(token, origin));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, app(layer)).await?;
    Ok(())
}
