//! Connections that are cut, and databases that are refused.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::outbox::{
    Claim, Finish, MessageState, OutboxStore, StoreError, StoreErrorKind,
};
use clinspark_twilio::types::MessageSid;
use clinspark_twilio_outbox::{PostgresOptions, PostgresStore};
use tokio_postgres::NoTls;

use crate::database::{Database, messages, sender, worker};

/// Claims and sends until the queue is empty, and goes on after each failure of the database.
async fn drain(store: Arc<PostgresStore>, sids: std::ops::Range<u32>) -> (Vec<i64>, u32) {
    let (mut rows, mut failures, mut sids) = (Vec::new(), 0, sids);
    loop {
        let claim = store.claim(&sender(), &worker()).await;
        let claimed = match claim {
            Ok(Claim::Message(claimed)) => claimed,
            Ok(Claim::Empty) => return (rows, failures),
            Ok(other) => panic!("{other:?}"),
            Err(error) => {
                assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error:?}");
                failures += 1;
                continue;
            }
        };
        rows.push(claimed.row);
        let sid = format!("SM{:032x}", sids.next().unwrap());
        let sent = Finish::Sent(MessageSid::parse(&sid).unwrap());
        // The answer must be recorded, however often the connection is cut.
        while let Err(error) = store.finish(&claimed, &sent).await {
            assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error:?}");
            failures += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_goes_on_when_its_connections_are_cut() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(2_000)).await.unwrap();
    let store = Arc::new(store);
    let tasks: Vec<_> = (0..4)
        .map(|task| {
            tokio::spawn(drain(
                Arc::clone(&store),
                task * 10_000..task * 10_000 + 9_999,
            ))
        })
        .collect();
    let client = database.client().await;
    let sent = "SELECT count(*) FROM twilio_outbox.message WHERE state = 'sent'";
    for mark in [300_i64, 800, 1_300] {
        while client.query_one(sent, &[]).await.unwrap().get::<_, i64>(0) < mark {
            tokio::task::yield_now().await;
        }
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert!(client.query_one(cut, &[]).await.unwrap().get::<_, i64>(0) > 0);
    }
    let (mut rows, mut failures) = (Vec::new(), 0);
    for task in tasks {
        let (claimed, failed) = task.await.unwrap();
        rows.extend(claimed);
        failures += failed;
    }
    let distinct: HashSet<_> = rows.iter().collect();
    assert_eq!(distinct.len(), rows.len(), "no message is claimed twice");
    let counts = store.counts(&batch).await.unwrap();
    // A claim whose answer was lost is in doubt: at most one for each task and cut.
    let doubtful = counts.of(MessageState::Sending);
    assert_eq!(counts.of(MessageState::Sent) + doubtful, 2_000);
    assert!(doubtful <= 12, "{doubtful}");
    println!("cut 3 times: {failures} failed calls, {doubtful} of 2,000 in doubt");
}

async fn refusal(url: &str) -> StoreError {
    let options = PostgresOptions::new().connect_timeout(Duration::from_millis(200));
    PostgresStore::connect_tls(url, NoTls, &options)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn another_machine_needs_tls() {
    for url in [
        "postgres://clinic:secret@db.example/clinic",
        "postgres://clinic:secret@192.0.2.1/clinic",
        "postgres://clinic:secret@192.0.2.1/clinic?sslmode=disable",
        "postgres://clinic:secret@localhost,db.example/clinic",
        "host=localhost hostaddr=192.0.2.1 user=clinic password=secret",
        "host=localhost.example user=clinic password=secret",
    ] {
        let error = refusal(url).await;
        assert!(error.to_string().contains("needs TLS"), "{url}: {error}");
        assert!(!format!("{error:?}").contains("secret"));
    }
    // Through a tunnel, loopback leads to another machine.
    let options = PostgresOptions::new().require_tls();
    for url in [
        "postgres://clinic:secret@localhost/clinic",
        "host=db.example hostaddr=127.0.0.1 user=clinic password=secret",
    ] {
        let error = PostgresStore::connect_tls(url, NoTls, &options).await;
        let error = error.unwrap_err();
        assert!(error.to_string().contains("needs TLS"), "{url}: {error}");
    }
}

#[tokio::test]
async fn an_unreachable_database_is_a_clear_error() {
    // Port 9 discards; nothing listens there.
    let error = refusal("postgres://clinic:secret@127.0.0.1:9/clinic").await;
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(error.to_string().contains("cannot be reached"), "{error}");
    assert!(!format!("{error:?}").contains("secret"));
    let error = refusal("postgres://clinic:secret@[127/").await;
    assert!(error.to_string().contains("connection string"), "{error}");
    assert!(!format!("{error:?}").contains("secret"));
}

#[tokio::test]
async fn a_read_only_database_is_a_clear_error() {
    let Some(database) = Database::create().await else {
        return;
    };
    database.batch().await;
    let name = database.url.rsplit('/').next().unwrap();
    let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    database.client().await.batch_execute(&sql).await.unwrap();
    let store = database.store().await;
    let error = store.claim(&sender(), &worker()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotWritable, "{error:?}");
}

#[tokio::test]
async fn commits_are_durable_whatever_the_default() {
    let Some(database) = Database::create().await else {
        return;
    };
    let name = database.url.rsplit('/').next().unwrap();
    let sql = format!(
        "ALTER DATABASE {name} SET synchronous_commit = off;
         ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'"
    );
    database.client().await.batch_execute(&sql).await.unwrap();
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(1)).await.unwrap();
    // A rule of the test's own writes down the settings of each claim.
    let spy = "CREATE TABLE setting (name text, value text);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO setting SELECT name, current_setting(name) FROM
            unnest(ARRAY['synchronous_commit', 'transaction_isolation']) AS name;
          RETURN NULL; END $$;
        CREATE TRIGGER note AFTER UPDATE ON twilio_outbox.message EXECUTE FUNCTION note();";
    let client = database.client().await;
    client.batch_execute(spy).await.unwrap();
    crate::database::claim(&store).await.unwrap();
    let found = client
        .query("SELECT value FROM public.setting ORDER BY name", &[])
        .await
        .unwrap();
    let found: Vec<String> = found.iter().map(|row| row.get("value")).collect();
    assert_eq!(found, ["on", "read committed"]);
}

/// A worker goes on after these, and ends after others. `transaction_timeout` is of `PostgreSQL` 17.
#[tokio::test]
async fn what_a_later_try_may_change_is_unavailable() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(1)).await.unwrap();
    let client = database.client().await;
    for (code, what) in [
        ("25P03", "idle_in_transaction_session_timeout"),
        ("25P04", "transaction_timeout"),
        ("40001", "serialization_failure"),
        ("40P01", "deadlock_detected"),
        ("53200", "out_of_memory"),
        ("55P03", "lock_timeout"),
        ("57014", "statement_timeout"),
        ("57P01", "a restart"),
        ("57P05", "idle_session_timeout"),
    ] {
        let fail = format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               RAISE EXCEPTION USING ERRCODE = '{code}'; END $$;
             CREATE OR REPLACE TRIGGER fail BEFORE UPDATE ON twilio_outbox.message
               FOR EACH ROW EXECUTE FUNCTION fail()"
        );
        client.batch_execute(&fail).await.unwrap();
        let error = store.claim(&sender(), &worker()).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{what}");
    }
    let heal = "DROP TRIGGER fail ON twilio_outbox.message";
    client.batch_execute(heal).await.unwrap();
    assert!(crate::database::claim(&store).await.is_some());
}
