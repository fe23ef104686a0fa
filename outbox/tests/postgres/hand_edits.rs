//! Rows that were edited by hand.

use clinspark_twilio::outbox::{Decision, MessageState, OutboxStore as _, Reason, StoreErrorKind};

use crate::database::{Database, claim, messages, sender, worker};

/// Removes the checks of the schema, without which an edit is refused.
const UNCHECK: &str = "DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conname FROM pg_constraint
           WHERE conrelid = 'twilio_outbox.message'::regclass AND contype = 'c' LOOP
    EXECUTE format('ALTER TABLE twilio_outbox.message DROP CONSTRAINT %I', c.conname);
  END LOOP; END $$";

#[tokio::test]
async fn the_schema_refuses_malformed_rows() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(1)).await.unwrap();
    let client = database.client().await;
    for set in [
        "recipient = '+15005550006'",
        "occurrence = '33'",
        "message_id = '5005550006'",
        "state = 'done'",
        "state = 'sent'",
        "state = 'sending'",
        "sid = 'SM1'",
        "not_before = 'infinity'",
        "not_after = '-infinity'",
        "attempts = -1",
        "proof = '\\x00'",
        "segments = 70000",
        "looks = -1",
        "batch = 'unknown'",
    ] {
        let sql = format!("UPDATE twilio_outbox.message SET {set}");
        let error = client.batch_execute(&sql).await.unwrap_err();
        assert!(
            error.code().unwrap().code().starts_with("23"),
            "{set}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_held_and_the_others_go_on() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (store, batch) = database.batch().await;
    store.enqueue(&batch, &messages(4)).await.unwrap();
    let client = database.client().await;
    client.batch_execute(UNCHECK).await.unwrap();
    let edit = async |set: &str, row: i64| {
        let sql = format!("UPDATE twilio_outbox.message SET {set} WHERE id = $1");
        assert_eq!(client.execute(&sql, &[&row]).await.unwrap(), 1);
    };
    edit("recipient = '+15005550006'", 1).await;
    let error = store.claim(&sender(), &worker()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
    assert!(!format!("{error:?} {error}").contains("5005550006"));
    for row in [2, 3, 4] {
        assert_eq!(claim(&store).await.unwrap().row, row);
    }
    assert_eq!(
        store.counts(&batch).await.unwrap().of(MessageState::Held),
        1
    );

    edit("proof = '\\x00'", 3).await;
    let now = store.now().await.unwrap();
    let doubts = store.doubts(&sender(), now, 10).await.unwrap();
    let rows: Vec<_> = doubts.iter().map(|doubt| doubt.claimed.row).collect();
    assert_eq!(rows, [2, 4]);
    assert_eq!(
        store.counts(&batch).await.unwrap().of(MessageState::Held),
        2
    );

    edit("state = 'done'", 4).await;
    let records = store.records(&batch, None, 0, 10).await.unwrap();
    let named: Vec<_> = records
        .iter()
        .map(|it| {
            let reason = it.reason.as_ref().map_or("", Reason::as_str);
            (it.row, it.recipient.as_str(), it.state, reason)
        })
        .collect();
    let edited = |row| format!("row {row} cannot be read; it was changed by hand");
    let (first, fourth) = (edited(1), edited(4));
    let [_, second, third, _] = named.as_slice() else {
        panic!("{named:?}")
    };
    assert_eq!(*second, (2, "volunteer-2", MessageState::Sending, ""));
    assert_eq!((third.0, third.2), (3, MessageState::Held));
    assert_eq!(
        named[0],
        (1, "unreadable-1", MessageState::Held, first.as_str())
    );
    assert_eq!(
        named[3],
        (4, "volunteer-4", MessageState::Held, fourth.as_str())
    );
    // Each is among the held ones, which a person must look at.
    let held = Some(MessageState::Held);
    let held = store.records(&batch, held, 0, 10).await.unwrap();
    assert_eq!(held.iter().map(|it| it.row).collect::<Vec<_>>(), [1, 3, 4]);
    let counts = store.counts(&batch).await.unwrap();
    assert_eq!((counts.of(MessageState::Held), counts.total()), (3, 4));
    assert!(!format!("{records:?}").contains("5005550006"));
    for record in [&records[0], &records[3]] {
        let id = &record.message_id;
        assert!(store.decide(id, Decision::Refuse).await.unwrap());
        assert!(!store.decide(id, Decision::Refuse).await.unwrap());
    }
    client
        .batch_execute("UPDATE twilio_outbox.batch SET definition = 'x'")
        .await
        .unwrap();
    let error = store.batch(&batch).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
}
