//! Texts and calls that pass consent, quiet hours and delivery guard, and the replies to them.
//!
//! A [`Messenger`] sends through a [`Client`](crate::client::Client). Before it sends a text or
//! places a call, it checks the recipient's kind of number, the sender, quiet hours and consent. It
//! receives webhooks and reports every opt-out to the [`ConsentGate`]. It serves any Rust service.
//!
//! ```no_run
//! use clinspark_twilio::messenger::Messenger;
//!
//! # async fn run(messenger: Messenger) -> Result<(), Box<dyn std::error::Error>> {
//! // `Messenger::builder` shows how to configure it.
//! let message = messenger.text("0491 570 156", "Your visit is tomorrow at 9:00.").await?;
//! println!("message {} is {:?}", message.sid, message.status); // neither number nor body
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`Messenger`] | sends, calls and receives: [`text`](Messenger::text), [`text_at`](Messenger::text_at), [`call`](Messenger::call), [`send`](Messenger::send), [`place`](Messenger::place), [`receive`](Messenger::receive), [`may_answer`](Messenger::may_answer), [`look_for`](Messenger::look_for) |
#![cfg_attr(
    feature = "templates",
    doc = "| [`Messenger::text_template`] | sends the text of a [`Template`](crate::template::Template) |"
)]
//! | [`Messenger::reschedule`], [`Messenger::cancel`] | changes a scheduled text, or cancels it |
//! | [`Messenger::redact_before`], [`Messenger::delete_before`] | removes old texts from Twilio, with the counts of a [`Sweep`] |
//! | [`MessengerBuilder`] | configuration of a messenger |
//! | [`OutgoingText`], [`OutgoingCall`] | text or call that is sent when it is awaited, with its ID and the person's time zone |
//! | [`MessageId`] | the service's own ID of a text or call, which status callbacks return |
//! | [`ConsentGate`] | the service's record of consent: checked before each text and call, informed of each STOP |
//! | [`consent_gate_fn`], [`MemoryConsentGate`], [`WithoutConsentGate`] | gate from two functions; gate in memory, for tests; explicit choice to have none |
//! | [`QuietHours`], [`TimeZone`] | hours in which no one is contacted, in the recipient's time zone |
//! | [`Error`] | reason why a text or call failed; [`outcome`](Error::outcome) tells whether it may have been sent |
//! | [`MessengerRouter`] | several messengers in one process, chosen by host and account |
//!
//! One process can hold several messengers, because this module has no global state.

mod answer;
mod builder;
mod checks;
mod config;
pub(crate) mod connection_overrides;
mod consent;
mod error;
mod look_for;
mod merge_tag;
mod message_id;
#[expect(
    clippy::module_inception,
    reason = "the file holds the type `Messenger`"
)]
mod messenger;
mod outgoing;
mod quiet_hours;
mod ready_gates;
mod retention;
mod router;
mod schedule;
mod sender_check;
mod status_callback;
mod webhook_paths;

pub use self::builder::MessengerBuilder;
pub use self::consent::{Consent, ConsentGate, ContactAttempt, ContactChannel};
pub use self::error::{Error, ErrorKind};
pub use self::look_for::Outgoing;
pub use self::message_id::{MessageId, MessageIdError};
pub use self::messenger::Messenger;
#[cfg(feature = "outbox")]
pub(crate) use self::outgoing::CheckedText;
pub use self::outgoing::{OutgoingCall, OutgoingText};
pub use self::quiet_hours::{
    QuietHours, QuietHoursError, QuietStatus, TimeOfDay, TimeZone, UnknownTimeZone,
};
pub use self::ready_gates::{MemoryConsentGate, WithoutConsentGate, consent_gate_fn};
pub use self::retention::Sweep;
pub use self::router::{MessengerRouter, MessengerRouterError};
pub use self::schedule::{OriginalText, RescheduleError};
