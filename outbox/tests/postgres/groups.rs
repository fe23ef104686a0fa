//! Calls that share a statement: each has its own answer, and none fails because of another.

use std::task::{Context, Waker};

use clinspark_twilio::outbox::{
    BatchChange, Claim, Claimed, Finish, LedgerEntry, OutboxStore as _, Proof, Reason,
    StoreErrorKind, StoreResult,
};
use clinspark_twilio::types::MessageSid;
use clinspark_twilio_outbox::{PostgresOptions, PostgresStore};
use tokio_postgres::{Client, NoTls};

use crate::database::{Database, claim, messages, sender, worker};

/// Returns a store and so many claims. Their rows are numbered from 1.
async fn claimed(database: &Database, number: u64) -> (PostgresStore, Vec<Claimed>) {
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(number)).await.unwrap();
    let mut claims = Vec::new();
    for row in 1..=number {
        claims.push(claim(&store).await.unwrap());
        assert_eq!(claims.last().unwrap().row, i64::try_from(row).unwrap());
    }
    (store, claims)
}

/// Returns an entry. One of two segments waits for the lock of the sender.
fn entry(segments: u16) -> LedgerEntry {
    let proof = Proof::from_bytes(&[7; 32]).unwrap();
    LedgerEntry { proof, segments }
}

fn sent(number: u32) -> Finish {
    Finish::Sent(MessageSid::parse(&format!("SM{number:032x}")).unwrap())
}

/// Lets a call wait for the database, or for the group before it.
fn start(call: &mut StoreResult<'_, bool>) {
    let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
}

async fn lock_sender(database: &Database) -> Client {
    let client = database.client().await;
    let lock = "BEGIN; SELECT FROM twilio_outbox.sender FOR UPDATE";
    client.batch_execute(lock).await.unwrap();
    client
}

/// Waits until so many connections wait for a lock.
async fn until_blocked(client: &Client, number: i64) {
    let blocked = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while client
        .query_one(blocked, &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        < number
    {
        tokio::task::yield_now().await;
    }
}

async fn count(client: &Client, what: &str) -> i64 {
    let sql = format!("SELECT {what} FROM twilio_outbox.message");
    client.query_one(&sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn each_call_of_a_group_has_its_own_answer() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, claims) = claimed(&database, 9).await;
    let client = database.client().await;
    let edits = "UPDATE twilio_outbox.message SET state = 'cancelled' WHERE id = 3;
                 UPDATE twilio_outbox.message SET attempts = attempts + 1 WHERE id = 4";
    client.batch_execute(edits).await.unwrap();
    assert!(store.begin(&claims[4], &entry(1)).await.unwrap());
    let other = database.client().await;
    let lock = "BEGIN; SELECT FROM twilio_outbox.message WHERE id = 6 FOR UPDATE";
    other.batch_execute(lock).await.unwrap();

    let sender = lock_sender(&database).await;
    let (one, two) = (entry(1), entry(2));
    let mut calls: Vec<_> = claims.iter().map(|it| store.begin(it, &one)).collect();
    // The first one waits for the sender, and the others for the first.
    calls[0] = store.begin(&claims[0], &two);
    start(&mut calls[0]);
    until_blocked(&client, 1).await;
    calls[1..].iter_mut().for_each(start);
    // The caller of the seventh is gone before its group begins.
    drop(calls.remove(6));
    sender.batch_execute("COMMIT").await.unwrap();
    let mut locked = calls.remove(5);
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    assert_eq!(answers, [true, true, false, false, false, true, true]);
    // The group does not wait for a locked row; its caller does.
    until_blocked(&client, 1).await;
    start(&mut locked);
    other.batch_execute("COMMIT").await.unwrap();
    assert!(locked.await.unwrap());
    let commits = "count(DISTINCT xmin::text) FILTER (WHERE id IN (2, 8, 9))";
    assert_eq!(count(&client, commits).await, 1);
    let entries = "count(*) FILTER (WHERE proof IS NOT NULL AND id IN (3, 4, 7))";
    assert_eq!(count(&client, entries).await, 0);
}

#[tokio::test]
async fn two_entries_of_one_claim_in_a_group_are_one() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, claims) = claimed(&database, 2).await;
    let sender = lock_sender(&database).await;
    let client = database.client().await;
    let (two, second) = (entry(2), &claims[1]);
    let mut first = store.begin(&claims[0], &two);
    start(&mut first);
    until_blocked(&client, 1).await;
    let mut calls = [1_u8, 2, 3].map(|byte| {
        let proof = Proof::from_bytes(&[byte; 32]).unwrap();
        LedgerEntry { proof, segments: 1 }
    });
    let mut begun: Vec<_> = calls.iter_mut().map(|it| store.begin(second, it)).collect();
    begun.iter_mut().for_each(start);
    sender.batch_execute("COMMIT").await.unwrap();
    assert!(first.await.unwrap());
    let mut valid = Vec::new();
    for (call, byte) in begun.into_iter().zip(1..) {
        if call.await.unwrap() {
            valid.push(byte);
        }
    }
    let proof = "SELECT get_byte(proof, 0) FROM twilio_outbox.message WHERE id = 2";
    let proof: i32 = client.query_one(proof, &[]).await.unwrap().get(0);
    assert_eq!(valid, [proof], "the one that is told so has the entry");
}

