//! A minimal but complete clinic service. It texts and calls volunteers, receives their answers,
//! and handles a repeated request once. `service.rs` is the service; this file starts it.
//!
//! Set the variables that `clinspark::Setting` documents (`CLINSPARK_DOMAIN`,
//! `TWILIO_ACCOUNT_SID`, ..., all four paths among them), then
//!
//!     export DESK_TOKEN=$(openssl rand -hex 32)
//!     cargo run --example axum_server --features axum
//!
//! Port 8080 serves Twilio; the proxy that terminates TLS for the domain forwards to it. Port 8081
//! serves the receptionists' system. It must not be reachable from outside, and requires the token:
//!
//!     curl 127.0.0.1:8081/reminders --oauth2-bearer "$DESK_TOKEN" \
//!         -d id=visit-1 -d 'to=0491 570 156' -d 'body=See you at 9:00.'
//!     curl 127.0.0.1:8081/calls --oauth2-bearer "$DESK_TOKEN" \
//!         -d id=call-1 -d 'to=0491 570 156'
#![allow(clippy::print_stderr, reason = "a program for people to read")]

mod service;

use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::MemoryConsentGate;
use clinspark_twilio::webhook::MemoryReplayGuard;
use service::Clinic;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let messenger = Settings::from_env()?
        // Both forget at restart: pass a gate (`consent_gate_fn`) and a guard on your database.
        .messenger_builder(MemoryConsentGate::new())
        .replay_guard(MemoryReplayGuard::new(10_000))
        .on_refusal(|_, refusal| eprintln!("refused: {refusal}"))
        .build()?;
    let layer = messenger.layer();
    let clinic = Clinic::new(messenger);

    let webhooks = service::webhooks(&clinic, layer)?;
    let token = std::env::var("DESK_TOKEN").unwrap_or_default();
    let desk = service::desk(&clinic, &token).map_err(|error| format!("DESK_TOKEN: {error}"))?;
    let twilio = TcpListener::bind("127.0.0.1:8080").await?;
    let receptionists = TcpListener::bind("127.0.0.1:8081").await?;
    tokio::try_join!(async { axum::serve(twilio, webhooks).await }, async {
        axum::serve(receptionists, desk).await
    },)?;
    Ok(())
}
