//! Collects settings as text, and reads them.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::domain::parse_domain;
use super::error::SettingsError;
use super::raw_settings::RawSettings;
use super::reader::{Reader, parse_delivery, parse_flag, parse_kinds, parse_word};
use super::setting::{Setting, for_each_setting};
use super::values::Settings;
use super::variables::Variables;
use crate::client::Credentials;
use crate::client::messages::{AddressRetention, ContentRetention};
use crate::messenger::{WebhookPaths, parse_path};
use crate::phone::NumberKinds;
use crate::types::{AccountSid, ApplicationSid, AuthToken};

/// Collects settings as text; [`build`](Self::build) reads them.
///
/// It deserialises from a map of names ([`Setting::name`]) to values, as
/// [`Settings`] does, for files that leave some settings to be added: secrets, say, that come from
/// a vault.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are built"]
pub struct SettingsBuilder {
    pub(super) raw: RawSettings,
    pub(super) variables: Variables,
}

macro_rules! define_setters {
    ($( $(#[$doc:meta])* $variant:ident, $name:ident, $variable:literal; )+) => {
        impl SettingsBuilder {
            $(
                $(#[$doc])*
                pub fn $name(self, value: impl Into<String>) -> Self {
                    self.set(Setting::$variant, value)
                }
            )+
        }
    };
}

for_each_setting!(define_setters);

impl Settings {
    /// Starts without any setting.
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder {
            raw: RawSettings::default(),
            variables: Variables::default(),
        }
    }

    /// Reads the environment: each setting from the variable that [`Setting::variable`] names.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every error. A misspelt name such as `TWILIO_AUTH_TOKN` is one,
    /// where the setting that was meant is not set.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::from_env_with_prefix("")
    }

    /// Reads the environment, each name behind a prefix, for several instances in one process.
    ///
    /// `DEMO` and `DEMO_` are the same prefix. The error names the variables with it.
    ///
    /// ```no_run
    /// use clinspark_twilio::clinspark::Settings;
    ///
    /// let demo = Settings::from_env_with_prefix("DEMO")?; // DEMO_CLINSPARK_DOMAIN ...
    /// let acme = Settings::from_env_with_prefix("ACME")?; // ACME_CLINSPARK_DOMAIN ...
    /// # let _ = (demo, acme);
    /// # Ok::<(), clinspark_twilio::clinspark::SettingsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every error.
    pub fn from_env_with_prefix(prefix: &str) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        let mut variables = Variables::with_prefix(prefix);
        for setting in Setting::ALL {
            match std::env::var(variables.of(*setting)) {
                Ok(value) if !value.is_empty() => builder = builder.set(*setting, value),
                Err(std::env::VarError::NotUnicode(_)) => {
                    builder.raw.0.insert(*setting, None);
                }
                _ => {}
            }
        }
        let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
        variables.compare(set.filter_map(|(name, _)| name.into_string().ok()));
        builder.variables = variables;
        builder.build()
    }

    /// Reads variables from a look-up of your own, such as a vault; one that is empty counts as
    /// absent.
    ///
    /// Where a required variable is missing, common misspellings of its name are looked up too.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every error.
    pub fn from_vars(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        for setting in Setting::ALL {
            if let Some(value) = look_up(setting.variable()).filter(|value| !value.is_empty()) {
                builder = builder.set(*setting, value);
            }
        }
        let is_given = |setting| builder.raw.0.contains_key(&setting);
        let is_set = |name: &str| look_up(name).is_some_and(|value| !value.is_empty());
        builder.variables = Variables::looked_up(is_given, is_set);
        builder.build()
    }
}

impl SettingsBuilder {
    /// Sets a setting by name.
    pub fn set(mut self, setting: Setting, value: impl Into<String>) -> Self {
        let value = Zeroizing::new(value.into());
        self.raw.0.insert(setting, Some(value));
        self
    }

    /// Reads every setting.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every error, not only the first.
    pub fn build(self) -> Result<Settings, SettingsError> {
        let mut reader = Reader::new(&self.raw.0, &self.variables);
        let enabled = reader
            .optional(Setting::Enabled, parse_flag)
            .unwrap_or(true);
        let origin = reader.required(Setting::Domain, parse_domain);
        let account = reader.required(Setting::AccountSid, AccountSid::parse);
        let token = reader.required(Setting::AuthToken, AuthToken::new);
        let secondary_token = reader.optional(Setting::SecondaryAuthToken, AuthToken::new);
        let api_key = reader.api_key();
        let application = reader.optional(Setting::ApplicationSid, ApplicationSid::parse);
        let sender = reader.sender();
        let normalizer = reader.normalizer();
        let mut paths = WebhookPaths::new();
        paths.voice = reader.optional(Setting::VoicePath, parse_path);
        paths.call_status = reader.optional(Setting::CallStatusPath, parse_path);
        paths.message = reader.optional(Setting::MessagePath, parse_path);
        paths.message_status = reader.optional(Setting::MessageStatusPath, parse_path);
        let content_retention = reader.optional(Setting::ContentRetention, |text| {
            parse_word::<ContentRetention>(text, ["retain", "discard"])
        });
        let address_retention = reader.optional(Setting::AddressRetention, |text| {
            parse_word::<AddressRetention>(text, ["retain", "obfuscate"])
        });
        let mut kinds = |setting| {
            let kinds = reader.optional(setting, parse_kinds);
            kinds.unwrap_or(NumberKinds::ORDINARY)
        };
        let text_kinds = kinds(Setting::TextKinds);
        let call_kinds = kinds(Setting::CallKinds);
        let delivery = reader.required(Setting::Delivery, parse_delivery);

        let errors = reader.errors();
        match (origin, account, token, sender, delivery) {
            (Some(origin), Some(account), Some(token), Some(sender), Some(delivery))
                if errors.is_empty() =>
            {
                let credentials = match api_key {
                    Some((key, secret)) => Credentials::api_key(account, key, secret),
                    None => Credentials::auth_token(account, token.clone()),
                };
                Ok(Settings {
                    enabled,
                    origin,
                    account,
                    token,
                    secondary_token,
                    credentials,
                    application,
                    sender,
                    normalizer,
                    paths,
                    content_retention,
                    address_retention,
                    text_kinds,
                    call_kinds,
                    delivery,
                    raw: Arc::new(self.raw),
                })
            }
            _ => Err(SettingsError { errors }),
        }
    }
}
