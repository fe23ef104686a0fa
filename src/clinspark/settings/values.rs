//! Checked settings.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::raw_settings::RawSettings;
use super::setting::Setting;
use crate::client::messages::{AddressRetention, ContentRetention, Sender};
use crate::client::{Client, Credentials, Delivery, Edge, ProcessingRegion};
use crate::messenger::{ConsentGate, Messenger, MessengerBuilder};
use crate::phone::{E164, Normalizer, NumberKinds};
use crate::types::{
    AccountSid, ApiKeySecret, ApiKeySid, ApplicationSid, AuthToken, MessagingServiceSid,
};
use crate::webhook::PublicOrigin;
use crate::webhook::{PathKind, WebhookPaths};

/// Checked settings of one ClinSpark instance and its Twilio account.
///
/// They are read from a builder, from environment variables, or from a file through serde. All
/// errors are reported at once. `Debug` shows no secret and no number. Only
/// [`expose`](Self::expose) makes the settings serialisable.
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
    pub(super) api_key: Option<(ApiKeySid, ApiKeySecret)>,
    pub(super) application: Option<ApplicationSid>,
    pub(super) sender: Sender,
    pub(super) normalizer: Normalizer,
    pub(super) paths: WebhookPaths,
    pub(super) content_retention: Option<ContentRetention>,
    pub(super) address_retention: Option<AddressRetention>,
    pub(super) text_kinds: NumberKinds,
    pub(super) call_kinds: NumberKinds,
    pub(super) region: Option<ProcessingRegion>,
    pub(super) edge: Option<Edge>,
    pub(super) base_url: Option<String>,
    pub(super) delivery: Delivery,
    /// The prefix as it was given, so that it can be serialised unchanged.
    pub(super) raw: Arc<RawSettings>,
}

impl Settings {
    /// Returns `true` if texts and calls are enabled. A disabled instance refuses to send.
    #[must_use]
    pub const fn enabled(&self) -> bool {
        self.enabled
    }

    /// Returns the public origin at which Twilio reaches the instance.
    #[must_use]
    pub const fn origin(&self) -> &PublicOrigin {
        &self.origin
    }

    /// Returns the SID of the account that owns the number.
    #[must_use]
    pub const fn account_sid(&self) -> AccountSid {
        self.account
    }

    /// Returns the auth token, which is the key of webhook signatures.
    #[must_use]
    pub const fn auth_token(&self) -> &AuthToken {
        &self.token
    }

    /// Returns the secondary auth token, whose signatures are accepted too during a rotation.
    #[must_use]
    pub const fn secondary_auth_token(&self) -> Option<&AuthToken> {
        self.secondary_token.as_ref()
    }

    /// Returns the credentials for the REST API: the API key if it is set, otherwise the auth token.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Returns the SID of the `TwiML` App, which is ClinSpark's Application SID, if it is set.
    #[must_use]
    pub const fn application_sid(&self) -> Option<ApplicationSid> {
        self.application
    }

    /// Returns the sender: the number, the Messaging Service, or the number within the service.
    #[must_use]
    pub const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Returns the number of the instance. `None` if only a Messaging Service is set.
    #[must_use]
    pub const fn number(&self) -> Option<E164> {
        match self.sender {
            Sender::Number(number) | Sender::NumberInService { number, .. } => Some(number),
            _ => None,
        }
    }

    /// Returns the Messaging Service that sends texts, if it is set.
    #[must_use]
    pub const fn messaging_service_sid(&self) -> Option<MessagingServiceSid> {
        match self.sender {
            Sender::Service(service) | Sender::NumberInService { service, .. } => Some(service),
            _ => None,
        }
    }

    /// Returns the normalizer of typed numbers, with the default country of the instance.
    #[must_use]
    pub const fn normalizer(&self) -> Normalizer {
        self.normalizer
    }

    /// Returns the paths of the webhooks on the instance's domain.
    #[must_use]
    pub const fn webhook_paths(&self) -> &WebhookPaths {
        &self.paths
    }

    /// Returns the settings with webhook paths from another source in place of missing ones, such as
    /// those of the account's `TwiML` App
    /// ([`Application::webhook_paths`](crate::client::applications::Application::webhook_paths)).
    /// Invalid paths, and paths that another kind of webhook has already, are ignored.
    #[must_use]
    pub fn with_missing_paths(mut self, paths: &WebhookPaths) -> Self {
        let raw = Arc::make_mut(&mut self.raw);
        for kind in PathKind::all() {
            if let (None, Some(path)) = (self.paths.get(kind), paths.get(kind)) {
                let text = Zeroizing::new(path.to_owned());
                *self.paths.get_mut(kind) = Some(path.to_owned());
                if self.paths.check().is_err() || !self.paths.duplicates().is_empty() {
                    *self.paths.get_mut(kind) = None;
                } else {
                    raw.0.insert(kind.into(), Some(text));
                }
            }
        }
        self
    }

