//! Versions of the schema `twilio_outbox`.

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use tokio_postgres::Transaction;

use super::error::store_error;
use super::pool::{Lease, in_time};

/// Statements of each version, from 1. A version that was released is never edited.
const VERSIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
];

/// Oldest server, which has `gen_random_uuid()` without an extension.
const OLDEST_SERVER: i32 = 130_000;

/// Key of the lock that machines take, so that one of them migrates.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('twilio_outbox.migration', 0))";

/// Reads the catalog's rows: `to_regclass` may answer from a cache that is older than the lock.
const IS_CREATED: &str = "
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'twilio_outbox' AND c.relname = 'migration'
) AS found, current_setting('server_version_num')::integer AS server";

const VERSION: &str = "SELECT coalesce(max(version), 0) AS version FROM twilio_outbox.migration";

const CREATE: &str = "
CREATE SCHEMA IF NOT EXISTS twilio_outbox;
CREATE TABLE IF NOT EXISTS twilio_outbox.migration (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)";

const RECORD: &str = "INSERT INTO twilio_outbox.migration (version) VALUES ($1)";

/// Returns the version of this package.
fn newest() -> i32 {
    i32::try_from(VERSIONS.len()).unwrap_or(i32::MAX)
}

/// Checks the version of the schema. `false` if it must be migrated.
pub(super) async fn is_current(lease: &mut Lease) -> Result<bool, StoreError> {
    let transaction = lease.transaction().await?;
    let version = version(&transaction).await?;
    // Read only; nothing is lost if the end fails.
    in_time(transaction.rollback()).await?;
    compare(version)
}

/// Applies the missing versions in one transaction, one machine at a time.
pub(super) async fn migrate(lease: &mut Lease) -> Result<(), StoreError> {
    let transaction = lease.transaction().await?;
    in_time(transaction.batch_execute(LOCK)).await?;
    let version = version(&transaction).await?;
    if compare(version)? {
        return Ok(());
    }
    in_time(transaction.batch_execute(CREATE)).await?;
    let applied = usize::try_from(version).unwrap_or_default();
    for (number, sql) in (1_i32..).zip(VERSIONS).skip(applied) {
        in_time(transaction.batch_execute(sql)).await?;
        in_time(transaction.execute(RECORD, &[&number])).await?;
    }
    in_time(transaction.commit()).await
}

fn compare(version: i32) -> Result<bool, StoreError> {
    if version > newest() {
        return Err(StoreError::new(
            StoreErrorKind::Schema,
            "the schema twilio_outbox is of a newer version of clinspark-twilio-outbox; update the package",
        ));
    }
    Ok(version == newest())
}

/// Returns the version of the schema, 0 if there is none.
async fn version(transaction: &Transaction<'_>) -> Result<i32, StoreError> {
    let row = in_time(transaction.query_one(IS_CREATED, &[])).await?;
    let found: bool = row.try_get("found").map_err(store_error)?;
    let server: i32 = row.try_get("server").map_err(store_error)?;
    if server < OLDEST_SERVER {
        return Err(StoreError::new(
            StoreErrorKind::Schema,
            "the server is older than PostgreSQL 13; update it",
        ));
    }
    if !found {
        return Ok(0);
    }
    let row = in_time(transaction.query_one(VERSION, &[])).await?;
    row.try_get("version").map_err(store_error)
}
