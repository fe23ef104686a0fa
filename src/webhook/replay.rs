//! Replay protection: webhooks that were handled before, and the answers to them.
//!
//! A signature never expires, and Twilio retries its requests.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Response;

use super::replay_key::ReplayKey;
use crate::types::{BoxError, BoxFuture};

/// State of a key in a guard.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Lookup {
    /// The key was not seen before and is now claimed with the token, or the token holds its claim
    /// already. [`finish`](ReplayGuard::finish), [`release`](ReplayGuard::release) or
    /// [`abandon`](ReplayGuard::abandon) follows.
    New,
    /// Another task handles the key, or the guard has no space for one more key in progress.
    ///
    /// A [`Receiver`](super::Receiver) answers 503. Twilio retries if the URL has connection
    /// overrides such as `#rc=2&rp=5xx,ct,rt`. By default it does not.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    InProgress,
    /// The webhook was handled, and its answer is not stored.
    Handled,
    /// The webhook was handled with this answer, which the retry gets again.
    Answered(StoredAnswer),
}

/// Token of a claim, by which a store tells it from a later claim of the same key (fencing).
///
/// A [`Receiver`](super::Receiver) makes one for each request. It is random, and no secret.
///
/// ```
/// use clinspark_twilio::webhook::ClaimToken;
///
/// let (first, second) = (ClaimToken::random(), ClaimToken::random());
/// assert_ne!(first, second);
/// assert_eq!(first.as_str().len(), 32); // fits a column CHAR(32)
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClaimToken(Arc<str>);

impl ClaimToken {
    /// Creates a token that differs from every other one: 128 random bits.
    #[must_use]
    pub fn random() -> Self {
        // Each state has keys of its own, which begin with random bytes of the system.
        let [high, low] = [0_u8, 1].map(|half| RandomState::new().hash_one(half));
        Self(format!("{high:016x}{low:016x}").into())
    }

    /// Returns the token as text: 32 hexadecimal digits in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Answer to a webhook, kept for its retries.
///
/// `Debug` prints the status only: `TwiML` may hold a message body.
#[derive(Clone)]
pub struct StoredAnswer(Response<Bytes>);

impl StoredAnswer {
    /// Creates an answer from a response.
    #[must_use]
    pub const fn new(response: Response<Bytes>) -> Self {
        Self(response)
    }

    /// Returns the response.
    #[must_use]
    pub fn into_response(self) -> Response<Bytes> {
        self.0
    }
}

impl fmt::Debug for StoredAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredAnswer({})", self.0.status())
    }
}

