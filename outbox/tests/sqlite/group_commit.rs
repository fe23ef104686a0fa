//! Calls that share a transaction: none fails because of another, and each is on the disk when it
//! returns.

use std::io::Write as _;
use std::task::{Context, Waker};

use clinspark_twilio::outbox::{
    Finish, LedgerEntry, MessageState, OutboxStore as _, Proof, StoreErrorKind,
};
use rusqlite::Connection;

use crate::processes::{block_on, has_strace, read_lines};
use crate::support::{
    Folder, batch_id, child_behind, claim, entry, file_of_parent, lines, people, prepared, sid,
    store,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_error_rolls_back_its_own_call_only() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..20)).await.unwrap();
    let mut claims = Vec::new();
    for _ in 0..20 {
        claims.push(claim(&store).await);
    }
    let other = Connection::open(folder.file()).unwrap();
    // The ledger entry of this row is written, and then its sender cannot be read.
    let damage = "UPDATE outbox_message SET sender = 'no sender' WHERE id IN (7, 13)";
    assert_eq!(other.execute(damage, []), Ok(2));
    // The first call waits for this lock, and the others for the first.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let entry = entry(2);
    let mut begun: Vec<_> = claims.iter().map(|it| store.begin(it, &entry)).collect();
    for call in &mut begun {
        let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
    }
    other.execute_batch("ROLLBACK").unwrap();
    for (claimed, begun) in claims.iter().zip(begun) {
        let begun = begun.await;
        if [7, 13].contains(&claimed.row) {
            assert_eq!(begun.unwrap_err().kind(), StoreErrorKind::Corrupt);
        } else {
            assert!(begun.unwrap(), "{}", claimed.row);
        }
    }
    let entries = "SELECT count(*), count(*) FILTER (WHERE id IN (7, 13)) FROM outbox_message
                   WHERE proof IS NOT NULL AND segments = 2";
    let entries = other.query_row(entries, [], |row| Ok((row.get(0)?, row.get(1)?)));
    assert_eq!(entries, Ok((18, 0)));
}

/// Text that a ledger entry has in the file, and no other.
fn proof_of(row: i64) -> String {
    format!("proof-of-row-{row:018}.")
}

/// Sends 100 messages in ten tasks, and marks the send of each in a file.
#[test]
fn child_marks_sends() {
    let Some(file) = file_of_parent() else { return };
    block_on(async {
        let store = prepared(&file).await.unwrap();
        store.enqueue(&batch_id(), &people(0..100)).await.unwrap();
        let marks = file.with_file_name("marks");
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let store = store.clone();
                let mut marks = std::fs::File::options()
                    .append(true)
                    .create(true)
                    .open(&marks)
                    .unwrap();
                tokio::spawn(async move {
                    for _ in 0..10 {
                        let claimed = claim(&store).await;
                        let row = claimed.row;
                        let proof = Proof::from_bytes(proof_of(row).as_bytes()).unwrap();
                        let entry = LedgerEntry { proof, segments: 1 };
                        assert!(store.begin(&claimed, &entry).await.unwrap());
                        let mark = format!("MARK: send {row}.\n");
                        marks.write_all(mark.as_bytes()).unwrap();
                        let sent = Finish::Sent(sid(row));
                        assert!(store.finish(&claimed, &sent).await.unwrap());
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let counts = store.counts(&batch_id()).await.unwrap();
        assert_eq!(counts.of(MessageState::Sent), 100);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn each_of_many_sends_at_once_follows_a_sync_of_its_own_ledger_entry() {
    if !has_strace() {
        println!("skipped, because strace is not installed");
        return;
    }
    let folder = Folder::new();
    let trace = folder.path().join("trace");
    let output = trace.to_string_lossy();
    // With the bytes of a page, so that the entry of a row is found in it.
    let calls = "trace=write,pwrite64,fsync,fdatasync";
    let strace = ["strace", "-f", "-s", "5000", "-e", calls, "-o", &output];
    let mut command = child_behind(&strace, "group_commit::child_marks_sends", &folder);
    lines(command.spawn().unwrap(), "MARK:");
    let trace = read_lines(&trace);
    let is_sync = |line: &String| {
        line.contains("sync(") && line.ends_with("= 0") || line.contains("sync resumed")
    };
    for row in 1..=100 {
        let mark = format!("\"MARK: send {row}.");
        let sent = trace.iter().position(|line| line.contains(&mark)).unwrap();
        let before = &trace[..sent];
        let proof = proof_of(row);
        let entry = before.iter().position(|line| line.contains(&proof));
        let is_synced = entry.is_some_and(|entry| before[entry..].iter().any(is_sync));
        assert!(is_synced, "row {row}, entry at {entry:?} of {sent}");
    }
    let syncs = trace.iter().filter(|line| is_sync(line)).count();
    println!("100 of 100 sends after a sync of their own ledger entry; {syncs} syncs");
    assert!(
        syncs < 300,
        "{syncs}: each claim, entry and end had a sync of its own"
    );
}
