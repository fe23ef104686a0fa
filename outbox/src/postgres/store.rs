//! The store: connecting, and the trait's methods.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Batch, BatchChange, BatchId, BatchRecord, Claim, Claimed, Counts, Decision, DeliveryReport,
    Doubt, Finish, LedgerEntry, MessageRecord, MessageState, NewMessage, Observed, OutboxStore,
    Pace, Reason, SenderKey, Settlement, StoreError, StoreErrorKind, StoreResult, WorkerId,
};
use clinspark_twilio::types::MessageSid;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{NoTls, Socket};

use super::claims::Claims;
use super::error::{CORRUPT, is_taken, store_error};
use super::groups::Groups;
use super::ledger::{Change, Changes, integer};
use super::options::{self, PostgresOptions};
use super::pool::{Lease, Parameters, Pool};
use super::{changes, migrate, rows, sql};

/// Outbox in `PostgreSQL` 13 or newer, for one machine or many.
///
/// All tables are in the schema `twilio_outbox`, and hold keys, never numbers or texts. A connection
/// that is cut, by a restart or by the network, is replaced. Clones share the connections.
///
/// Connect to the primary server, directly or through a pooler in session mode: prepared statements
/// do not survive a pooler in transaction mode.
///
/// # Enqueuing in your own transaction
///
/// A reminder then exists exactly if the visit does, from any client and language. `false` means that
/// it was there already. The role needs `GRANT USAGE ON SCHEMA twilio_outbox` only.
///
/// ```sql
/// BEGIN;
/// INSERT INTO visit (...) VALUES (...);
/// SELECT twilio_outbox.enqueue(batch => 'reminders-2026-12-01', recipient => 'volunteer-4711',
///     not_before => '2026-11-30 09:00+00', not_after => '2026-12-01 08:00+00', occurrence => 'visit-3');
/// COMMIT;
/// ```
///
/// # Example
///
/// ```no_run
/// use clinspark_twilio_outbox::PostgresStore;
///
/// # async fn example() -> Result<(), clinspark_twilio::outbox::StoreError> {
/// let store = PostgresStore::connect("postgres://clinic@localhost/clinic").await?;
/// # let _ = store;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    pub(super) pool: Arc<Pool>,
    claims: Groups<Claims>,
    changes: Groups<Changes>,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresStore")
    }
}

impl PostgresStore {
    /// Connects to a database on this machine, by loopback or a Unix socket, and migrates its schema.
    ///
    /// # Errors
    ///
    /// | Kind | Cause |
    /// |---|---|
    /// | [`Unavailable`] | no server for 10 seconds, or no free connections |
    /// | [`NotWritable`] | the schema must be migrated, and the database is read-only or the role may not |
    /// | [`Schema`] | schema of a newer version, or a server older than `PostgreSQL` 13 |
    /// | [`Other`] | malformed string, refused user or password, no such database, or another machine, which needs [`connect_tls`](Self::connect_tls) |
    ///
    /// [`Unavailable`]: StoreErrorKind::Unavailable
    /// [`NotWritable`]: StoreErrorKind::NotWritable
    /// [`Schema`]: StoreErrorKind::Schema
    /// [`Other`]: StoreErrorKind::Other
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_tls(url, NoTls, &PostgresOptions::new()).await
    }

    /// Connects by a TLS connector of your own, such as that of `tokio-postgres-rustls` or
    /// `postgres-native-tls`. A connection to another machine without TLS is refused, even if the
    /// string permits it.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect), with the time of [`PostgresOptions::connect_timeout`]. Also
    /// [`StoreErrorKind::Schema`] if a migration is missing and the options exclude migrations.
    pub async fn connect_tls<T>(
        url: &str,
        tls: T,
        options: &PostgresOptions,
    ) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let has_tls = TypeId::of::<T>() != TypeId::of::<NoTls>();
        let config = options::config(url, has_tls, options)?;
        let store = Self {
            pool: Arc::new(Pool::new(
                config,
                tls,
                options.connections,
                options.connect_timeout,
            )),
            claims: Groups::default(),
            changes: Groups::default(),
        };
        let mut lease = store.lease().await?;
        let checked = migrate::is_current(&mut lease).await;
        let is_current = lease.end(checked)?;
        drop(lease);
        if is_current {
            return Ok(store);
        }
        if !options.migrates {
            return Err(StoreError::new(
                StoreErrorKind::Schema,
                "the schema twilio_outbox is missing or older than this version; migrate it",
            ));
        }
        store.migrate().await?;
        Ok(store)
    }

    /// Brings the schema to this package's version. Several machines may do so at once.
    ///
    /// [`connect`](Self::connect) migrates already, unless the options say otherwise.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Schema`] if the schema is of a newer version.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let mut lease = self.lease().await?;
        let migrated = migrate::migrate(&mut lease).await;
        lease.end(migrated)
    }

    async fn lease(&self) -> Result<Lease, StoreError> {
        self.pool.lease().await
    }

    /// Changes at most one message. `false` if none is in the state, or if the SID is another's.
    async fn changed(&self, sql: &'static str, with: Parameters<'_>) -> Result<bool, StoreError> {
        match self.lease().await?.try_change(sql, with).await? {
            Ok(changed) => Ok(changed > 0),
            Err(error) if is_taken(&error) => Ok(false),
            Err(error) => Err(store_error(error)),
        }
    }
}

