//! Texts the volunteers of a file, and continues what an earlier run has begun.
//!
//! Variables: those of clinspark-twilio, `VOLUNTEERS` (file), `DATABASE` (file, or URL of
//! PostgreSQL) and `PROOF_SECRET` (32 bytes).
use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::messenger::MemoryConsentGate;
use clinspark_twilio::outbox::{BatchState, OutboxStore, ProofKey};
use clinspark_twilio::types::BoxError;
use clinspark_twilio::{Messenger, Settings};
use clinspark_twilio_outbox::{PostgresStore, SqliteStore};

async fn store(database: &str) -> Result<Arc<dyn OutboxStore>, BoxError> {
    if database.starts_with("postgres://") {
        return Ok(Arc::new(PostgresStore::connect(database).await?));
    }
    Ok(Arc::new(SqliteStore::open(database).await?))
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let volunteers = std::fs::read_to_string(std::env::var("VOLUNTEERS")?)?;
    let volunteers = cohort::read_volunteers(&volunteers)?;
    let secret = std::env::var("PROOF_SECRET")?.into_bytes();
    let key = ProofKey::new(secret.try_into().map_err(|_| "PROOF_SECRET has 32 bytes")?);
    let messenger: Messenger = Settings::from_env()?.messenger(MemoryConsentGate::new())?;
    let store = store(&std::env::var("DATABASE")?).await?;
    let (outbox, batch) = cohort::prepare(store, messenger, volunteers, key).await?;
    let mut progress = outbox.watch(batch.clone(), Duration::from_millis(200));
    let ended = async {
        let done = async {
            while let Some(now) = progress.next().await {
                if now.is_ok_and(|now| now.state == BatchState::Stopped) {
                    break;
                }
            }
        };
        tokio::select! {
            () = done => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    outbox.run(ended).await?;
    let counts = outbox.progress(&batch).await?.counts;
    println!("{counts:?}");
    Ok(())
}
