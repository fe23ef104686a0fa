//! Rows that were edited by hand cost themselves only.

use clinspark_twilio::outbox::{
    BatchChange, Claim, Claimed, Decision, DeliveryReport, Finish, MessageState, Observed,
    OutboxStore as _, Pace, StoreErrorKind,
};
use clinspark_twilio::types::MessageStatus;
use clinspark_twilio_outbox::SqliteStore;
use rusqlite::Connection;

use crate::support::{Folder, batch_id, claim, entry, people, records, sender, sid, store, worker};

fn edit(folder: &Folder, statement: &str) -> rusqlite::Result<usize> {
    let connection = Connection::open(folder.file())?;
    connection.execute(statement, [])
}

/// Edits as a tool does that switches the constraints off.
fn force(folder: &Folder, statement: &str) {
    let connection = Connection::open(folder.file()).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; {statement};"
        ))
        .unwrap();
    assert_eq!(connection.changes(), 1, "{statement}");
}

/// Opens a store with two messages, the first of which was sent.
async fn store_with_one_sent(folder: &Folder) -> (SqliteStore, Claimed) {
    let store = store(folder).await;
    store.enqueue(&batch_id(), &people(0..2)).await.unwrap();
    let sent = claim(&store).await;
    store.begin(&sent, &entry(1)).await.unwrap();
    store.finish(&sent, &Finish::Sent(sid(1))).await.unwrap();
    (store, sent)
}

#[tokio::test]
async fn constraints_refuse_what_no_program_writes() {
    let folder = Folder::new();
    let _ = store_with_one_sent(&folder).await;
    for assignment in [
        "state = 'lost'",
        "state = 'queued'",
        "sid = NULL",
        "sid = 'SM1'",
        "sid = 'CA00000000000000000000000000000001'",
        "sid = 'SM0000000000000000000000000000000g'",
        "recipient = '+61491570156'",
        "recipient = '61491570156'",
        "recipient = ''",
        "recipient = 'Ann Lee'",
        "occurrence = 'visit 3'",
        "occurrence = '0491570156'",
        "message_id = '61491570156'",
        "attempts = -1",
        "attempts = 'two'",
        "segments = 100000",
        "proof = x'00'",
        "not_before = 'tomorrow'",
        "changed_at = NULL",
    ] {
        let statement = format!("UPDATE outbox_message SET {assignment} WHERE id = 1");
        assert!(edit(&folder, &statement).is_err(), "{assignment}");
    }
    let senders = ["per_second = 0", "per_second = 20000", "burst = -1"];
    for assignment in senders {
        let statement = format!("UPDATE outbox_sender SET {assignment}");
        assert!(edit(&folder, &statement).is_err(), "{assignment}");
    }
    assert!(edit(&folder, "UPDATE outbox_batch SET state = 'done'").is_err());
}

#[tokio::test]
async fn an_unreadable_message_is_held_and_the_next_goes_on() {
    for damage in [
        "recipient = '+61491570156'",
        "occurrence = 'visit 3'",
        "message_id = '61491570156'",
        "attempts = -7",
        "batch = 'no batch'",
        // Sent already: a second text must not go.
        "sid = 'SM00000000000000000000000000000001'",
    ] {
        let folder = Folder::new();
        let store = store(&folder).await;
        store.enqueue(&batch_id(), &people(0..3)).await.unwrap();
        force(
            &folder,
            &format!("UPDATE outbox_message SET {damage} WHERE id = 1"),
        );
        let failed = store.claim(&sender(), &worker()).await.unwrap_err();
        assert_eq!(failed.kind(), StoreErrorKind::Corrupt, "{damage}");
        assert!(
            !failed.to_string().contains("61491570"),
            "{damage}: {failed}"
        );
        assert_eq!(claim(&store).await.row, 2, "{damage}");
        assert_eq!(claim(&store).await.row, 3, "{damage}");
        let end = store.claim(&sender(), &worker()).await.unwrap();
        assert_eq!(end, Claim::Empty, "{damage}");
        let connection = Connection::open(folder.file()).unwrap();
        let held: (String, Option<String>) = connection
            .query_row(
                "SELECT state, reason FROM outbox_message WHERE id = 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(held.0, "held", "{damage}");
        // The others are reported, and the damaged one is named.
        let records = records(&store).await;
        let rows: Vec<_> = records.iter().map(|it| it.row).collect();
        let expected = if damage.starts_with("batch") {
            vec![2, 3]
        } else {
            vec![1, 2, 3]
        };
        assert_eq!(rows, expected, "{damage}");
        assert!(!format!("{records:?}").contains("61491570"), "{damage}");
        assert!(
            held.1.is_some_and(|reason| reason.contains("by hand")),
            "{damage}"
        );
    }
}

#[tokio::test]
async fn an_unknown_state_is_shown_as_held_and_can_be_decided() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..3)).await.unwrap();
    force(
        &folder,
        "UPDATE outbox_message SET state = 'lost' WHERE id = 1",
    );
    assert_eq!(claim(&store).await.row, 2);
    let counts = store.counts(&batch_id()).await.unwrap();
    assert_eq!(counts.of(MessageState::Held), 1);
    assert_eq!(counts.total(), 3);
    let held = Some(MessageState::Held);
    let held = store.records(&batch_id(), held, 0, 10).await.unwrap();
    let [record] = held.as_slice() else {
        panic!("{held:?}")
    };
    assert!(record.reason.as_ref().unwrap().as_str().contains("by hand"));
    let id = &record.message_id;
    assert!(store.decide(id, Decision::Refuse).await.unwrap());
    assert!(!store.decide(id, Decision::SendAgain).await.unwrap());
    assert_eq!(records(&store).await[0].state, MessageState::Refused);
}

