//! How often a request is sent again, and how long to wait before. Whether it may be is decided in
//! `outcome`.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::error::Error;

/// How often and how patiently a request is sent again.
///
/// *Whether* one may be sent again is not a setting: see [`Error::is_retryable`]. Nothing here makes
/// a message or a call go out twice.
///
/// The waits are random between nothing and a limit that doubles from try to try (full jitter),
/// so that many clients do not come back together. A wait is at least as long as `Retry-After`
/// asks. A wait that would end too late for another attempt is not begun: the error is returned at
/// once.
///
/// 429 with code 20429, or without a code, is no failure, because Twilio did not look at the request. Such an attempt does not count
/// towards [`attempts`](Self::attempts); only the
/// [operation timeout](crate::client::ClientBuilder::operation_timeout) ends these retries. A request that may be
/// sent only once returns the first 429.
///
/// All clones of a client share a [`RetryBudget`](crate::client::RetryBudget).
///
/// ```
/// use std::time::Duration;
/// use clinspark_twilio::client::RetryPolicy;
///
/// // The defaults, written out.
/// let policy = RetryPolicy::new()
///     .attempts(5)
///     .base(Duration::from_millis(100))
///     .cap(Duration::from_secs(30));
/// assert_eq!(policy, RetryPolicy::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    cap: Duration,
}

impl RetryPolicy {
    /// Five attempts, waiting up to 100 ms, 200 ms, 400 ms, 800 ms between them.
    pub const fn new() -> Self {
        Self {
            attempts: 5,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(30),
        }
    }

    /// One attempt: for callers that have an engine which repeats, where attempts would multiply.
    pub const fn none() -> Self {
        Self::new().attempts(1)
    }

    /// Maximum number of failed attempts, the first one included. Default 5; 0 counts as 1. With 1
    /// a request is sent once, whatever the answer.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The limit of the first wait.
    pub const fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// The limit of every wait.
    pub const fn cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// The wait before the next attempt, or `None` when there is to be none.
    pub(in crate::client) fn wait(
        self,
        error: &Error,
        retry: Retry,
        random: u64,
    ) -> Option<Duration> {
        let Retry {
            attempt,
            failures,
            retries,
            renews,
        } = retry;
        let narrowed = retries.map_or(u32::MAX, |retries| retries.saturating_add(1));
        let most = self.attempts.min(narrowed);
        if most == 1 || failures >= most {
            return None;
        }
        if renews && error.status() == Some(StatusCode::UNAUTHORIZED) {
            return Some(Duration::ZERO);
        }
        if !error.is_retryable() {
            return None;
        }
        let limit = self
            .base
            .saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX))
            .min(self.cap);
        let jitter = share(limit, random);
        Some(jitter.max(error.retry_after().unwrap_or_default()))
    }
}

/// What a wait hangs on, besides the error.
#[derive(Clone, Copy)]
pub(in crate::client) struct Retry {
    /// Which attempt failed, counted from 1.
    pub(in crate::client) attempt: u32,
    /// Number of attempts that count as failed.
    pub(in crate::client) failures: u32,
    /// The request's own limit.
    pub(in crate::client) retries: Option<u32>,
    /// Whether a bearer token that is refused is worth another. Nothing was done then, so that may
    /// be at once.
    pub(in crate::client) renews: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Any part of a limit, each as likely as the other.
fn share(limit: Duration, random: u64) -> Duration {
    let nanos = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    let part = u128::from(nanos) * u128::from(random) / u128::from(u64::MAX);
    Duration::from_nanos(u64::try_from(part).unwrap_or(nanos))
}

/// A request is about to be sent again.
#[derive(Debug)]
#[non_exhaustive]
pub struct RetryEvent<'a> {
    /// The request's name, such as `FetchMessage`.
    pub operation: &'static str,
    /// Which attempt failed, counted from 1.
    pub attempt: u32,
    /// How it failed.
    pub error: &'a Error,
    /// How long the client waits now.
    pub wait: Duration,
}

/// What a caller wants to hear about repeats.
pub(in crate::client) struct Hook(Box<dyn Fn(&RetryEvent<'_>) + Send + Sync>);

impl Hook {
    pub(in crate::client) fn new(hook: impl Fn(&RetryEvent<'_>) + Send + Sync + 'static) -> Self {
        Self(Box::new(hook))
    }

    pub(in crate::client) fn call(&self, event: &RetryEvent<'_>) {
        (self.0)(event);
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}
