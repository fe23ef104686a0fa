//! Configuration of a messenger.

use std::sync::Arc;

use super::config::{Config, SharedConsentGate};
use super::consent::ConsentGate;
use super::error::{Cause, Error};
use super::messenger::Messenger;
use super::quiet_hours::QuietHours;
use super::webhook_paths::WebhookPaths;
use crate::client::messages::{AddressRetention, ContentRetention, Sender};
use crate::client::{Client, ClientBuilder, Delivery, Transport};
use crate::phone::{Normalizer, NumberKinds};
use crate::sms::OptOutKeywords;
use crate::types::{AccountSid, ApplicationSid, AuthToken, is_loopback};
use crate::webhook::{PublicOrigin, Validator};

/// Configuration of a [`Messenger`]. Made by [`Messenger::builder`]; the order of calls has no
/// meaning.
#[derive(Debug)]
#[must_use = "a configuration does nothing until it is built"]
pub struct MessengerBuilder {
    client: ClientBuilder,
    /// Set when the client's builder was changed; a ready client would ignore that.
    is_client_configured: bool,
    ready_client: Option<Client>,
    /// Account and delivery of the client that the configuration started with.
    target: (AccountSid, Delivery),
    auth_token: AuthToken,
    secondary_auth_token: Option<AuthToken>,
    enabled: bool,
    sender: Sender,
    origin: PublicOrigin,
    paths: WebhookPaths,
    application: Option<ApplicationSid>,
    normalizer: Normalizer,
    text_kinds: NumberKinds,
    call_kinds: NumberKinds,
    content_retention: Option<ContentRetention>,
    address_retention: Option<AddressRetention>,
    quiet_hours: Option<QuietHours>,
    consent_gate: Option<SharedConsentGate>,
    opt_out_keywords: OptOutKeywords,
}

impl Messenger {
    /// Starts a configuration.
    ///
    /// - `client`: credentials, delivery, and whatever else of the client is to be set.
    /// - `sender`: the number, the Messaging Service, or the number within the service.
    /// - `origin`: where Twilio reaches the service, such as `https://acme.example.com`.
    /// - `auth_token`: the account's primary auth token, the key of webhook signatures.
    ///
    /// ```no_run
    /// use clinspark_twilio::Messenger;
    /// use clinspark_twilio::client::messages::Sender;
    /// use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// use clinspark_twilio::messenger::WebhookPaths;
    /// use clinspark_twilio::phone::{E164, Normalizer, Region};
    /// use clinspark_twilio::types::{AccountSid, AuthToken};
    /// use clinspark_twilio::webhook::PublicOrigin;
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
    /// let credentials = Credentials::auth_token(account, token.clone());
    /// let messenger = Messenger::builder(
    ///     Client::builder(credentials, Delivery::Live),
    ///     Sender::Number(E164::parse("+61255501234")?),
    ///     PublicOrigin::parse("https://acme.example.com")?,
    ///     token,
    /// )
    /// .normalizer(Normalizer::for_region(Region::parse("AU")?))
    /// .webhook_paths(WebhookPaths::new().message("/hooks/message").voice("/hooks/voice"))
    /// .build()?;
    /// # let _ = messenger;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(
        client: ClientBuilder,
        sender: Sender,
        origin: PublicOrigin,
        auth_token: AuthToken,
    ) -> MessengerBuilder {
        MessengerBuilder::new(client, sender, origin, auth_token)
    }
}

impl MessengerBuilder {
    fn new(
        client: ClientBuilder,
        sender: Sender,
        origin: PublicOrigin,
        auth_token: AuthToken,
    ) -> Self {
        let (account, delivery) = client.target();
        Self {
            target: (account, delivery.clone()),
            client,
            is_client_configured: false,
            ready_client: None,
            auth_token,
            secondary_auth_token: None,
            enabled: true,
            sender,
            origin,
            paths: WebhookPaths::new(),
            application: None,
            normalizer: Normalizer::international(),
            text_kinds: NumberKinds::ORDINARY,
            call_kinds: NumberKinds::ORDINARY,
            content_retention: None,
            address_retention: None,
            quiet_hours: None,
            consent_gate: None,
            opt_out_keywords: OptOutKeywords::default(),
        }
    }

