//! The settings of one instance: read as text, every mistake listed at once.

mod builder;
mod error;
mod reader;

use std::collections::BTreeMap;

use crate::client::messages::Sender;
use crate::client::{Credentials, Delivery};
use crate::phone::{E164, Normalizer};
use crate::types::{AccountSid, ApplicationSid, AuthToken, MessagingServiceSid};
use crate::webhook::PublicOrigin;

pub use builder::{Setting, SettingsBuilder};
pub use error::{Mistake, SettingsError};

/// One ClinSpark instance and its Twilio account, checked.
///
/// ```
/// use clinspark_twilio::clinspark::{Setting, Settings};
///
/// let settings = Settings::builder()
///     .domain("acme.example.com")
///     .account_sid("AC00000000000000000000000000000001")
///     .auth_token("the-auth-token")
///     .number("+14155550123")
///     .default_country_prefix("1")
///     .delivery("only:+14155550199")
///     .build()?;
/// assert!(settings.enabled());
///
/// // Every mistake at once, each naming its setting.
/// let error = Settings::builder().domain("acme").number("555").build().unwrap_err();
/// assert!(error.mistakes().iter().any(|m| m.setting() == Setting::Delivery));
/// # Ok::<(), clinspark_twilio::clinspark::SettingsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    enabled: bool,
    origin: PublicOrigin,
    account: AccountSid,
    token: AuthToken,
    secondary_token: Option<AuthToken>,
    credentials: Credentials,
    application: Option<ApplicationSid>,
    sender: Sender,
    normalizer: Normalizer,
    paths: WebhookPaths,
    delivery: Delivery,
}

impl Settings {
    /// Starts from nothing.
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder {
            given: BTreeMap::new(),
        }
    }

    /// Reads the environment: each setting from the variable that [`Setting::variable`] names.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every mistake.
    pub fn from_env() -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        for setting in Setting::ALL {
            match std::env::var(setting.variable()) {
                Ok(value) if !value.is_empty() => builder = builder.set(*setting, value),
                Err(std::env::VarError::NotUnicode(_)) => {
                    builder.given.insert(*setting, None);
                }
                _ => {}
            }
        }
        builder.build()
    }

    /// Reads variables from a look-up of your own; one that is empty counts as absent.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every mistake.
    pub fn from_vars(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        for setting in Setting::ALL {
            if let Some(value) = look_up(setting.variable()).filter(|value| !value.is_empty()) {
                builder = builder.set(*setting, value);
            }
        }
        builder.build()
    }

    /// Whether Twilio support is switched on. A disabled instance refuses to send.
    #[must_use]
    pub const fn enabled(&self) -> bool {
        self.enabled
    }

    /// Where Twilio reaches the instance.
    #[must_use]
    pub const fn origin(&self) -> &PublicOrigin {
        &self.origin
    }

    /// The account that owns the number.
    #[must_use]
    pub const fn account_sid(&self) -> AccountSid {
        self.account
    }

    /// The key of the account's webhook signatures.
    #[must_use]
    pub const fn auth_token(&self) -> &AuthToken {
        &self.token
    }

    /// The token whose signatures are believed too, during a rotation.
    #[must_use]
    pub const fn secondary_auth_token(&self) -> Option<&AuthToken> {
        self.secondary_token.as_ref()
    }

    /// What signs in to the REST API: the API key if one is set, else the auth token.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// ClinSpark's Application SID: the `TwiML` App, once it is known.
    #[must_use]
    pub const fn application_sid(&self) -> Option<ApplicationSid> {
        self.application
    }

    /// Who sends: the number, the Messaging Service, or the number within the service.
    #[must_use]
    pub const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// The instance's number; `None` when only a Messaging Service is set.
    #[must_use]
    pub const fn number(&self) -> Option<E164> {
        match self.sender {
            Sender::Number(number) | Sender::NumberInService { number, .. } => Some(number),
            _ => None,
        }
    }

    /// The Messaging Service that the instance sends through, if any.
    #[must_use]
    pub const fn messaging_service_sid(&self) -> Option<MessagingServiceSid> {
        match self.sender {
            Sender::Service(service) | Sender::NumberInService { service, .. } => Some(service),
            _ => None,
        }
    }

    /// Reads typed numbers under the instance's default country.
    #[must_use]
    pub const fn normalizer(&self) -> Normalizer {
        self.normalizer
    }

    /// Where on the instance's domain the webhooks arrive.
    #[must_use]
    pub const fn paths(&self) -> &WebhookPaths {
        &self.paths
    }

    /// Who may be reached from here.
    #[must_use]
    pub const fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// A disabled instance reaches nobody, by whatever door.
    pub(super) fn effective_delivery(&self) -> Delivery {
        if self.enabled {
            self.delivery.clone()
        } else {
            Delivery::Off
        }
    }
}

/// The paths of an instance's webhooks. None has a default: instances differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookPaths {
    /// Where an incoming call asks for `TwiML`.
    pub voice: Option<String>,
    /// Where a call's progress is reported.
    pub call_status: Option<String>,
    /// Where an incoming message asks for `TwiML`.
    pub message: Option<String>,
    /// Where a message's progress is reported.
    pub message_status: Option<String>,
}
