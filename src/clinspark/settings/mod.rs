//! The settings of one instance: read as text, every mistake listed at once.

mod builder;
mod domain;
mod error;
mod file;
mod given;
mod reader;
mod setting;
mod values;
mod variables;

pub(super) use self::domain::{CLINSPARK, is_clinsparks};

pub use self::builder::SettingsBuilder;
pub use self::error::{SettingError, SettingsError};
pub use self::file::ExposedSettings;
pub use self::setting::Setting;
pub use self::values::Settings;
