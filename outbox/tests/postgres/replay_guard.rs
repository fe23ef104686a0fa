//! The replay guard on several machines.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clinspark_twilio::webhook::{ClaimToken, Lookup, ReplayGuard, conformance};
use clinspark_twilio_outbox::PostgresReplayGuard;

use crate::database::{Database, server};
use crate::webhook::{answer, key};

/// Guard of one machine, with connections of its own.
async fn machine(database: &Database) -> PostgresReplayGuard {
    PostgresReplayGuard::new(&database.store().await)
}

async fn rows(database: &Database) -> i64 {
    let count = "SELECT count(*) FROM twilio_outbox.webhook";
    let row = database.client().await.query_one(count, &[]).await;
    row.unwrap().get(0)
}

/// Moves all webhooks back in time.
async fn age(database: &Database, seconds: u32) {
    let sql =
        format!("UPDATE twilio_outbox.webhook SET until = until - interval '{seconds} seconds'");
    database.client().await.batch_execute(&sql).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_conforms() {
    if server().is_none() {
        return;
    }
    let databases = Mutex::new(Vec::new());
    let result = conformance::run(|| async {
        let database = Database::create().await.unwrap();
        let guard: Arc<dyn ReplayGuard> = Arc::new(machine(&database).await);
        databases.lock().unwrap().push(database);
        guard
    })
    .await;
    result.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_machines_handles_a_webhook() {
    let Some(database) = Database::create().await else {
        return;
    };
    database.store().await;
    let database = Arc::new(database);
    let machines: Vec<_> = (0..4)
        .map(|_| {
            let database = Arc::clone(&database);
            tokio::spawn(async move {
                let guard = machine(&database).await;
                let mut new = 0;
                for number in 0..40 {
                    let lookup = guard.begin(&key(number), &ClaimToken::random()).await;
                    new += u32::from(matches!(lookup.unwrap(), Lookup::New));
                }
                new
            })
        })
        .collect();
    let mut new = 0;
    for machine in machines {
        new += machine.await.unwrap();
    }
    assert_eq!(new, 40);
}

#[tokio::test]
async fn a_claim_expires_and_its_machine_cannot_finish_that_of_another() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (slow, quick) = (machine(&database).await, machine(&database).await);
    let (key, first, second) = (key(1), ClaimToken::random(), ClaimToken::random());
    assert!(matches!(slow.begin(&key, &first).await, Ok(Lookup::New)));
    age(&database, 290).await;
    let lookup = quick.begin(&key, &second).await;
    assert!(matches!(lookup, Ok(Lookup::InProgress)));
    age(&database, 20).await;
    assert!(matches!(quick.begin(&key, &second).await, Ok(Lookup::New)));
    assert!(slow.finish(&key, &first, &answer()).await.is_err());
    slow.release(&key, &first).await.unwrap();
    quick.finish(&key, &second, &answer()).await.unwrap();
    // A handled webhook does not expire with its claim.
    age(&database, 24 * 60 * 60).await;
    let lookup = slow.begin(&key, &first).await;
    assert!(matches!(lookup, Ok(Lookup::Handled)));
}

#[tokio::test]
async fn an_abandoned_claim_is_free() {
    let Some(database) = Database::create().await else {
        return;
    };
    let guard = machine(&database).await;
    let (key, first, second) = (key(1), ClaimToken::random(), ClaimToken::random());
    guard.begin(&key, &first).await.unwrap();
    guard.abandon(&key, &first);
    let free = async {
        while !matches!(guard.begin(&key, &second).await, Ok(Lookup::New)) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), free)
        .await
        .unwrap();
}

#[tokio::test]
async fn keys_past_their_retention_are_deleted_and_no_answer_is_stored() {
    let Some(database) = Database::create().await else {
        return;
    };
    let guard = machine(&database).await;
    let guard = guard.retention(Duration::from_secs(3_600));
    let token = ClaimToken::random();
    for number in 0..8 {
        guard.begin(&key(number), &token).await.unwrap();
        guard.finish(&key(number), &token, &answer()).await.unwrap();
    }
    age(&database, 3_500).await;
    guard.begin(&key(100), &token).await.unwrap();
    assert_eq!(rows(&database).await, 9);
    age(&database, 200).await;
    guard.begin(&key(101), &token).await.unwrap();
    guard.begin(&key(102), &token).await.unwrap();
    assert_eq!(rows(&database).await, 3);
    // Lengths that no time can hold neither fail nor expire anything.
    let guard = guard.retention(Duration::MAX).claim_time(Duration::MAX);
    let lookup = guard.begin(&key(103), &token).await;
    assert!(matches!(lookup, Ok(Lookup::New)), "{lookup:?}");
    assert_eq!(rows(&database).await, 4);
}
