//! Settings of one instance: parsed from text, with all errors listed at once.

mod builder;
mod domain;
mod error;
mod file;
mod raw_settings;
mod reader;
mod setting;
mod values;
mod variables;
mod voice_token;

pub(super) use self::domain::{CLINSPARK_DOMAIN, is_below_clinspark};

pub use self::builder::SettingsBuilder;
pub use self::error::{SettingError, SettingsError};
pub use self::file::ExposedSettings;
pub use self::setting::Setting;
pub use self::values::Settings;
pub use self::voice_token::VoiceTokenError;
