//! [`SqliteReplayGuard`]: webhooks that were handled, in a `SQLite` file.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::client::Clock;
use clinspark_twilio::outbox::StoreError;
use clinspark_twilio::types::{BoxError, BoxFuture};
use clinspark_twilio::webhook::{ClaimToken, Lookup, ReplayGuard, ReplayKey, StoredAnswer};
use rusqlite::{Connection, OptionalExtension as _};

use super::database::Database;
use super::error::Work;
use super::{micros, schema};
use crate::replay;

/// Replay guard in a `SQLite` file, for one machine and any number of its processes.
///
/// It keeps keys and states, never an answer, because `TwiML` may hold a message body. It may share
/// the file of a [`SqliteStore`](super::SqliteStore).
///
/// A claim expires after [`claim_time`](Self::claim_time), and a handled webhook is forgotten after
/// [`retention`](Self::retention). Both are deleted by later webhooks, a few at a time.
///
/// ```
/// use clinspark_twilio::webhook::Receiver;
/// use clinspark_twilio_outbox::SqliteReplayGuard;
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, Validator};
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let folder = std::env::temp_dir().join(format!("outbox-guard-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
///
/// let guard = SqliteReplayGuard::open(folder.join("webhooks.db")).await?;
/// let receiver = Receiver::calls_only(validator).replay_guard(guard);
/// # let _ = receiver;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SqliteReplayGuard {
    database: Database,
    claim_time: Duration,
    retention: Duration,
}

impl std::fmt::Debug for SqliteReplayGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteReplayGuard")
            .field("claim_time", &self.claim_time)
            .field("retention", &self.retention)
            .finish_non_exhaustive()
    }
}

impl SqliteReplayGuard {
    /// Opens a file, creates it if it does not exist, and brings its table up to this version.
    ///
    /// # Errors
    ///
    /// As [`SqliteStore::open`](super::SqliteStore::open). Network shares are refused.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let database = Database::open(path.as_ref(), &schema::REPLAY_GUARD).await?;
        Ok(Self {
            database,
            claim_time: replay::CLAIM_TIME,
            retention: replay::RETENTION,
        })
    }

    /// Sets the time after which a claim expires, such as that of a process that was killed. Default:
    /// 5 minutes.
    ///
    /// Choose a time above that of the slowest handler: an expired webhook is handled again.
    #[must_use]
    pub fn claim_time(mut self, time: Duration) -> Self {
        self.claim_time = time;
        self
    }

    /// Sets the time for which a handled webhook is remembered. Default: 30 days.
    ///
    /// Twilio retries within minutes. A signature never expires, so an attacker who has seen a webhook
    /// can send it again after this time.
    #[must_use]
    pub fn retention(mut self, time: Duration) -> Self {
        self.retention = time;
        self
    }

    /// Sets a clock of your own, for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.database.set_clock(clock);
        self
    }
}

/// Claims a key, or returns its state.
fn begin(
    db: &Connection,
    key: &ReplayKey,
    token: &ClaimToken,
    claim_time: Duration,
    now: i64,
) -> Work<Lookup> {
    let until = now.saturating_add(micros::length(claim_time));
    let claimed = db
        .prepare_cached(
            "INSERT INTO twilio_webhook (key, token, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET token = excluded.token, until = excluded.until
                 WHERE NOT handled AND (until < ?4 OR token = excluded.token)",
        )?
        .execute((key.as_str(), token.as_str(), until, now))?;
    if claimed == 1 {
        return Ok(Lookup::New);
    }
    let handled: Option<bool> = db
        .prepare_cached("SELECT handled FROM twilio_webhook WHERE key = ?1")?
        .query_row([key.as_str()], |row| row.get(0))
        .optional()?;
    Ok(match handled {
        Some(true) => Lookup::Handled,
        _ => Lookup::InProgress,
    })
}

/// Deletes a few keys that are past their retention. Each webhook adds one, so the table is bounded.
fn forget_old(db: &Connection, retention: Duration, now: i64) -> Work<()> {
    let end = now.saturating_sub(micros::length(retention));
    db.prepare_cached(
        "DELETE FROM twilio_webhook WHERE key IN
             (SELECT key FROM twilio_webhook WHERE until < ?1 ORDER BY until LIMIT 4)",
    )?
    .execute([end])?;
    Ok(())
}

fn release(db: &Connection, key: &ReplayKey, token: &ClaimToken) -> Work<()> {
    db.prepare_cached("DELETE FROM twilio_webhook WHERE key = ?1 AND token = ?2 AND NOT handled")?
        .execute((key.as_str(), token.as_str()))?;
    Ok(())
}

impl ReplayGuard for SqliteReplayGuard {
    fn begin<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        let (key, token) = (key.clone(), token.clone());
        let (claim_time, retention) = (self.claim_time, self.retention);
        Box::pin(async move {
            let work = move |db: &_, now| {
                let lookup = begin(db, &key, &token, claim_time, now)?;
                forget_old(db, retention, now)?;
                Ok(lookup)
            };
            Ok(self.database.write(work).await?)
        })
    }

    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
        _: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        let (key, token) = (key.clone(), token.clone());
        Box::pin(async move {
            let work = move |db: &Connection, now| {
                let finished = db
                    .prepare_cached(
                        "UPDATE twilio_webhook SET handled = 1, until = ?3
                         WHERE key = ?1 AND token = ?2",
                    )?
                    .execute((key.as_str(), token.as_str(), now))?;
                Ok(finished == 1)
            };
            replay::finished(self.database.write(work).await?)
        })
    }

    fn release<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        let (key, token) = (key.clone(), token.clone());
        Box::pin(async move {
            let work = move |db: &_, _| release(db, &key, &token);
            Ok(self.database.write(work).await?)
        })
    }

    /// Releases the claim on another task. If that fails, or the runtime ends, the claim expires.
    fn abandon(&self, key: &ReplayKey, token: &ClaimToken) {
        replay::abandon(self, key, token);
    }
}