/// Holds a row that cannot be read, so that the others go on.
pub(super) async fn hold_row(lease: &mut Lease, row: i64) -> Result<(), StoreError> {
    lease.change(sql::HOLD_ROW, &[&row, &CORRUPT]).await?;
    Ok(())
}

pub(super) const NO_SENDER: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "the sender has no pace; set it first",
);

const OTHER_BATCH: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "there is another batch with this ID: its template, sender or purpose differs; choose another ID",
);

impl OutboxStore for PostgresStore {
    fn now(&self) -> StoreResult<'_, SystemTime> {
        Box::pin(async move {
            let row = self.lease().await?.row(sql::NOW, &[]).await?;
            let failed = StoreError::new(StoreErrorKind::Other, "the database has no clock");
            rows::get(&row.ok_or(failed)?, "now")
        })
    }

    fn set_pace<'a>(&'a self, sender: &'a SenderKey, pace: Pace) -> StoreResult<'a, ()> {
        Box::pin(async move {
            let burst = pace.burst_time().as_secs_f64();
            let with: Parameters<'_> = &[&sender.as_str(), &pace.segments_per_second(), &burst];
            self.lease().await?.change(sql::SET_PACE, with).await?;
            Ok(())
        })
    }

    fn hold_sender<'a>(
        &'a self,
        sender: &'a SenderKey,
        until: SystemTime,
        reason: &'a Reason,
    ) -> StoreResult<'a, ()> {
        Box::pin(async move {
            let (until, reason) = (rows::time(until), rows::text(reason.as_str()));
            let with: Parameters<'_> = &[&sender.as_str(), &until, &reason];
            let is_known = self.changed(sql::HOLD_SENDER, with).await?;
            is_known.then_some(()).ok_or(NO_SENDER)
        })
    }

    fn charge<'a>(
        &'a self,
        sender: &'a SenderKey,
        segments: u16,
    ) -> StoreResult<'a, Option<SystemTime>> {
        Box::pin(async move {
            let (sender, mut lease) = (sender.as_str(), self.lease().await?);
            if segments > 0 {
                let with: Parameters<'_> = &[&sender, &i32::from(segments)];
                lease.change(sql::CHARGE, with).await?;
            }
            let row = lease.row(sql::PERMITTED, &[&sender]).await?;
            rows::get(&row.ok_or(NO_SENDER)?, "until")
        })
    }

    fn open_batch<'a>(&'a self, batch: &'a Batch) -> StoreResult<'a, ()> {
        Box::pin(async move {
            let (id, sender) = (batch.id().as_str(), batch.sender().as_str());
            let definition = batch.to_persisted();
            let mut lease = self.lease().await?;
            let with: Parameters<'_> = &[&id, &sender, &definition];
            if lease.change(sql::OPEN_BATCH, with).await? > 0 {
                return Ok(());
            }
            let row = lease.row(sql::BATCH, &[&id]).await?.ok_or(NO_SENDER)?;
            let exists = lease.row(sql::SENDER_EXISTS, &[&sender]).await?;
            let exists = exists.map(|row| rows::get::<bool>(&row, "found"));
            if !exists.transpose()?.unwrap_or(false) {
                return Err(NO_SENDER);
            }
            let is_same = rows::batch(&row, batch.id())?.batch == *batch;
            is_same.then_some(()).ok_or(OTHER_BATCH)
        })
    }

    fn batch<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Option<BatchRecord>> {
        Box::pin(async move {
            let row = self.lease().await?.row(sql::BATCH, &[&id.as_str()]).await?;
            row.map(|row| rows::batch(&row, id)).transpose()
        })
    }

    fn enqueue<'a>(
        &'a self,
        batch: &'a BatchId,
        messages: &'a [NewMessage],
    ) -> StoreResult<'a, u64> {
        Box::pin(async move { changes::enqueue(&mut self.lease().await?, batch, messages).await })
    }

    fn claim<'a>(&'a self, sender: &'a SenderKey, worker: &'a WorkerId) -> StoreResult<'a, Claim> {
        let key = (sender.clone(), worker.clone());
        Box::pin(self.claims.call(&self.pool, key, ()))
    }

    fn begin<'a>(&'a self, claimed: &'a Claimed, entry: &'a LedgerEntry) -> StoreResult<'a, bool> {
        let (kind, change) = Change::begin(claimed, entry);
        Box::pin(self.changes.call(&self.pool, kind, change))
    }

    fn finish<'a>(&'a self, claimed: &'a Claimed, finish: &'a Finish) -> StoreResult<'a, bool> {
        let (kind, change) = Change::finish(claimed, finish);
        Box::pin(self.changes.call(&self.pool, kind, change))
    }

    fn observe<'a>(&'a self, report: &'a DeliveryReport) -> StoreResult<'a, Observed> {
        Box::pin(async move { changes::observe(&mut self.lease().await?, report).await })
    }

    fn doubts<'a>(
        &'a self,
        sender: &'a SenderKey,
        since: SystemTime,
        limit: u32,
    ) -> StoreResult<'a, Vec<Doubt>> {
        Box::pin(async move {
            let mut lease = self.lease().await?;
            let with: Parameters<'_> = &[&sender.as_str(), &rows::time(since), &i64::from(limit)];
            let mut doubts = Vec::new();
            for row in lease.rows(sql::DOUBTS, with).await? {
                match rows::doubt(&row) {
                    Ok(doubt) => doubts.push(doubt),
                    Err(_) => hold_row(&mut lease, rows::get(&row, "id")?).await?,
                }
            }
            Ok(doubts)
        })
    }

    fn settle<'a>(&'a self, doubt: &'a Doubt, settlement: &'a Settlement) -> StoreResult<'a, bool> {
        Box::pin(async move {
            let (row, attempt) = (&doubt.claimed.row, &integer(doubt.claimed.attempt));
            match settlement {
                Settlement::Sent(sid) => {
                    self.changed(sql::SETTLE_SENT, &[row, attempt, &sid.as_str()])
                        .await
                }
                Settlement::Looked => self.changed(sql::LOOKED, &[row, attempt]).await,
                Settlement::Requeue => {
                    let proof = doubt.proof.as_ref();
                    let proof = proof.map(|proof| proof.as_bytes().as_slice());
                    self.changed(sql::SETTLE_REQUEUE, &[row, attempt, &proof])
                        .await
                }
                Settlement::Held(reason) => {
                    let reason = rows::text(reason.as_str());
                    self.changed(sql::HELD, &[row, attempt, &reason]).await
                }
            }
        })
    }

    fn decide<'a>(&'a self, id: &'a MessageId, decision: Decision) -> StoreResult<'a, bool> {
        Box::pin(async move {
            let id = &id.as_str();
            match decision {
                Decision::Sent(sid) => self.changed(sql::DECIDE_SENT, &[id, &sid.as_str()]).await,
                Decision::SendAgain => self.changed(sql::SEND_AGAIN, &[id]).await,
                Decision::Refuse => self.changed(sql::DECIDE_REFUSED, &[id]).await,
            }
        })
    }

    fn owner_of(&self, sid: MessageSid) -> StoreResult<'_, Option<MessageId>> {
        Box::pin(async move {
            let row = self
                .lease()
                .await?
                .row(sql::OWNER_OF, &[&sid.as_str()])
                .await?;
            row.as_ref().map(rows::message_id).transpose()
        })
    }

    fn stop_batch<'a>(&'a self, id: &'a MessageId, reason: &'a Reason) -> StoreResult<'a, bool> {
        Box::pin(async move { changes::stop_batch(&mut self.lease().await?, id, reason).await })
    }

    fn change_batch<'a>(
        &'a self,
        id: &'a BatchId,
        change: &'a BatchChange,
    ) -> StoreResult<'a, u64> {
        Box::pin(async move { changes::change_batch(&mut self.lease().await?, id, change).await })
    }

    fn counts<'a>(&'a self, id: &'a BatchId) -> StoreResult<'a, Counts> {
        Box::pin(async move {
            let mut counts = Counts::default();
            let rows = self
                .lease()
                .await?
                .rows(sql::COUNTS, &[&id.as_str()])
                .await?;
            for row in &rows {
                rows::count(&mut counts, row)?;
            }
            Ok(counts)
        })
    }

    fn records<'a>(
        &'a self,
        id: &'a BatchId,
        state: Option<MessageState>,
        after: i64,
        limit: u32,
    ) -> StoreResult<'a, Vec<MessageRecord>> {
        Box::pin(async move {
            let state = state.map(MessageState::as_str);
            let with: Parameters<'_> = &[&id.as_str(), &after, &state, &i64::from(limit)];
            let rows = self.lease().await?.rows(sql::RECORDS, with).await?;
            rows.iter().map(rows::record).collect()
        })
    }
}
