//! A database for one test, with a store and a batch.

use clinspark_twilio::outbox::{
    Batch, BatchId, Claim, Claimed, NewMessage, OutboxStore, Pace, RecipientKey, SenderKey,
    WorkerId,
};
use clinspark_twilio_outbox::PostgresStore;
use tokio_postgres::Client;

#[path = "../common/postgres.rs"]
mod server;

pub(crate) use self::server::{Database, client, server};

impl Database {
    pub(crate) async fn client(&self) -> Client {
        client(&self.url).await
    }

    pub(crate) async fn store(&self) -> PostgresStore {
        PostgresStore::connect(&self.url).await.unwrap()
    }

    /// Returns a store with a batch of 10,000 segments a second.
    pub(crate) async fn batch(&self) -> (PostgresStore, BatchId) {
        let store = self.store().await;
        let pace = Pace::per_second(10_000.0).unwrap();
        let pace = pace.burst(std::time::Duration::from_secs(60));
        store.set_pace(&sender(), pace).await.unwrap();
        let id = BatchId::parse("reminders").unwrap();
        store.open_batch(&definition(&id)).await.unwrap();
        (store, id)
    }
}

pub(crate) fn sender() -> SenderKey {
    SenderKey::parse("clinic-12").unwrap()
}

pub(crate) fn worker() -> WorkerId {
    WorkerId::parse("host-a").unwrap()
}

pub(crate) fn definition(id: &BatchId) -> Batch {
    let definition = r#"{"v":"1","template":"visit-reminder","version":1,"digest":"0f","purpose":"visit reminder"}"#;
    Batch::from_persisted(id.clone(), sender(), definition).unwrap()
}

pub(crate) fn messages(number: u64) -> Vec<NewMessage> {
    (1..=number)
        .map(|number| NewMessage::new(RecipientKey::numbered("volunteer", number).unwrap()))
        .collect()
}

pub(crate) async fn claim(store: &PostgresStore) -> Option<Claimed> {
    match store.claim(&sender(), &worker()).await.unwrap() {
        Claim::Message(claimed) => Some(*claimed),
        Claim::Empty => None,
        other => panic!("{other:?}"),
    }
}
