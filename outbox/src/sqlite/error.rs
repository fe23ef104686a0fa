//! Errors of `SQLite` as [`StoreError`].

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use rusqlite::{Error, ErrorCode};

/// Result of work on a connection.
pub(super) type Work<T> = Result<T, Failure>;

/// Failure of work on a connection, whatever its origin.
pub(super) struct Failure(StoreError);

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

impl Failure {
    /// Returns the failure of an error that several calls share.
    pub(super) fn of(error: &Error) -> Self {
        let (kind, what) = classify(error);
        Self(StoreError::new(kind, what).with_source(DatabaseError::new(error)))
    }
}

/// Failure as `SQLite` words it, without a type of the driver.
///
/// The text names tables, columns and constraints, never a value.
#[derive(Debug)]
struct DatabaseError(String);

impl DatabaseError {
    fn new(error: &Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        Self(match code {
            Some(code) => format!("SQLite error {code}: {error}"),
            None => error.to_string(),
        })
    }
}

impl std::fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DatabaseError {}

/// Extended codes of `SQLITE_IOERR` that concern writing: write, fsync, truncate, size of the WAL index.
///
/// Source: <https://www.sqlite.org/rescode.html>
const WRITE_FAILURES: [i32; 4] = [778, 1034, 1546, 4874];

/// Failure of a statement that the tables do not fit.
const FOREIGN_TABLES: (StoreErrorKind, &str) = (
    StoreErrorKind::Schema,
    "the tables of the SQLite file are not those of this package; restore a backup",
);

fn classify(error: &Error) -> (StoreErrorKind, &'static str) {
    if matches!(error, Error::SqlInputError { .. }) {
        return FOREIGN_TABLES;
    }
    let extended = error.sqlite_error().map_or(0, |error| error.extended_code);
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::FileLockingProtocolFailed,
        ) => (
            StoreErrorKind::Unavailable,
            "another process has locked the SQLite file for more than 10 seconds; retry",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            StoreErrorKind::NotWritable,
            "the SQLite file is read-only; let this process write to the file and its folder",
        ),
        Some(ErrorCode::DiskFull) => (
            StoreErrorKind::NotWritable,
            "the disk of the SQLite file is full; free space and retry",
        ),
        Some(ErrorCode::CannotOpen) => (
            StoreErrorKind::NotWritable,
            "the SQLite file cannot be opened for writing; let this process write to the file and its \
             folder",
        ),
        Some(ErrorCode::SystemIoFailure) if WRITE_FAILURES.contains(&extended) => (
            StoreErrorKind::NotWritable,
            "the system did not write to the SQLite file; check its disk, quota and size limit",
        ),
        Some(ErrorCode::SystemIoFailure) => (
            StoreErrorKind::Unavailable,
            "the SQLite file cannot be read or written; check its disk",
        ),
        Some(ErrorCode::NotADatabase) => (
            StoreErrorKind::Other,
            "the file is not a SQLite database; choose another path",
        ),
        Some(ErrorCode::DatabaseCorrupt) => (
            StoreErrorKind::Other,
            "the SQLite file is damaged; restore a backup",
        ),
        Some(ErrorCode::ConstraintViolation) => (
            StoreErrorKind::Conflict,
            "the SQLite database refused a value that contradicts what is stored",
        ),
        Some(ErrorCode::Unknown) => FOREIGN_TABLES,
        Some(_) => (StoreErrorKind::Other, "SQLite failed"),
        // Without a code of SQLite, a value is not of the type that its column should have.
        None => (
            StoreErrorKind::Corrupt,
            "a row of the SQLite file cannot be read; undo its change by hand",
        ),
    }
}