/// Store of the webhooks that were handled.
///
/// Give it to [`Receiver::replay_guard`](super::Receiver::replay_guard), which then handles each
/// webhook once. Every method may be a query to a database. Keep it in the same store as the data
/// that the handlers write, so that both survive a restart together.
///
/// A store in a database keeps the key and its state only, because `TwiML` may hold a message body.
/// It returns [`Lookup::Handled`], and the receiver answers for it: an empty `<Response/>` to a
/// message, 204 to a status callback. A call's request for `TwiML` is handled again, with
/// [`Verified::is_retry`](super::Verified::is_retry) set.
///
/// # Claims that expire
///
/// A worker that crashes leaves its claim behind, so claims in a database expire. A slow worker may
/// outlive its claim while a second one handles the retry. The [`ClaimToken`] stops the slow worker
/// from finishing or releasing the claim of the second: every statement compares it. Choose a time
/// above that of the slowest handler, because an expired webhook is handled twice. In `PostgreSQL`:
///
/// ```sql
/// CREATE TABLE webhook (
///     key     TEXT PRIMARY KEY,
///     token   CHAR(32) NOT NULL,
///     expires TIMESTAMPTZ NOT NULL,
///     handled BOOLEAN NOT NULL DEFAULT FALSE
/// );
/// -- begin: one row means Lookup::New; otherwise read `handled`.
/// INSERT INTO webhook VALUES ($1, $2, now() + interval '5 minutes')
/// ON CONFLICT (key) DO UPDATE SET token = excluded.token, expires = excluded.expires
///     WHERE NOT webhook.handled
///       AND (webhook.expires < now() OR webhook.token = excluded.token)
/// RETURNING key;
/// -- finish: no row means that the claim has expired and is another worker's. Return an error.
/// UPDATE webhook SET handled = TRUE WHERE key = $1 AND token = $2;
/// -- release:
/// DELETE FROM webhook WHERE key = $1 AND token = $2 AND NOT handled;
/// ```
///
/// # Example
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Mutex, MutexGuard};
/// use clinspark_twilio::types::{BoxError, BoxFuture};
/// use clinspark_twilio::webhook::{ClaimToken, Lookup, ReplayGuard, ReplayKey, StoredAnswer};
///
/// /// Key, token and state, as rows of a table. `true` when handled.
/// #[derive(Default)]
/// struct Table(Mutex<HashMap<ReplayKey, (ClaimToken, bool)>>);
///
/// impl Table {
///     fn rows(&self) -> Result<MutexGuard<'_, HashMap<ReplayKey, (ClaimToken, bool)>>, BoxError> {
///         self.0.lock().map_err(|_| "poisoned".into())
///     }
/// }
///
/// impl ReplayGuard for Table {
///     fn begin<'a>(
///         &'a self,
///         key: &'a ReplayKey,
///         token: &'a ClaimToken,
///     ) -> BoxFuture<'a, Result<Lookup, BoxError>> {
///         Box::pin(async move {
///             let mut rows = self.rows()?;
///             let (holder, handled) = rows.entry(key.clone()).or_insert((token.clone(), false));
///             Ok(match (*handled, holder == token) {
///                 (true, _) => Lookup::Handled,
///                 (false, true) => Lookup::New,
///                 (false, false) => Lookup::InProgress,
///             })
///         })
///     }
///
///     fn finish<'a>(
///         &'a self,
///         key: &'a ReplayKey,
///         token: &'a ClaimToken,
///         _: &'a StoredAnswer,
///     ) -> BoxFuture<'a, Result<(), BoxError>> {
///         Box::pin(async move {
///             match self.rows()?.get_mut(key) {
///                 Some((holder, handled)) if holder == token => *handled = true,
///                 _ => return Err("another worker holds the claim".into()),
///             }
///             Ok(())
///         })
///     }
///
///     fn release<'a>(
///         &'a self,
///         key: &'a ReplayKey,
///         token: &'a ClaimToken,
///     ) -> BoxFuture<'a, Result<(), BoxError>> {
///         Box::pin(async move {
///             let mut rows = self.rows()?;
///             if rows.get(key) == Some(&(token.clone(), false)) {
///                 rows.remove(key);
///             }
///             Ok(())
///         })
///     }
/// }
/// ```
///
/// A guard of your own passes the [`conformance`](super::conformance) suite first.
pub trait ReplayGuard: Send + Sync + 'static {
    /// Looks up a key, and claims it with the token if it is new, in one atomic step.
    ///
    /// A key that the same token holds is [`Lookup::New`] again. A second layer around the same
    /// request asks with the token of the first, and a query may be repeated after a lost answer.
    ///
    /// # Errors
    ///
    /// Any failure of the store. The webhook is then answered with 503 and not handled.
    fn begin<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<Lookup, BoxError>>;

    /// Marks a key as handled that this token holds. A store that keeps answers keeps this one, also
    /// in place of an earlier answer of the same token.
    ///
    /// The future may be dropped before it ends, because the connection closes. The key then keeps
    /// the state that the store gave it.
    ///
    /// # Errors
    ///
    /// Any failure of the store, or another token that holds the key. The answer is sent
    /// nonetheless, because the webhook is handled.
    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
        answer: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Releases a key that this token holds and whose handling failed, so that the retry is handled.
    /// A handled key, and a key that another token holds, stay.
    ///
    /// # Errors
    ///
    /// Any failure of the store. The key then stays claimed.
    fn release<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Reports that the handling of a key that this token holds was cut off, such as by a closed
    /// connection. It is not called once the handler has answered.
    ///
    /// It cannot wait for a store. By default it does nothing, and the claim expires.
    fn abandon(&self, key: &ReplayKey, token: &ClaimToken) {
        let _ = (key, token);
    }
}

impl<G: ReplayGuard + ?Sized> ReplayGuard for Arc<G> {
    fn begin<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        (**self).begin(key, token)
    }

    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
        answer: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        (**self).finish(key, token, answer)
    }

    fn release<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        (**self).release(key, token)
    }

    fn abandon(&self, key: &ReplayKey, token: &ClaimToken) {
        (**self).abandon(key, token);
    }
}

/// Claim of a key by one task. Dropping it before the webhook is handled abandons the key.
pub(super) struct Claim {
    guard: Arc<dyn ReplayGuard>,
    key: Option<ReplayKey>,
    token: ClaimToken,
}

impl Claim {
    pub(super) const fn new(
        guard: Arc<dyn ReplayGuard>,
        key: ReplayKey,
        token: ClaimToken,
    ) -> Self {
        let key = Some(key);
        Self { guard, key, token }
    }

