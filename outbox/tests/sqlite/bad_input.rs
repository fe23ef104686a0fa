//! Files that cannot be used: a clear error, nothing lost, and the batch goes on afterwards.

use std::future::Future as _;
use std::path::Path;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use clinspark_twilio::outbox::{Claim, MessageState, OutboxStore as _, StoreError, StoreErrorKind};
use clinspark_twilio_outbox::SqliteStore;
use rusqlite::Connection;

use crate::support::{
    Folder, batch_id, chain, child, child_behind, claim, file_of_parent, lines, people, prepared,
    sender, store, worker,
};

async fn refused(path: impl AsRef<Path>) -> StoreError {
    SqliteStore::open(path).await.unwrap_err()
}

#[tokio::test]
async fn files_that_are_no_store_are_refused() {
    let folder = Folder::new();
    let text = folder.path().join("text.db");
    std::fs::write(&text, "To be, or not to be. ".repeat(100)).unwrap();
    let error = refused(&text).await;
    assert_eq!(error.kind(), StoreErrorKind::Other);
    assert!(
        error.to_string().contains("not a SQLite database"),
        "{error}"
    );
    let missing = refused(folder.path().join("missing/outbox.db")).await;
    assert_eq!(missing.kind(), StoreErrorKind::Unavailable);
    assert!(missing.to_string().contains("create it"), "{missing}");
    let directory = refused(folder.path()).await;
    assert_eq!(directory.kind(), StoreErrorKind::NotWritable, "{directory}");
    assert_eq!(refused("..").await.kind(), StoreErrorKind::NotWritable);
    assert_eq!(refused("").await.kind(), StoreErrorKind::Other);
    // No type of the driver, and no path, which may name a customer.
    let text = format!("{error:?} {}", chain(&error));
    assert!(!text.contains("SqliteFailure"), "{text}");
    assert!(!text.contains(&*folder.path().to_string_lossy()), "{text}");
}

#[tokio::test]
async fn a_newer_schema_is_refused_also_by_a_running_store() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..2)).await.unwrap();
    let other = Connection::open(folder.file()).unwrap();
    let newer = "INSERT INTO twilio_migration VALUES ('outbox', 2)";
    other.execute(newer, []).unwrap();
    let error = store.claim(&sender(), &worker()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Schema);
    let error = refused(folder.file()).await;
    assert_eq!(error.kind(), StoreErrorKind::Schema);
    assert!(error.to_string().contains("upgrade"), "{error}");
    let older = "DELETE FROM twilio_migration WHERE version = 2";
    other.execute(older, []).unwrap();
    claim(&store).await;
}

#[tokio::test]
async fn tables_that_are_missing_are_a_schema_error() {
    let folder = Folder::new();
    let store = store(&folder).await;
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("DROP TABLE outbox_message").unwrap();
    let error = store.claim(&sender(), &worker()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Schema, "{}", chain(&error));
}

#[tokio::test]
async fn a_lock_of_another_process_is_waited_for_without_blocking_the_runtime() {
    let folder = Folder::new();
    let store = store(&folder).await;
    store.enqueue(&batch_id(), &people(0..1)).await.unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let blocked = store.clone();
    let started = Instant::now();
    let claim = tokio::spawn(async move { blocked.claim(&sender(), &worker()).await });
    // This runtime has one thread: timers and reads go on while the claim waits.
    let mut ticks = 0;
    while !claim.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(store.counts(&batch_id()).await.unwrap().total(), 1);
        ticks += 1;
    }
    let error = claim.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(started.elapsed() >= Duration::from_secs(9));
    assert!(ticks > 50, "{ticks}");
    other.execute_batch("ROLLBACK").unwrap();
    crate::support::claim(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_future_takes_effect_completely_or_not_at_all() {
    let folder = Folder::new();
    let store = store(&folder).await;
    let mut before = 0;
    for round in 0..20 {
        let new = people(round * 500..(round + 1) * 500);
        let id = batch_id();
        let enqueue = store.enqueue(&id, &new);
        let wait = Duration::from_micros(round * 400);
        let _ = tokio::time::timeout(wait, enqueue).await;
        // Waits for the same connection, so the dropped call has ended.
        store
            .set_pace(&sender(), crate::support::pace())
            .await
            .unwrap();
        let now = store.counts(&batch_id()).await.unwrap().total();
        assert!(now == before || now == before + 500, "{before} {now}");
        before = now;
    }
    for _ in 0..50 {
        let (sender, worker) = (sender(), worker());
        let mut dropped = pin!(store.claim(&sender, &worker));
        let mut context = Context::from_waker(Waker::noop());
        let _ = dropped.as_mut().poll(&mut context);
    }
    let counts = store.counts(&batch_id()).await.unwrap();
    let sending = counts.of(MessageState::Sending);
    assert_eq!(sending + counts.of(MessageState::Queued), before);
}

#[test]
fn outside_of_a_runtime_a_call_fails() {
    let folder = Folder::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(store(&folder));
    drop(runtime);
    let sender = sender();
    let mut call = pin!(store.set_pace(&sender, crate::support::pace()));
    let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Err(error)) = polled else {
        panic!("{polled:?}");
    };
    assert!(error.to_string().contains("Tokio runtime"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_not_writable() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    drop(runtime.block_on(store(&folder)));
    let set_mode = |path: &Path, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, mode).unwrap();
    };
    set_mode(&folder.file(), 0o444);
    set_mode(folder.path(), 0o555);
    // Permissions do not stop root, so the child is another user then.
    let is_root = std::fs::write(folder.path().join("probe"), "").is_ok();
    let other_user = [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ];
    let mut command = if is_root {
        child_behind(&other_user, "bad_input::child_opens", &folder)
    } else {
        child("bad_input::child_opens", &folder)
    };
    let printed = command.spawn().map(|child| lines(child, "opened:"));
    set_mode(folder.path(), 0o755);
    match printed {
        Ok(lines) => assert_eq!(lines, ["NotWritable"]),
        Err(error) => println!("skipped, because setpriv is not installed: {error}"),
    }
}

