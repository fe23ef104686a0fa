//! Builder that collects settings as text and parses them.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::domain::parse_domain;
use super::error::SettingsError;
use super::raw_settings::RawSettings;
use super::reader::{
    Reader, parse_base_url, parse_choice, parse_delivery, parse_flag, parse_kinds,
};
use super::setting::{Setting, for_each_setting};
use super::values::Settings;
use super::variables::Variables;
use crate::client::Credentials;
use crate::client::messages::{AddressRetention, ContentRetention};
use crate::phone::NumberKinds;
use crate::types::{AccountSid, ApplicationSid, AuthToken};
use crate::webhook::{WebhookPaths, parse_path};

/// Builder that collects settings as text. [`build`](Self::build) parses them.
///
/// It deserialises from a map of names ([`Setting::name`]) to values, as [`Settings`] does. Use it
/// for a file without some settings, such as secrets from a vault, which are added afterwards:
///
/// ```
/// use clinspark_twilio::clinspark::{Setting, SettingsBuilder};
///
/// let file = r#"{
///     "domain": "demo",
///     "account_sid": "AC00000000000000000000000000000001",
///     "number": "+14155550100",
///     "delivery": "off"
/// }"#;
/// let builder: SettingsBuilder = serde_json::from_str(file)?;
/// let settings = builder.set(Setting::AuthToken, "the-auth-token").build()?;
/// assert_eq!(settings.origin().as_str(), "https://demo.clinspark.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// Creates a builder without any setting.
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder {
            raw: RawSettings::default(),
            variables: Variables::default(),
        }
    }

    /// Reads the settings from environment variables; see [`Setting::variable`].
    ///
    /// # Errors
    ///
    /// Returns [`SettingsError`] with all errors. A variable with a misspelt name, such as
    /// `TWILIO_AUTH_TOKN`, is an error if the intended setting is not set.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::from_env_with_prefix("")
    }

    /// Reads the settings from environment variables whose names begin with a prefix, for several
    /// instances in one process.
    ///
    /// `DEMO` and `DEMO_` are the same prefix. Errors name the variables with the prefix.
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
    /// Returns [`SettingsError`] with all errors.
    pub fn from_env_with_prefix(prefix: &str) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        let mut variables = Variables::with_prefix(prefix);
        for setting in Setting::ALL {
            match std::env::var(variables.of(*setting)) {
                Ok(value) => builder = builder.set(*setting, value),
                Err(std::env::VarError::NotUnicode(_)) => {
                    builder.raw.0.insert(*setting, None);
                }
                Err(std::env::VarError::NotPresent) => {}
            }
        }
        let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
        variables.compare(set.filter_map(|(name, _)| name.into_string().ok()));
        builder.variables = variables;
        builder.build()
    }

    /// Reads the settings from variables of your own source, such as a vault. An empty variable
    /// counts as absent.
    ///
    /// If a required variable is missing, common other names of it are looked up as well, for the
    /// error message.
    ///
    /// # Errors
    ///
    /// Returns [`SettingsError`] with all errors.
    pub fn from_vars(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        for setting in Setting::ALL {
            if let Some(value) = look_up(setting.variable()) {
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
    /// Sets the value of a setting. An empty value counts as absent, as in the environment: it
    /// removes an earlier one.
    pub fn set(mut self, setting: Setting, value: impl Into<String>) -> Self {
        let value = Zeroizing::new(value.into());
        if value.is_empty() {
            self.raw.0.remove(&setting);
        } else {
            self.raw.0.insert(setting, Some(value));
        }
        self
    }

    /// Parses all settings.
    ///
    /// # Errors
    ///
    /// Returns [`SettingsError`] with all errors, not only the first.
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
        for (first, second) in paths.duplicates() {
            reader.duplicate_path(first.into(), second.into());
        }
        let content_retention = reader.optional(Setting::ContentRetention, |text| {
            parse_choice::<ContentRetention>(text, ["retain", "discard"])
        });
        let address_retention = reader.optional(Setting::AddressRetention, |text| {
            parse_choice::<AddressRetention>(text, ["retain", "obfuscate"])
        });
        let mut kinds = |setting| {
            let kinds = reader.optional(setting, parse_kinds);
            kinds.unwrap_or(NumberKinds::ORDINARY)
        };
        let text_kinds = kinds(Setting::TextKinds);
        let call_kinds = kinds(Setting::CallKinds);
        let (region, edge) = reader.location();
        let base_url = reader.optional(Setting::BaseUrl, parse_base_url);
        let delivery = reader.required(Setting::Delivery, parse_delivery);

        let errors = reader.errors();
        match (origin, account, token, sender, delivery) {
            (Some(origin), Some(account), Some(token), Some(sender), Some(delivery))
                if errors.is_empty() =>
            {
                let credentials = match api_key.clone() {
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
                    api_key,
                    application,
                    sender,
                    normalizer,
                    paths,
                    content_retention,
                    address_retention,
                    text_kinds,
                    call_kinds,
                    region,
                    edge,
                    base_url,
                    delivery,
                    raw: Arc::new(self.raw),
                })
            }
            _ => Err(SettingsError { errors }),
        }
    }
}
