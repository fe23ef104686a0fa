//! Errors of settings: all at once, without their values.

use std::fmt;

use super::setting::Setting;

/// Settings that cannot be used: every error, in the order of [`Setting::ALL`] where it matters.
///
/// Neither its message nor its `Debug` holds a value: people paste secrets into the wrong field.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsError {
    pub(super) errors: Vec<SettingError>,
}

impl SettingsError {
    /// The errors; at least one.
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

/// As `Display`: it is what a `main` that returns the error prints.
impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SettingsError({self})")
    }
}

impl std::error::Error for SettingsError {}

/// One setting and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    pub(super) setting: Setting,
    pub(super) variable: String,
    pub(super) problem: String,
}

impl SettingError {
    /// The setting.
    #[must_use]
    pub const fn setting(&self) -> Setting {
        self.setting
    }

    /// Environment variable that holds it, with the prefix of
    /// [`Settings::from_env_with_prefix`](super::Settings::from_env_with_prefix).
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Problem, such as `is missing`.
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
