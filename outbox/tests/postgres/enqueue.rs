//! Messages that are added by SQL, in a transaction of the caller's own.

use std::time::{Duration, Instant};

use clinspark_twilio::outbox::{BatchChange, BatchId, MessageState, OutboxStore as _};
use clinspark_twilio_outbox::PostgresStore;

use crate::database::{Database, claim, messages};

const ENQUEUE: &str =
    "SELECT twilio_outbox.enqueue('reminders', 'volunteer-1', occurrence => 'visit-3')";

#[tokio::test]
async fn a_message_exists_exactly_if_the_transaction_commits() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    let total = async || store.counts(&batch).await.unwrap().total();
    let mut client = database.client().await;

    let transaction = client.transaction().await.unwrap();
    assert!(
        transaction
            .query_one(ENQUEUE, &[])
            .await
            .unwrap()
            .get::<_, bool>(0)
    );
    transaction.rollback().await.unwrap();
    assert_eq!(total().await, 0);

    let transaction = client.transaction().await.unwrap();
    assert!(
        transaction
            .query_one(ENQUEUE, &[])
            .await
            .unwrap()
            .get::<_, bool>(0)
    );
    assert!(
        !transaction
            .query_one(ENQUEUE, &[])
            .await
            .unwrap()
            .get::<_, bool>(0)
    );
    transaction.commit().await.unwrap();
    assert_eq!(total().await, 1);
    assert!(
        !client
            .query_one(ENQUEUE, &[])
            .await
            .unwrap()
            .get::<_, bool>(0)
    );

    let claimed = claim(&store).await.unwrap();
    assert_eq!(claimed.recipient.as_str(), "volunteer-1");
    assert_eq!(claimed.occurrence.as_str(), "visit-3");
    assert!(claimed.message_id.as_str().starts_with("m-"));
}

/// Returns a database with a paused batch.
async fn paused() -> Option<(Database, PostgresStore, BatchId)> {
    let database = Database::create().await?;
    let (store, batch) = database.batch().await;
    let pause = store.change_batch(&batch, &BatchChange::Pause).await;
    assert_eq!(pause.unwrap(), 0);
    Some((database, store, batch))
}

#[tokio::test]
async fn a_role_needs_the_schema_only() {
    let Some((database, store, batch)) = paused().await else {
        return;
    };
    let client = database.client().await;
    let role = format!("{}_service", database.url.rsplit('/').next().unwrap());
    let sql = format!(
        "CREATE ROLE {role}; GRANT USAGE ON SCHEMA twilio_outbox TO {role}; SET ROLE {role}; {ENQUEUE};
         RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}"
    );
    client.batch_execute(&sql).await.unwrap();
    assert_eq!(
        store.counts(&batch).await.unwrap().of(MessageState::Paused),
        1
    );
}

#[tokio::test]
async fn malformed_keys_are_refused_without_being_quoted() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    let client = database.client().await;
    let long = "v".repeat(65);
    for (recipient, occurrence) in [
        ("+15005550006", ""),
        ("5005550006", ""),
        ("", ""),
        ("volunteer 1", ""),
        ("volunteer-1\n", ""),
        ("vol\u{e9}", ""),
        (long.as_str(), ""),
        ("volunteer-1", "+15005550006"),
        ("volunteer-1", "33"),
    ] {
        let sql = "SELECT twilio_outbox.enqueue('reminders', $1, occurrence => $2)";
        let error = client
            .query_one(sql, &[&recipient, &occurrence])
            .await
            .unwrap_err();
        let error = error.as_db_error().unwrap();
        assert_eq!(error.code().code(), "22023", "{recipient:?} {occurrence:?}");
        let text = format!("{error:?}");
        assert!(!text.contains("5005550006"), "{text}");
    }
    for (batch, code) in [("unknown", "23503"), ("canceled", "55000")] {
        let id = BatchId::parse("canceled").unwrap();
        store
            .open_batch(&crate::database::definition(&id))
            .await
            .unwrap();
        store.change_batch(&id, &BatchChange::Cancel).await.unwrap();
        let sql = "SELECT twilio_outbox.enqueue($1, 'volunteer-1')";
        let error = client.query_one(sql, &[&batch]).await.unwrap_err();
        assert_eq!(error.code().unwrap().code(), code, "{batch}");
    }
    assert_eq!(store.counts(&batch).await.unwrap().total(), 0);
}

#[tokio::test]
async fn a_long_transaction_neither_blocks_a_pause_nor_escapes_it() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    let mut client = database.client().await;
    let transaction = client.transaction().await.unwrap();
    transaction.query_one(ENQUEUE, &[]).await.unwrap();
    let pause = store.change_batch(&batch, &BatchChange::Pause);
    let paused = tokio::time::timeout(Duration::from_secs(5), pause).await;
    assert_eq!(paused.unwrap().unwrap(), 0);
    transaction.commit().await.unwrap();
    assert!(
        claim(&store).await.is_none(),
        "a paused batch sends nothing"
    );
    assert_eq!(
        store.counts(&batch).await.unwrap().of(MessageState::Paused),
        1
    );
    let resumed = store
        .change_batch(&batch, &BatchChange::Resume)
        .await
        .unwrap();
    assert_eq!(resumed, 1);
    assert!(claim(&store).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_paused_late_is_resumed() {
    let Some((database, store, batch)) = paused().await else {
        return;
    };
    let mut client = database.client().await;
    let transaction = client.transaction().await.unwrap();
    transaction.query_one(ENQUEUE, &[]).await.unwrap();
    let resume = tokio::spawn({
        let (store, batch) = (store.clone(), batch.clone());
        async move { store.change_batch(&batch, &BatchChange::Resume).await }
    });
    // The resumption waits for the transaction: its message would stay paused for ever.
    wait_for_a_lock(&database).await;
    transaction.commit().await.unwrap();
    assert_eq!(resume.await.unwrap().unwrap(), 1);
    assert!(claim(&store).await.is_some());
}

async fn wait_for_a_lock(database: &Database) {
    let client = database.client().await;
    let sql = "SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::task::yield_now().await;
    }
}

/// Counts always. The time is one of the machine, so that it counts on a quiet one only: in release with
/// `OUTBOX_FIGURES=1`.
#[tokio::test]
async fn a_hundred_thousand_messages_are_added_once_in_five_seconds() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    let timed = async |number: u64, new: u64| {
        let messages = messages(number);
        let began = Instant::now();
        assert_eq!(store.enqueue(&batch, &messages).await.unwrap(), new);
        began.elapsed()
    };
    let few = timed(10_000, 10_000).await;
    let many = timed(100_000, 90_000).await;
    let again = timed(100_000, 0).await;
    println!("10,000 messages: {few:?}; 90,000 more: {many:?}; 100,000 again: {again:?}");
    // Nine times as many. A busy machine may triple a time.
    assert!(many <= few * 30, "{few:?} {many:?}");
    if std::env::var_os("OUTBOX_FIGURES").is_some() {
        assert!(few + many <= Duration::from_secs(5), "{few:?} {many:?}");
    }
}
