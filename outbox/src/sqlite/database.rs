//! Two connections to one file.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use clinspark_twilio::client::Clock;
use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use super::error::{Failure, Work};
use super::network_share;
use super::schema::Schema;
use super::writer::Writer;

/// Longest wait for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Prepared statements that a connection keeps. There are fewer.
const STATEMENTS: usize = 64;

/// One file with a connection for writing and one for reading. No one else configures them.
#[derive(Clone)]
pub(super) struct Database {
    writer: Arc<Writer>,
    reader: Arc<Mutex<Connection>>,
    /// `None` for the clock of the system.
    clock: Option<Arc<dyn Clock>>,
}

impl Database {
    pub(super) async fn open(path: &Path, schema: &'static Schema) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let [writer, reader] = blocking(move || {
            let path = network_share::refuse(&path)?;
            let mut writer = connect(&path)?;
            schema.migrate(&mut writer)?;
            // 8 MB: IDs are random, so that adding thousands touches all pages of their index.
            writer.execute_batch("PRAGMA cache_size = -8000")?;
            let reader = connect(&path)?;
            reader.execute_batch("PRAGMA query_only = ON")?;
            schema.check(&reader)?;
            Ok([writer, reader])
        })
        .await?;
        Ok(Self {
            writer: Writer::new(writer, schema),
            reader: Arc::new(Mutex::new(reader)),
            clock: None,
        })
    }

    pub(super) fn set_clock(&mut self, clock: Arc<dyn Clock>) {
        self.clock = Some(clock);
    }

    pub(super) fn now(&self) -> SystemTime {
        now(self.clock.as_deref())
    }

    /// Runs work in a transaction that is on the disk when the future ends. An error rolls it back.
    ///
    /// If the future is dropped, the work takes effect completely or not at all.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection, i64) -> Work<T> + Send + 'static,
    {
        self.writer.write(self.clock.clone(), work).await
    }

    /// Runs one query.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Work<T> + Send + 'static,
    {
        let connection = Arc::clone(&self.reader).lock_owned().await;
        blocking(move || work(&connection)).await
    }
}

pub(super) fn now(clock: Option<&dyn Clock>) -> SystemTime {
    clock.map_or_else(SystemTime::now, Clock::now)
}

pub(super) const SHUTTING_DOWN: StoreError = StoreError::new(
    StoreErrorKind::Unavailable,
    "the Tokio runtime is shutting down; the transaction was not begun",
);

pub(super) fn runtime() -> Result<Handle, StoreError> {
    Handle::try_current().map_err(|_| {
        StoreError::new(
            StoreErrorKind::Other,
            "the SQLite store runs inside a Tokio runtime only; start one",
        )
    })
}

/// Runs work on a thread that may block.
async fn blocking<T, F>(work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> Work<T> + Send + 'static,
{
    match runtime()?.spawn_blocking(work).await {
        Ok(done) => done.map_err(StoreError::from),
        Err(error) if error.is_panic() => Err(StoreError::new(
            StoreErrorKind::Other,
            "the SQLite store panicked; report it",
        )),
        Err(_) => Err(SHUTTING_DOWN),
    }
}

/// Opens and configures a connection.
fn connect(path: &Path) -> Work<Connection> {
    // No URI: an option in the path could switch off locks or syncs.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // FULL: each commit is on the disk before the request leaves. `fullfsync` is for macOS, where
    // fsync alone leaves the data in the cache of the disk.
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    let mode = switch_to_wal(&connection)?;
    if mode != "wal" {
        return Err(StoreError::new(
            StoreErrorKind::NotWritable,
            "the SQLite file cannot have a write-ahead log; give the path of a file on a local disk \
             that this process may write",
        )
        .into());
    }
    Ok(connection)
}

/// Sets the journal mode, which the file keeps, and returns it.
fn switch_to_wal(connection: &Connection) -> Result<String, Failure> {
    let started = Instant::now();
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match mode {
            // The busy timeout does not cover two processes that switch a new file at once.
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && started.elapsed() < BUSY_TIMEOUT =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            mode => return Ok(mode?),
        }
    }
}