    /// Configures the client: region, timeouts, retries, requests in flight, hooks, audit trail,
    /// clock.
    ///
    /// The audit trail holds requests to Twilio. What the messenger refuses by itself (the switch,
    /// a typed number, quiet hours, consent) is no request: record its error.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::MessengerBuilder;
    /// use clinspark_twilio::client::ProcessingRegion;
    ///
    /// # fn example(builder: MessengerBuilder) -> MessengerBuilder {
    /// builder.client(|client| client.region(ProcessingRegion::Ie1))
    /// # }
    /// ```
    pub fn client(mut self, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        self.client = configure(self.client);
        self.is_client_configured = true;
        self
    }

    /// Uses this client, with its transport, its permits and its retry budget, instead of one of
    /// its own. Its account and its delivery have to be those that the configuration started with, and
    /// it takes the place of everything that [`client`](Self::client) and
    /// [`with_transport`](Self::with_transport) configure: give either it or them.
    ///
    /// ```no_run
    /// # use clinspark_twilio::client::Client;
    /// # use clinspark_twilio::messenger::MessengerBuilder;
    /// # fn example(builder: MessengerBuilder, client: &Client) -> MessengerBuilder {
    /// builder.with_client(client.clone())
    /// # }
    /// ```
    pub fn with_client(mut self, client: Client) -> Self {
        self.ready_client = Some(client);
        self
    }

    /// Sends requests through this transport. Default: the stock one of feature `rustls`.
    pub fn with_transport(self, transport: impl Transport) -> Self {
        self.client(|client| client.with_transport(transport))
    }

    /// Sets the account's other auth token, during a rotation: its signatures are accepted too.
    pub fn secondary_auth_token(mut self, token: AuthToken) -> Self {
        self.secondary_auth_token = Some(token);
        self
    }

    /// Switches texts and calls on or off. Default `true`. A disabled messenger refuses to send
    /// ([`ErrorKind::Disabled`](super::ErrorKind::Disabled)).
    pub const fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Sets the paths of the webhooks on the origin. Default: none.
    ///
    /// Each path lets [`Messenger::receive`] tell the kind of a webhook. The status paths are also
    /// where Twilio reports on what was sent.
    pub fn webhook_paths(mut self, paths: WebhookPaths) -> Self {
        self.paths = paths;
        self
    }

    /// Sets the `TwiML` App, to which calls of the Voice SDK come. Default: none.
    pub const fn application_sid(mut self, application: ApplicationSid) -> Self {
        self.application = Some(application);
        self
    }

    /// Sets what reads typed numbers. Default [`Normalizer::international`]: numbers need their
    /// country code.
    pub const fn normalizer(mut self, normalizer: Normalizer) -> Self {
        self.normalizer = normalizer;
        self
    }

    /// Sets the kinds of number that are texted. Default [`NumberKinds::ORDINARY`].
    ///
    /// A number that is not in the numbering plan has no kind and is refused always.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::MessengerBuilder;
    /// use clinspark_twilio::phone::NumberKinds;
    ///
    /// # fn example(builder: MessengerBuilder) -> MessengerBuilder {
    /// builder.text_kinds(NumberKinds::MOBILE)
    /// # }
    /// ```
    pub const fn text_kinds(mut self, kinds: NumberKinds) -> Self {
        self.text_kinds = kinds;
        self
    }

    /// Sets the kinds of number that are called. Default [`NumberKinds::ORDINARY`].
    pub const fn call_kinds(mut self, kinds: NumberKinds) -> Self {
        self.call_kinds = kinds;
        self
    }

