//! Versioned migrations, safe from several processes at once.

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use super::error::Work;

/// Tables of one component, and the migrations that made them.
///
/// Components share a file: each has a version of its own.
pub(super) struct Schema {
    /// Name in the table of migrations.
    component: &'static str,
    /// Statements from each version to the next. A released one is never edited.
    migrations: &'static [&'static str],
}

/// Tables of the outbox.
pub(super) static OUTBOX: Schema = Schema {
    component: "outbox",
    migrations: &[include_str!("outbox_1.sql")],
};

/// Table of the replay guard.
pub(super) static REPLAY_GUARD: Schema = Schema {
    component: "replay_guard",
    migrations: &[include_str!("replay_guard_1.sql")],
};

const NEWER: StoreError = StoreError::new(
    StoreErrorKind::Schema,
    "the tables of the SQLite file are of a newer version of clinspark-twilio-outbox; upgrade this \
     program",
);

const OLDER: StoreError = StoreError::new(
    StoreErrorKind::Schema,
    "the tables of the SQLite file are missing or of an older version; open the store again",
);

impl Schema {
    fn version(&self) -> i64 {
        i64::try_from(self.migrations.len()).unwrap_or(i64::MAX)
    }

    /// Creates the tables, or brings them up to this version.
    pub(super) fn migrate(&self, connection: &mut Connection) -> Work<()> {
        // Most openings find everything done, and need no write lock.
        if self.stored_version(connection)? == Some(self.version()) {
            return Ok(());
        }
        // The second of two processes waits here, and then finds the version of the first.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let stored = self.stored_version(&transaction)?.unwrap_or(0);
        if stored > self.version() {
            return Err(NEWER.into());
        }
        transaction.execute_batch(
            "CREATE TABLE IF NOT EXISTS twilio_migration (
                 component TEXT NOT NULL,
                 version INTEGER NOT NULL,
                 PRIMARY KEY (component, version)
             ) STRICT, WITHOUT ROWID",
        )?;
        for (version, statements) in (1_i64..).zip(self.migrations) {
            if version <= stored {
                continue;
            }
            transaction.execute_batch(statements)?;
            transaction.execute(
                "INSERT INTO twilio_migration VALUES (?1, ?2)",
                (self.component, version),
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Fails if the tables are not of this version, such as after a newer program migrated them.
    pub(super) fn check(&self, connection: &Connection) -> Work<()> {
        let mut statement = connection
            .prepare_cached("SELECT max(version) FROM twilio_migration WHERE component = ?1")?;
        let stored: Option<i64> = statement.query_row([self.component], |row| row.get(0))?;
        match stored {
            Some(stored) if stored == self.version() => Ok(()),
            Some(stored) if stored > self.version() => Err(NEWER.into()),
            _ => Err(OLDER.into()),
        }
    }

    fn stored_version(&self, connection: &Connection) -> Work<Option<i64>> {
        let table = connection
            .query_row(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'twilio_migration'",
                [],
                |_| Ok(()),
            )
            .optional()?;
        if table.is_none() {
            return Ok(None);
        }
        let version = connection.query_row(
            "SELECT max(version) FROM twilio_migration WHERE component = ?1",
            [self.component],
            |row| row.get(0),
        )?;
        Ok(version)
    }
}
