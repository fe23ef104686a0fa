//! Texts and calls out, webhooks in.

mod outgoing;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use crate::client::messages::Content;
use crate::client::{AuditPolicy, AuditSink, Client, Runtime};
use crate::twiml::VoiceResponse;
use crate::webhook::{Validator, Verified};

use super::consent::ConsentGate;
use super::error::Error;
use super::provision::Setup;
use super::quiet::QuietHours;
use super::receive::{self, Refusal};
use super::settings::Settings;

pub use outgoing::{Ring, Text};

/// One instance's conversation with its volunteers.
///
/// Cheap to clone: clones share one client. Before anything leaves it has passed, in this order:
/// the switch of the settings, the reading of the typed number, [`QuietHours`] and a
/// [`ConsentGate`] where they are set, and [`Delivery`](crate::client::Delivery).
///
/// ```no_run
/// use clinspark_twilio::clinspark::{Messenger, Settings};
/// use clinspark_twilio::client::Outcome;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let messenger = Messenger::new(Settings::from_env()?)?;
/// match messenger.text("0491 570 156", "Your visit is tomorrow at 9:00.").await {
///     Ok(message) => println!("sent as {}", message.sid),
///     Err(error) => match error.outcome() {
///         Outcome::NotSent => println!("safe to try again: {error}"),
///         Outcome::Rejected => println!("refused: {error}"),
///         _ => println!("it may have been sent: never send again by guess"),
///     },
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Messenger {
    settings: Settings,
    client: Client,
    validator: Validator,
    quiet: Option<QuietHours>,
    gate: Option<Gate>,
}

/// The gate of the service, whatever that is.
#[derive(Clone)]
struct Gate(Arc<dyn ConsentGate>);

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

