//! Database of a test, whichever it is, and its address for worker processes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clinspark_twilio::outbox::OutboxStore;
use clinspark_twilio_outbox::{PostgresOptions, PostgresStore, SqliteStore};
use tokio_postgres::NoTls;

use super::{Folder, postgres};

/// Kind of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Database of a test. It is deleted at the end.
pub(crate) enum Database {
    Sqlite(Folder),
    Postgres(postgres::Database),
    /// `SQLite` file that another owner deletes.
    File(PathBuf),
    /// `PostgreSQL` server that another owner deletes.
    Url(String),
}

impl Database {
    /// Creates a database. `None` if its server is missing.
    pub(crate) async fn create(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Sqlite => Some(Self::Sqlite(Folder::new())),
            Kind::Postgres => postgres::Database::create().await.map(Self::Postgres),
        }
    }

    /// Returns the address, as [`open`] reads it.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Sqlite(folder) => folder.path().join("outbox.db").display().to_string(),
            Self::File(path) => path.display().to_string(),
            Self::Postgres(database) => database.url.clone(),
            Self::Url(url) => url.clone(),
        }
    }

    fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_) | Self::File(_))
    }

    pub(crate) async fn store(&self) -> Arc<dyn OutboxStore> {
        open(&self.address()).await
    }

    /// Makes all that is in progress older, as if this time had passed.
    pub(crate) async fn age(&self, by: Duration) {
        if self.is_sqlite() {
            let db = rusqlite::Connection::open(self.address()).unwrap();
            let sql = "UPDATE outbox_message SET claimed_at = claimed_at - ?1,
                       began_at = began_at - ?1, looked_at = looked_at - ?1";
            let micros = i64::try_from(by.as_micros()).unwrap();
            db.execute(sql, [micros]).unwrap();
            return;
        }
        let client = postgres::client(&self.address()).await;
        let sql =
            "UPDATE twilio_outbox.message SET claimed_at = claimed_at - make_interval(secs => $1),
                   began_at = began_at - make_interval(secs => $1),
                   looked_at = looked_at - make_interval(secs => $1)";
        client.execute(sql, &[&by.as_secs_f64()]).await.unwrap();
    }

    /// Returns the times of all claims, in order.
    pub(crate) async fn claims(&self) -> Vec<SystemTime> {
        if self.is_sqlite() {
            let db = rusqlite::Connection::open(self.address()).unwrap();
            let sql =
                "SELECT claimed_at FROM outbox_message WHERE claimed_at IS NOT NULL ORDER BY 1";
            let mut statement = db.prepare(sql).unwrap();
            let micros = statement.query_map([], |row| row.get::<_, i64>(0));
            let time = |at: i64| Duration::from_micros(u64::try_from(at).unwrap());
            return micros
                .unwrap()
                .map(|at| SystemTime::UNIX_EPOCH + time(at.unwrap()))
                .collect();
        }
        let client = postgres::client(&self.address()).await;
        let sql =
            "SELECT claimed_at FROM twilio_outbox.message WHERE claimed_at IS NOT NULL ORDER BY 1";
        let rows = client.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

/// Opens the store of an address. Each process has few connections, because many tests share a server.
pub(crate) async fn open(address: &str) -> Arc<dyn OutboxStore> {
    if address.starts_with("postgres") {
        let options = PostgresOptions::new().connections(4);
        let store = PostgresStore::connect_tls(address, NoTls, &options).await;
        Arc::new(store.unwrap())
    } else {
        Arc::new(SqliteStore::open(address).await.unwrap())
    }
}
