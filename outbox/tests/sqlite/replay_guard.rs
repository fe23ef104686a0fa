//! The replay guard: claims that expire, and tokens that each statement compares.

use std::time::Duration;

use clinspark_twilio::webhook::{ClaimToken, Lookup, ReplayGuard, conformance};
use clinspark_twilio_outbox::{SqliteReplayGuard, SqliteStore};
use rusqlite::Connection;

use crate::support::{Folder, HeldClock};
use crate::webhook::{answer, key};

fn rows(folder: &Folder) -> i64 {
    let connection = Connection::open(folder.file()).unwrap();
    let count = "SELECT count(*) FROM twilio_webhook";
    connection.query_row(count, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn the_guard_conforms() {
    let folders = std::sync::Mutex::new(Vec::new());
    let result = conformance::run(|| async {
        let folder = Folder::new();
        let guard = SqliteReplayGuard::open(folder.file()).await.unwrap();
        folders.lock().unwrap().push(folder);
        std::sync::Arc::new(guard) as std::sync::Arc<dyn ReplayGuard>
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn a_handled_webhook_is_known_after_a_restart() {
    let folder = Folder::new();
    let guard = SqliteReplayGuard::open(folder.file()).await.unwrap();
    let (key, first, second) = (key(1), ClaimToken::random(), ClaimToken::random());
    assert!(matches!(guard.begin(&key, &first).await, Ok(Lookup::New)));
    guard.finish(&key, &first, &answer()).await.unwrap();
    drop(guard);
    let reopened = SqliteReplayGuard::open(folder.file()).await.unwrap();
    assert!(matches!(
        reopened.begin(&key, &second).await,
        Ok(Lookup::Handled)
    ));
}

#[tokio::test]
async fn a_released_or_abandoned_claim_is_free() {
    let folder = Folder::new();
    let guard = SqliteReplayGuard::open(folder.file()).await.unwrap();
    let (key, first, second) = (key(1), ClaimToken::random(), ClaimToken::random());
    guard.begin(&key, &first).await.unwrap();
    guard.release(&key, &first).await.unwrap();
    assert!(matches!(guard.begin(&key, &second).await, Ok(Lookup::New)));
    guard.abandon(&key, &first);
    guard.abandon(&key, &second);
    // The release runs on another task, before the next statement of this one or after it.
    let mut asked = 0;
    while !matches!(guard.begin(&key, &first).await, Ok(Lookup::New)) {
        asked += 1;
        assert!(asked < 1_000);
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_claim_expires_and_its_worker_cannot_finish_that_of_another() {
    let folder = Folder::new();
    let clock = HeldClock::new();
    let guard = SqliteReplayGuard::open(folder.file()).await.unwrap();
    let guard = guard.with_clock(clock.shared());
    let guard = guard.claim_time(Duration::from_secs(60));
    let (key, slow, quick) = (key(1), ClaimToken::random(), ClaimToken::random());
    guard.begin(&key, &slow).await.unwrap();
    clock.advance(Duration::from_secs(60));
    assert!(matches!(
        guard.begin(&key, &quick).await,
        Ok(Lookup::InProgress)
    ));
    clock.advance(Duration::from_micros(1));
    assert!(matches!(guard.begin(&key, &quick).await, Ok(Lookup::New)));
    assert!(guard.finish(&key, &slow, &answer()).await.is_err());
    guard.release(&key, &slow).await.unwrap();
    assert!(matches!(
        guard.begin(&key, &slow).await,
        Ok(Lookup::InProgress)
    ));
    guard.finish(&key, &quick, &answer()).await.unwrap();
    // A handled webhook does not expire with its claim.
    clock.advance(Duration::from_secs(24 * 60 * 60));
    assert!(matches!(
        guard.begin(&key, &slow).await,
        Ok(Lookup::Handled)
    ));
}

#[tokio::test]
async fn keys_past_their_retention_are_deleted() {
    let folder = Folder::new();
    let clock = HeldClock::new();
    let guard = SqliteReplayGuard::open(folder.file()).await.unwrap();
    let guard = guard.with_clock(clock.shared());
    let guard = guard.retention(Duration::from_secs(3_600));
    let token = ClaimToken::random();
    for number in 0..8 {
        guard.begin(&key(number), &token).await.unwrap();
        guard.finish(&key(number), &token, &answer()).await.unwrap();
    }
    clock.advance(Duration::from_secs(3_600));
    guard.begin(&key(100), &token).await.unwrap();
    assert_eq!(rows(&folder), 9);
    clock.advance(Duration::from_secs(1));
    guard.begin(&key(101), &token).await.unwrap();
    guard.begin(&key(102), &token).await.unwrap();
    assert_eq!(rows(&folder), 3);
    let text = std::fs::read(folder.file()).unwrap();
    assert!(!text.windows(9).any(|bytes| bytes == b"<Response"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_tasks_handles_a_webhook() {
    let folder = Folder::new();
    let tasks: Vec<_> = (0..12_u32)
        .map(|_| {
            let file = folder.file();
            tokio::spawn(async move {
                // All open the new file at once.
                let guard = SqliteReplayGuard::open(file).await.unwrap();
                let mut new = 0;
                for number in 0..20 {
                    let lookup = guard.begin(&key(number), &ClaimToken::random()).await;
                    new += u32::from(matches!(lookup.unwrap(), Lookup::New));
                }
                new
            })
        })
        .collect();
    let mut new = 0;
    for task in tasks {
        new += task.await.unwrap();
    }
    assert_eq!(new, 20);
}

#[tokio::test]
async fn the_guard_shares_the_file_of_a_store() {
    let folder = Folder::new();
    SqliteStore::open(folder.file()).await.unwrap();
    let guard = SqliteReplayGuard::open(folder.file()).await.unwrap();
    SqliteStore::open(folder.file()).await.unwrap();
    let lookup = guard.begin(&key(1), &ClaimToken::random()).await;
    assert!(matches!(lookup, Ok(Lookup::New)));
}