impl Messenger {
    /// On the stock transport.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](super::ErrorKind::Client) when the platform's TLS cannot be set up.
    #[cfg(feature = "rustls")]
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let client = Client::new(
            settings.credentials().clone(),
            settings.effective_delivery(),
        )?;
        Ok(Self::assemble(settings, client))
    }

    /// On a transport of your own.
    pub fn over(settings: Settings, transport: impl crate::client::Transport) -> Self {
        let client = Client::over(
            settings.credentials().clone(),
            settings.effective_delivery(),
            transport,
        );
        Self::assemble(settings, client)
    }

    /// Talks to another base URL than Twilio's: the sandbox's, for one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](super::ErrorKind::Client) when the URL is neither https nor on
    /// loopback.
    pub fn base_url(mut self, url: &str) -> Result<Self, Error> {
        self.client = self.client.base_url(url)?;
        Ok(self)
    }

    /// Takes the hour and chance from here: for tests.
    #[must_use]
    pub fn runtime(mut self, runtime: impl Runtime) -> Self {
        self.client = self.client.runtime(runtime);
        self
    }

    /// Neither texts nor calls anybody in these hours.
    #[must_use]
    pub fn quiet_hours(mut self, hours: QuietHours) -> Self {
        self.quiet = Some(hours);
        self
    }

    /// Asks this before each text and each call, and tells it what is heard of consent.
    #[must_use]
    pub fn consent_gate(mut self, gate: impl ConsentGate) -> Self {
        self.gate = Some(Gate(Arc::new(gate)));
        self
    }

    /// Tells this sink of every request to Twilio, before it and after it. What the messenger
    /// refuses by itself (the switch, a typed number, quiet hours, consent) is no request: record
    /// its error.
    #[must_use]
    pub fn audit(mut self, sink: impl AuditSink, policy: AuditPolicy) -> Self {
        self.client = self.client.audit(sink, policy);
        self
    }

    /// The same messenger on somebody's behalf: what the audit trail says of its requests.
    ///
    /// ```no_run
    /// # use clinspark_twilio::clinspark::{Error, Messenger};
    /// # async fn example(messenger: &Messenger) -> Result<(), Error> {
    /// let staff = messenger.on_behalf_of("staff-17", "visit reminder");
    /// staff.text("0491 570 156", "Your visit is tomorrow at 9:00.").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_behalf_of(&self, who: impl Into<String>, purpose: impl Into<String>) -> Self {
        let client = self.client.on_behalf_of(who, purpose);
        Self {
            client,
            ..self.clone()
        }
    }

    /// The settings it was made from.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The client, for what this room does not offer. It keeps the settings' guard: that of a
    /// disabled instance reaches nobody. It knows neither quiet hours nor the consent gate.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Sets the account up for the instance: [`Setup::plan`], [`Setup::apply`].
    #[must_use]
    pub const fn setup(&self) -> Setup<'_> {
        Setup::new(&self.settings, &self.client)
    }

    /// What believes the instance's webhooks: for a layer around a router.
    #[must_use]
    pub const fn validator(&self) -> &Validator {
        &self.validator
    }

    /// Texts a volunteer at a number as it was typed: `messenger.text(typed, words).await`.
    ///
    /// The message's progress is reported to the instance's message status path, if one is set,
    /// with the id of [`Text::id`] in the query: [`MessageId::of`](super::MessageId::of).
    ///
    /// ```no_run
    /// # use clinspark_twilio::clinspark::{Error, MessageId, Messenger, Zone};
    /// # async fn example(messenger: &Messenger, id: MessageId) -> Result<(), Error> {
    /// let sent = messenger
    ///     .text("0491 570 156", "Your visit is tomorrow at 9:00.")
    ///     .id(id)
    ///     .zone(Zone::parse("Australia/Sydney").ok())
    ///     .await?;
    /// # let _ = sent;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`]: `Disabled`, `Number` when the number cannot be read as exactly one, `Quiet`,
    /// `Consent` and `Gate` where hours and gate are set, `Client` for the rest.
    /// [`Error::outcome`] says whether anything may have been sent.
    pub fn text(&self, typed: &str, content: impl Into<Content>) -> Text<'_> {
        Text::new(self, typed, content.into(), None)
    }

    /// Texts a volunteer later: more than 5 minutes and at most 35 days ahead, by the Messaging
    /// Service of the settings. Quiet hours are judged at that time; consent is asked for now, so
    /// cancel what is scheduled for somebody who withdraws it
    /// ([`CancelMessage`](crate::client::messages::CancelMessage)).
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text), and `Setting` when the settings name no Messaging Service.
    pub fn text_at(&self, typed: &str, content: impl Into<Content>, at: SystemTime) -> Text<'_> {
        Text::new(self, typed, content.into(), Some(at))
    }

    /// Calls a volunteer at a number as it was typed, and says what the document says.
    ///
    /// The call's progress is reported to the instance's call status path, if one is set, with
    /// the id of [`Ring::id`] in the query. Write whole URLs in the document, such as
    /// `settings().origin().url("/confirm")`: it is not fetched from an address that a relative
    /// one could belong to.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text), and `Setting` when the instance has no number to call from.
    /// [`Error::outcome`] says whether a call may have been placed.
    pub fn call(&self, typed: &str, says: &VoiceResponse) -> Ring<'_> {
        Ring::new(self, typed, says)
    }

    /// Believes a webhook, or not: signature, method, our account, our number.
    ///
    /// Give it the request as it arrived, path, query and raw body untouched. A JSON body names
    /// neither account nor number in its parameters: there the signature, which covers its hash,
    /// vouches for the account.
    ///
    /// It waits for nothing but a [`ConsentGate`], which is told of a STOP, of a START, and of a
    /// message that was not delivered because the person has opted out.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. Answer with [`Refusal::into_response`], which says nothing more than the
    /// status: 403, or 503 when the gate could not be told.
    pub async fn receive<B: AsRef<[u8]> + Send>(
        &self,
        request: http::Request<B>,
    ) -> Result<Verified<B>, Refusal> {
        self.admit(self.validator.verify(request)?).await
    }

    /// What is left of [`receive`](Self::receive) for a request whose signature was verified
    /// before, such as by [`VerifyLayer`] around a router: is it about this instance?
    ///
    /// It has to be verified by [`validator`](Self::validator), or another one for this instance.
    ///
    #[cfg_attr(
        feature = "tower",
        doc = "[`VerifyLayer`]: crate::webhook::VerifyLayer"
    )]
    #[cfg_attr(not(feature = "tower"), doc = "[`VerifyLayer`]: crate::webhook")]
    ///
    /// # Errors
    ///
    /// As [`receive`](Self::receive).
    pub async fn admit<B: AsRef<[u8]> + Send>(
        &self,
        verified: Verified<B>,
    ) -> Result<Verified<B>, Refusal> {
        receive::check(&self.settings, &verified)?;
        if let Some(Gate(gate)) = &self.gate
            && let Some(news) = receive::news(&verified)
        {
            gate.told(&news).await.map_err(Refusal::untold)?;
        }
        Ok(verified)
    }

    fn assemble(settings: Settings, client: Client) -> Self {
        let validator = Validator::new(settings.auth_token().clone(), settings.origin().clone());
        let validator = settings
            .secondary_auth_token()
            .into_iter()
            .fold(validator, |validator, token| {
                validator.and_token(token.clone())
            });
        Self {
            settings,
            client,
            validator,
            quiet: None,
            gate: None,
        }
    }
}
