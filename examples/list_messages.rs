//! Counts the messages of the last day by status. The client fetches further pages on demand.
//!
//! ```text
//! TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=... cargo run --example list_messages
//! ```
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use std::collections::BTreeMap;
use std::env;
use std::time::{Duration, SystemTime};

use clinspark_twilio::client::messages::ListMessages;
use clinspark_twilio::client::{Client, Credentials, Delivery, Error};
use clinspark_twilio::types::{AccountSid, AuthToken, BoxError};

/// Counts the messages sent since `time`. After an error the list is incomplete, so an error
/// returns no counts.
pub(crate) async fn count(
    client: &Client,
    time: SystemTime,
) -> Result<BTreeMap<String, usize>, Error> {
    let mut counts = BTreeMap::new();
    let mut messages = client.list(ListMessages::new().date_sent_after(time).page_size(1_000));
    while let Some(message) = messages.next().await {
        let status = message?
            .status
            .map_or("unknown".to_owned(), |status| status.to_string());
        *counts.entry(status).or_default() += 1;
    }
    // Items that this version cannot read do not end the list.
    if !messages.unreadable().is_empty() {
        counts.insert("unreadable".to_owned(), messages.unreadable().len());
    }
    Ok(counts)
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let account = AccountSid::parse(&env::var("TWILIO_ACCOUNT_SID")?)?;
    let token = AuthToken::new(env::var("TWILIO_AUTH_TOKEN")?)?;
    // `Off`: this program reads, and can text no one.
    let client = Client::new(Credentials::auth_token(account, token), Delivery::Off)?;
    let yesterday = SystemTime::now() - Duration::from_secs(24 * 60 * 60);
    for (status, count) in count(&client, yesterday).await? {
        println!("{count:>8} {status}");
    }
    Ok(())
}
