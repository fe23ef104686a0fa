//! Texts one person, and handles each outcome.
//!
//! ```text
//! export CLINSPARK_DOMAIN=acme.example.com TWILIO_PHONE_NUMBER=+61255501234
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=...
//! export CLINSPARK_DEFAULT_COUNTRY_PREFIX=61   # country of numbers without country code
//! export CLINSPARK_DELIVERY=only:+61491570156  # `live` texts everyone
//! export CLINSPARK_MESSAGE_STATUS_PATH=/twilio/sms-status  # receives the status, with the id
//! TO='0491 570 156' VISIT=4711 cargo run --example send_text
//! ```
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use std::env;

use clinspark_twilio::client::Outcome;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{MemoryConsentGate, MessageId, Messenger};
use clinspark_twilio::types::BoxError;

/// Texts the person, and returns the result. It contains neither the number nor the body.
pub(crate) async fn remind(messenger: &Messenger, typed: &str, id: MessageId) -> String {
    let reminder = messenger.text(typed, "Your visit is tomorrow at 9:00.");
    match reminder.id(id.clone()).await {
        Ok(message) => format!("accepted by Twilio as {}", message.sid),
        Err(error) if error.is_retryable() => format!("not sent, safe to try again: {error}"),
        Err(error) => match error.outcome() {
            // A gate or Twilio refused it, and would refuse it again.
            Outcome::NotSent => format!("not sent, fix the cause first: {error}"),
            Outcome::Rejected => format!("refused by Twilio, not sent: {error}"),
            // Sending again could text the person twice. A status callback brings the id back if
            // the text was sent.
            Outcome::Unknown { .. } => {
                format!(
                    "{} may have been sent, do not send again: {error}",
                    id.as_str()
                )
            }
        },
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // Forgets at exit: pass a gate on your record of consent (`consent_gate_fn`).
    let messenger = Settings::from_env()?.messenger(MemoryConsentGate::new())?;
    let id = MessageId::numbered("visit", env::var("VISIT")?.parse()?)?;
    println!("{}", remind(&messenger, &env::var("TO")?, id).await);
    Ok(())
}
