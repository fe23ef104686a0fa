//! Calls one person, and plays a reminder once the call is answered.
//!
//! ```text
//! export CLINSPARK_DOMAIN=acme.example.com TWILIO_PHONE_NUMBER=+61255501234
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=...
//! export CLINSPARK_DEFAULT_COUNTRY_PREFIX=61   # country of numbers without country code
//! export CLINSPARK_DELIVERY=only:+61491570156  # `live` calls everyone
//! TO='0491 570 156' cargo run --example place_call
//! ```
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use std::time::Duration;

use clinspark_twilio::client::calls::Call;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{Error, MemoryConsentGate, Messenger};
use clinspark_twilio::twiml::{Pause, Say, VoiceResponse};
use clinspark_twilio::types::BoxError;

/// Calls the person. TwiML that is sent with the call needs no webhook.
pub(crate) async fn remind(messenger: &Messenger, typed: &str) -> Result<Call, Error> {
    let reminder = VoiceResponse::new()
        .append(Say::new("Your visit is tomorrow at nine."))
        .append(Pause::new().length(Duration::from_secs(1)))
        .append(Say::new("To change it, please call us. Goodbye."));
    messenger.call(typed, &reminder).await
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // Forgets at exit: pass a gate on your record of consent (`consent_gate_fn`).
    let messenger = Settings::from_env()?.messenger(MemoryConsentGate::new())?;
    let call = remind(&messenger, &std::env::var("TO")?).await?;
    println!("call {} is {:?}", call.sid, call.status);
    Ok(())
}
