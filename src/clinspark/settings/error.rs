//! Errors of settings: all at once, and without values.

use std::fmt;

use super::setting::Setting;

/// All errors of invalid settings.
///
/// Neither `Display` nor `Debug` contains a value, because a secret may have been pasted into the
/// wrong field.
///
/// ```
/// use clinspark_twilio::clinspark::{Setting, Settings};
///
/// let error = Settings::builder()
///     .domain("demo")
///     .account_sid("AC00000000000000000000000000000001")
///     .number("the-auth-token") // pasted into the wrong field
///     .delivery("off")
///     .build()
///     .unwrap_err();
/// let settings: Vec<_> = error.errors().iter().map(|error| error.setting()).collect();
/// assert_eq!(settings, [Setting::AuthToken, Setting::Number]);
/// assert_eq!(error.errors()[0].variable(), "TWILIO_AUTH_TOKEN");
/// assert!(!error.to_string().contains("the-auth-token"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsError {
    pub(super) errors: Vec<SettingError>,
}

impl SettingsError {
    /// Returns the errors, at least one.
    #[must_use]
    pub fn errors(&self) -> &[SettingError] {
        &self.errors
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

/// Prints the same as `Display`, because a `main` that returns the error prints its `Debug`.
impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SettingsError({self})")
    }
}

impl std::error::Error for SettingsError {}

/// Error of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    pub(super) setting: Setting,
    pub(super) variable: String,
    pub(super) problem: String,
}

impl SettingError {
    /// Returns the setting.
    #[must_use]
    pub const fn setting(&self) -> Setting {
        self.setting
    }

    /// Returns the environment variable of the setting, with the prefix of
    /// [`Settings::from_env_with_prefix`](super::Settings::from_env_with_prefix).
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Returns the problem, such as `is missing`.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            variable,
            problem,
        } = self;
        write!(f, "{} ({variable}) {problem}", setting.name())
    }
}
