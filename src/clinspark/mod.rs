//! Settings of one `ClinSpark` instance, checks of its Twilio account, and set-up of that account.
//!
//! ```no_run
//! use clinspark_twilio::clinspark::Settings;
//! use clinspark_twilio::messenger::ConsentGate;
//!
//! # #[cfg(feature = "rustls")]
//! # async fn run(gate: impl ConsentGate) -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::from_env()?;
//! let messenger = settings.messenger(gate)?; // the service's record of consent
//! let message = messenger.text("0491 570 156", "Your visit is tomorrow at 9:00.").await?;
//! println!("reminder {} is {:?}", message.sid, message.status); // neither number nor body
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`Settings`] | settings of one instance: domain, account, number, default country, webhook paths, [`Delivery`] |
//! | [`Settings::voice_token`] | token with which a staff member calls in the Voice SDK |
//! | [`ExposedSettings`] | the same settings in a form that can be written to a file, with all secrets |
//! | [`Setup`] | set-up of the account: creates or changes the `TwiML` App and binds the number to it |
//! | [`Plan`], [`Step`], [`Action`] | changes that set-up will make |
//! | [`Provisioned`], [`Undo`] | result of set-up, and the record for reverting it |
//! | [`preflight`] | checks of the account: each fault, and who fixes it |
//!
//! [`Settings::messenger`] builds the instance's [`Messenger`]. One process can serve several
//! instances, because this module has no global state.
//!
//! [`Delivery`]: crate::client::Delivery
//! [`Messenger`]: crate::messenger::Messenger

pub mod preflight;
mod provision;
#[cfg(feature = "sandbox")]
mod sandbox;
mod settings;

pub use self::provision::{
    Action, Plan, Provisioned, Setup, SetupError, SetupErrorKind, Step, Undo,
};
pub use self::settings::{
    ExposedSettings, Setting, SettingError, Settings, SettingsBuilder, SettingsError,
    VoiceTokenError,
};
