//! [`SqliteStore`]: an outbox in a `SQLite` file.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use clinspark_twilio::client::Clock;
use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Batch, BatchChange, BatchId, BatchRecord, Claim, Claimed, Counts, Decision, DeliveryReport,
    Doubt, Finish, LedgerEntry, MessageRecord, MessageState, NewMessage, Observed, OutboxStore,
    Pace, Reason, SenderKey, Settlement, StoreError, StoreResult, WorkerId,
};
use clinspark_twilio::types::MessageSid;

use super::database::Database;
use super::{batches, ledger, micros, queue, reports, schema};

/// Outbox in a `SQLite` file, for one machine and any number of its processes.
///
/// A change is on the disk when its method returns: write-ahead log, `synchronous = FULL`. Calls that
/// wait at the same time share one transaction, and so one sync of the disk. An error of one rolls back
/// that one only.
///
/// The store opens two connections of its own, one for writing and one for reading. They work on threads
/// that may block, never on those of the runtime. A method whose future is dropped takes effect
/// completely or not at all.
///
/// Tables begin with `outbox_`, so the file may hold tables of the service, too. They hold references
/// to people, never numbers or texts. Back the file up with `VACUUM INTO` or the backup of `SQLite`: a
/// copy of the file alone lacks what stands in the write-ahead log beside it.
///
/// # Network shares
///
/// The locks of `SQLite` do not hold on network shares, so two machines could text one person twice.
/// On Linux the store reads `/proc/self/mountinfo` and refuses such file systems: `nfs`, `cifs`,
/// `smb3`, `9p`, `virtiofs`, `fuse.sshfs` and others. On Windows it refuses UNC paths, and mapped
/// drives, which resolve to them. Other systems have no check: choose a folder on a local disk there.
///
/// Source: <https://www.sqlite.org/wal.html>
///
/// # Rows that were edited by hand
///
/// Constraints refuse most edits that no program makes. A message that cannot be read costs that
/// message only: a claim holds it, fails once with
/// [`StoreErrorKind::Corrupt`](clinspark_twilio::outbox::StoreErrorKind::Corrupt), and the next claim
/// goes on.
///
/// # Example
///
/// ```
/// use clinspark_twilio::outbox::{OutboxStore as _, Pace, SenderKey};
/// use clinspark_twilio_outbox::SqliteStore;
///
/// # let folder = std::env::temp_dir().join(format!("outbox-store-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let store = SqliteStore::open(folder.join("reminders.db")).await?;
/// let pace = Pace::per_second(1.0).ok_or("pace out of range")?;
/// store.set_pace(&SenderKey::parse("clinic-12")?, pace).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SqliteStore {
    database: Database,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqliteStore")
    }
}

impl SqliteStore {
    /// Opens a file, creates it if it does not exist, and brings its tables up to this version.
    ///
    /// Several processes may do so at once. A store is cheap to clone; its clones share the
    /// connections.
    ///
    /// # Errors
    ///
    /// | Kind | Cause |
    /// |---|---|
    /// | [`Unavailable`] | missing folder, network share, or a lock held for more than 10 seconds |
    /// | [`NotWritable`] | read-only file or folder, full disk, no write-ahead log |
    /// | [`Schema`] | tables of a newer version of this package |
    /// | [`Other`] | file of another format, damaged file, or no Tokio runtime |
    ///
    /// [`Unavailable`]: clinspark_twilio::outbox::StoreErrorKind::Unavailable
    /// [`NotWritable`]: clinspark_twilio::outbox::StoreErrorKind::NotWritable
    /// [`Schema`]: clinspark_twilio::outbox::StoreErrorKind::Schema
    /// [`Other`]: clinspark_twilio::outbox::StoreErrorKind::Other
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let database = Database::open(path.as_ref(), &schema::OUTBOX).await?;
        Ok(Self { database })
    }

    /// Sets a clock of your own, for tests. All stores of a file must have the same one.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.database.set_clock(clock);
        self
    }
}

