//! One clinic's conversation: settings, texts and calls out, webhooks in, the account set up.
//!
//! ```no_run
//! use clinspark_twilio::clinspark::{Messenger, Settings};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let messenger = Messenger::new(Settings::from_env()?)?;
//! let message = messenger.text("0491 570 156", "Your visit is tomorrow at 9:00.").await?;
//! println!("reminder {} is {:?}", message.sid, message.status); // no number, no words
//! # Ok(())
//! # }
//! ```
//!
//! | Type | What it is |
//! |---|---|
//! | [`Settings`] | one instance: domain, account, number, default country, webhook paths, [`Delivery`] |
//! | [`ExposedSettings`] | the same to be written to a file, secrets and all |
//! | [`Messenger`] | [`text`](Messenger::text), [`text_at`](Messenger::text_at), [`call`](Messenger::call), [`send`](Messenger::send), [`place`](Messenger::place), [`receive`](Messenger::receive) |
//! | [`Text`], [`Ring`] | a text, a call before it leaves: its id, the person's zone |
//! | [`MessageId`] | the service's own id, which status callbacks bring back |
//! | [`ConsentGate`] | the service's record of who agreed: asked before each send, told of STOP |
//! | [`QuietHours`], [`Zone`] | hours in which nobody is disturbed, by their own clock |
//! | [`Setup`] | creates or re-purposes the `TwiML` App and binds the number to it |
//! | [`Plan`], [`Step`], [`Action`] | what set-up will change, before it does |
//! | [`Provisioned`], [`Undo`] | what it has changed, and how to put it back |
//! | [`preflight`] | what is wrong with the account, in the clinic's words, and who mends it |
//! | [`Error`] | what went wrong, and whether anything may have been sent |
//! | [`Refusal`] | why a webhook was not believed |
//! | [`PathKind`] | kind of a webhook, told by the configured path it came to |
//!
//! Several instances live side by side: nothing here is global.
//!
//! [`Delivery`]: crate::client::Delivery

mod admission;
mod consent;
mod error;
mod message_id;
mod messenger;
mod overrides;
mod path_kind;
pub mod preflight;
mod provision;
mod quiet;
mod receive;
mod settings;
mod shown;

pub use consent::{Consent, ConsentGate, ConsentNews, Contact, GateError, GateFuture, Heard, Way};
pub use error::{Error, ErrorKind};
pub use message_id::{MessageId, MessageIdError};
pub use messenger::{Messenger, Ring, Text};
pub use path_kind::PathKind;
pub use provision::{Action, Plan, Provisioned, Setup, Step, Undo};
pub use quiet::{Hours, QuietHours, QuietHoursError, TimeOfDay, UnknownZone, Zone};
pub use receive::{Refusal, RefusalKind};
pub use settings::{
    ExposedSettings, Mistake, Setting, Settings, SettingsBuilder, SettingsError, WebhookPaths,
};