#[tokio::test]
async fn a_row_that_fails_a_group_fails_alone() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, claims) = claimed(&database, 6).await;
    let client = database.client().await;
    let other = database.client().await;
    let take = "BEGIN; UPDATE twilio_outbox.message SET state = 'sent', sid = $$SM00000000000000000000000000000001$$
                WHERE id = 6";
    other.batch_execute(take).await.unwrap();
    let sids = [1, 2, 3, 3, 4].map(sent);
    let ends = claims.iter().zip(&sids);
    let mut calls: Vec<_> = ends.map(|(it, sid)| store.finish(it, sid)).collect();
    // The first one waits for the transaction that takes its SID.
    start(&mut calls[0]);
    until_blocked(&client, 1).await;
    calls[1..].iter_mut().for_each(start);
    other.batch_execute("COMMIT").await.unwrap();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    // One of the two with the same SID has it.
    assert!(answers[2] != answers[3], "{answers:?}");
    assert_eq!([answers[0], answers[1], answers[4]], [false, true, true]);
    let sent = "count(*) FILTER (WHERE state = 'sent')";
    assert_eq!(count(&client, sent).await, 4);
}

#[tokio::test]
async fn a_dropped_caller_does_not_stop_its_group() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, claims) = claimed(&database, 3).await;
    let sender = lock_sender(&database).await;
    let client = database.client().await;
    let two = entry(2);
    let mut first = store.begin(&claims[0], &two);
    start(&mut first);
    until_blocked(&client, 1).await;
    let mut calls: Vec<_> = claims[1..].iter().map(|it| store.begin(it, &two)).collect();
    calls.iter_mut().for_each(start);
    drop(first);
    sender.batch_execute("COMMIT").await.unwrap();
    for call in calls {
        assert!(call.await.unwrap());
    }
    // Its statement ran already, so the claim has its entry, and is not begun twice.
    assert!(!store.begin(&claims[0], &two).await.unwrap());
}

#[tokio::test]
async fn a_cut_connection_fails_its_group_and_no_other() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, claims) = claimed(&database, 6).await;
    let lock = lock_sender(&database).await;
    let client = database.client().await;
    let two = entry(2);
    let mut calls: Vec<_> = claims.iter().map(|it| store.begin(it, &two)).collect();
    calls[..5].iter_mut().for_each(start);
    until_blocked(&client, 1).await;
    start(&mut calls[5]);
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    assert_eq!(
        client.query_one(cut, &[]).await.unwrap().get::<_, i64>(0),
        1
    );
    for call in &mut calls[..5] {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error:?}");
    }
    lock.batch_execute("COMMIT").await.unwrap();
    assert!((&mut calls[5]).await.unwrap(), "the next group connects");
    drop(calls);
    for claimed in &claims[..5] {
        assert!(store.begin(claimed, &two).await.unwrap(), "no entry yet");
    }
}

