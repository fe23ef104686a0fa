//! Connections: opened when needed, replaced when cut.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use clinspark_twilio::types::BoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, Row, Socket, Statement, Transaction};

use super::error::{is_temporary, keeps_connection, store_error};

/// Longest time for which a statement may run. A connection that hangs for longer is closed.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// The same for a statement over all messages of a batch.
const LONG_TIMEOUT: Duration = Duration::from_secs(300);

/// Durable commits and the isolation that the statements are written for, whatever the defaults of
/// the database and the role. A stricter `synchronous_commit` stays.
///
/// Plans keep to the indexes, whatever the statistics say: a table that was empty a minute ago may have
/// a million rows. To plan a statement each time, or to compile it, would cost more than to run it.
const SESSION: &str = "
SET default_transaction_isolation = 'read committed';
SET enable_seqscan = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET jit = off;
SET plan_cache_mode = force_generic_plan;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

pub(super) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

type Connect = dyn Fn() -> BoxFuture<'static, Result<Client, Error>> + Send + Sync;

pub(super) struct Pool {
    connect: Box<Connect>,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
    connect_timeout: Duration,
}

struct Connection {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

/// Connection for one call, which goes back to the pool when it is dropped.
pub(super) struct Lease {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new<T>(
        config: Config,
        tls: T,
        connections: usize,
        connect_timeout: Duration,
    ) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let connect = move || -> BoxFuture<'static, Result<Client, Error>> {
            let (config, tls) = (config.clone(), tls.clone());
            Box::pin(async move {
                let (client, connection) = config.connect(tls).await?;
                // Ends with the client, or when the connection is cut.
                tokio::spawn(connection);
                client.batch_execute(SESSION).await?;
                Ok(client)
            })
        };
        Self {
            connect: Box::new(connect),
            permits: Arc::new(Semaphore::new(connections)),
            idle: Arc::default(),
            connect_timeout,
        }
    }

    /// Returns a connection that is not known to be cut.
    pub(super) async fn lease(&self) -> Result<Lease, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit =
            permit.map_err(|_| StoreError::new(StoreErrorKind::Other, "the store is closed"))?;
        let connection = match self.idle() {
            Some(connection) => connection,
            None => Connection {
                client: self.open().await?,
                statements: HashMap::new(),
            },
        };
        Ok(Lease {
            connection: Some(connection),
            idle: Arc::clone(&self.idle),
            _permit: permit,
        })
    }

    fn idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|connection| !connection.client.is_closed());
        idle.pop()
    }

    /// Connects. While the database is unreachable, it tries again until the time is over.
    async fn open(&self) -> Result<Client, StoreError> {
        let began = Instant::now();
        let mut delay = Duration::from_millis(50);
        loop {
            let error = match (self.connect)().await {
                Ok(client) => return Ok(client),
                Err(error) => error,
            };
            if !is_temporary(&error) || began.elapsed() + delay > self.connect_timeout {
                return Err(store_error(error));
            }
            sleep(delay + jitter(delay)).await;
            delay = (delay * 2).min(Duration::from_secs(1));
        }
    }
}

/// Returns a part of a delay, so that machines do not all connect at once after a restart.
fn jitter(delay: Duration) -> Duration {
    let nanos = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |now| now.subsec_nanos());
    delay * (nanos / 1_000 % 100) / 200
}

impl Connection {
    async fn prepare(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

fn closed() -> StoreError {
    StoreError::new(
        StoreErrorKind::Unavailable,
        "the database did not answer in time; the connection was closed",
    )
}

/// Waits for a statement of a transaction, which may move a million messages.
pub(super) async fn in_time<T>(
    statement: impl Future<Output = Result<T, Error>>,
) -> Result<T, StoreError> {
    let ended = timeout(LONG_TIMEOUT, statement).await;
    ended.map_err(|_| closed())?.map_err(store_error)
}

impl Lease {
    /// Runs a statement, and discards the connection if its state is not known.
    ///
    /// The outer error is that of a connection without answer.
    async fn run<T>(
        &mut self,
        sql: &'static str,
        query: impl AsyncFnOnce(&Client, &Statement) -> Result<T, Error>,
    ) -> Result<Result<T, Error>, StoreError> {
        let Some(mut connection) = self.connection.take() else {
            return Err(closed());
        };
        let work = async {
            let statement = connection.prepare(sql).await?;
            query(&connection.client, &statement).await
        };
        let result = timeout(STATEMENT_TIMEOUT, work)
            .await
            .map_err(|_| closed())?;
        if result.as_ref().err().is_none_or(keeps_connection) {
            self.connection = Some(connection);
        }
        Ok(result)
    }

    /// Returns the rows of a statement, or the database's own error.
    pub(super) async fn try_rows(
        &mut self,
        sql: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Result<Vec<Row>, Error>, StoreError> {
        self.run(sql, async |client, statement| {
            client.query(statement, parameters).await
        })
        .await
    }

    /// Returns the rows of a statement.
    pub(super) async fn rows(
        &mut self,
        sql: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        self.try_rows(sql, parameters).await?.map_err(store_error)
    }

    /// Returns the first row of a statement, or the database's own error.
    pub(super) async fn try_row(
        &mut self,
        sql: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Result<Option<Row>, Error>, StoreError> {
        self.run(sql, async |client, statement| {
            client.query_opt(statement, parameters).await
        })
        .await
    }

    /// Returns the first row of a statement.
    pub(super) async fn row(
        &mut self,
        sql: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Option<Row>, StoreError> {
        self.try_row(sql, parameters).await?.map_err(store_error)
    }

    /// Returns the number of rows that a statement changed, or the database's own error.
    pub(super) async fn try_change(
        &mut self,
        sql: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Result<u64, Error>, StoreError> {
        self.run(sql, async |client, statement| {
            client.execute(statement, parameters).await
        })
        .await
    }

    /// Returns the number of rows that a statement changed.
    pub(super) async fn change(
        &mut self,
        sql: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<u64, StoreError> {
        self.try_change(sql, parameters).await?.map_err(store_error)
    }

    /// Begins a transaction. Dropping it rolls it back.
    pub(super) async fn transaction(&mut self) -> Result<Transaction<'_>, StoreError> {
        let connection = self.connection.as_mut().ok_or_else(closed)?;
        let began = timeout(STATEMENT_TIMEOUT, connection.client.transaction()).await;
        began.map_err(|_| closed())?.map_err(store_error)
    }

    /// Ends the use of transactions. The connection of one that got no answer is discarded.
    pub(super) fn end<T>(&mut self, ended: Result<T, StoreError>) -> Result<T, StoreError> {
        if ended
            .as_ref()
            .is_err_and(|error| error.kind() == StoreErrorKind::Unavailable)
        {
            self.connection = None;
        }
        ended
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if !connection.client.is_closed() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
        }
    }
}
