//! Consent to be texted and called, as the service's own record has it.

use std::error::Error as StdError;
use std::time::SystemTime;

use crate::phone::{Address, E164};
use crate::sms::OptOut;
use crate::types::{BoxFuture, MessageSid};
use crate::webhook::OptOutScope;

use super::message_id::MessageId;

/// Failure of a [`ConsentGate`]. It becomes the source of errors, so it must hold no number.
pub type ConsentError = Box<dyn StdError + Send + Sync>;

/// The service's record of who agreed to be texted and called.
///
/// A messenger checks it once before each text and each call, and reports every event to it that
/// bears on the answer. None is built in: the service keeps consent with its other records. While the gate
/// cannot answer, nothing is sent.
///
/// These events are reported:
///
/// - a message from a person, by [`Messenger::receive`] at the message path: STOP, START, HELP and
///   what may mean STOP, as Twilio read it (`OptOutType`) or as its text reads;
/// - a report at the message status path that the person has opted out (21610);
/// - the same answer to a request of [`Messenger::send`] or [`Messenger::text`].
///
/// Twilio's own block after STOP covers texts. It does not cover calls, so record a STOP for both.
///
/// [`Messenger::receive`]: super::Messenger::receive
/// [`Messenger::send`]: super::Messenger::send
/// [`Messenger::text`]: super::Messenger::text
///
/// ```
/// use std::collections::HashSet;
/// use std::sync::Mutex;
///
/// use clinspark_twilio::messenger::{
///     Consent, ConsentError, ConsentEvent, ConsentGate, ConsentSignal, ContactAttempt,
/// };
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sms::OptOut;
/// use clinspark_twilio::types::BoxFuture;
///
/// /// All consent until they say otherwise. A real gate stands on a database.
/// #[derive(Default)]
/// struct Revoked(Mutex<HashSet<E164>>);
///
/// impl ConsentGate for Revoked {
///     fn check<'a>(&'a self, contact: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
///         Box::pin(async move {
///             let revoked = self.0.lock().map_err(|_| "poisoned")?;
///             Ok(if revoked.contains(&contact.to) { Consent::Withheld } else { Consent::Given })
///         })
///     }
///
///     fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
///         Box::pin(async move {
///             let Some(person) = event.person.phone() else { return Ok(()) };
///             let mut revoked = self.0.lock().map_err(|_| "poisoned")?;
///             match event.signal {
///                 ConsentSignal::OptedOut | ConsentSignal::Replied(OptOut::Stop | OptOut::MaybeStop) => {
///                     revoked.insert(person);
///                 }
///                 // YES is a word for START, too: it answers a question as often.
///                 _ => {}
///             }
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait ConsentGate: Send + Sync + 'static {
    /// Returns whether the person consents to one text or call.
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>>;

    /// Records what bears on a person's consent.
    ///
    /// If this returns an error, the webhook is answered with 503
    /// ([`RefusalKind::ConsentGate`](super::RefusalKind::ConsentGate)). Twilio then retries only if the URL asks
    /// for it with `#rc=2&rp=5xx,ct,rt`, or asks the fallback URL: without either, the STOP is
    /// lost.
    ///
    /// Recognize duplicates by the message's SID: Twilio may send a webhook again, and so may an
    /// attacker who has kept one.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>>;
}

/// A text or a call for which consent is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactAttempt {
    /// Telephone number of the recipient, on any channel.
    pub to: E164,
    /// Text or call.
    pub channel: ContactChannel,
    /// Time of arrival: now, or the time that a text is scheduled for.
    pub at: SystemTime,
    /// The service's own id of the text or call.
    pub id: MessageId,
}

/// Channel by which a person is contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContactChannel {
    /// A text message.
    Text,
    /// A call.
    Call,
}

/// Consent of a person, as the service's record has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a gate says yes or no; whatever else there might be is no"
)]
pub enum Consent {
    /// The person may be texted or called.
    Given,
    /// The person may not be texted or called, or the record does not say.
    Withheld,
}

/// Something that bears on a person's consent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsentEvent {
    /// The person.
    pub person: Address,
    /// Statement about their consent.
    pub signal: ConsentSignal,
    /// Senders that it holds for.
    pub scope: OptOutScope,
    /// SID of the message. `None` when Twilio rejected a request, which then has no SID.
    pub message_sid: Option<MessageSid>,
}

/// Statement about a person's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConsentSignal {
    /// Opt-out, opt-in or HELP in a message from the person.
    Replied(OptOut),
    /// Report of Twilio that the person has opted out (21610): a text to them was rejected.
    OptedOut,
}
