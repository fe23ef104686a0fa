//! Replay protection: webhooks that were handled before, and the answers to them.
//!
//! A signature never expires, and Twilio retries its requests.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Response;

use super::replay_key::ReplayKey;
use crate::types::{BoxError, BoxFuture};

/// State of a key in a guard.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Lookup {
    /// The key was not seen before and is now claimed. [`finish`](ReplayGuard::finish),
    /// [`release`](ReplayGuard::release) or [`abandon`](ReplayGuard::abandon) follows.
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
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use clinspark_twilio::types::{BoxError, BoxFuture};
/// use clinspark_twilio::webhook::{Lookup, ReplayGuard, ReplayKey, StoredAnswer};
///
/// /// Key and state, as rows of a table. `true` when handled.
/// #[derive(Default)]
/// struct Table(Mutex<HashMap<ReplayKey, bool>>);
///
/// impl ReplayGuard for Table {
///     fn begin<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<Lookup, BoxError>> {
///         // SQL: INSERT ... ON CONFLICT DO NOTHING, in one statement.
///         Box::pin(async move {
///             let mut rows = self.0.lock().map_err(|_| "poisoned")?;
///             Ok(match rows.get(key) {
///                 None => {
///                     rows.insert(key.clone(), false);
///                     Lookup::New
///                 }
///                 Some(true) => Lookup::Handled,
///                 Some(false) => Lookup::InProgress,
///             })
///         })
///     }
///
///     fn finish<'a>(
///         &'a self,
///         key: &'a ReplayKey,
///         _: &'a StoredAnswer,
///     ) -> BoxFuture<'a, Result<(), BoxError>> {
///         Box::pin(async move {
///             self.0.lock().map_err(|_| "poisoned")?.insert(key.clone(), true);
///             Ok(())
///         })
///     }
///
///     fn release<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<(), BoxError>> {
///         Box::pin(async move {
///             self.0.lock().map_err(|_| "poisoned")?.remove(key);
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait ReplayGuard: Send + Sync + 'static {
    /// Looks up a key, and claims it if it is new, in one atomic step.
    ///
    /// # Errors
    ///
    /// Any failure of the store. The webhook is then answered with 503 and not handled.
    fn begin<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<Lookup, BoxError>>;

    /// Marks a claimed key as handled. A store that keeps answers keeps this one.
    ///
    /// The future may be dropped before it ends, because the connection closes. The key then keeps
    /// the state that the store gave it.
    ///
    /// # Errors
    ///
    /// Any failure of the store. The answer is sent nonetheless, because the webhook is handled.
    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        answer: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Releases a claimed key whose handling failed, so that the retry is handled. A handled key
    /// stays.
    ///
    /// # Errors
    ///
    /// Any failure of the store. The key then stays claimed.
    fn release<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Reports that the handling of a claimed key was cut off, such as by a closed connection. It is
    /// not called once the handler has answered.
    ///
    /// It cannot wait for a store. By default it does nothing: let a store in a database give up a
    /// claim that is older than a handler ever takes, such as 60 s.
    fn abandon(&self, key: &ReplayKey) {
        let _ = key;
    }
}

impl<G: ReplayGuard + ?Sized> ReplayGuard for Arc<G> {
    fn begin<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        (**self).begin(key)
    }

    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        answer: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        (**self).finish(key, answer)
    }

    fn release<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<(), BoxError>> {
        (**self).release(key)
    }

    fn abandon(&self, key: &ReplayKey) {
        (**self).abandon(key);
    }
}

/// Claim of a key by one task. Dropping it before the webhook is handled abandons the key.
pub(super) struct Claim {
    guard: Arc<dyn ReplayGuard>,
    key: Option<ReplayKey>,
}

impl Claim {
    pub(super) const fn new(guard: Arc<dyn ReplayGuard>, key: ReplayKey) -> Self {
        Self {
            guard,
            key: Some(key),
        }
    }

    pub(super) async fn finish(mut self, answer: &StoredAnswer) -> Result<(), BoxError> {
        // Taken first: a future that is dropped while it stores the answer must not abandon a handled
        // key, because the retry would be handled a second time.
        let Some(key) = self.key.take() else {
            return Ok(());
        };
        self.guard.finish(&key, answer).await
    }

    pub(super) async fn release(mut self) -> Result<(), BoxError> {
        let Some(key) = &self.key else { return Ok(()) };
        let released = self.guard.release(key).await;
        self.key = None;
        released
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.guard.abandon(&key);
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

enum Entry {
    InProgress,
    Handled(StoredAnswer),
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

    fn look_up(&self, key: &ReplayKey) -> Lookup {
        let state = &mut *self.state();
        match state.entries.get(key) {
            Some(Entry::Handled(answer)) => return Lookup::Answered(answer.clone()),
            Some(Entry::InProgress) => return Lookup::InProgress,
            None => {}
        }
        // Bounded, because everyone who is texted can make keys.
        if state.entries.len() >= self.capacity {
            let Some(oldest) = state.handled.pop_front() else {
                // Evicting a key in progress would let its retry be handled a second time.
                return Lookup::InProgress;
            };
            state.entries.remove(&oldest);
        }
        state.entries.insert(key.clone(), Entry::InProgress);
        Lookup::New
    }

    fn store(&self, key: &ReplayKey, answer: StoredAnswer) {
        let state = &mut *self.state();
        // The queue holds each key once, so a second answer keeps the place of the first.
        if let Some(entry) = state.entries.get_mut(key)
            && let Entry::InProgress = std::mem::replace(entry, Entry::Handled(answer))
        {
            state.handled.push_back(key.clone());
        }
    }

    fn remove_if_in_progress(&self, key: &ReplayKey) {
        let state = &mut *self.state();
        if let Some(Entry::InProgress) = state.entries.get(key) {
            state.entries.remove(key);
        }
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn begin<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        Box::pin(async move { Ok(self.look_up(key)) })
    }

    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        answer: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.store(key, answer.clone());
            Ok(())
        })
    }

    fn release<'a>(&'a self, key: &'a ReplayKey) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.remove_if_in_progress(key);
            Ok(())
        })
    }

    fn abandon(&self, key: &ReplayKey) {
        self.remove_if_in_progress(key);
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
