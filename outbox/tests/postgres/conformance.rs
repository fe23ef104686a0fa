//! The suite of the library, unchanged.

use std::sync::{Arc, Mutex};

use clinspark_twilio::outbox::{OutboxStore, conformance};

use crate::database::{Database, server};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_conforms() {
    if server().is_none() {
        return;
    }
    let databases = Mutex::new(Vec::new());
    let result = conformance::run(|| async {
        let database = Database::create().await.unwrap();
        let store: Arc<dyn OutboxStore> = Arc::new(database.store().await);
        databases.lock().unwrap().push(database);
        store
    })
    .await;
    assert_eq!(databases.lock().unwrap().len(), conformance::cases().len());
    result.unwrap();
}
