//! A signature holds for ever, and Twilio repeats its requests: what was seen, and what was
//! answered.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::payload::{
    CallStatusCallback, Event, InboundMessage, MessageStatusCallback, RecordingStatusCallback,
};
use super::verified::Verified;

/// Identity of a webhook: a retry has the key of the first attempt, another webhook has another.
///
/// | Webhook | Parts of the key |
/// |---|---|
/// | [`InboundMessage`], [`MessageFallback`](crate::webhook::MessageFallback) | `MessageSid` |
/// | [`MessageStatusCallback`] | `MessageSid`, `MessageStatus` |
/// | [`CallStatusCallback`] | `CallSid`, `CallStatus`, and `SequenceNumber` where Twilio sends it |
/// | [`RecordingStatusCallback`] | `RecordingSid`, `RecordingStatus` |
/// | all others | no key |
///
/// - A key holds signed fields only. `I-Twilio-Idempotency-Token` is not signed, so a replayed
///   request can carry another one.
/// - A message that goes to the fallback URL keeps its key: it is the same message, and it may
///   have been handled although Twilio did not get the answer.
/// - A second callback of one message with the same status has the same key, because it reports
///   nothing new.
/// - Requests for the `TwiML` of a call have no key. They repeat lawfully (each digit of a menu
///   has the same SID and status), and a caller without an answer hears silence.
/// - Conversations events have no key: several events of one message carry the same SID.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayKey(Box<str>);

impl ReplayKey {
    /// Key of a verified request; `None` for a kind that has none.
    ///
    /// The request is read as an [`Event`]. So a call whose Voice SDK client added `MessageSid`
    /// has no key of a message.
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(verified: &Verified<B>) -> Option<Self> {
        match verified.parse().ok()? {
            Event::InboundMessage(message) => Some(Self::from(&*message)),
            Event::MessageFallback(fallback) => Some(Self::from(&fallback.message)),
            Event::MessageStatusCallback(callback) => Some(Self::from(&*callback)),
            Event::CallStatusCallback(callback) => Some(Self::from(&*callback)),
            Event::RecordingStatusCallback(callback) => Some(Self::from(&*callback)),
            _ => None,
        }
    }

    fn new(parts: &[&str]) -> Self {
        Self(parts.join("-").into())
    }

    /// The key as text, for a guard of your own. It holds SIDs, statuses and numbers, nothing
    /// about a person.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&InboundMessage> for ReplayKey {
    fn from(message: &InboundMessage) -> Self {
        Self::new(&[message.message_sid.as_str()])
    }
}

impl From<&MessageStatusCallback> for ReplayKey {
    fn from(callback: &MessageStatusCallback) -> Self {
        Self::new(&[callback.message_sid.as_str(), callback.status.as_str()])
    }
}

impl From<&CallStatusCallback> for ReplayKey {
    fn from(callback: &CallStatusCallback) -> Self {
        let call = callback.call.call_sid.as_str();
        // A Voice SDK client can add a sequence number, never another status.
        let status = callback.call.status.as_str();
        match callback.sequence_number {
            Some(number) => Self::new(&[call, status, &number.to_string()]),
            None => Self::new(&[call, status]),
        }
    }
}

impl From<&RecordingStatusCallback> for ReplayKey {
    fn from(callback: &RecordingStatusCallback) -> Self {
        Self::new(&[callback.recording_sid.as_str(), callback.status.as_str()])
    }
}

/// What a guard knows of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seen<A> {
    /// Nothing: the key is now yours. [`finish`](ReplayGuard::finish) or
    /// [`forget`](ReplayGuard::forget) it.
    Never,
    /// It is being handled by another task, or the guard has no space for one more key in
    /// progress. Answer 503: Twilio retries where the URL's connection overrides ask for it, as
    /// `#rc=2&rp=5xx,ct,rt` does. By default it does not.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    InProgress,
    /// It was handled, and this was the answer: give it again.
    Answered(A),
}

