//! Simulated phones: their behavior, inbox and ringing calls.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use super::messages::TextMessage;
use crate::phone::Address;
use crate::types::{CallSid, MessageSid, Redacted};

/// Outcome of texts to a phone.
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::{DeliveryBehavior, Sandbox};
/// use clinspark_twilio::types::MessageStatus;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let clinic = E164::parse("+14155550100")?;
/// sandbox.add_number(clinic);
/// let phone = sandbox.phone(E164::parse("+14155550123")?);
/// phone.set_delivery_behavior(DeliveryBehavior::Undelivered(30003));
///
/// // Twilio's own reply to HELP does not arrive.
/// assert!(phone.text(clinic, "HELP").await?.is_empty());
/// let messages = sandbox.messages();
/// let reply = messages.last().unwrap();
/// assert_eq!(reply.status, MessageStatus::Undelivered);
/// assert_eq!(reply.error_code, Some(30003));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryBehavior {
    /// The text arrives. Its status becomes `sent`, then `delivered`.
    #[default]
    Delivered,
    /// The carrier reports that the text did not arrive. Its status becomes `sent`, then
    /// `undelivered`, with this error code, such as 30003 (phone switched off).
    Undelivered(u32),
    /// Twilio cannot send the text. Its status becomes `failed`, with this error code.
    Failed(u32),
}

/// Reaction of a phone to calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerBehavior {
    /// The phone answers at once.
    #[default]
    Answer,
    /// The phone rings until [`Phone::answer`](crate::sandbox::Phone::answer), or until the caller
    /// hangs up.
    Ring,
    /// The line is busy. It is also busy while the phone is in another call, whatever its setting.
    Busy,
    /// The phone rings, and no one answers.
    NoAnswer,
    /// An answering machine answers at once. Its greeting lasts `greeting`, and ends with a beep if
    /// `beeps` is set. A greeting of more than `MachineDetectionSpeechThreshold`, by default 2.4
    /// seconds, is what makes Twilio detect a machine.
    Machine {
        /// Length of the greeting.
        greeting: Duration,
        /// Set if a beep follows the greeting; else silence does.
        beeps: bool,
    },
    /// A fax machine answers at once.
    Fax,
    /// The phone answers at once, and no one speaks, so that answering-machine detection ends with
    /// `unknown`.
    Silence,
}

impl AnswerBehavior {
    /// Reports whether the phone answers at once.
    pub(crate) const fn answers_at_once(self) -> bool {
        matches!(
            self,
            Self::Answer | Self::Machine { .. } | Self::Fax | Self::Silence
        )
    }
}

/// Carrier of a phone, as lookups return it.
#[derive(Clone)]
pub(crate) struct Carrier {
    pub(crate) name: String,
    pub(crate) mobile_country_code: String,
    pub(crate) mobile_network_code: String,
}

/// Number of calls that rang a phone and were not answered by a test, of one phone.
const RINGING_LIMIT: usize = 1_000;

/// Number of phones that are kept at least, however short the history.
const PHONES_KEPT: usize = 1_000;

/// State of one phone.
#[derive(Default)]
pub(crate) struct PhoneState {
    /// Set after a test or a person has added this phone. Any other reacts to calls as
    /// `State::unknown_phones` says.
    pub(crate) is_in_use: bool,
    /// `None` until a test sets it: the number and its carrier then decide.
    pub(crate) delivery: Option<DeliveryBehavior>,
    /// Line type that the test set, in Twilio's word, such as `landline`.
    pub(crate) line_type: Option<String>,
    pub(crate) carrier: Option<Carrier>,
    pub(crate) answer: AnswerBehavior,
    /// Texts received, oldest first, as long as the account has their messages.
    pub(crate) inbox: VecDeque<TextMessage>,
    /// Number of texts in the inbox that `next_text` has returned.
    pub(crate) read_count: usize,
    /// Number of texts in the inbox when the newest was last taken.
    pub(crate) taken_count: usize,
    /// Calls that rang and that `answer` has not returned yet.
    pub(crate) ringing_calls: VecDeque<CallSid>,
    pub(crate) name: Option<Redacted<String>>,
    /// Set while the list of phones leaves this one out.
    pub(crate) is_hidden: bool,
    /// Set after a text or call from or to this phone.
    pub(crate) is_known: bool,
    /// Number of texts that the phone has received since they were last read.
    pub(crate) unread: u32,
    /// Time and body of the last text that the phone has sent or received.
    pub(crate) last_text: Option<(SystemTime, Redacted<String>)>,
    /// Reaction to calls after a reset.
    pub(crate) default_answer: AnswerBehavior,
}

