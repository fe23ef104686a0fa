//! Serves the gateway on port 8080, behind the proxy that ends TLS for `PUBLIC_ORIGIN`.

use std::env::var;

use clinspark_twilio::types::{AccountSid, AuthToken};
use clinspark_twilio::webhook::{PublicOrigin, Validator};
use hospital_webhooks::Gateway;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let origin = PublicOrigin::parse(&var("PUBLIC_ORIGIN")?)?;
    let validator = Validator::new(AuthToken::new(var("TWILIO_AUTH_TOKEN")?)?, origin);
    let account = AccountSid::parse(&var("TWILIO_ACCOUNT_SID")?)?;
    let gateway = Gateway::new(account, validator, |line: &str| eprintln!("{line}"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, gateway.router()).await?;
    Ok(())
}
