//! One `ClinSpark` instance: its settings, the check of its Twilio account, and the set-up of that
//! account.
//!
//! ```no_run
//! use clinspark_twilio::clinspark::Settings;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::from_env()?;
//! let messenger = settings.messenger()?;
//! let message = messenger.text("0491 570 156", "Your visit is tomorrow at 9:00.").await?;
//! println!("reminder {} is {:?}", message.sid, message.status); // neither number nor body
//! # Ok(())
//! # }
//! ```
//!
//! | Type | What it is |
//! |---|---|
//! | [`Settings`] | one instance: domain, account, number, default country, webhook paths, [`Delivery`] |
//! | [`ExposedSettings`] | the same to be written to a file, with all secrets |
//! | [`Setup`] | creates or re-purposes the `TwiML` App and binds the number to it |
//! | [`Plan`], [`Step`], [`Action`] | what set-up will change, before it does |
//! | [`Provisioned`], [`Undo`] | what it has changed, and how to put it back |
//! | [`preflight`] | what is wrong with the account, and who fixes it |
//!
//! [`Settings::messenger`] makes the instance's [`Messenger`]. Several instances live side by side:
//! nothing here is global.
//!
//! [`Delivery`]: crate::client::Delivery
//! [`Messenger`]: crate::messenger::Messenger

pub mod preflight;
mod provision;
mod settings;

pub use self::provision::{
    Action, Plan, Provisioned, Setup, SetupError, SetupErrorKind, Step, Undo,
};
pub use self::settings::{
    ExposedSettings, Setting, SettingError, Settings, SettingsBuilder, SettingsError,
};
