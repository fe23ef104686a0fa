//! Texts and calls out, webhooks in.

mod outgoing;
mod report;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use crate::client::calls::PlaceCall;
use crate::client::messages::{Content, SendMessage};
use crate::client::{AuditPolicy, AuditSink, Client, Clock};
use crate::phone::NumberKinds;
use crate::sms::OptOutKeywords;
use crate::twiml::VoiceResponse;
use crate::webhook::{Validator, Verified};

use super::admission;
use super::consent::ConsentGate;
use super::error::Error;
use super::path_kind::PathKind;
use super::provision::Setup;
use super::quiet::QuietHours;
use super::receive::Refusal;
use super::settings::Settings;

pub use outgoing::{Ring, Text};

/// One instance's conversation with its volunteers.
///
/// Cheap to clone: clones share one client. Every text and every call passes these gates, in this
/// order, before anything leaves:
///
/// 1. [`Settings::enabled`].
/// 2. The recipient has a telephone number, of a kind that is contacted: see
///    [`text_kinds`](Self::text_kinds) and [`call_kinds`](Self::call_kinds).
/// 3. The sender is this instance's number or Messaging Service, and reports on the status come
///    back to this instance, marked with a [`MessageId`](super::MessageId).
/// 4. [`QuietHours`], where they are set, at the hour of arrival.
/// 5. [`ConsentGate`], where one is set, asked once.
/// 6. [`Delivery`](crate::client::Delivery).
///
/// The gates judge the recipient. `TwiML` that dials or texts further people after the call is
/// answered is the service's own to judge; [`Delivery`](crate::client::Delivery) alone sees what
/// is sent along with a call.
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
    /// Client that texts and calls, behind the gates.
    sending: Client,
    /// The same without texts and calls, to be handed out.
    client: Client,
    text_kinds: NumberKinds,
    call_kinds: NumberKinds,
    validator: Validator,
    quiet: Option<QuietHours>,
    gate: Option<Gate>,
    keywords: OptOutKeywords,
}

