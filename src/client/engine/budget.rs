//! Limit on the retries that all clones of a client make together.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Number of retries that all clones of a client may make together. It keeps retries from
/// multiplying the traffic during an outage.
///
/// A retry counts if Twilio may have received the request: after a timeout, a lost response,
/// 408, a 5xx or a refused bearer token. Two kinds of retry do not count:
///
/// - After a 429 with code 20429, or without a code, the client lowers the number of
///   [requests in flight](crate::client::ClientBuilder::max_in_flight) instead.
/// - A request that was never sent puts no load on Twilio.
///
/// The budget starts full. Each second returns [`per_second`](Self::per_second) retries to it, and
/// each successful request returns one. While it is empty, errors are returned without a retry.
///
/// ```
/// use clinspark_twilio::client::RetryBudget;
///
/// // The defaults, written out.
/// let budget = RetryBudget::new().capacity(100).per_second(10);
/// assert_eq!(budget, RetryBudget::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryBudget {
    capacity: u32,
    per_second: u32,
}

const MAX_CAPACITY: u32 = 10_000;
const MAX_PER_SECOND: u32 = 1_000;

impl RetryBudget {
    /// Creates the default budget: 100 retries at once, and 10 more each second.
    pub const fn new() -> Self {
        Self {
            capacity: 100,
            per_second: 10,
        }
    }

    /// Sets the number of retries in a full budget: 0 to 10,000. Larger values count as 10,000.
    /// Default 100. With 0, only retries that do not count are made.
    pub const fn capacity(mut self, retries: u32) -> Self {
        self.capacity = at_most(retries, MAX_CAPACITY);
        self
    }

    /// Sets the number of retries that each second returns: 0 to 1,000. Larger values count as
    /// 1,000. Default 10.
    pub const fn per_second(mut self, retries: u32) -> Self {
        self.per_second = at_most(retries, MAX_PER_SECOND);
        self
    }
}

const fn at_most(value: u32, max: u32) -> u32 {
    if value > max { max } else { value }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new()
    }
}

/// The budget of one client and its clones.
#[derive(Debug)]
pub(in crate::client) struct Budget {
    limits: RetryBudget,
    level: Mutex<Level>,
}

#[derive(Debug)]
struct Level {
    retries: f64,
    /// Time of the last refill; `None` before the first.
    at: Option<Instant>,
}

impl Budget {
    pub(in crate::client) fn full(limits: RetryBudget) -> Self {
        Self {
            limits,
            level: Mutex::new(Level {
                retries: f64::from(limits.capacity),
                at: None,
            }),
        }
    }

    /// Takes one retry; `false` if the budget is empty.
    pub(in crate::client) fn take(&self, now: Instant) -> bool {
        // No code panics while the lock is held, so a poisoned level is still consistent.
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let since = level.at.map(|at| now.saturating_duration_since(at));
        let more = since.unwrap_or_default().as_secs_f64() * f64::from(self.limits.per_second);
        level.at = level.at.max(Some(now));
        level.retries = self.capped(level.retries + more);
        let enough = level.retries >= 1.0;
        if enough {
            level.retries -= 1.0;
        }
        enough
    }

    /// Returns one retry to the budget.
    pub(in crate::client) fn give_back(&self) {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        level.retries = self.capped(level.retries + 1.0);
    }

    fn capped(&self, retries: f64) -> f64 {
        retries.min(f64::from(self.limits.capacity))
    }
}
