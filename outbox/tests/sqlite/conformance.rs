//! The rules that every store keeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clinspark_twilio::outbox::{OutboxStore, conformance};
use clinspark_twilio_outbox::SqliteStore;

use crate::support::Folder;

#[tokio::test(flavor = "multi_thread")]
async fn the_store_conforms() {
    let stores = run().await;
    assert!(stores as usize >= conformance::cases().len());
}

#[tokio::test]
async fn the_store_conforms_on_one_thread() {
    run().await;
}

/// Runs the suite, and returns the number of stores that it made.
async fn run() -> u32 {
    let folder = Folder::new();
    let next = AtomicU32::new(0);
    let make = || async {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let file = folder.path().join(format!("{number}.db"));
        Arc::new(SqliteStore::open(file).await.unwrap()) as Arc<dyn OutboxStore>
    };
    conformance::run(make).await.unwrap();
    next.into_inner()
}