    /// Returns the settings with another Application SID, such as the one of
    /// [`Provisioned::application`](crate::clinspark::Provisioned::application).
    #[must_use]
    pub fn with_application_sid(mut self, application: ApplicationSid) -> Self {
        let text = Zeroizing::new(application.to_string());
        let raw = Arc::make_mut(&mut self.raw);
        raw.0.insert(Setting::ApplicationSid, Some(text));
        self.application = Some(application);
        self
    }

    /// Returns the retention of message bodies. `None` means Twilio's default, which keeps them.
    #[must_use]
    pub const fn content_retention(&self) -> Option<&ContentRetention> {
        self.content_retention.as_ref()
    }

    /// Returns the retention of recipients' full numbers. `None` means Twilio's default, which keeps
    /// them.
    #[must_use]
    pub const fn address_retention(&self) -> Option<&AddressRetention> {
        self.address_retention.as_ref()
    }

    /// Returns the kinds of number that may be texted.
    #[must_use]
    pub const fn text_kinds(&self) -> NumberKinds {
        self.text_kinds
    }

    /// Returns the kinds of number that may be called.
    #[must_use]
    pub const fn call_kinds(&self) -> NumberKinds {
        self.call_kinds
    }

    /// Returns the region that processes the account's data. `None` means Twilio's default, `us1`.
    #[must_use]
    pub const fn region(&self) -> Option<&ProcessingRegion> {
        self.region.as_ref()
    }

    /// Returns the edge location in the names of Twilio's hosts. `None` means the edge nearest to
    /// the region.
    #[must_use]
    pub const fn edge(&self) -> Option<&Edge> {
        self.edge.as_ref()
    }

    /// Returns the URL of the server on this machine that replaces Twilio's hosts, if it is set.
    #[must_use]
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    /// Returns the permitted recipients.
    #[must_use]
    pub const fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Builds the instance's messenger, without quiet hours.
    ///
    /// The gate is checked before each text and call, and informed of each STOP
    /// ([`ConsentGate`]). [`consent_gate_fn`](crate::messenger::consent_gate_fn) makes one from two
    /// functions. [`WithoutConsentGate`](crate::messenger::WithoutConsentGate) is the choice to have
    /// none.
    ///
    /// ```no_run
    /// use clinspark_twilio::Settings;
    /// use clinspark_twilio::messenger::MemoryConsentGate;
    ///
    /// # fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// // Forgets at restart: a service passes a gate on its database.
    /// let messenger = Settings::from_env()?.messenger(MemoryConsentGate::new())?;
    /// # let _ = messenger;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Client`](crate::messenger::ErrorKind::Client) if TLS cannot be set up on
    /// this machine.
    #[cfg(feature = "rustls")]
    pub fn messenger(&self, gate: impl ConsentGate) -> Result<Messenger, crate::messenger::Error> {
        self.messenger_builder(gate).build()
    }

    /// Returns the configuration of the instance's messenger, for quiet hours and client settings.
    ///
    /// ```no_run
    /// use clinspark_twilio::clinspark::Settings;
    /// use clinspark_twilio::client::RetryPolicy;
    /// use clinspark_twilio::messenger::{ConsentGate, QuietHours, TimeOfDay, UnknownTimeZone};
    ///
    /// # fn run(gate: impl ConsentGate) -> Result<(), Box<dyn std::error::Error>> {
    /// let (from, until) = (TimeOfDay::parse("21:00")?, TimeOfDay::parse("08:00")?);
    /// let messenger = Settings::from_env()?
    ///     .messenger_builder(gate)
    ///     .quiet_hours(QuietHours::new(from, until, UnknownTimeZone::Refuse))
    ///     .client(|client| client.retry(RetryPolicy::none()))
    ///     .build()?;
    /// # let _ = messenger;
    /// # Ok(())
    /// # }
    /// ```
    pub fn messenger_builder(&self, gate: impl ConsentGate) -> MessengerBuilder {
        let delivery = if self.enabled {
            self.delivery.clone()
        } else {
            Delivery::Off
        };
        let mut client = Client::builder(self.credentials.clone(), delivery);
        if let Some(region) = &self.region {
            client = client.region(region.clone());
        }
        if let Some(edge) = &self.edge {
            client = client.edge(edge.clone());
        }
        if let Some(url) = &self.base_url {
            client = client.base_url(url);
        }
        let mut builder = Messenger::builder(
            client,
            self.sender.clone(),
            self.origin.clone(),
            self.token.clone(),
            gate,
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

    /// Returns the settings of the missing webhook paths.
    pub(in crate::clinspark) fn missing_paths(&self) -> Vec<Setting> {
        PathKind::all()
            .filter(|kind| self.paths.get(*kind).is_none())
            .map(Setting::from)
            .collect()
    }
}
