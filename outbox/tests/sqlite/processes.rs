//! Several processes on one file, kills in mid-run, and syncs before each send.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Command;

use clinspark_twilio::outbox::{Claim, Finish, MessageState, OutboxStore as _, Settlement};
use clinspark_twilio::types::MessageStatus;
use clinspark_twilio_outbox::SqliteStore;

use crate::support::{
    Folder, batch_id, child, child_behind, claim, entry, file_of_parent, lines, people, prepared,
    records, sender, sid, store, worker,
};

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

/// Claims, begins, sends and finishes until the queue is empty. A send is a line of the log.
async fn work(store: &SqliteStore, mut send: impl FnMut(i64)) {
    loop {
        match store.claim(&sender(), &worker()).await.unwrap() {
            Claim::Message(claimed) => {
                assert!(store.begin(&claimed, &entry(1)).await.unwrap());
                send(claimed.row);
                let answer = Finish::Sent(sid(claimed.row));
                assert!(store.finish(&claimed, &answer).await.unwrap());
            }
            Claim::Wait(_) | Claim::Expired => {}
            Claim::Empty => return,
        }
    }
}

#[test]
fn processes_that_open_a_new_file_at_once_add_each_message_once() {
    let folder = Folder::new();
    let children: Vec<_> = (0..4)
        .map(|_| child("processes::child_adds", &folder).spawn().unwrap())
        .collect();
    let new: u64 = children
        .into_iter()
        .flat_map(|child| lines(child, "new:"))
        .map(|new| new.parse::<u64>().unwrap())
        .sum();
    assert_eq!(new, 700);
    let ids: HashSet<_> = block_on(async {
        let records = records(&store(&folder).await).await;
        records.into_iter().map(|it| it.message_id).collect()
    });
    assert_eq!(ids.len(), 700);
}

#[test]
fn child_adds() {
    let Some(file) = file_of_parent() else { return };
    block_on(async {
        let store = prepared(&file).await.unwrap();
        for batch in 0..7 {
            let new = people(batch * 100..(batch + 1) * 100);
            let new = store.enqueue(&batch_id(), &new).await.unwrap();
            println!("\nnew: {new}");
        }
    });
}

#[test]
fn two_processes_send_each_message_once() {
    let folder = Folder::new();
    block_on(async {
        let store = store(&folder).await;
        store.enqueue(&batch_id(), &people(0..1_000)).await.unwrap();
    });
    let children: Vec<_> = (0..2)
        .map(|_| child("processes::child_sends", &folder).spawn().unwrap())
        .collect();
    let sent: Vec<Vec<_>> = children
        .into_iter()
        .map(|child| lines(child, "sent:"))
        .collect();
    assert!(
        sent.iter().all(|sent| !sent.is_empty()),
        "one process sent all"
    );
    let distinct: HashSet<_> = sent.iter().flatten().collect();
    assert_eq!(sent.iter().flatten().count(), 1_000);
    assert_eq!(distinct.len(), 1_000);
}

#[test]
fn child_sends() {
    let Some(file) = file_of_parent() else { return };
    block_on(async {
        let store = prepared(&file).await.unwrap();
        work(&store, |row| println!("\nsent: {row}")).await;
    });
}

/// Kills a process after some of its lines, and returns the rows that it sent.
fn send_until_killed(folder: &Folder, after: usize) -> Vec<i64> {
    let mut child = child("processes::child_sends", folder).spawn().unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let row = |line: std::io::Result<String>| {
        let line = line.ok()?;
        line.strip_prefix("sent: ")?.parse().ok()
    };
    let mut sent: Vec<i64> = printed.by_ref().filter_map(row).take(after).collect();
    child.kill().unwrap();
    // What was written before the signal is still in the pipe.
    sent.extend(printed.filter_map(row));
    child.wait().unwrap();
    sent
}

