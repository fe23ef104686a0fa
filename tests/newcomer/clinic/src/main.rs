//! Starts the service from the environment: the variables of clinspark-twilio, and `DESK_TOKEN`.
use std::sync::Arc;

use clinic::{ConsentTable, MemoryConsent};
use clinspark_twilio::Settings;
use clinspark_twilio::types::BoxError;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let token = std::env::var("DESK_TOKEN")?;
    let consent: Arc<dyn ConsentTable> = Arc::new(MemoryConsent::default());
    let messenger = Settings::from_env()?.messenger_builder(clinic::gate(&consent));
    let router = clinic::router(messenger, consent, &token)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, router).await?)
}
