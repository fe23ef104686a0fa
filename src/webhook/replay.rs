//! Replay protection: webhooks that were handled before, and the answers to them.
//!
//! A signature never expires, and Twilio retries its requests.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::payload::{
    CallStatusCallback, InboundMessage, MessageStatusCallback, RecordingStatusCallback,
    WebhookEvent,
};
use super::verified::Verified;

/// Identity of a webhook. A retry has the same key as the first attempt; another webhook has
/// another key.
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
/// - A message keeps its key at the fallback URL, because it is the same message. It may have been
///   handled although Twilio did not receive the answer.
/// - A second callback of one message with the same status has the same key, because it reports
///   nothing new.
/// - Requests for the `TwiML` of a call have no key. They repeat legitimately (each digit of a menu
///   has the same SID and status), and a caller without an answer hears silence.
/// - Conversations events have no key: several events of one message carry the same SID.
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::webhook::ReplayKey;
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/twilio")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body(
/// #         "MessageSid=SM00000000000000000000000000000001&MessageStatus=delivered\
/// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550123",
/// #     )?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// let key = ReplayKey::of(&validator.verify(request)?).unwrap();
/// assert_eq!(key.as_str(), "SM00000000000000000000000000000001-delivered");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayKey(Box<str>);

impl ReplayKey {
    /// Returns the key of a verified request, or `None` for a kind that has none.
    ///
    /// The request is read as a [`WebhookEvent`]. A call whose Voice SDK client added `MessageSid`
    /// therefore does not get the key of a message.
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(verified: &Verified<B>) -> Option<Self> {
        match verified.parse().ok()? {
            WebhookEvent::InboundMessage(message) => Some(Self::from(&*message)),
            WebhookEvent::MessageFallback(fallback) => Some(Self::from(&fallback.message)),
            WebhookEvent::MessageStatusCallback(callback) => Some(Self::from(&*callback)),
            WebhookEvent::CallStatusCallback(callback) => Some(Self::from(&*callback)),
            WebhookEvent::RecordingStatusCallback(callback) => Some(Self::from(&*callback)),
            _ => None,
        }
    }

    fn new(parts: &[&str]) -> Self {
        Self(parts.join("-").into())
    }

    /// Returns the key as text, for your own guard. It holds SIDs, statuses and numbers, but no
    /// personal data.
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
        // A Voice SDK client can add a sequence number but cannot change the status.
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

/// State of a key in a guard.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookup<A> {
    /// The key was not seen before and is now claimed. Call [`finish`](ReplayGuard::finish) or
    /// [`release`](ReplayGuard::release) afterwards.
    New,
    /// Another task handles the key, or the guard has no space for one more key in progress.
    ///
    /// Answer 503. Twilio retries if the URL has connection overrides such as `#rc=2&rp=5xx,ct,rt`.
    /// By default it does not.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    InProgress,
    /// The webhook was handled with this answer. Send the same answer again.
    Answered(A),
}

/// Store of the webhooks that were handled, and of the answers to them.
///
/// Keep it in the same store as the data that the handlers write, so that both survive a restart
/// together. A repeated inbound message gets the first answer again:
///
/// ```
/// use clinspark_twilio::webhook::{MemoryReplayGuard, ReplayGuard, ReplayKey, Lookup};
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
/// let answer = match guard.claim(key.clone()) {
///     Ok(claim) => claim.finish("<Response/>".to_owned()), // handle it first
///     Err(Lookup::Answered(answer)) => answer,
///     Err(_) => return Ok(()), // 503
/// };
/// assert_eq!(guard.begin(&key), Lookup::Answered(answer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ReplayGuard {
    /// Stored form of an answer.
    type Answer: Clone;

    /// Looks up a key, and claims it if it is new, in one atomic step.
    fn begin(&self, key: &ReplayKey) -> Lookup<Self::Answer>;

    /// Stores the answer to a claimed key.
    fn finish(&self, key: &ReplayKey, answer: Self::Answer);

    /// Releases a claimed key whose handling failed, so that the retry is handled.
    ///
    /// A key with a stored answer stays.
    fn release(&self, key: &ReplayKey);

    /// Claims a key as [`begin`](Self::begin) does. The claim releases the key if it is dropped
    /// unfinished.
    ///
    /// # Errors
    ///
    /// Returns the state of the key if it was seen before.
    fn claim(&self, key: ReplayKey) -> Result<Claim<'_, Self>, Lookup<Self::Answer>>
    where
        Self: Sized,
    {
        match self.begin(&key) {
            Lookup::New => Ok(Claim {
                guard: self,
                key: Some(key),
            }),
            seen => Err(seen),
        }
    }
}

