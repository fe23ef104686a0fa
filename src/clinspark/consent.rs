//! Who has agreed to be texted and called: the service's own record, asked and told.

use std::error::Error as StdError;
use std::pin::Pin;
use std::time::SystemTime;

use crate::phone::{Address, E164};
use crate::sms::OptOut;
use crate::types::MessageSid;
use crate::webhook::OptOutScope;

use super::MessageId;

/// The future of a [`ConsentGate`].
pub type GateFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, GateError>> + Send + 'a>>;

/// Why a [`ConsentGate`] could not answer. It is kept as the source of errors: leave numbers out
/// of it.
pub type GateError = Box<dyn StdError + Send + Sync>;

/// The service's record of who agreed to be texted and called.
///
/// It is asked right before each text and each call, and told of everything that bears on the
/// answer. There is none built in: consent is kept where the study's other records are. While it
/// cannot answer, nothing is sent.
///
/// ```
/// use std::collections::HashSet;
/// use std::sync::Mutex;
///
/// use clinspark_twilio::clinspark::{
///     Consent, ConsentGate, ConsentNews, Contact, GateFuture, Heard,
/// };
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sms::OptOut;
///
/// /// Everybody agreed, until they say otherwise. A real one stands on a database.
/// #[derive(Default)]
/// struct Revoked(Mutex<HashSet<E164>>);
///
/// impl ConsentGate for Revoked {
///     fn ask<'a>(&'a self, contact: &'a Contact) -> GateFuture<'a, Consent> {
///         Box::pin(async move {
///             let revoked = self.0.lock().map_err(|_| "poisoned")?;
///             Ok(if revoked.contains(&contact.to) { Consent::Withheld } else { Consent::Given })
///         })
///     }
///
///     fn told<'a>(&'a self, news: &'a ConsentNews) -> GateFuture<'a, ()> {
///         Box::pin(async move {
///             let Some(person) = news.person.phone() else { return Ok(()) };
///             let mut revoked = self.0.lock().map_err(|_| "poisoned")?;
///             match news.heard {
///                 Heard::Refused | Heard::Said(OptOut::Stop | OptOut::MaybeStop) => {
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
    /// Whether this person may be contacted so.
    fn ask<'a>(&'a self, contact: &'a Contact) -> GateFuture<'a, Consent>;

    /// Something that bears on a person's consent: a STOP, a START, Twilio's word that they have
    /// opted out.
    ///
    /// A message of which this fails is refused with 503, so that it is not taken for heard. Tell
    /// repeats by their SID: Twilio sends a webhook again, and so may somebody who has kept an
    /// old one.
    fn told<'a>(&'a self, news: &'a ConsentNews) -> GateFuture<'a, ()>;
}

/// A text or a call that is about to go out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contact {
    /// Whom it reaches.
    pub to: E164,
    /// By which way.
    pub way: Way,
    /// When: now, or at the time that a text is scheduled for.
    pub at: SystemTime,
    /// The service's own id for it.
    pub id: MessageId,
}

/// How somebody is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// By a text.
    Text,
    /// By a call.
    Call,
}

/// What the record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a gate says yes or no; whatever else there might be is no"
)]
pub enum Consent {
    /// The person may be reached.
    Given,
    /// The person may not, or it is not known.
    Withheld,
}

/// Something that bears on a person's consent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsentNews {
    /// Who.
    pub person: Address,
    /// What.
    pub heard: Heard,
    /// For which senders it holds.
    pub scope: OptOutScope,
    /// The message that says so; `None` when Twilio refused one, which has no SID then.
    pub message_sid: Option<MessageSid>,
}

/// What was heard about a person's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Heard {
    /// A message of theirs.
    Said(OptOut),
    /// Twilio, or a carrier, does not send to them, because they have opted out (21610).
    Refused,
}