#[tokio::test]
async fn a_timeout_of_the_role_leaves_no_entry() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (patient, claims) = claimed(&database, 3).await;
    let client = database.client().await;
    let name = database.url.rsplit('/').next().unwrap();
    let two = entry(2);
    let sender = lock_sender(&database).await;
    for setting in ["lock_timeout", "statement_timeout"] {
        let set = format!(
            "ALTER DATABASE {name} RESET ALL; ALTER DATABASE {name} SET {setting} = '500ms'"
        );
        client.batch_execute(&set).await.unwrap();
        let store = database.store().await;
        let mut calls: Vec<_> = claims.iter().map(|it| store.begin(it, &two)).collect();
        calls.iter_mut().for_each(start);
        for call in calls {
            let error = call.await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error:?}");
        }
        assert_eq!(count(&client, "count(proof)").await, 0, "{setting}");
    }
    sender.batch_execute("COMMIT").await.unwrap();
    for claimed in &claims {
        assert!(patient.begin(claimed, &two).await.unwrap());
    }
}

#[tokio::test]
async fn one_connection_is_enough() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (first, claims) = claimed(&database, 9).await;
    let options = PostgresOptions::new().connections(1);
    let store = PostgresStore::connect_tls(&database.url, NoTls, &options).await;
    let (store, client) = (store.unwrap(), database.client().await);
    let other = database.client().await;
    let lock = "BEGIN; SELECT FROM twilio_outbox.message WHERE id IN (3, 6) FOR UPDATE";
    other.batch_execute(lock).await.unwrap();
    let (one, sid) = (entry(1), sent(1));
    assert!(first.begin(&claims[8], &one).await.unwrap());
    // The calls of the locked rows wait one after the other, and those of another kind behind them.
    let mut calls: Vec<_> = claims.iter().map(|it| store.begin(it, &one)).collect();
    calls[8] = store.finish(&claims[8], &sid);
    calls.iter_mut().for_each(start);
    until_blocked(&client, 1).await;
    other.batch_execute("COMMIT").await.unwrap();
    for call in calls {
        assert!(call.await.unwrap());
    }
    assert_eq!(count(&client, "count(proof)").await, 9);
}

/// Sets the time after which a connection that waits looks for a deadlock, and fails for it.
async fn set_deadlock_timeout(database: &Database, time: &str) {
    let name = database.url.rsplit('/').next().unwrap();
    let sql = format!("ALTER DATABASE {name} SET deadlock_timeout = '{time}'");
    database.client().await.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_pause_that_meets_messages_that_are_put_back_is_tried_again() {
    let Some(database) = Database::create().await else {
        return;
    };
    set_deadlock_timeout(&database, "1h").await;
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(2)).await.unwrap();
    set_deadlock_timeout(&database, "10ms").await;
    let operator = database.store().await;
    let (client, other) = (database.client().await, database.client().await);
    let lock = "BEGIN; SELECT FROM twilio_outbox.message WHERE id = 1 FOR UPDATE";
    other.batch_execute(lock).await.unwrap();
    let pause =
        tokio::spawn(async move { operator.change_batch(&batch, &BatchChange::Pause).await });
    until_blocked(&client, 1).await;
    // The pause has the batch, and saw this message in the queue.
    let second = claim(&store).await.unwrap();
    assert_eq!(second.row, 2);
    let requeue = Finish::Requeue {
        not_before: store.now().await.unwrap(),
        reason: Reason::new("quiet hours"),
    };
    let mut put_back = store.finish(&second, &requeue);
    start(&mut put_back);
    until_blocked(&client, 2).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert_eq!(pause.await.unwrap().unwrap(), 2);
    assert!(put_back.await.unwrap());
    let paused = "count(*) FILTER (WHERE state = 'paused')";
    assert_eq!(count(&client, paused).await, 2);
}

#[tokio::test]
async fn a_claim_paces_by_what_the_claim_before_it_has_committed() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(1)).await.unwrap();
    let (client, other) = (database.client().await, database.client().await);
    let charge = "BEGIN; UPDATE twilio_outbox.sender SET next_at = now() + interval '30 seconds'";
    other.batch_execute(charge).await.unwrap();
    let claim = tokio::spawn(async move { store.claim(&sender(), &worker()).await });
    until_blocked(&client, 1).await;
    other.batch_execute("COMMIT").await.unwrap();
    let claim = claim.await.unwrap().unwrap();
    assert!(matches!(claim, Claim::Wait(_)), "{claim:?}");
}
