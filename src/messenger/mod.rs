//! Texts and calls through every gate, and their answers: for any service.
//!
//! A [`Messenger`] stands on a [`Client`](crate::client::Client). Before a text or a call leaves,
//! it checks the recipient's kind of number, the sender, quiet hours and consent. It receives
//! webhooks and reports every opt-out to the [`ConsentGate`].
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
//! | Type | What it is |
//! |---|---|
//! | [`Messenger`] | [`text`](Messenger::text), [`text_at`](Messenger::text_at), [`call`](Messenger::call), [`send`](Messenger::send), [`place`](Messenger::place), [`receive`](Messenger::receive) |
//! | [`MessengerBuilder`] | its configuration |
//! | [`OutgoingText`], [`OutgoingCall`] | a text or a call to be awaited, with its id and the person's time zone |
//! | [`MessageId`] | the service's own id, which status callbacks bring back |
//! | [`ConsentGate`] | the service's record of consent: asked before each send, informed of STOP |
//! | [`QuietHours`], [`TimeZone`] | hours in which no one is contacted, by the recipient's clock |
//! | [`WebhookPaths`], [`PathKind`] | paths of the webhooks; the kind of a webhook by its path |
//! | [`Error`] | why a text or a call failed, and whether it may have been sent |
//! | [`Refusal`] | why a webhook was refused |
//!
//! Several messengers live side by side: nothing here is global.

mod admission;
mod builder;
mod config;
pub(crate) mod connection_overrides;
mod consent;
mod error;
mod message_id;
#[expect(
    clippy::module_inception,
    reason = "the file holds the type `Messenger`"
)]
mod messenger;
mod outgoing;
mod quiet_hours;
mod refusal;
mod sender_check;
mod status_callback;
mod webhook_paths;

pub(crate) use self::webhook_paths::parse_path;

pub use self::builder::MessengerBuilder;
pub use self::consent::{
    Consent, ConsentError, ConsentEvent, ConsentGate, ConsentSignal, ContactAttempt, ContactChannel,
};
pub use self::error::{Error, ErrorKind};
pub use self::message_id::{MessageId, MessageIdError};
pub use self::messenger::Messenger;
pub use self::outgoing::{OutgoingCall, OutgoingText};
pub use self::quiet_hours::{
    QuietHours, QuietHoursError, QuietStatus, TimeOfDay, TimeZone, UnknownTimeZone,
};
pub use self::refusal::{Refusal, RefusalKind};
pub use self::webhook_paths::{PathKind, WebhookPaths};
