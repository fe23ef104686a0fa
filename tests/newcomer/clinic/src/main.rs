//! Starts the service from the environment: the variables of clinspark-twilio, and `DESK_TOKEN`.
use std::sync::Arc;

use clinic::MemoryConsent;
use clinspark_twilio::Settings;
use clinspark_twilio::types::BoxError;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let token = std::env::var("DESK_TOKEN")?;
    let consent = Arc::new(MemoryConsent::default());
    let router = clinic::router(Settings::from_env()?.messenger_builder(), consent, &token)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router).await?)
}
