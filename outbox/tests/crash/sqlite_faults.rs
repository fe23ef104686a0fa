//! A `SQLite` file that another process locks, and a disk that is full, while one process sends.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clinspark_twilio::outbox::{MessageState, StoreErrorKind};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::common::{Clinic, Database, Folder, Kind, Probed, fast, setting, slow_answers, until};
use crate::workers::SLOTS;

/// Environment of a child process: the file that it locks.
const LOCKED: &str = "OUTBOX_CRASH_LOCKED";

/// Environment of a child process: the folder of its small disk.
const DISK: &str = "OUTBOX_CRASH_DISK";

/// Command that runs a test of this binary.
fn child(before: &[&str], test: &str) -> Command {
    let program = std::env::current_exe().unwrap().display().to_string();
    let words = [before, &[&program, "--exact", test, "--nocapture"]].concat();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).kill_on_drop(true);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_process_finishes_after_a_lock() {
    let database = Database::create(Kind::Sqlite).await.unwrap();
    let path = database.address();
    let run = Run::start(database, setting("FAULTS_PEOPLE", 150, 3_000)).await;
    until("the worker sends", async || run.clinic.texts() >= 50).await;
    let mut lock = child(&[], "sqlite_faults::child_locks")
        .env(LOCKED, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(lock.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.ends_with("locked") {
            break;
        }
    }
    let locked = Instant::now();
    // The store waits ten seconds for a lock.
    until("a call fails", async || {
        run.store.failures(StoreErrorKind::Unavailable) > 0
    })
    .await;
    drop(lock.stdin.take());
    assert!(lock.wait().await.unwrap().success());
    let locked = locked.elapsed();
    let failures = run.end(StoreErrorKind::Unavailable).await;
    println!(
        "SQLite locked by another process for {locked:.1?}: {failures} calls failed; all sent once, 0 in doubt"
    );
}

/// Locks the file of the parent until its input ends, if this process has one.
#[test]
fn child_locks() {
    let Ok(path) = std::env::var(LOCKED) else {
        return;
    };
    let db = rusqlite::Connection::open(path).unwrap();
    db.busy_timeout(Duration::from_secs(10)).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    println!("\nlocked");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    db.execute_batch("ROLLBACK").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_process_finishes_after_a_full_disk() {
    let folder = Folder::new();
    // A namespace of its own, so that no right is needed, and the disk ends with the child.
    let probe = Command::new("unshare").args(["-rm", "true"]).status().await;
    if !probe.is_ok_and(|status| status.success()) {
        println!("skipped: this system permits no mount in a namespace of its own");
        return;
    }
    // The write-ahead log alone grows to 4 MB.
    let mount = format!("mount -t tmpfs -o size=16m outbox \"${DISK}\" && exec \"$0\" \"$@\"");
    let before = ["unshare", "-rm", "sh", "-c", &mount];
    let output = child(&before, "sqlite_faults::child_fills_its_disk")
        .env(DISK, folder.path())
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{errors}");
    let figures = printed.lines().find(|line| line.starts_with("SQLite"));
    println!("{}", figures.unwrap());
}

/// Fills the disk of this process in mid-run and frees it again, if it has one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_fills_its_disk() {
    let Ok(disk) = std::env::var(DISK) else {
        return;
    };
    let disk = Path::new(&disk);
    let database = Database::File(disk.join("outbox.db"));
    let run = Run::start(database, 200).await;
    until("the worker sends", async || run.clinic.texts() >= 20).await;
    let ballast = fill(disk);
    until("the disk is full", async || {
        run.store.failures(StoreErrorKind::NotWritable) >= 5
    })
    .await;
    let texts = run.clinic.texts();
    std::fs::remove_file(ballast).unwrap();
    let failures = run.end(StoreErrorKind::NotWritable).await;
    println!(
        "\nSQLite on a full disk after {texts} texts: {failures} calls failed; all sent once, 0 in doubt"
    );
}

/// Writes until the disk has no space left, and returns the file.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("ballast");
    let mut file = std::fs::File::create(&path).unwrap();
    while file.write_all(&[0; 4_096]).is_ok() {}
    path
}

/// A clinic whose outbox runs in this process.
struct Run {
    clinic: Clinic,
    store: Probed,
    people: u64,
    stop: tokio::sync::oneshot::Sender<()>,
    running: tokio::task::JoinHandle<u64>,
}

impl Run {
    async fn start(database: Database, people: u64) -> Self {
        let clinic = Clinic::open(database, people, fast()).await;
        let slow = slow_answers(Duration::from_millis(10));
        clinic.sandbox.add_fault(slow).unwrap();
        let store = Probed::counting(Arc::clone(&clinic.store));
        let outbox = clinic.outbox(store.clone());
        let outbox = outbox.concurrency(usize::try_from(SLOTS).unwrap()).build();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            let drained = outbox.run(async { stopped.await.unwrap() }).await;
            drained.unwrap().sent
        });
        Self {
            clinic,
            store,
            people,
            stop,
            running,
        }
    }

    /// Waits until all are sent by the same process, and returns the number of calls that failed.
    async fn end(self, kind: StoreErrorKind) -> usize {
        until("the queue is empty", async || {
            assert!(!self.running.is_finished(), "the worker ended by itself");
            self.clinic.counts().await.of(MessageState::Queued) == 0
        })
        .await;
        self.stop.send(()).unwrap();
        assert_eq!(self.running.await.unwrap(), self.people);
        assert_eq!(self.clinic.sending().await, 0);
        let ended = self.clinic.ended().await;
        assert_eq!((ended.sent, ended.held), (self.people, 0));
        let failures = self.store.failures(kind);
        assert!(failures > 0, "no call failed");
        failures
    }
}