    /// Sets whether Twilio keeps message bodies, for messages that do not say so themselves.
    /// Default: Twilio's own, which keeps them.
    pub fn content_retention(mut self, retention: ContentRetention) -> Self {
        self.content_retention = Some(retention);
        self
    }

    /// Sets whether Twilio keeps recipients' numbers in full, for messages that do not say so
    /// themselves. Default: Twilio's own, which keeps them.
    pub fn address_retention(mut self, retention: AddressRetention) -> Self {
        self.address_retention = Some(retention);
        self
    }

    /// Refuses texts and calls that would arrive in these hours. Default: none are quiet.
    pub fn quiet_hours(mut self, hours: QuietHours) -> Self {
        self.quiet_hours = Some(hours);
        self
    }

    /// Asks this gate before each text and each call, and reports every STOP, START and opt-out to
    /// it. Default: none.
    ///
    /// Events reach it through [`Messenger::receive`], or [`Messenger::admit`] behind a layer. A
    /// service that verifies webhooks with [`Messenger::validator`] alone loses every STOP.
    pub fn consent_gate(mut self, gate: impl ConsentGate) -> Self {
        self.consent_gate = Some(SharedConsentGate(Arc::new(gate)));
        self
    }

    /// Sets opt-out keywords of the service's own, beside the built-in ones. The [`ConsentGate`]
    /// receives them as [`OptOut::MaybeStop`](crate::sms::OptOut::MaybeStop): Twilio does not act
    /// on them. Default: none.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::MessengerBuilder;
    /// use clinspark_twilio::sms::OptOutKeywords;
    ///
    /// # fn example(builder: MessengerBuilder) -> MessengerBuilder {
    /// builder.opt_out_keywords(OptOutKeywords::default().stop("lopeta"))
    /// # }
    /// ```
    pub fn opt_out_keywords(mut self, keywords: OptOutKeywords) -> Self {
        self.opt_out_keywords = keywords;
        self
    }

    /// Makes the messenger.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](super::ErrorKind::Client) when
    /// [`ClientBuilder::build`] refuses its part, and
    /// [`ErrorKind::Configuration`](super::ErrorKind::Configuration):
    ///
    /// - a sender that is neither a number nor a Messaging Service;
    /// - an origin that is neither `https` nor on a loopback host;
    /// - a webhook path that cannot be used;
    /// - a client of another account or delivery, or a ready client that is also configured.
    pub fn build(self) -> Result<Messenger, Error> {
        if !(self.origin.is_https() || is_loopback(self.origin.host())) {
            return Err(Cause::Origin.into());
        }
        self.paths
            .check()
            .map_err(|(kind, problem)| Cause::Path(kind, problem))?;
        let client = match self.ready_client {
            Some(_) if self.is_client_configured => return Err(Cause::ConflictingClients.into()),
            Some(client) => client,
            None => self.client.build()?,
        };
        if (client.account_sid(), client.delivery()) != (self.target.0, &self.target.1) {
            return Err(Cause::ClientMismatch.into());
        }
        let mut validator = Validator::new(self.auth_token, self.origin.clone());
        if let Some(token) = self.secondary_auth_token {
            validator = validator.add_auth_token(token);
        }
        let config = Config {
            enabled: self.enabled,
            client,
            sender: self.sender,
            origin: self.origin,
            paths: self.paths,
            application: self.application,
            normalizer: self.normalizer,
            text_kinds: self.text_kinds,
            call_kinds: self.call_kinds,
            content_retention: self.content_retention,
            address_retention: self.address_retention,
            quiet_hours: self.quiet_hours,
            consent_gate: self.consent_gate,
            opt_out_keywords: self.opt_out_keywords,
        };
        if config.number().is_none() && config.messaging_service_sid().is_none() {
            return Err(Cause::Sender.into());
        }
        Ok(Messenger::assemble(config, validator))
    }
}
