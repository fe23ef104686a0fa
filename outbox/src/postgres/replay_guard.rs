//! [`PostgresReplayGuard`]: webhooks that were handled, in `PostgreSQL`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::types::{BoxError, BoxFuture};
use clinspark_twilio::webhook::{ClaimToken, Lookup, ReplayGuard, ReplayKey, StoredAnswer};

use super::pool::Pool;
use super::{PostgresStore, rows, sql};
use crate::replay;

/// Replay guard in `PostgreSQL`, for any number of machines.
///
/// It keeps keys and states, never an answer, because `TwiML` may hold a message body. It has the
/// connections and the schema of a [`PostgresStore`]. Times are those of the database.
///
/// A claim expires after [`claim_time`](Self::claim_time), and a handled webhook is forgotten after
/// [`retention`](Self::retention). Both are deleted by later webhooks, a few at a time.
///
/// ```no_run
/// use clinspark_twilio::webhook::Receiver;
/// use clinspark_twilio_outbox::{PostgresReplayGuard, PostgresStore};
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, Validator};
/// # async fn example(validator: Validator) -> Result<(), Box<dyn std::error::Error>> {
///
/// let store = PostgresStore::connect("postgres://clinic@localhost/clinic").await?;
/// let receiver = Receiver::calls_only(validator).replay_guard(PostgresReplayGuard::new(&store));
/// # let _ = receiver;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresReplayGuard {
    pool: Arc<Pool>,
    claim_time: Duration,
    retention: Duration,
}

impl fmt::Debug for PostgresReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresReplayGuard")
            .field("claim_time", &self.claim_time)
            .field("retention", &self.retention)
            .finish_non_exhaustive()
    }
}

impl PostgresReplayGuard {
    /// Creates a guard with the connections of a store.
    #[must_use]
    pub fn new(store: &PostgresStore) -> Self {
        Self {
            pool: Arc::clone(&store.pool),
            claim_time: replay::CLAIM_TIME,
            retention: replay::RETENTION,
        }
    }

    /// Sets the time after which a claim expires, such as that of a machine that crashed. Default: 5
    /// minutes.
    ///
    /// Choose a time above that of the slowest handler: an expired webhook is handled again.
    #[must_use]
    pub const fn claim_time(mut self, time: Duration) -> Self {
        self.claim_time = time;
        self
    }

    /// Sets the time for which a handled webhook is remembered. Default: 30 days.
    ///
    /// Twilio retries within minutes. A signature never expires, so an attacker who has seen a webhook
    /// can send it again after this time.
    #[must_use]
    pub const fn retention(mut self, time: Duration) -> Self {
        self.retention = time;
        self
    }
}

/// Returns a length in seconds that the database can add to a time.
fn seconds(time: Duration) -> f64 {
    const CENTURY: Duration = Duration::from_secs(100 * 366 * 24 * 60 * 60);
    time.min(CENTURY).as_secs_f64()
}

impl ReplayGuard for PostgresReplayGuard {
    fn begin<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        Box::pin(async move {
            let mut lease = self.pool.lease().await?;
            // First, so that a failure leaves no claim behind.
            let retention = seconds(self.retention);
            lease.change(sql::FORGET_WEBHOOKS, &[&retention]).await?;
            let (key, until) = (key.as_str(), seconds(self.claim_time));
            let claimed = lease
                .change(sql::BEGIN_WEBHOOK, &[&key, &token.as_str(), &until])
                .await?;
            if claimed == 1 {
                return Ok(Lookup::New);
            }
            let row = lease.row(sql::WEBHOOK, &[&key]).await?;
            let handled = row.map(|row| rows::get(&row, "handled")).transpose()?;
            Ok(match handled {
                Some(true) => Lookup::Handled,
                // Also if it was released at this moment: the retry claims it.
                Some(false) | None => Lookup::InProgress,
            })
        })
    }

    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
        _: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut lease = self.pool.lease().await?;
            let finished = lease
                .change(sql::FINISH_WEBHOOK, &[&key.as_str(), &token.as_str()])
                .await?;
            replay::finished(finished == 1)
        })
    }

    fn release<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut lease = self.pool.lease().await?;
            lease
                .change(sql::RELEASE_WEBHOOK, &[&key.as_str(), &token.as_str()])
                .await?;
            Ok(())
        })
    }

    /// Releases the claim on another task. If that fails, or the runtime ends, the claim expires.
    fn abandon(&self, key: &ReplayKey, token: &ClaimToken) {
        replay::abandon(self, key, token);
    }
}
