//! Configuration of a messenger.

use std::fmt;
use std::sync::Arc;

use super::config::{Config, SharedConsentGate};
use super::consent::ConsentGate;
use super::error::{Cause, Error};
use super::messenger::Messenger;
use super::quiet_hours::QuietHours;
use crate::client::messages::{AddressRetention, ContentRetention, Sender};
use crate::client::{Client, ClientBuilder, Delivery, Edge, ProcessingRegion, Transport};
use crate::phone::{Normalizer, NumberKinds};
use crate::sms::OptOutKeywords;
use crate::types::{AccountSid, ApplicationSid, AuthToken};
use crate::webhook::{PublicOrigin, Receiver, Refusal, ReplayGuard, Validator, WebhookPaths};

/// Configuration of a [`Messenger`], created by [`Messenger::builder`].
///
/// The order of the method calls has no effect. Set all four webhook paths, each different, because
/// the path identifies the kind of a webhook.
///
/// ```
/// # use clinspark_twilio::client::testing::FakeTransport;
/// use clinspark_twilio::Messenger;
/// use clinspark_twilio::client::messages::Sender;
/// use clinspark_twilio::client::{Client, Credentials, Delivery};
/// use clinspark_twilio::messenger::{MemoryConsentGate, QuietHours, TimeOfDay, UnknownTimeZone};
/// use clinspark_twilio::webhook::WebhookPaths;
/// use clinspark_twilio::phone::{E164, Normalizer, Region};
/// use clinspark_twilio::types::{AccountSid, AuthToken};
/// use clinspark_twilio::webhook::PublicOrigin;
///
/// let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// let token = AuthToken::new("the-auth-token")?;
/// let messenger = Messenger::builder(
///     Client::builder(Credentials::auth_token(account, token.clone()), Delivery::Live),
///     Sender::Number(E164::parse("+61255501234")?),
///     PublicOrigin::parse("https://acme.example.com")?,
///     token,
///     MemoryConsentGate::new(), // forgets at restart; a service passes a gate on its database
/// )
/// .normalizer(Normalizer::for_region(Region::parse("AU")?))
/// .webhook_paths(
///     WebhookPaths::new()
///         .message("/hooks/message")
///         .message_status("/hooks/message-status")
///         .voice("/hooks/voice")
///         .call_status("/hooks/call-status"),
/// )
/// .quiet_hours(QuietHours::new(
///     TimeOfDay::parse("21:00")?,
///     TimeOfDay::parse("08:00")?,
///     UnknownTimeZone::Refuse,
/// ))
/// # .with_transport(FakeTransport::new())
/// .build()?;
/// assert_eq!(messenger.origin().url("/hooks/message"), "https://acme.example.com/hooks/message");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a configuration does nothing until it is built"]
pub struct MessengerBuilder {
    client: ClientBuilder,
    /// Set when the client's builder was changed. A ready client would ignore the change, so the
    /// two exclude each other.
    is_client_configured: bool,
    ready_client: Option<Client>,
    /// Account and delivery of the client builder that the configuration started with.
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
    consent_gate: SharedConsentGate,
    opt_out_keywords: OptOutKeywords,
    replay_guard: Option<SharedReplayGuard>,
    on_refusal: Option<OnRefusal>,
}

impl Messenger {
    /// Starts the configuration of a messenger.
    ///
    /// - `client`: credentials, delivery, and any other settings of the client.
    /// - `sender`: the number, the Messaging Service, or the number within the service.
    /// - `origin`: public origin at which Twilio reaches the service, such as
    ///   `https://acme.example.com`.
    /// - `auth_token`: the account's primary auth token, which is the key of webhook signatures.
    /// - `consent_gate`: checked before each text and each call, and informed of every STOP, START
    ///   and opt-out. [`WithoutConsentGate`](super::WithoutConsentGate) is the choice to have none.
    ///
    /// Consent events reach the gate through [`Messenger::layer`], [`Messenger::receiver`] or
    /// [`Messenger::receive`]. A service that verifies webhooks with a [`Validator`] alone loses
    /// every STOP.
    ///
    /// [`MessengerBuilder`] shows a whole configuration.
    ///
    /// ```no_run
    /// use clinspark_twilio::Messenger;
    /// use clinspark_twilio::client::messages::Sender;
    /// use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// use clinspark_twilio::messenger::MemoryConsentGate;
    /// use clinspark_twilio::phone::{E164, Normalizer, Region};
    /// use clinspark_twilio::types::{AccountSid, AuthToken};
    /// use clinspark_twilio::webhook::{PublicOrigin, WebhookPaths};
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
    ///     MemoryConsentGate::new(), // forgets at restart
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
        consent_gate: impl ConsentGate,
    ) -> MessengerBuilder {
        let (account, delivery) = client.target();
        MessengerBuilder {
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
            consent_gate: SharedConsentGate(Arc::new(consent_gate)),
            opt_out_keywords: OptOutKeywords::default(),
            replay_guard: None,
            on_refusal: None,
        }
    }
}

