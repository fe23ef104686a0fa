//! Errors of `PostgreSQL` as [`StoreError`], without values of rows.

use std::fmt;
use std::io::{self, ErrorKind};

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use tokio_postgres::Error;
use tokio_postgres::error::DbError;

/// SQLSTATE and constraint of an error. The server's own text may quote a row, so it is left out.
struct SqlState {
    code: String,
    constraint: Option<String>,
}

impl SqlState {
    fn of(error: &DbError) -> Self {
        Self {
            code: error.code().code().to_owned(),
            constraint: error.constraint().map(str::to_owned),
        }
    }
}

impl fmt::Display for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SQLSTATE {}", self.code)?;
        match &self.constraint {
            Some(constraint) => write!(f, " (constraint {constraint})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SqlState {}

/// SQLSTATE of a unique violation.
const UNIQUE_VIOLATION: &str = "23505";

/// SQLSTATE of a deadlock.
const DEADLOCK: &str = "40P01";

/// Returns `true` if another message has the SID.
pub(super) fn is_taken(error: &Error) -> bool {
    error
        .code()
        .is_some_and(|code| code.code() == UNIQUE_VIOLATION)
}

/// Returns `true` if the statement failed, and the connection can be used further.
pub(super) fn keeps_connection(error: &Error) -> bool {
    error
        .code()
        .is_some_and(|code| code.code().starts_with("23") || code.code().starts_with("40"))
}

/// Returns `true` if a row or a lock failed the statement, which may succeed for other rows.
pub(super) fn concerns_a_row(error: &Error) -> bool {
    let classes = ["22", "23", "40", "55", "P0"];
    let is_class = |class: &&str| {
        error
            .code()
            .is_some_and(|code| code.code().starts_with(*class))
    };
    classes.iter().any(is_class)
}

/// Returns `true` if the database has rolled a transaction back because of a deadlock.
pub(super) fn is_deadlock(error: &StoreError) -> bool {
    let source = std::error::Error::source(error);
    let state = source.and_then(|source| source.downcast_ref::<SqlState>());
    state.is_some_and(|state| state.code == DEADLOCK)
}

/// Converts an error, with its kind and what to do.
pub(super) fn store_error(error: Error) -> StoreError {
    let Some(database) = error.as_db_error() else {
        return unavailable(error);
    };
    let (kind, what) = explain(database.code().code());
    StoreError::new(kind, what).with_source(SqlState::of(database))
}

/// Error of a connection that is closed, or cannot be opened.
fn unavailable(error: Error) -> StoreError {
    let what = "the database cannot be reached or closed the connection; check that it runs, and its \
                address and TLS";
    StoreError::new(StoreErrorKind::Unavailable, what).with_source(error)
}

/// Returns the kind of an SQLSTATE, and what to do.
///
/// Source: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn explain(code: &str) -> (StoreErrorKind, &'static str) {
    use StoreErrorKind::{Corrupt, NotWritable, Other, Schema, Unavailable};
    match code {
        "25006" => (
            NotWritable,
            "the database is read-only; connect to the primary server, not to a standby",
        ),
        "53100" => (
            NotWritable,
            "the disk of the database is full; free space on it",
        ),
        "42501" => (
            NotWritable,
            "the role may not write to the schema twilio_outbox; grant it the rights of its owner",
        ),
        "3F000" | "42P01" | "42703" | "42883" => (
            Schema,
            "the schema twilio_outbox is missing or was changed; run the migrations of this version",
        ),
        "3D000" => (
            Other,
            "there is no such database; create it, or correct its name",
        ),
        "23502" | "23503" | "23514" => (
            Corrupt,
            "a row contradicts the rules of the schema; it may have been edited by hand",
        ),
        "53300" => (
            Unavailable,
            "the database has no free connections; raise max_connections, or use fewer",
        ),
        code if code.starts_with("28") => (
            Other,
            "the database refused the user or the password; correct the connection string",
        ),
        // 25P03 and 25P04 are timeouts of transactions.
        code if code.starts_with("40") || ["25P03", "25P04", "55P03"].contains(&code) => (
            Unavailable,
            "the database was busy with other transactions; try again",
        ),
        code if code.starts_with("57") || code.starts_with("08") || code.starts_with("53") => (
            Unavailable,
            "the database is restarting, stopped or out of resources; try again",
        ),
        _ => (Other, "the database refused a statement; see the SQLSTATE"),
    }
}

/// Returns `true` if a later attempt to connect may succeed.
pub(super) fn is_temporary(error: &Error) -> bool {
    if let Some(code) = error.code() {
        return explain(code.code()).0 == StoreErrorKind::Unavailable;
    }
    // A wrong password, or a certificate that is not trusted, stays wrong. rustls reports the latter
    // as invalid data of the connection.
    let cause = std::error::Error::source(error);
    let cause = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
    error.is_closed() || cause.is_some_and(|cause| cause.kind() != ErrorKind::InvalidData)
}

pub(super) const CORRUPT: &str =
    "a row cannot be read; it may have been edited by hand, or is of a newer version";
