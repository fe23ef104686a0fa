//! The checked settings.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::raw_settings::RawSettings;
use super::setting::Setting;
use crate::client::messages::{AddressRetention, ContentRetention, Sender};
use crate::client::{Client, Credentials, Delivery};
use crate::messenger::{Messenger, MessengerBuilder, PathKind, WebhookPaths, parse_path};
use crate::phone::{E164, Normalizer, NumberKinds};
use crate::types::{AccountSid, ApplicationSid, AuthToken, MessagingServiceSid};
use crate::webhook::PublicOrigin;

/// One ClinSpark instance and its Twilio account, checked.
///
/// They come from a builder, from the environment, or from a file through serde; whichever way,
/// every error is reported at once. `Debug` shows no secret and no number, and they are written only
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
/// // Every error at once, each naming its setting.
/// let error = Settings::builder().domain("de mo").number("555").build().unwrap_err();
/// assert!(error.errors().iter().any(|m| m.setting() == Setting::Delivery));
/// # Ok::<(), clinspark_twilio::clinspark::SettingsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) enabled: bool,
    pub(super) origin: PublicOrigin,
    pub(super) account: AccountSid,
    pub(super) token: AuthToken,
    pub(super) secondary_token: Option<AuthToken>,
    pub(super) credentials: Credentials,
    pub(super) application: Option<ApplicationSid>,
    pub(super) sender: Sender,
    pub(super) normalizer: Normalizer,
    pub(super) paths: WebhookPaths,
    pub(super) content_retention: Option<ContentRetention>,
    pub(super) address_retention: Option<AddressRetention>,
    pub(super) text_kinds: NumberKinds,
    pub(super) call_kinds: NumberKinds,
    pub(super) delivery: Delivery,
    /// As it was written, to be written again.
    pub(super) raw: Arc<RawSettings>,
}

impl Settings {
    /// Switch for texts and calls. A disabled instance refuses to send.
    #[must_use]
    pub const fn enabled(&self) -> bool {
        self.enabled
    }

    /// Public origin at which Twilio reaches the instance.
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

    /// Token whose signatures are accepted too, during a rotation.
    #[must_use]
    pub const fn secondary_auth_token(&self) -> Option<&AuthToken> {
        self.secondary_token.as_ref()
    }

    /// Credentials for the REST API: the API key if one is set, else the auth token.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// ClinSpark's Application SID: the `TwiML` App, once it is known.
    #[must_use]
    pub const fn application_sid(&self) -> Option<ApplicationSid> {
        self.application
    }

    /// Sender: the number, the Messaging Service, or the number within the service.
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

    /// Paths of the webhooks on the instance's domain.
    #[must_use]
    pub const fn webhook_paths(&self) -> &WebhookPaths {
        &self.paths
    }

    /// The same settings with webhook paths taken from elsewhere, such as from the account's
    /// `TwiML` App by [`WebhookPaths::of_application`]. Only those that are not set are taken, and
    /// only what is a path alone.
    #[must_use]
    pub fn with_missing_paths(mut self, paths: &WebhookPaths) -> Self {
        let raw = Arc::make_mut(&mut self.raw);
        for kind in PathKind::all() {
            let path = paths.get(kind).and_then(|path| parse_path(path).ok());
            if let (None, Some(path)) = (self.paths.get(kind), path) {
                let text = Zeroizing::new(path.clone());
                raw.0.insert(kind.into(), Some(text));
                *self.paths.get_mut(kind) = Some(path);
            }
        }
        self
    }

    /// The same settings with another Application SID: that of
    /// [`Provisioned::application`](crate::clinspark::Provisioned::application), for the rest of this run.
    #[must_use]
    pub fn with_application_sid(mut self, application: ApplicationSid) -> Self {
        let text = Zeroizing::new(application.to_string());
        let raw = Arc::make_mut(&mut self.raw);
        raw.0.insert(Setting::ApplicationSid, Some(text));
        self.application = Some(application);
        self
    }

    /// Retention of message bodies; `None` leaves it to Twilio, which keeps them.
    #[must_use]
    pub const fn content_retention(&self) -> Option<&ContentRetention> {
        self.content_retention.as_ref()
    }

    /// Retention of full recipients' numbers; `None` leaves it to Twilio, which keeps them.
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

    /// Recipients that may be reached.
    #[must_use]
    pub const fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Makes the instance's messenger, without a consent gate or quiet hours.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](crate::messenger::ErrorKind::Client) when TLS cannot be set up on
    /// this machine.
    #[cfg(feature = "rustls")]
    pub fn messenger(&self) -> Result<Messenger, crate::messenger::Error> {
        self.messenger_builder().build()
    }

    /// Configures the instance's messenger: consent gate, quiet hours, client.
    ///
    /// ```no_run
    /// use clinspark_twilio::clinspark::Settings;
    /// use clinspark_twilio::client::RetryPolicy;
    /// use clinspark_twilio::messenger::{QuietHours, TimeOfDay, UnknownTimeZone};
    ///
    /// # fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let (from, until) = (TimeOfDay::parse("21:00")?, TimeOfDay::parse("08:00")?);
    /// let messenger = Settings::from_env()?
    ///     .messenger_builder()
    ///     .quiet_hours(QuietHours::new(from, until, UnknownTimeZone::Refuse))
    ///     .client(|client| client.retry(RetryPolicy::none()))
    ///     .build()?;
    /// # let _ = messenger;
    /// # Ok(())
    /// # }
    /// ```
    pub fn messenger_builder(&self) -> MessengerBuilder {
        let delivery = if self.enabled {
            self.delivery.clone()
        } else {
            Delivery::Off
        };
        let client = Client::builder(self.credentials.clone(), delivery);
        let mut builder = Messenger::builder(
            client,
            self.sender.clone(),
            self.origin.clone(),
            self.token.clone(),
        )
        .enabled(self.enabled)
        .webhook_paths(self.paths.clone())
        .normalizer(self.normalizer)
        .text_kinds(self.text_kinds)
        .call_kinds(self.call_kinds);
        if let Some(token) = &self.secondary_token {
            builder = builder.secondary_auth_token(token.clone());
        }
        if let Some(application) = self.application {
            builder = builder.application_sid(application);
        }
        if let Some(retention) = &self.content_retention {
            builder = builder.content_retention(retention.clone());
        }
        if let Some(retention) = &self.address_retention {
            builder = builder.address_retention(retention.clone());
        }
        builder
    }

    /// The settings of the webhook paths that are not set.
    pub(in crate::clinspark) fn missing_paths(&self) -> Vec<Setting> {
        PathKind::all()
            .filter(|kind| self.paths.get(*kind).is_none())
            .map(Setting::from)
            .collect()
    }
}