impl PhoneState {
    /// Reports whether the list of phones has this one: it was added, or it has texted or called, or
    /// was reached.
    pub(crate) const fn is_listed(&self) -> bool {
        (self.is_in_use || self.is_known) && !self.is_hidden
    }

    /// Lets the list of phones have this one, because it texts, calls, or is reached.
    pub(crate) const fn appear(&mut self) {
        self.is_known = true;
        self.is_hidden = false;
    }

    /// Adds a text to the inbox.
    pub(crate) fn receive(&mut self, text: TextMessage, now: SystemTime) {
        self.last_text = Some((now, text.body.clone()));
        self.unread = self.unread.saturating_add(1);
        self.inbox.push_back(text);
    }

    /// Removes a text whose message the history no longer has.
    fn forget(&mut self, sid: MessageSid) {
        let Some(index) = self.inbox.iter().position(|text| text.sid == sid) else {
            return;
        };
        self.inbox.remove(index);
        for count in [&mut self.read_count, &mut self.taken_count] {
            *count -= usize::from(index < *count);
        }
    }

    /// Adds a call that rings. Of those that no test answers, the oldest are forgotten.
    pub(crate) fn ring(&mut self, call: CallSid) {
        self.ringing_calls.push_back(call);
        if self.ringing_calls.len() > RINGING_LIMIT {
            self.ringing_calls.pop_front();
        }
    }

    /// Reports whether the phone is known from texts and calls alone, so that it may be removed to
    /// save memory.
    const fn is_forgettable(&self) -> bool {
        !self.is_in_use
            && self.name.is_none()
            && self.delivery.is_none()
            && self.line_type.is_none()
            && self.carrier.is_none()
    }

    /// Returns the newest text that has arrived since the last call.
    pub(crate) fn take_newest(&mut self) -> Option<TextMessage> {
        let newest = self.inbox.iter().skip(self.taken_count).last().cloned();
        self.taken_count = self.inbox.len();
        newest
    }

    /// Returns the phone as after its first request: with its name, without texts, calls and settings
    /// of its line. Returns `None` for a phone that only texts and calls have made known.
    fn reset(self) -> Option<Self> {
        self.is_in_use.then(|| Self {
            is_in_use: true,
            name: self.name,
            is_hidden: self.is_hidden,
            answer: self.default_answer,
            default_answer: self.default_answer,
            ..Self::default()
        })
    }
}

/// Phones by their address.
#[derive(Default)]
pub(crate) struct Phones {
    by_address: HashMap<Address, PhoneState>,
    /// Addresses in the order in which their phones were added, but for those that stay.
    added: VecDeque<Address>,
    /// Phones that were lent for a change since the last reading.
    changed: Vec<Address>,
}

impl Phones {
    pub(crate) fn get(&self, address: &Address) -> Option<&PhoneState> {
        self.by_address.get(address)
    }

    /// Returns a phone for a change. A phone that does not exist yet has the default behavior.
    pub(crate) fn get_mut(&mut self, address: &Address) -> &mut PhoneState {
        self.note(address);
        self.by_address.entry(address.clone()).or_insert_with(|| {
            self.added.push_back(address.clone());
            PhoneState::default()
        })
    }

    /// Removes a text from its phone, because the history no longer has its message.
    pub(crate) fn forget_text(&mut self, recipient: &Address, sid: MessageSid) {
        if let Some(phone) = self.by_address.get_mut(recipient) {
            phone.forget(sid);
        }
    }

    /// Removes the oldest phones that only texts and calls have made known, above `limit` phones.
    pub(crate) fn limit_to(&mut self, limit: usize) {
        while self.by_address.len() > limit.max(PHONES_KEPT)
            && let Some(oldest) = self.added.pop_front()
        {
            if self
                .by_address
                .get(&oldest)
                .is_some_and(PhoneState::is_forgettable)
            {
                self.by_address.remove(&oldest);
                self.changed.push(oldest);
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Address, &PhoneState)> {
        self.by_address.iter()
    }

    /// Notes that something that the phone shows has changed.
    pub(crate) fn note(&mut self, address: &Address) {
        if self.changed.last() != Some(address) {
            self.changed.push(address.clone());
        }
    }

    /// Returns the phones that have changed since the last call.
    pub(crate) fn drain_changed(&mut self) -> impl Iterator<Item = Address> {
        self.changed.drain(..)
    }

    /// Returns the phones after a reset: those that a test or a person has added.
    pub(crate) fn reset(self) -> Self {
        let phones = self.by_address.into_iter();
        let phones = phones.filter_map(|(address, phone)| Some((address, phone.reset()?)));
        Self {
            by_address: phones.collect(),
            ..Self::default()
        }
    }
}