/// Remembers which webhooks were handled, and what was answered.
///
/// Back it with the store that holds what the handlers write, so that both survive a restart
/// together. A repeated inbound message gets the first answer again:
///
/// ```
/// use clinspark_twilio::webhook::{MemoryReplayGuard, ReplayGuard, ReplayKey, Seen};
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/sms")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body("MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001\
/// #            &From=%2B14155550123&To=%2B14155550199&Body=Yes")?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// # let verified = validator.verify(request)?;
///
/// let guard = MemoryReplayGuard::new(10_000);
/// let Some(key) = ReplayKey::of(&verified) else { return Ok(()) };
/// let answer = match guard.turn(key.clone()) {
///     Ok(turn) => turn.finish("<Response/>".to_owned()), // handle it first
///     Err(Seen::Answered(answer)) => answer,
///     Err(_) => return Ok(()), // 503
/// };
/// assert_eq!(guard.begin(&key), Seen::Answered(answer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ReplayGuard {
    /// What is kept of an answer.
    type Answer: Clone;

    /// Looks a key up, and takes it if it was never seen, in one step.
    fn begin(&self, key: &ReplayKey) -> Seen<Self::Answer>;

    /// Keeps the answer to a key that was taken.
    fn finish(&self, key: &ReplayKey, answer: Self::Answer);

    /// Gives up a key that was taken, because its handling failed: the repeat shall be handled.
    /// A key whose answer is kept stays.
    fn forget(&self, key: &ReplayKey);

    /// As [`begin`](Self::begin); the turn gives the key up when it is dropped unfinished.
    ///
    /// # Errors
    ///
    /// What the guard knows of the key, when it was seen.
    fn turn(&self, key: ReplayKey) -> Result<Turn<'_, Self>, Seen<Self::Answer>>
    where
        Self: Sized,
    {
        match self.begin(&key) {
            Seen::Never => Ok(Turn {
                guard: self,
                key: Some(key),
            }),
            seen => Err(seen),
        }
    }
}

/// The right to handle a webhook, given back when it is dropped unfinished.
#[must_use = "dropping it gives the key up"]
pub struct Turn<'g, G: ReplayGuard> {
    guard: &'g G,
    key: Option<ReplayKey>,
}

impl<G: ReplayGuard> Turn<'_, G> {
    /// Keeps the answer, and returns it to be given.
    pub fn finish(mut self, answer: G::Answer) -> G::Answer {
        if let Some(key) = self.key.take() {
            self.guard.finish(&key, answer.clone());
        }
        answer
    }
}

impl<G: ReplayGuard> Drop for Turn<'_, G> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.guard.forget(&key);
        }
    }
}

impl<G: ReplayGuard> fmt::Debug for Turn<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// A guard in memory: of one process, and gone when it ends.
///
/// It holds a fixed number of keys and forgets the oldest answer first. A key in progress is never
/// forgotten: its repeat would be handled a second time. If all keys are in progress, a new one is
/// answered with [`Seen::InProgress`]. Each operation takes constant time.
pub struct MemoryReplayGuard<A = String> {
    capacity: usize,
    keys: Mutex<Keys<A>>,
}

struct Keys<A> {
    /// `None` while the key is in progress.
    answers: HashMap<ReplayKey, Option<A>>,
    /// The keys that are answered, the oldest answer first.
    answered: VecDeque<ReplayKey>,
}

impl<A> MemoryReplayGuard<A> {
    /// A guard that holds up to `capacity` keys, at least one.
    ///
    /// Twilio repeats a request within minutes: choose a number above the webhooks of ten minutes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let keys = Keys {
            answers: HashMap::new(),
            answered: VecDeque::new(),
        };
        Self {
            capacity: capacity.max(1),
            keys: Mutex::new(keys),
        }
    }

    /// Number of keys that it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys().answers.len()
    }

    /// Returns `true` if it holds no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn keys(&self) -> MutexGuard<'_, Keys<A>> {
        // No step under the lock can panic half-way, so a poisoned lock holds whole keys.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A: Clone> ReplayGuard for MemoryReplayGuard<A> {
    type Answer = A;

    fn begin(&self, key: &ReplayKey) -> Seen<A> {
        let keys = &mut *self.keys();
        match keys.answers.get(key) {
            Some(Some(answer)) => return Seen::Answered(answer.clone()),
            Some(None) => return Seen::InProgress,
            None => {}
        }
        if keys.answers.len() >= self.capacity {
            let Some(oldest) = keys.answered.pop_front() else {
                return Seen::InProgress;
            };
            keys.answers.remove(&oldest);
        }
        keys.answers.insert(key.clone(), None);
        Seen::Never
    }

    fn finish(&self, key: &ReplayKey, answer: A) {
        let keys = &mut *self.keys();
        if let Some(slot) = keys.answers.get_mut(key)
            && slot.replace(answer).is_none()
        {
            keys.answered.push_back(key.clone());
        }
    }

    fn forget(&self, key: &ReplayKey) {
        let keys = &mut *self.keys();
        if keys.answers.get(key).is_some_and(Option::is_none) {
            keys.answers.remove(key);
        }
    }
}

impl<A> fmt::Debug for MemoryReplayGuard<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "MemoryReplayGuard({} of {} keys)",
            self.len(),
            self.capacity
        )
    }
}