#[tokio::test]
async fn a_bad_sid_costs_that_column() {
    let folder = Folder::new();
    let (store, sent) = store_with_one_sent(&folder).await;
    force(
        &folder,
        "UPDATE outbox_message SET sid = 'SM-1' WHERE id = 1",
    );
    let records = records(&store).await;
    assert_eq!(records[0].state, MessageState::Sent);
    assert_eq!(records[0].sid, None);
    let report = DeliveryReport {
        message_id: sent.message_id.clone(),
        sid: sid(1),
        status: MessageStatus::Delivered,
        code: None,
    };
    assert_eq!(store.observe(&report).await.unwrap(), Observed::OtherSid);
    assert_eq!(store.owner_of(sid(1)).await.unwrap(), None);
    assert_eq!(claim(&store).await.row, 2);
}

#[tokio::test]
async fn an_unreadable_doubt_is_held() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..4)).await.unwrap();
    for _ in 0..4 {
        let claimed = claim(&store).await;
        store.begin(&claimed, &entry(1)).await.unwrap();
    }
    force(
        &folder,
        "UPDATE outbox_message SET message_id = '1' WHERE id = 1",
    );
    // A missing time must not keep a claim from being settled.
    force(
        &folder,
        "UPDATE outbox_message SET claimed_at = NULL WHERE id = 2",
    );
    force(
        &folder,
        "UPDATE outbox_message SET proof = x'00' WHERE id = 3",
    );
    let now = store.now().await.unwrap();
    for _ in 0..2 {
        let doubts = store.doubts(&sender(), now, 10).await.unwrap();
        let rows: Vec<_> = doubts.iter().map(|doubt| doubt.claimed.row).collect();
        assert_eq!(rows, [2, 3, 4]);
        // Begun, so it may have been sent: no proof is not the same as no ledger entry.
        assert!(doubts[1].began_at.is_some() && doubts[1].proof.is_none());
    }
    let counts = store.counts(&batch_id()).await.unwrap();
    assert_eq!(counts.of(MessageState::Held), 1);
    assert_eq!(counts.of(MessageState::Sending), 3);
}

#[tokio::test]
async fn a_message_put_back_by_hand_is_not_sent_twice() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..1)).await.unwrap();
    let first = claim(&store).await;
    assert!(store.begin(&first, &entry(1)).await.unwrap());
    edit(
        &folder,
        "UPDATE outbox_message SET state = 'queued' WHERE id = 1",
    )
    .unwrap();
    let second = claim(&store).await;
    assert!(!store.begin(&second, &entry(1)).await.unwrap());
    // The first request was answered after all, but its claim is no longer valid.
    let sent = Finish::Sent(sid(1));
    assert!(!store.finish(&first, &sent).await.unwrap());
}

#[tokio::test]
async fn a_damaged_batch_can_be_canceled() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..2)).await.unwrap();
    force(
        &folder,
        "UPDATE outbox_batch SET definition = '{\"v\":\"99\"}'",
    );
    let id = batch_id();
    for kind in [
        store.batch(&id).await.unwrap_err().kind(),
        store.enqueue(&id, &people(2..3)).await.unwrap_err().kind(),
    ] {
        assert_eq!(kind, StoreErrorKind::Corrupt);
    }
    let canceled = store.change_batch(&id, &BatchChange::Cancel).await;
    assert_eq!(canceled.unwrap(), 2);
}

#[tokio::test]
async fn an_unreadable_pace_is_set_again() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..1)).await.unwrap();
    for damage in ["per_second = 0", "burst = -1"] {
        force(&folder, &format!("UPDATE outbox_sender SET {damage}"));
        let failed = store.claim(&sender(), &worker()).await.unwrap_err();
        assert_eq!(failed.kind(), StoreErrorKind::Corrupt, "{damage}");
        let pace = Pace::per_second(1.0).unwrap();
        store.set_pace(&sender(), pace).await.unwrap();
    }
    claim(&store).await;
}