    pub(super) async fn finish(mut self, answer: &StoredAnswer) -> Result<(), BoxError> {
        // Taken first: a future that is dropped while it stores the answer must not abandon a handled
        // key, because the retry would be handled a second time.
        let Some(key) = self.key.take() else {
            return Ok(());
        };
        self.guard.finish(&key, &self.token, answer).await
    }

    pub(super) async fn release(mut self) -> Result<(), BoxError> {
        let Some(key) = &self.key else { return Ok(()) };
        let released = self.guard.release(key, &self.token).await;
        self.key = None;
        released
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.guard.abandon(&key, &self.token);
        }
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Replay guard in the memory of one process. Its keys are lost when the process ends.
///
/// It holds a fixed number of keys with their answers, and evicts the oldest answer first. A key in
/// progress is never evicted, because its retry would be handled a second time. If all keys are in
/// progress, a new key is answered with [`Lookup::InProgress`]. Each operation takes constant time.
/// Its claims do not expire, because they end with the process.
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::webhook::{MemoryReplayGuard, Receiver};
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// let receiver = Receiver::calls_only(validator).replay_guard(MemoryReplayGuard::new(10_000));
/// # let _ = receiver;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MemoryReplayGuard {
    capacity: usize,
    state: Mutex<State>,
}

struct State {
    entries: HashMap<ReplayKey, Entry>,
    /// Handled keys, oldest first.
    handled: VecDeque<ReplayKey>,
}

struct Entry {
    token: ClaimToken,
    /// `None` while the key is in progress.
    answer: Option<StoredAnswer>,
}

impl MemoryReplayGuard {
    /// Creates a guard that holds up to `capacity` keys, at least one.
    ///
    /// Twilio retries within minutes. Choose a number above the webhooks that arrive in ten
    /// minutes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let state = State {
            entries: HashMap::new(),
            handled: VecDeque::new(),
        };
        Self {
            capacity: capacity.max(1),
            state: Mutex::new(state),
        }
    }

    /// Returns the number of keys held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().entries.len()
    }

    /// Returns `true` if the guard holds no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No step under the lock can panic halfway, so the state stays consistent in a poisoned
        // lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_up(&self, key: &ReplayKey, token: &ClaimToken) -> Lookup {
        let state = &mut *self.state();
        if let Some(entry) = state.entries.get(key) {
            return match &entry.answer {
                Some(answer) => Lookup::Answered(answer.clone()),
                None if entry.token == *token => Lookup::New,
                None => Lookup::InProgress,
            };
        }
        // Bounded, because everyone who is texted can make keys.
        if state.entries.len() >= self.capacity {
            let Some(oldest) = state.handled.pop_front() else {
                // Evicting a key in progress would let its retry be handled a second time.
                return Lookup::InProgress;
            };
            state.entries.remove(&oldest);
        }
        let (token, answer) = (token.clone(), None);
        state.entries.insert(key.clone(), Entry { token, answer });
        Lookup::New
    }

    /// Stores an answer. `false` if the token does not hold the key.
    fn store(&self, key: &ReplayKey, token: &ClaimToken, answer: StoredAnswer) -> bool {
        let state = &mut *self.state();
        let entry = state.entries.get_mut(key);
        let Some(entry) = entry.filter(|entry| entry.token == *token) else {
            return false;
        };
        // The queue holds each key once, so a second answer keeps the place of the first.
        if entry.answer.replace(answer).is_none() {
            state.handled.push_back(key.clone());
        }
        true
    }

    fn remove_if_in_progress(&self, key: &ReplayKey, token: &ClaimToken) {
        let state = &mut *self.state();
        let is_own = |entry: &Entry| entry.answer.is_none() && entry.token == *token;
        if state.entries.get(key).is_some_and(is_own) {
            state.entries.remove(key);
        }
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn begin<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        Box::pin(async move { Ok(self.look_up(key, token)) })
    }

    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
        answer: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            if self.store(key, token, answer.clone()) {
                return Ok(());
            }
            Err("the claim of the webhook is held by another token, or was released".into())
        })
    }

    fn release<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.remove_if_in_progress(key, token);
            Ok(())
        })
    }

    fn abandon(&self, key: &ReplayKey, token: &ClaimToken) {
        self.remove_if_in_progress(key, token);
    }
}

impl fmt::Debug for MemoryReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "MemoryReplayGuard({} of {} keys)",
            self.len(),
            self.capacity
        )
    }
}
