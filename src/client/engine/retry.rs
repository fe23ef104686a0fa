//! Number of retries and waits between them. The rule that decides whether a retry is safe is in
//! `outcome`.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::error::Error;

/// Number of attempts, and waits between them.
///
/// The retry rules are fixed: see [`Error::is_retryable`]. This policy can disable retries, but it
/// cannot enable one that is unsafe. No setting makes the client send a message or a call twice.
///
/// A wait is random between zero and a limit that doubles with each attempt (full jitter). Many
/// clients therefore do not retry at the same moment. A wait is at least as long as `Retry-After`.
/// If a wait would end too late for another attempt, the error is returned at once.
///
/// A 429 with code 20429, or without a code, does not count as a failure, because Twilio did not
/// process the request. Such an attempt does not count towards [`attempts`](Self::attempts): only
/// the [operation timeout](crate::client::ClientBuilder::operation_timeout) ends these retries. A
/// request that is limited to one attempt returns the first 429.
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
    /// Creates the default policy: five attempts, with waits up to 100 ms, 200 ms, 400 ms and
    /// 800 ms between them.
    pub const fn new() -> Self {
        Self {
            attempts: 5,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(30),
        }
    }

    /// Creates a policy with one attempt, for callers that retry themselves: otherwise the attempts
    /// of both would multiply.
    pub const fn none() -> Self {
        Self::new().attempts(1)
    }

    /// Sets the maximum number of failed attempts, including the first. Default 5; 0 counts as 1.
    /// With 1, a request is sent only once, even after a 429.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Sets the limit of the first wait. Default 100 ms.
    pub const fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets the limit of every wait. Default 30 seconds. `Retry-After` can exceed it.
    pub const fn cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// Returns the wait before the next attempt, or `None` if there must be none.
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
        // A limit of one attempt is a promise to the caller: not even a 429 is retried then.
        if most == 1 || failures >= most {
            return None;
        }
        // Twilio refused the token before it did anything, so no wait is needed.
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
        // Full jitter spreads the clients that failed together. `Retry-After` is the lower bound,
        // because Twilio knows its own load.
        let jitter = share(limit, random);
        Some(jitter.max(error.retry_after().unwrap_or_default()))
    }
}

/// State of a request, on which the next wait depends.
#[derive(Clone, Copy)]
pub(in crate::client) struct Retry {
    /// Number of the failed attempt, from 1.
    pub(in crate::client) attempt: u32,
    /// Number of attempts that count as failed.
    pub(in crate::client) failures: u32,
    /// The request's own limit on retries.
    pub(in crate::client) retries: Option<u32>,
    /// `true` if a refused bearer token can be replaced. Such a retry needs no wait, because Twilio
    /// did not process the request.
    pub(in crate::client) renews: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns a uniformly distributed part of a limit.
fn share(limit: Duration, random: u64) -> Duration {
    let nanos = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    let part = u128::from(nanos) * u128::from(random) / u128::from(u64::MAX);
    Duration::from_nanos(u64::try_from(part).unwrap_or(nanos))
}

/// Data of a retry, passed to the function of
/// [`ClientBuilder::on_retry`](crate::client::ClientBuilder::on_retry).
///
/// ```
/// use std::sync::mpsc;
/// use clinspark_twilio::client::Client;
/// # use clinspark_twilio::client::messages::FetchMessage;
/// # use clinspark_twilio::client::{Credentials, Delivery};
/// # use clinspark_twilio::types::MessageSid;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::connection_lost())
/// #     .reply(Reply::json(200, r#"{"sid": "SM00000000000000000000000000000001"}"#));
///
/// let (log, lines) = mpsc::channel();
/// let client = Client::builder(credentials, Delivery::Off)
///     .with_transport(transport)
///     .on_retry(move |event| {
///         let line = format!("attempt {} failed: {}", event.attempt, event.error);
///         // Without a receiver, the line is dropped.
///         let _ = log.send(line);
///     })
///     .build()?;
///
/// client.execute(FetchMessage::new(sid)).await?;
/// assert_eq!(
///     lines.recv()?,
///     "attempt 1 failed: FetchMessage: the connection broke before the response arrived"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct RetryEvent<'a> {
    /// Name of the request, such as `FetchMessage`.
    pub operation: &'static str,
    /// Number of the failed attempt, from 1.
    pub attempt: u32,
    /// Error of the failed attempt.
    pub error: &'a Error,
    /// Wait before the next attempt.
    pub wait: Duration,
}

/// The function that a caller has set for retries.
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