#[test]
fn child_opens() {
    let Some(file) = file_of_parent() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let opened = runtime.block_on(SqliteStore::open(file));
    println!(
        "\nopened: {:?}",
        opened.map_err(|error| error.kind()).unwrap_err()
    );
}

/// Adds messages until the disk is full, then frees space and goes on.
#[test]
fn a_full_disk_is_not_writable_and_goes_on_with_space() {
    let folder = Folder::new();
    let mount = "mount -t tmpfs -o size=4m outbox \"$OUTBOX_FOLDER\" && exec \"$0\" \"$@\"";
    let in_small_disk = ["unshare", "-rm", "sh", "-c", mount];
    let probe = Command::new("unshare").args(["-rm", "true"]).status();
    if !probe.is_ok_and(|status| status.success()) {
        println!("skipped, because this system permits no mount in a namespace of its own");
        return;
    }
    let child = child_behind(&in_small_disk, "bad_input::child_fills", &folder);
    let printed = lines({ child }.spawn().unwrap(), "filled:");
    assert_eq!(printed, ["NotWritable, then went on"]);
}

/// The limit of a file's size is another way in which the system refuses to write.
#[test]
fn a_size_limit_is_not_writable_and_loses_nothing() {
    let folder = Folder::new();
    let limit = "trap '' XFSZ; ulimit -f 4000; exec \"$0\" \"$@\"";
    let mut command = child_behind(&["sh", "-c", limit], "bad_input::child_fills", &folder);
    let printed = lines(
        command.env("OUTBOX_LIMITED", "1").spawn().unwrap(),
        "filled:",
    );
    assert_eq!(printed, ["NotWritable, as before"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = store(&folder).await;
        let added = store.counts(&batch_id()).await.unwrap().total();
        assert!(added > 0 && added % 1_000 == 0, "{added}");
        let new = store.enqueue(&batch_id(), &people(0..added + 1)).await;
        assert_eq!(new.unwrap(), 1);
        claim(&store).await;
    });
}

#[test]
fn child_fills() {
    let Some(file) = file_of_parent() else { return };
    let ballast = file.with_file_name("ballast");
    let is_limited = std::env::var_os("OUTBOX_LIMITED").is_some();
    if !is_limited {
        std::fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    }
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = prepared(&file).await.unwrap();
        let mut added = 0;
        let error = loop {
            let new = people(added..added + 1_000);
            match store.enqueue(&batch_id(), &new).await {
                Ok(new) => added += new,
                Err(error) => break error,
            }
        };
        let counts = store.counts(&batch_id()).await.unwrap();
        assert_eq!(counts.total(), added, "{}", chain(&error));
        assert!(added > 0);
        let kind = error.kind();
        if is_limited {
            println!("\nfilled: {kind:?}, as before");
            return;
        }
        std::fs::remove_file(&ballast).unwrap();
        claim(&store).await;
        let new = people(added..added + 1);
        assert_eq!(store.enqueue(&batch_id(), &new).await.unwrap(), 1);
        let next = store.claim(&sender(), &worker()).await.unwrap();
        assert!(matches!(next, Claim::Message(_)));
        println!("\nfilled: {kind:?}, then went on");
    });
}
