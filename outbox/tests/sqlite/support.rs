//! A clock that the test moves, and a store with a batch.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use clinspark_twilio::client::Clock;
use clinspark_twilio::outbox::{
    Batch, BatchId, Claim, Claimed, LedgerEntry, MessageRecord, NewMessage, OutboxStore as _, Pace,
    Proof, RecipientKey, SenderKey, StoreError, WorkerId,
};
use clinspark_twilio::template::{Catalogue, Locale, Template};
use clinspark_twilio::types::{BoxFuture, MessageSid};
use clinspark_twilio_outbox::SqliteStore;

pub(crate) use crate::folder::Folder;

/// Clock that stands still until the test moves it.
pub(crate) struct HeldClock(Mutex<SystemTime>);

impl HeldClock {
    pub(crate) fn new() -> Arc<Self> {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        Arc::new(Self(Mutex::new(start)))
    }

    pub(crate) fn shared(self: &Arc<Self>) -> Arc<dyn Clock> {
        Arc::<Self>::clone(self)
    }

    pub(crate) fn set(&self, time: SystemTime) {
        *self.0.lock().unwrap() = time;
    }

    pub(crate) fn advance(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for HeldClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.advance(time);
        Box::pin(std::future::ready(()))
    }
}

pub(crate) fn sender() -> SenderKey {
    SenderKey::parse("clinic-12").unwrap()
}

pub(crate) fn batch_id() -> BatchId {
    BatchId::parse("reminders").unwrap()
}

pub(crate) fn worker() -> WorkerId {
    WorkerId::numbered("worker", u64::from(std::process::id())).unwrap()
}

pub(crate) fn batch() -> Batch {
    let text = Locale::parse("en").unwrap();
    let template = Template::builder("visit-reminder", 1)
        .variant(text, "Your visit is tomorrow.")
        .build(&Catalogue::new([]).unwrap())
        .unwrap();
    Batch::new(batch_id(), &template, sender(), "visit reminder")
}

pub(crate) fn people(numbers: std::ops::Range<u64>) -> Vec<NewMessage> {
    let key = |number| RecipientKey::numbered("volunteer", number).unwrap();
    numbers.map(key).map(NewMessage::new).collect()
}

/// Opens the store of a folder, with the sender at its highest pace and an open batch.
pub(crate) async fn store(folder: &Folder) -> SqliteStore {
    prepared(&folder.file()).await.unwrap()
}

pub(crate) async fn prepared(file: &Path) -> Result<SqliteStore, StoreError> {
    let store = SqliteStore::open(file).await?;
    store.set_pace(&sender(), pace()).await?;
    store.open_batch(&batch()).await?;
    Ok(store)
}

/// Returns the highest pace.
pub(crate) fn pace() -> Pace {
    let pace = Pace::per_second(10_000.0).unwrap();
    pace.burst(Duration::from_secs(60))
}

pub(crate) fn entry(segments: u16) -> LedgerEntry {
    let proof = Proof::from_bytes(&[7; 32]).unwrap();
    LedgerEntry { proof, segments }
}

pub(crate) fn sid(number: i64) -> MessageSid {
    MessageSid::parse(&format!("SM{number:032x}")).unwrap()
}

/// Claims a message that must be there.
pub(crate) async fn claim(store: &SqliteStore) -> Claimed {
    match store.claim(&sender(), &worker()).await.unwrap() {
        Claim::Message(claimed) => *claimed,
        other => panic!("{other:?} instead of a message"),
    }
}

pub(crate) async fn records(store: &SqliteStore) -> Vec<MessageRecord> {
    let all = store.records(&batch_id(), None, 0, u32::MAX).await;
    all.unwrap()
}

/// Returns the error with its causes.
pub(crate) fn chain(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Returns the command that runs one test of this binary as a child process.
pub(crate) fn child(test: &str, folder: &Folder) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("OUTBOX_FOLDER", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Returns the same command behind another program, such as `strace`.
pub(crate) fn child_behind(program: &[&str], test: &str, folder: &Folder) -> Command {
    let inner = child(test, folder);
    let mut command = Command::new(program[0]);
    command
        .args(&program[1..])
        .arg(inner.get_program())
        .args(inner.get_args())
        .env("OUTBOX_FOLDER", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Returns the file of the parent's folder. `None` if this process is no child.
pub(crate) fn file_of_parent() -> Option<PathBuf> {
    std::env::var_os("OUTBOX_FOLDER").map(|folder| Path::new(&folder).join("outbox.db"))
}

/// Waits for a child and returns the lines that it printed with this word in front.
pub(crate) fn lines(child: Child, word: &str) -> Vec<String> {
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}: {printed}{errors}",
        output.status
    );
    let of_word = |line: &str| {
        let at = line.find(word)?;
        line[at..]
            .strip_prefix(word)
            .map(|rest| rest.trim().to_owned())
    };
    printed.lines().filter_map(of_word).collect()
}