impl MessengerBuilder {
    /// Configures the client: proxies, timeouts, retries, requests in flight, hooks, audit trail,
    /// clock.
    ///
    /// The audit trail holds requests to Twilio only. It does not hold texts and calls that the
    /// messenger refuses by itself: disabled, typed number, quiet hours, consent. Record the error
    /// of such a refusal yourself.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::MessengerBuilder;
    /// use clinspark_twilio::client::RetryPolicy;
    ///
    /// # fn example(builder: MessengerBuilder) -> MessengerBuilder {
    /// builder.client(|client| client.retry(RetryPolicy::none()))
    /// # }
    /// ```
    pub fn client(mut self, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        self.client = configure(self.client);
        self.is_client_configured = true;
        self
    }

    /// Sends through this client, sharing its transport, permits and retry budget. Default: the
    /// messenger builds a client of its own.
    ///
    /// The client must have the account and the delivery that the configuration started with. It
    /// excludes [`client`](Self::client), [`with_transport`](Self::with_transport),
    /// [`region`](Self::region) and [`edge`](Self::edge), whose settings it would ignore.
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

    /// Sets the transport of requests. Default: the built-in transport of feature `rustls`.
    pub fn with_transport(self, transport: impl Transport) -> Self {
        self.client(|client| client.with_transport(transport))
    }

    /// Sets the region that processes and stores the account's data. Default
    /// [`US1`](ProcessingRegion::US1). See [`ClientBuilder::region`].
    pub fn region(self, region: ProcessingRegion) -> Self {
        self.client(|client| client.region(region))
    }

    /// Sets the edge location in the names of Twilio's hosts. Default: the edge nearest to the
    /// region. See [`ClientBuilder::edge`].
    pub fn edge(self, edge: Edge) -> Self {
        self.client(|client| client.edge(edge))
    }

    /// Sets the secondary auth token during a rotation. Its signatures are accepted too. Default:
    /// none.
    pub fn secondary_auth_token(mut self, token: AuthToken) -> Self {
        self.secondary_auth_token = Some(token);
        self
    }

    /// Enables or disables texts and calls. Default `true`. A disabled messenger refuses to send
    /// ([`ErrorKind::Disabled`](super::ErrorKind::Disabled)).
    pub const fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Sets the paths of the webhooks on the origin. Default: none.
    ///
    /// [`Messenger::receive`] tells the kind of a webhook by these paths. Twilio also sends status
    /// callbacks of texts and calls to the two status paths.
    pub fn webhook_paths(mut self, paths: WebhookPaths) -> Self {
        self.paths = paths;
        self
    }

    /// Sets the `TwiML` App that receives calls of the Voice SDK. Default: none.
    pub const fn application_sid(mut self, application: ApplicationSid) -> Self {
        self.application = Some(application);
        self
    }

    /// Sets the normalizer of typed numbers. Default [`Normalizer::international`]: numbers need
    /// their country code.
    pub const fn normalizer(mut self, normalizer: Normalizer) -> Self {
        self.normalizer = normalizer;
        self
    }

    /// Sets the kinds of number that may be texted. Default [`NumberKinds::ORDINARY`].
    ///
    /// A number that is not in the numbering plan has no kind and is always refused.
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

    /// Sets the kinds of number that may be called. Default [`NumberKinds::ORDINARY`].
    pub const fn call_kinds(mut self, kinds: NumberKinds) -> Self {
        self.call_kinds = kinds;
        self
    }

    /// Sets the retention of message bodies at Twilio, for messages that do not set it themselves.
    /// Default: Twilio's own default, which keeps them.
    pub fn content_retention(mut self, retention: ContentRetention) -> Self {
        self.content_retention = Some(retention);
        self
    }

