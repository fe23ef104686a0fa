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
//! | [`Messenger`] | [`text`](Messenger::text), [`call`](Messenger::call), [`receive`](Messenger::receive) |
//! | [`Setup`] | creates or re-purposes the `TwiML` App and binds the number to it |
//! | [`Plan`], [`Step`], [`Action`] | what set-up will change, before it does |
//! | [`Provisioned`], [`Undo`] | what it has changed, and how to put it back |
//! | [`Error`] | what went wrong, and whether anything may have been sent |
//! | [`Refusal`] | why a webhook was not believed |
//!
//! Several instances live side by side: nothing here is global.
//!
//! [`Delivery`]: crate::client::Delivery

mod error;
mod messenger;
mod provision;
mod receive;
mod settings;

pub use error::{Error, ErrorKind};
pub use messenger::Messenger;
pub use provision::{Action, Plan, Provisioned, Setup, Step, Undo};
pub use receive::{Refusal, RefusalKind};
pub use settings::{
    ExposedSettings, Mistake, Setting, Settings, SettingsBuilder, SettingsError, WebhookPaths,
};