/// Refusal of a text or a call by [`Messenger::client`].
const GATES: &str = "this client neither texts nor calls; use Messenger::send or Messenger::place, \
                     which ask every gate";

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
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](super::ErrorKind::Client) when the client cannot be built.
    pub fn over(
        settings: Settings,
        transport: impl crate::client::Transport,
    ) -> Result<Self, Error> {
        let client = Client::builder(
            settings.credentials().clone(),
            settings.effective_delivery(),
        )
        .with_transport(transport)
        .build()?;
        Ok(Self::assemble(settings, client))
    }

    /// Talks to another base URL than Twilio's: the sandbox's, for one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](super::ErrorKind::Client) when the URL is neither https nor on
    /// loopback.
    pub fn base_url(self, url: &str) -> Result<Self, Error> {
        let client = self.sending.clone().with_base_url(url)?;
        Ok(self.with_client(client))
    }

    /// Sets the clock, timer and random source, for tests.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        let client = self.sending.clone().with_clock(clock);
        self.with_client(client)
    }

    /// Sets the kinds of number that are texted, instead of [`Settings::text_kinds`]. Default
    /// [`NumberKinds::ORDINARY`].
    ///
    /// A number that is not in the numbering plan has no kind and is refused always.
    ///
    /// ```no_run
    /// # use clinspark_twilio::clinspark::Messenger;
    /// use clinspark_twilio::phone::NumberKinds;
    ///
    /// # fn example(messenger: Messenger) -> Messenger {
    /// messenger.text_kinds(NumberKinds::MOBILE)
    /// # }
    /// ```
    #[must_use]
    pub const fn text_kinds(mut self, kinds: NumberKinds) -> Self {
        self.text_kinds = kinds;
        self
    }

    /// Sets the kinds of number that are called, instead of [`Settings::call_kinds`]. Default
    /// [`NumberKinds::ORDINARY`].
    #[must_use]
    pub const fn call_kinds(mut self, kinds: NumberKinds) -> Self {
        self.call_kinds = kinds;
        self
    }

    /// Neither texts nor calls anyone in these hours.
    #[must_use]
    pub fn quiet_hours(mut self, hours: QuietHours) -> Self {
        self.quiet = Some(hours);
        self
    }

    /// Asks this before each text and each call, and tells it of every STOP, START and opt-out.
    ///
    /// It is told by [`receive`](Self::receive), or [`admit`](Self::admit) behind a layer, and by
    /// nothing else: a service that verifies webhooks with [`validator`](Self::validator) alone
    /// loses every STOP.
    #[must_use]
    pub fn consent_gate(mut self, gate: impl ConsentGate) -> Self {
        self.gate = Some(Gate(Arc::new(gate)));
        self
    }

    /// Sets the clinic's own opt-out keywords, beside the built-in ones. The [`ConsentGate`] is told
    /// of them as [`OptOut::MaybeStop`](crate::sms::OptOut::MaybeStop): Twilio does not act on
    /// them. Default: none.
    ///
    /// ```no_run
    /// # use clinspark_twilio::clinspark::Messenger;
    /// use clinspark_twilio::sms::OptOutKeywords;
    ///
    /// # fn example(messenger: Messenger) -> Messenger {
    /// messenger.opt_out_keywords(OptOutKeywords::default().stop("lopeta"))
    /// # }
    /// ```
    #[must_use]
    pub fn opt_out_keywords(mut self, keywords: OptOutKeywords) -> Self {
        self.keywords = keywords;
        self
    }

    /// Tells this sink of every request to Twilio, before it and after it. What the messenger
    /// refuses by itself (the switch, a typed number, quiet hours, consent) is no request: record
    /// its error.
    #[must_use]
    pub fn audit(self, sink: impl AuditSink, policy: AuditPolicy) -> Self {
        let client = self.sending.clone().with_audit(sink, policy);
        self.with_client(client)
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
        let client = self.sending.on_behalf_of(who, purpose);
        self.clone().with_client(client)
    }

    /// The settings it was made from.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Client for everything but texts and calls: reading, lists, set-up, ending a call.
    ///
    /// It refuses whatever reaches a person, as
    /// [`Delivery::Off`](crate::client::Delivery::Off) does, because it knows neither quiet hours
    /// nor the consent gate. [`send`](Self::send) and [`place`](Self::place) take the same
    /// requests through the gates.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Sets the account up for the instance: [`Setup::plan`], [`Setup::apply`].
    #[must_use]
    pub const fn setup(&self) -> Setup<'_> {
        Setup::new(&self.settings, &self.client)
    }

    /// Validator of the instance's webhook signatures, for a layer around a router. Alone it never
    /// tells the [`ConsentGate`], so a STOP is lost: give each request that it has verified to
    /// [`admit`](Self::admit).
    ///
    /// Nor does it look at the account, the number, or the path that a request came to.
    #[must_use]
    pub const fn validator(&self) -> &Validator {
        &self.validator
    }

    /// Texts a volunteer at a number as it was typed: `messenger.text(typed, body).await`.
    ///
    /// It is [`send`](Self::send) with the recipient read by [`Settings::normalizer`] and the
    /// sender of the settings.
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
    /// As [`send`](Self::send), and `Number` when the number cannot be read as exactly one.
    pub fn text(&self, typed: &str, content: impl Into<Content>) -> Text<'_> {
        Text::typed(self, typed, content.into())
    }

    /// Texts a volunteer later: more than 5 minutes and at most 35 days ahead, by the Messaging
    /// Service of the settings.
    ///
    /// Quiet hours are judged at that time. Consent is asked for now, so cancel what is scheduled
    /// for a person who withdraws it
    /// ([`CancelMessage`](crate::client::messages::CancelMessage)).
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text), and `Setting` when the settings name no Messaging Service.
    pub fn text_at(&self, typed: &str, content: impl Into<Content>, at: SystemTime) -> Text<'_> {
        Text::typed(self, typed, content.into()).at(at)
    }

    /// Sends a message with any of its options, through every gate.
    ///
    /// The status is reported to the message status path of the settings, if one is set, or to
    /// the request's own `status_callback` on the instance's domain. Either gets the id of
    /// [`Text::id`] in its query: see [`MessageId::of`](super::MessageId::of).
    ///
    /// The settings' retention holds where the request names none. A validity period is cut short
    /// at the next quiet hours, so that a delayed message does not arrive in them. A scheduled
    /// message is judged at its own time.
    ///
    /// ```no_run
    /// # use clinspark_twilio::clinspark::{Error, MessageId, Messenger};
    /// # use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::client::messages::{Media, SendMessage};
    ///
    /// # async fn example(messenger: &Messenger, to: E164, id: MessageId) -> Result<(), Error> {
    /// let map = Media::new("https://clinic.example/way-in.png").body("Please use the side door.");
    /// let sender = messenger.settings().sender().clone();
    /// messenger.send(SendMessage::new(to, sender, map)).id(id).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`], by [`ErrorKind`](super::ErrorKind), with nothing sent:
    ///
    /// - `Disabled`: the instance is switched off.
    /// - `Recipient`: the recipient has no telephone number, so consent and kind cannot be judged.
    /// - `Number`, `NumberKind`: the number is in no numbering plan, or of a kind that is not
    ///   texted.
    /// - `Request`: another sender, or a status callback of another place.
    /// - `Setting`: a scheduled message without a Messaging Service.
    /// - `Quiet`, `Consent`, `Gate`: where quiet hours and a consent gate are set.
    ///
    /// `Client` for the rest: [`Error::outcome`] says whether anything may have been sent.
    pub fn send(&self, message: SendMessage) -> Text<'_> {
        Text::new(self, Ok(message))
    }

    /// Calls a volunteer at a number as it was typed, and says what the document says.
    ///
    /// It is [`place`](Self::place) with the recipient read by [`Settings::normalizer`] and the
    /// instance's number as the caller. Write whole URLs in the document, such as
    /// `settings().origin().url("/confirm")`: a document that is sent along has no address of its
    /// own.
    ///
    /// # Errors
    ///
    /// As [`place`](Self::place). `Number` when the number cannot be read as exactly one, and
    /// `Setting` when the instance has no number to call from.
    pub fn call(&self, typed: &str, says: &VoiceResponse) -> Ring<'_> {
        Ring::typed(self, typed, says)
    }

    /// Places a call with any of its options, through every gate.
    ///
    /// The status is reported to the call status path of the settings, if one is set, or to the
    /// instructions' own `status_callback` on the instance's domain. Either gets the id of
    /// [`Ring::id`] in its query, and every event unless the instructions name some. A `TwiML` App
    /// as the instructions reports to its own URL, without the id.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send): `Recipient` for an SDK user or a SIP address, `NumberKind` by
    /// [`call_kinds`](Self::call_kinds), `Request` for another caller than the instance's number.
    /// [`Error::outcome`] says whether a call may have been placed.
    pub fn place(&self, call: PlaceCall) -> Ring<'_> {
        Ring::new(self, Ok(call))
    }

    /// Verifies a webhook: signature, method, account, path and number. Tells the
    /// [`ConsentGate`] what it says of consent.
    ///
    /// Give it the request as it arrived, path, query and raw body untouched. The kind of a
    /// webhook is told by the configured path that it came to ([`path_kind`](Self::path_kind)),
    /// and content of another kind is refused.
    ///
    /// - At the message path, or below: a message from a person. The gate is told of STOP, START,
    ///   HELP and what may mean them.
    /// - At the message status path: a report. The gate is told of 21610, an opt-out.
    /// - At the voice and call status paths: anything about a call. The gate is never told.
    /// - At any other path, such as that of a `<Gather>`: anything about a call. A message or a
    ///   report is let in only where its own path is not configured, and only without a `CallSid`:
    ///   the Voice SDK lets a caller add any other parameter.
    ///
    /// Configure all four paths, each of its own. A log of signed requests lets its reader move the
    /// `CallSid` of a call into another parameter. Such a request passes for a message at a path
    /// that is not known to be for calls.
    ///
    /// A JSON body names neither account nor number in its parameters. There the signature, which
    /// covers its hash and a URL of this instance, vouches for the account.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. Answer with [`Refusal::into_response`], which holds the status alone: 403, or
    /// 503 when the gate failed to record a STOP. See
    /// [`RefusalKind::Gate`](super::RefusalKind::Gate) for when Twilio then retries.
    pub async fn receive<B: AsRef<[u8]> + Send>(
        &self,
        request: http::Request<B>,
    ) -> Result<Verified<B>, Refusal> {
        self.admit(self.validator.verify(request)?).await
    }

    /// Does the rest of [`receive`](Self::receive) for a request whose signature was verified
    /// before, such as by [`VerifyLayer`] around a router.
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
        let content = admission::admit(&self.settings, &verified)?;
        if let Some(Gate(gate)) = &self.gate
            && let Some(news) = content.news(&self.keywords)
        {
            gate.told(&news).await.map_err(Refusal::untold)?;
        }
        Ok(verified)
    }

    /// Returns the kind of the deepest configured path that a webhook came to or below. `None`
    /// below no configured path, and where one path is configured for several kinds.
    #[must_use]
    pub fn path_kind<B>(&self, verified: &Verified<B>) -> Option<PathKind> {
        admission::path_kind(&self.settings, verified)
    }

    fn with_client(self, client: Client) -> Self {
        Self {
            client: client.without_delivery(GATES),
            sending: client,
            ..self
        }
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
            text_kinds: settings.text_kinds(),
            call_kinds: settings.call_kinds(),
            settings,
            client: client.without_delivery(GATES),
            sending: client,
            validator,
            quiet: None,
            gate: None,
            keywords: OptOutKeywords::default(),
        }
    }
}