    /// Sets the retention of recipients' full numbers at Twilio, for messages that do not set it
    /// themselves. Default: Twilio's own default, which keeps them.
    pub fn address_retention(mut self, retention: AddressRetention) -> Self {
        self.address_retention = Some(retention);
        self
    }

    /// Sets the hours in which texts and calls are refused. Default: none.
    pub fn quiet_hours(mut self, hours: QuietHours) -> Self {
        self.quiet_hours = Some(hours);
        self
    }

    /// Replaces the consent gate that the configuration started with.
    pub fn consent_gate(mut self, gate: impl ConsentGate) -> Self {
        self.consent_gate = SharedConsentGate(Arc::new(gate));
        self
    }

    /// Sets opt-out keywords in addition to the built-in ones. Default: none.
    ///
    /// The [`ConsentGate`] receives them as
    /// [`OptOut::MaybeStop`](crate::sms::OptOut::MaybeStop), because Twilio does not act on them.
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

    /// Handles each webhook once, where [`Messenger::layer`] or [`Receiver::handle`] receives it: a
    /// retry gets the first answer. Default: none.
    pub fn replay_guard(mut self, guard: impl ReplayGuard) -> Self {
        self.replay_guard = Some(SharedReplayGuard(Arc::new(guard)));
        self
    }

    /// Sets a function that is called for every refused webhook. Default: a warning through
    /// `tracing`. See [`Receiver::on_refusal`].
    pub fn on_refusal(
        mut self,
        tell: impl Fn(&http::request::Parts, &Refusal) + Send + Sync + 'static,
    ) -> Self {
        self.on_refusal = Some(OnRefusal(Box::new(tell)));
        self
    }

    /// Builds the messenger.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Client`](super::ErrorKind::Client) if [`ClientBuilder::build`] fails.
    /// Returns [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for:
    ///
    /// - a sender that is neither a number nor a Messaging Service;
    /// - an origin that is neither `https` nor on a loopback host;
    /// - an invalid webhook path, or the same path for two kinds of webhook;
    /// - a client of another account or delivery, or a ready client together with settings for one.
    pub fn build(self) -> Result<Messenger, Error> {
        // Over http, anyone on the way reads texts and signatures. Loopback is for tests.
        if !(self.origin.is_https() || self.origin.is_loopback()) {
            return Err(Cause::Origin.into());
        }
        if let Some(&(first, second)) = self.paths.duplicates().first() {
            return Err(Cause::DuplicatePath(first, second).into());
        }
        let client = match self.ready_client {
            Some(_) if self.is_client_configured => return Err(Cause::ConflictingClients.into()),
            Some(client) => client,
            None => self.client.build()?,
        };
        // A ready client of another delivery could text people whom this configuration excludes.
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
        };
        if config.number().is_none() && config.messaging_service_sid().is_none() {
            return Err(Cause::Sender.into());
        }
        // The receiver's rules come from the configuration alone: nothing that is set on a
        // builder can widen them.
        let gate = config.consent_gate.clone();
        let mut receiver = Receiver::new(validator, move |event| {
            let SharedConsentGate(gate) = gate.clone();
            async move { gate.on_event(&event).await }
        })
        .account_sid(config.account_sid())
        .paths(config.paths.clone())
        .map_err(Cause::Path)?
        .opt_out_keywords(self.opt_out_keywords);
        if let Some(number) = config.number() {
            receiver = receiver.number(number);
        }
        if let Some(service) = config.messaging_service_sid() {
            receiver = receiver.messaging_service_sid(service);
        }
        if let Some(application) = self.application {
            receiver = receiver.application_sid(application);
        }
        if let Some(SharedReplayGuard(guard)) = self.replay_guard {
            receiver = receiver.replay_guard(guard);
        }
        if let Some(OnRefusal(tell)) = self.on_refusal {
            receiver = receiver.on_refusal(tell);
        }
        Ok(Messenger::assemble(config, receiver))
    }
}

/// Replay guard of any type.
struct SharedReplayGuard(Arc<dyn ReplayGuard>);

/// Function that is called for each refusal.
pub(super) struct OnRefusal(pub(super) Box<RefusalFn>);

pub(super) type RefusalFn = dyn Fn(&http::request::Parts, &Refusal) + Send + Sync;

impl fmt::Debug for SharedReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplayGuard")
    }
}

impl fmt::Debug for OnRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRefusal")
    }
}