/// Claim of a [`ReplayKey`]. Dropping it unfinished releases the key.
#[must_use = "dropping the claim releases the key"]
pub struct Claim<'g, G: ReplayGuard> {
    guard: &'g G,
    key: Option<ReplayKey>,
}

impl<G: ReplayGuard> Claim<'_, G> {
    /// Stores the answer and returns it.
    pub fn finish(mut self, answer: G::Answer) -> G::Answer {
        if let Some(key) = self.key.take() {
            self.guard.finish(&key, answer.clone());
        }
        answer
    }
}

impl<G: ReplayGuard> Drop for Claim<'_, G> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.guard.release(&key);
        }
    }
}

impl<G: ReplayGuard> fmt::Debug for Claim<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Replay guard in the memory of one process. Its keys are lost when the process ends.
///
/// It holds a fixed number of keys and evicts the oldest answer first. A key in progress is never
/// evicted, because its retry would be handled a second time. If all keys are in progress, a new
/// key is answered with [`Lookup::InProgress`]. Each operation takes constant time.
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::webhook::{Lookup, MemoryReplayGuard, ReplayGuard, ReplayKey};
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/twilio")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body(
/// #         "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&Body=Yes\
/// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199",
/// #     )?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// let key = ReplayKey::of(&validator.verify(request)?).unwrap();
/// let guard = MemoryReplayGuard::new(10_000);
/// assert_eq!(guard.begin(&key), Lookup::New);
/// assert_eq!(guard.begin(&key), Lookup::InProgress); // a retry while the first is handled
/// guard.finish(&key, "<Response/>".to_owned());
/// assert_eq!(guard.begin(&key), Lookup::Answered("<Response/>".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MemoryReplayGuard<A = String> {
    capacity: usize,
    state: Mutex<State<A>>,
}

struct State<A> {
    /// `None` while the key is in progress.
    answers: HashMap<ReplayKey, Option<A>>,
    /// Answered keys, oldest first.
    answered: VecDeque<ReplayKey>,
}

impl<A> MemoryReplayGuard<A> {
    /// Creates a guard that holds up to `capacity` keys, at least one.
    ///
    /// Twilio retries within minutes. Choose a number above the webhooks that arrive in ten
    /// minutes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let state = State {
            answers: HashMap::new(),
            answered: VecDeque::new(),
        };
        Self {
            capacity: capacity.max(1),
            state: Mutex::new(state),
        }
    }

    /// Returns the number of keys held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().answers.len()
    }

    /// Returns `true` if the guard holds no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn state(&self) -> MutexGuard<'_, State<A>> {
        // No step under the lock can panic halfway, so the state stays consistent in a poisoned
        // lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A: Clone> ReplayGuard for MemoryReplayGuard<A> {
    type Answer = A;

    fn begin(&self, key: &ReplayKey) -> Lookup<A> {
        let state = &mut *self.state();
        match state.answers.get(key) {
            Some(Some(answer)) => return Lookup::Answered(answer.clone()),
            Some(None) => return Lookup::InProgress,
            None => {}
        }
        if state.answers.len() >= self.capacity {
            let Some(oldest) = state.answered.pop_front() else {
                // Evicting a key in progress would let its retry be handled a second time.
                return Lookup::InProgress;
            };
            state.answers.remove(&oldest);
        }
        state.answers.insert(key.clone(), None);
        Lookup::New
    }

    fn finish(&self, key: &ReplayKey, answer: A) {
        let state = &mut *self.state();
        // The queue holds each key once, so a second answer keeps the place of the first.
        if let Some(slot) = state.answers.get_mut(key)
            && slot.replace(answer).is_none()
        {
            state.answered.push_back(key.clone());
        }
    }

    fn release(&self, key: &ReplayKey) {
        let state = &mut *self.state();
        if state.answers.get(key).is_some_and(Option::is_none) {
            state.answers.remove(key);
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