#[cfg(unix)]
#[test]
fn a_killed_process_sends_no_message_twice_and_loses_none() {
    const MESSAGES: u64 = 600;
    let folder = Folder::new();
    block_on(async {
        let store = store(&folder).await;
        store
            .enqueue(&batch_id(), &people(0..MESSAGES))
            .await
            .unwrap();
    });
    let (mut sent, mut kills) = (Vec::new(), 0);
    for after in [1, 7, 30, 2, 55, 19, 80, 3, 41, 11] {
        sent.extend(send_until_killed(&folder, after));
        kills += 1;
    }
    block_on(async {
        let store = store(&folder).await;
        let now = store.now().await.unwrap();
        let doubts = store.doubts(&sender(), now, 100).await.unwrap();
        println!(
            "{} sends, {} in doubt after {kills} kills",
            sent.len(),
            doubts.len()
        );
        assert!(doubts.len() <= kills);
        for doubt in &doubts {
            // Without a ledger entry nothing was sent. With one, the log tells what became of it.
            let row = doubt.claimed.row;
            let settlement = if sent.contains(&row) {
                assert!(doubt.began_at.is_some());
                Settlement::Sent(sid(row))
            } else {
                Settlement::Requeue
            };
            assert!(store.settle(doubt, &settlement).await.unwrap());
        }
        work(&store, |row| sent.push(row)).await;
        let counts = store.counts(&batch_id()).await.unwrap();
        assert_eq!(counts.of(MessageState::Sent), MESSAGES);
        assert_eq!(counts.delivery(&MessageStatus::Delivered), 0);
    });
    let distinct: HashSet<_> = sent.iter().collect();
    assert_eq!(
        (sent.len() as u64, distinct.len() as u64),
        (MESSAGES, MESSAGES)
    );
    let connection = rusqlite::Connection::open(folder.file()).unwrap();
    let check = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    assert_eq!(check, Ok("ok".to_owned()));
}

#[test]
fn child_marks_sends() {
    let Some(file) = file_of_parent() else { return };
    block_on(async {
        let store = prepared(&file).await.unwrap();
        store.enqueue(&batch_id(), &people(0..50)).await.unwrap();
        let mut marks = std::fs::File::create(file.with_file_name("marks")).unwrap();
        for _ in 0..50 {
            let claimed = claim(&store).await;
            assert!(store.begin(&claimed, &entry(1)).await.unwrap());
            marks.write_all(b"MARK: send\n").unwrap();
            store
                .finish(&claimed, &Finish::Sent(sid(claimed.row)))
                .await
                .unwrap();
        }
    });
}

pub(crate) fn has_strace() -> bool {
    let version = Command::new("strace").arg("-V").output();
    version.is_ok_and(|it| it.status.success())
}

#[cfg(target_os = "linux")]
#[test]
fn each_send_follows_a_sync_of_its_ledger_entry() {
    if !has_strace() {
        println!("skipped, because strace is not installed");
        return;
    }
    let folder = Folder::new();
    let trace = folder.path().join("trace");
    let output = trace.to_string_lossy();
    let calls = "trace=write,pwrite64,fsync,fdatasync";
    let strace = ["strace", "-f", "-e", calls, "-o", &output];
    let mut command = child_behind(&strace, "processes::child_marks_sends", &folder);
    lines(command.spawn().unwrap(), "MARK:");
    let (mut syncs, mut marks, mut is_synced) = (0, 0, false);
    for line in read_lines(&trace) {
        if line.contains("MARK: send") {
            // Claim and ledger entry, each written and synced.
            assert!(is_synced && syncs >= 2, "send {marks}: {syncs} syncs");
            (syncs, is_synced) = (0, false);
            marks += 1;
        } else if line.contains("sync(") && line.ends_with("= 0") || line.contains("sync resumed") {
            syncs += 1;
            is_synced = true;
        } else if line.contains("pwrite64(") {
            is_synced = false;
        }
    }
    println!("{marks} of 50 sends with a sync before them");
    assert_eq!(marks, 50);
}

pub(crate) fn read_lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(str::to_owned).collect()
}
