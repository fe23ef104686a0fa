//! The settings of one instance: read as text, every mistake listed at once.

mod builder;
mod domain;
mod error;
mod file;
mod paths;
mod reader;
mod variables;

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::client::messages::{AddressRetention, ContentRetention, Sender};
use crate::client::{Credentials, Delivery};
use crate::phone::{E164, Normalizer, NumberKinds};
use crate::types::{AccountSid, ApplicationSid, AuthToken, MessagingServiceSid};
use crate::webhook::PublicOrigin;

pub(super) use domain::{CLINSPARK, is_clinsparks};

pub use builder::{Setting, SettingsBuilder};
pub use error::{Mistake, SettingsError};
pub use file::ExposedSettings;
pub use paths::WebhookPaths;

use builder::Given;
use variables::Variables;

/// One ClinSpark instance and its Twilio account, checked.
///
/// They come from a builder, from the environment, or from a file through serde; whichever way,
/// every mistake is told at once. `Debug` shows no secret and no number, and they are written only
/// by [`expose`](Self::expose).
///
/// ```
/// use clinspark_twilio::clinspark::{Setting, Settings};
///
/// let settings = Settings::builder()
///     .domain("demo") // demo.clinspark.com; or a full domain
///     .account_sid("AC00000000000000000000000000000001")
///     .auth_token("the-auth-token")
///     .number("+14155550123")
///     .default_country_prefix("1")
///     .delivery("only:+14155550199")
///     .build()?;
/// assert!(settings.enabled());
///
/// // Every mistake at once, each naming its setting.
/// let error = Settings::builder().domain("de mo").number("555").build().unwrap_err();
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
    content_retention: Option<ContentRetention>,
    address_retention: Option<AddressRetention>,
    text_kinds: NumberKinds,
    call_kinds: NumberKinds,
    delivery: Delivery,
    /// As it was written, to be written again.
    given: Arc<Given>,
}

impl Settings {
    /// Starts from nothing.
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder {
            given: Given::default(),
            variables: Variables::default(),
        }
    }

    /// Reads the environment: each setting from the variable that [`Setting::variable`] names.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every mistake. A misspelt name such as `TWILIO_AUTH_TOKN` is one,
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
    /// [`SettingsError`], listing every mistake.
    pub fn from_env_with_prefix(prefix: &str) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        let mut variables = Variables::with_prefix(prefix);
        for setting in Setting::ALL {
            match std::env::var(variables.of(*setting)) {
                Ok(value) if !value.is_empty() => builder = builder.set(*setting, value),
                Err(std::env::VarError::NotUnicode(_)) => {
                    builder.given.0.insert(*setting, None);
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
    /// [`SettingsError`], listing every mistake.
    pub fn from_vars(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        for setting in Setting::ALL {
            if let Some(value) = look_up(setting.variable()).filter(|value| !value.is_empty()) {
                builder = builder.set(*setting, value);
            }
        }
        let is_given = |setting| builder.given.0.contains_key(&setting);
        let is_set = |name: &str| look_up(name).is_some_and(|value| !value.is_empty());
        builder.variables = Variables::looked_up(is_given, is_set);
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

    /// The same settings with webhook paths taken from elsewhere, such as from the account's
    /// `TwiML` App by [`WebhookPaths::of_application`]. Only those that are not set are taken, and
    /// only what is a path alone.
    #[must_use]
    pub fn adopt_paths(mut self, paths: WebhookPaths) -> Self {
        let given = Arc::make_mut(&mut self.given);
        let mut adopt = |own: &mut Option<String>, other: Option<String>, setting| {
            let path = other.and_then(|path| reader::parse_path(&path).ok());
            if let (None, Some(path)) = (&own, path) {
                let text = Zeroizing::new(path.clone());
                given.0.insert(setting, Some(text));
                *own = Some(path);
            }
        };
        let own = &mut self.paths;
        adopt(&mut own.voice, paths.voice, Setting::VoicePath);
        adopt(
            &mut own.call_status,
            paths.call_status,
            Setting::CallStatusPath,
        );
        adopt(&mut own.message, paths.message, Setting::MessagePath);
        adopt(
            &mut own.message_status,
            paths.message_status,
            Setting::MessageStatusPath,
        );
        self
    }

    /// The same settings with another Application SID: that of
    /// [`Provisioned::application`](super::Provisioned::application), for the rest of this run.
    #[must_use]
    pub fn adopt_application(mut self, application: ApplicationSid) -> Self {
        let text = Zeroizing::new(application.to_string());
        let given = Arc::make_mut(&mut self.given);
        given.0.insert(Setting::ApplicationSid, Some(text));
        self.application = Some(application);
        self
    }

    /// Whether Twilio keeps the words of a text; `None` leaves it to Twilio, which does.
    #[must_use]
    pub const fn content_retention(&self) -> Option<&ContentRetention> {
        self.content_retention.as_ref()
    }

    /// Whether Twilio keeps a volunteer's number in full; `None` leaves it to Twilio, which does.
    #[must_use]
    pub const fn address_retention(&self) -> Option<&AddressRetention> {
        self.address_retention.as_ref()
    }

    /// Kinds of number that are texted.
    #[must_use]
    pub const fn text_kinds(&self) -> NumberKinds {
        self.text_kinds
    }

    /// Kinds of number that are called.
    #[must_use]
    pub const fn call_kinds(&self) -> NumberKinds {
        self.call_kinds
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
