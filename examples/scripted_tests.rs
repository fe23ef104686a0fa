//! Tests a service with scripted responses, without Twilio and without a network.
//!
//! ```text
//! cargo run --no-default-features --features client --example scripted_tests
//! ```
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use clinspark_twilio::client::messages::{SendMessage, Sender};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Credentials, Delivery, Outcome, RetryPolicy};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::{AccountSid, AuthToken, BoxError};

/// Service under test: sends a reminder, and returns the next step.
async fn remind(client: &Client, to: E164, from: E164) -> &'static str {
    let reminder = SendMessage::new(to, Sender::Number(from), "See you at 9:00.");
    match client.execute(reminder).await {
        Ok(_) => "done",
        Err(error) if error.is_retryable() => "try again later",
        Err(error) => match error.outcome() {
            Outcome::NotSent | Outcome::Rejected => "correct the number",
            // Sending again could text the person twice.
            Outcome::Unknown { .. } => "ask a person",
        },
    }
}

/// Body of a test: runs the service once, with one scripted response.
pub(crate) async fn next_step(reply: Reply) -> Result<&'static str, BoxError> {
    let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    let (to, from) = (E164::parse("+14155550123")?, E164::parse("+14155550100")?);
    let transport = FakeTransport::new().reply(reply);
    let client = Client::builder(credentials, Delivery::only([to]))
        .with_transport(transport.clone())
        .retry(RetryPolicy::none())
        .build()?;
    let next_step = remind(&client, to, from).await;
    assert_eq!(
        transport.requests().len(),
        1,
        "the service retried by itself"
    );
    Ok(next_step)
}

#[tokio::main]
pub(crate) async fn main() -> Result<(), BoxError> {
    let accepted = Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001"}"#);
    assert_eq!(next_step(accepted).await?, "done");
    assert_eq!(
        next_step(Reply::error(400, 21211)).await?,
        "correct the number"
    );
    assert_eq!(next_step(Reply::not_sent()).await?, "try again later");
    assert_eq!(next_step(Reply::connection_lost()).await?, "ask a person");
    println!("scripted_tests: ok");
    Ok(())
}