impl OutboxStore for SqliteStore {
    fn now(&self) -> StoreResult<'_, SystemTime> {
        Box::pin(async move { Ok(micros::time(micros::floor(self.database.now()))) })
    }

    fn set_pace<'a>(&'a self, sender: &'a SenderKey, pace: Pace) -> StoreResult<'a, ()> {
        let sender = sender.clone();
        let work = move |db: &_, _| queue::set_pace(db, &sender, pace);
        Box::pin(self.database.write(work))
    }

    fn hold_sender<'a>(
        &'a self,
        sender: &'a SenderKey,
        until: SystemTime,
        reason: &'a Reason,
    ) -> StoreResult<'a, ()> {
        let (sender, reason) = (sender.clone(), reason.clone());
        let work = move |db: &_, _| queue::hold_sender(db, &sender, until, &reason);
        Box::pin(self.database.write(work))
    }

    fn charge<'a>(
        &'a self,
        sender: &'a SenderKey,
        segments: u16,
    ) -> StoreResult<'a, Option<SystemTime>> {
        let sender = sender.clone();
        let work = move |db: &_, now| queue::charge(db, &sender, segments, now);
        Box::pin(self.database.write(work))
    }

    fn open_batch<'a>(&'a self, batch: &'a Batch) -> StoreResult<'a, ()> {
        let batch = batch.clone();
        let work = move |db: &_, now| batches::open(db, &batch, now);
        Box::pin(self.database.write(work))
    }

    fn batch<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Option<BatchRecord>> {
        let id = id.clone();
        let work = move |db: &_| batches::find(db, &id);
        Box::pin(self.database.read(work))
    }

    fn enqueue<'a>(
        &'a self,
        batch: &'a BatchId,
        messages: &'a [NewMessage],
    ) -> StoreResult<'a, u64> {
        let (batch, messages) = (batch.clone(), messages.to_vec());
        let work = move |db: &_, now| batches::enqueue(db, &batch, &messages, now);
        Box::pin(self.database.write(work))
    }

    fn claim<'a>(&'a self, sender: &'a SenderKey, worker: &'a WorkerId) -> StoreResult<'a, Claim> {
        let (sender, worker) = (sender.clone(), worker.clone());
        let work = move |db: &_, now| queue::claim(db, &sender, &worker, now);
        // The transaction of a claim that found an unreadable message commits, too: it is held.
        Box::pin(async move { self.database.write(work).await? })
    }

    fn begin<'a>(&'a self, claimed: &'a Claimed, entry: &'a LedgerEntry) -> StoreResult<'a, bool> {
        let (claimed, entry) = (claimed.clone(), entry.clone());
        let work = move |db: &_, now| queue::begin(db, &claimed, &entry, now);
        Box::pin(self.database.write(work))
    }

    fn finish<'a>(&'a self, claimed: &'a Claimed, finish: &'a Finish) -> StoreResult<'a, bool> {
        let (claimed, finish) = (claimed.clone(), finish.clone());
        let work = move |db: &_, now| ledger::finish(db, &claimed, &finish, now);
        Box::pin(self.database.write(work))
    }

    fn observe<'a>(&'a self, report: &'a DeliveryReport) -> StoreResult<'a, Observed> {
        let report = report.clone();
        let work = move |db: &_, now| ledger::observe(db, &report, now);
        Box::pin(self.database.write(work))
    }

    fn doubts<'a>(
        &'a self,
        sender: &'a SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> StoreResult<'a, Vec<Doubt>> {
        let sender = sender.clone();
        let work = move |db: &_| reports::doubts(db, &sender, since, limit);
        Box::pin(async move {
            let (doubts, unreadable) = self.database.read(work).await?;
            if !unreadable.is_empty() {
                // Otherwise they would be sending for ever, and their batch would never finish.
                let hold = move |db: &_, now| queue::hold_all_unreadable(db, &unreadable, now);
                self.database.write(hold).await?;
            }
            Ok(doubts)
        })
    }

    fn settle<'a>(&'a self, doubt: &'a Doubt, settlement: &'a Settlement) -> StoreResult<'a, bool> {
        let (doubt, settlement) = (doubt.clone(), settlement.clone());
        let work = move |db: &_, now| ledger::settle(db, &doubt, &settlement, now);
        Box::pin(self.database.write(work))
    }

    fn decide<'a>(&'a self, id: &'a MessageId, decision: Decision) -> StoreResult<'a, bool> {
        let id = id.clone();
        let work = move |db: &_, now| ledger::decide(db, &id, decision, now);
        Box::pin(self.database.write(work))
    }

    fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>> {
        let work = move |db: &_| reports::owner_of(db, sid);
        Box::pin(self.database.read(work))
    }

    fn stop_batch<'a>(&'a self, id: &'a MessageId, reason: &'a Reason) -> StoreResult<'a, bool> {
        let (id, reason) = (id.clone(), reason.clone());
        let work = move |db: &_, now| batches::stop(db, &id, &reason, now);
        Box::pin(self.database.write(work))
    }

    fn change_batch<'a>(
        &'a self,
        id: &'a BatchId,
        change: &'a BatchChange,
    ) -> StoreResult<'a, u64> {
        let (id, change) = (id.clone(), change.clone());
        let work = move |db: &_, now| batches::change(db, &id, &change, now);
        Box::pin(self.database.write(work))
    }

    fn counts<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Counts> {
        let id = id.clone();
        let work = move |db: &_| reports::counts(db, &id);
        Box::pin(self.database.read(work))
    }

    fn records<'a>(
        &'a self,
        id: &'a BatchId,
        state: Option<MessageState>,
        after: i64,
        limit: u32,
    ) -> StoreResult<'a, Vec<MessageRecord>> {
        let id = id.clone();
        let work = move |db: &_| reports::records(db, &id, state, after, limit);
        Box::pin(self.database.read(work))
    }
}
