//! The messenger: sends texts, places calls and receives webhooks.

use std::sync::Arc;
use std::time::SystemTime;

use super::config::Config;
use super::error::Error;
use super::outgoing::{OutgoingCall, OutgoingText};
use super::status_callback;
use crate::client::Client;
use crate::client::calls::PlaceCall;
use crate::client::messages::{Content, SendMessage, Sender};
use crate::phone::{E164, Normalizer};
use crate::twiml::VoiceResponse;
#[cfg(feature = "tower")]
use crate::webhook::WebhookLayer;
use crate::webhook::{PublicOrigin, Receiver, Refusal, Verified, WebhookPaths};

/// Sends texts, places calls and receives webhooks, with all safety checks.
///
/// Cloning is cheap: clones share one client. Before anything is sent, every text and every call
/// passes these gates in order:
///
/// 1. The messenger is [enabled](super::MessengerBuilder::enabled).
/// 2. The recipient has a telephone number of a permitted kind. See
///    [`MessengerBuilder::text_kinds`](super::MessengerBuilder::text_kinds) and
///    [`MessengerBuilder::call_kinds`](super::MessengerBuilder::call_kinds).
/// 3. The sender is the messenger's number or Messaging Service. The status callback is on its
///    origin, and its URL gets a [`MessageId`](super::MessageId).
/// 4. The time of arrival is outside the [`QuietHours`](super::QuietHours), if they are set. This is
///    checked again after the consent gate, which may be slow.
/// 5. The [`ConsentGate`](super::ConsentGate) returns that the person consents. It is checked once.
/// 6. [`Delivery`](crate::client::Delivery) permits the recipient.
///
/// The gates check the recipient only. `TwiML` that dials or texts further people after the call is
/// answered is the service's own responsibility. Of these gates, only
/// [`Delivery`](crate::client::Delivery) checks the instructions that are sent along with a call.
///
/// ```
/// use clinspark_twilio::Messenger;
/// use clinspark_twilio::client::Outcome;
/// # use clinspark_twilio::phone::{E164, Normalizer, Region};
/// # use clinspark_twilio::client::messages::Sender;
/// # use clinspark_twilio::messenger::MemoryConsentGate;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # use clinspark_twilio::webhook::PublicOrigin;
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let token = AuthToken::new("the-auth-token")?;
/// # let client = Client::builder(Credentials::auth_token(account, token.clone()), Delivery::Live);
/// # let number = Sender::Number(E164::parse("+14155550100")?);
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let transport = FakeTransport::new().reply(Reply::json(
/// #     201,
/// #     r#"{"sid": "SM00000000000000000000000000000001", "status": "queued"}"#,
/// # ));
/// # let messenger = Messenger::builder(client, number, origin, token, MemoryConsentGate::new())
/// #     .with_transport(transport.clone())
/// #     .normalizer(Normalizer::for_region(Region::parse("AU")?))
/// #     .build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
///
/// match messenger.text("0412 345 678", "Your visit is tomorrow at 9:00.").await {
///     Ok(message) => println!("sent as {}", message.sid),
///     Err(error) if error.is_retryable() => println!("not sent, safe to send again: {error}"),
///     Err(error) => match error.outcome() {
///         Outcome::NotSent | Outcome::Rejected => println!("not sent, fix the cause: {error}"),
///         _ => println!("it may have been sent; do not send it again: {error}"),
///     },
/// }
/// # let [request] = &transport.requests()[..] else { panic!() };
/// # assert_eq!(request.parameter("To").as_deref(), Some("+61412345678"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Messenger {
    pub(super) config: Arc<Config>,
    /// The configured client, restricted to requests that reach no person.
    client: Client,
    receiver: Receiver,
}

/// Refusal of a text or a call by [`Messenger::client`].
const DELIVERY_REFUSAL: &str = "this client sends no texts and places no calls; use Messenger::send or \
                     Messenger::place, which check every gate";

impl Messenger {
    pub(super) fn assemble(config: Config, receiver: Receiver) -> Self {
        Self {
            client: config.client.without_delivery(DELIVERY_REFUSAL),
            config: Arc::new(config),
            receiver,
        }
    }

    /// Returns a messenger whose requests the audit trail records under this person and purpose.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::{Error, Messenger};
    /// # async fn example(messenger: &Messenger) -> Result<(), Error> {
    /// let staff = messenger.on_behalf_of("staff-17", "visit reminder");
    /// staff.text("0491 570 156", "Your visit is tomorrow at 9:00.").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_behalf_of(&self, who: impl Into<String>, purpose: impl Into<String>) -> Self {
        let config = Config {
            client: self.config.client.on_behalf_of(who, purpose),
            ..(*self.config).clone()
        };
        Self::assemble(config, self.receiver.clone())
    }

    /// Returns the sender of texts: the number, the Messaging Service, or the number within the
    /// service.
    #[must_use]
    pub fn sender(&self) -> &Sender {
        &self.config.sender
    }

    /// Returns the caller's number. `None` if the sender is only a Messaging Service.
    #[must_use]
    pub fn number(&self) -> Option<E164> {
        self.config.number()
    }

    /// Returns the time of the client's clock.
    #[cfg(feature = "outbox")]
    pub(crate) fn now(&self) -> SystemTime {
        self.config.client.clock().now()
    }

    /// Returns the reason why Twilio's list may not show a text of this messenger, if there is one.
    #[cfg(feature = "outbox")]
    pub(crate) fn retention_gap(&self) -> Option<&'static str> {
        use crate::client::messages::{AddressRetention, ContentRetention};
        let is_kept = |it: &ContentRetention| *it == ContentRetention::Retain;
        if !self.config.content_retention.as_ref().is_none_or(is_kept) {
            return Some("the content retention keeps bodies out of Twilio's list");
        }
        let is_kept = |it: &AddressRetention| *it == AddressRetention::Retain;
        if !self.config.address_retention.as_ref().is_none_or(is_kept) {
            return Some("the address retention keeps numbers out of Twilio's list");
        }
        None
    }

    /// Returns the public origin at which Twilio reaches the service.
    #[must_use]
    pub fn origin(&self) -> &PublicOrigin {
        &self.config.origin
    }

    /// Returns the whole URL of a further callback at this path of the origin, such as for a
    /// recording, the detection of answering machines, or the action of a `<Gather>`.
    ///
    /// The path may have a query and connection overrides. The default overrides
    /// `#rc=2&rp=5xx,ct,rt` are added where the path does not set them: Twilio then retries twice,
    /// also after a 5xx answer or a read timeout.
    ///
    /// ```no_run
    /// # fn example(messenger: &clinspark_twilio::Messenger) -> Result<(), clinspark_twilio::messenger::Error> {
    /// let url = messenger.callback_url("/hooks/recording")?;
    /// assert_eq!(url, "https://acme.example.com/hooks/recording#rc=2&rp=5xx,ct,rt");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Request`](super::ErrorKind::Request) if the path does not begin with `/`
    /// or is not written as a URL requires.
    pub fn callback_url(&self, path: &str) -> Result<String, Error> {
        Ok(status_callback::url_at(path, &self.config)?)
    }

    /// Returns the paths of the webhooks.
    #[must_use]
    pub fn webhook_paths(&self) -> &WebhookPaths {
        &self.config.paths
    }

    /// Returns the normalizer of typed numbers.
    #[must_use]
    pub fn normalizer(&self) -> Normalizer {
        self.config.normalizer
    }

    /// Returns the client for all requests except texts and calls: reading, lists, configuration,
    /// ending a call.
    ///
    /// It refuses every request that reaches a person, as
    /// [`Delivery::Off`](crate::client::Delivery::Off) does, because it knows neither quiet hours
    /// nor the consent gate. Use [`send`](Self::send) and [`place`](Self::place) for these requests.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Receiver of the messenger's webhooks, which verifies them, admits those of this account and
    /// number, and reports consent events to the [`ConsentGate`](super::ConsentGate).
    ///
    /// [`Receiver::handle`] serves one request in any framework; [`layer`](Self::layer) serves a
    /// router.
    #[must_use]
    pub const fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// Returns the [`receiver`](Self::receiver) as a layer, for axum and other frameworks built on
    /// tower.
    ///
    /// A handler finds the [`Verified`] request and this `Messenger` in the request's extensions.
    ///
    /// ```no_run
    /// # fn example(messenger: &clinspark_twilio::Messenger) {
    /// let layer = messenger.layer();
    /// // axum: Router::new().route("/hooks/message", post(reply)).layer(layer)
    /// # let _ = layer;
    /// # }
    /// ```
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer(&self) -> WebhookLayer {
        WebhookLayer::new(self.receiver_with_messenger())
    }

    /// Receiver that adds this messenger to the extensions of each request.
    #[cfg(feature = "tower")]
    pub(super) fn receiver_with_messenger(&self) -> Receiver {
        let messenger = self.clone();
        self.receiver.clone().extend(move |extensions| {
            extensions.insert(messenger.clone());
        })
    }

    /// Texts a person at a typed number: `messenger.text(typed, body).await`.
    ///
    /// The same as [`send`](Self::send) with the configured sender. The recipient is parsed by
    /// [`MessengerBuilder::normalizer`](super::MessengerBuilder::normalizer).
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::{Error, MessageId, Messenger, TimeZone};
    /// # async fn example(messenger: &Messenger, id: MessageId) -> Result<(), Error> {
    /// let sent = messenger
    ///     .text("0491 570 156", "Your visit is tomorrow at 9:00.")
    ///     .id(id)
    ///     .time_zone(TimeZone::parse("Australia/Sydney").ok())
    ///     .await?;
    /// # let _ = sent;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`send`](Self::send), and `Number` if the typed number is invalid or
    /// ambiguous.
    pub fn text(&self, typed: &str, content: impl Into<Content>) -> OutgoingText<'_> {
        OutgoingText::typed(&self.config, typed, content.into())
    }

    /// Texts a person at a typed number, with the text of a template.
    ///
    /// The same as [`text`](Self::text), and every gate checks it in the same way.
    /// [`Template::render`](crate::template::Template::render) previews the text.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::{Error, Messenger};
    /// # use clinspark_twilio::template::{MergeData, Template};
    /// # async fn example(messenger: &Messenger, reminder: &Template) -> Result<(), Error> {
    /// let data = MergeData::new().value("first_name", "Ann").fact("appointment");
    /// messenger.text_template("0491 570 156", reminder, &data).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`text`](Self::text), and `Template` if a value is missing or not accepted,
    /// or the recipient does not have what the template requires. Nothing is sent then.
    #[cfg(feature = "templates")]
    pub fn text_template(
        &self,
        typed: &str,
        template: &crate::template::Template,
        data: &crate::template::MergeData,
    ) -> OutgoingText<'_> {
        OutgoingText::templated(&self.config, typed, template, data)
    }

    /// Schedules a text to a person: more than 5 minutes and at most 35 days ahead. The sender must
    /// be a Messaging Service, or the number within one.
    ///
    /// Quiet hours are checked at the scheduled time, but consent is checked now. If a person
    /// withdraws consent, cancel their scheduled texts with [`cancel`](Self::cancel).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`text`](Self::text), and `Configuration` if the sender has no
    /// Messaging Service.
    pub fn text_at(
        &self,
        typed: &str,
        content: impl Into<Content>,
        at: SystemTime,
    ) -> OutgoingText<'_> {
        OutgoingText::typed(&self.config, typed, content.into()).at(at)
    }

    /// Sends a message with any of its options, if it passes every gate.
    ///
    /// Twilio reports the status to the request's own `status_callback` on the origin, otherwise to
    /// the configured message status path. The URL gets the ID of [`OutgoingText::id`] in its
    /// query; see [`MessageId::from_callback`](super::MessageId::from_callback).
    ///
    /// The configured retention applies if the request sets none. A validity period ends at the
    /// next quiet hours at the latest, so that a delayed message does not arrive in them. For a
    /// scheduled message, quiet hours are checked at the scheduled time.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::{Error, MessageId, Messenger};
    /// # use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::client::messages::{Media, SendMessage};
    ///
    /// # async fn example(messenger: &Messenger, to: E164, id: MessageId) -> Result<(), Error> {
    /// let map = Media::new("https://clinic.example/way-in.png").body("Please use the side door.");
    /// let sender = messenger.sender().clone();
    /// messenger.send(SendMessage::new(to, sender, map)).id(id).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error`](super::Error). With these kinds, nothing was sent:
    ///
    /// - `Disabled`: the messenger is disabled.
    /// - `Recipient`: the recipient has no telephone number, so consent and kind cannot be checked.
    /// - `Number`, `NumberKind`: the number is in no numbering plan, or of a kind that may not be
    ///   texted.
    /// - `Request`: another sender, or a status callback outside the messenger's status path.
    /// - `MergeTag`: a `{{...}}` of a template that was not filled, in the body or in a variable.
    /// - `Configuration`: a scheduled message without a Messaging Service.
    /// - `QuietHours`, `Consent`: refused by the quiet hours or by the consent gate.
    ///
    /// With `Client`, [`Error::outcome`](super::Error::outcome) tells whether the message may have
    /// been sent. With `ConsentGate`, the gate failed before the message was sent. Or it failed to
    /// record an opt-out, because of which Twilio rejected the message.
    pub fn send(&self, message: SendMessage) -> OutgoingText<'_> {
        OutgoingText::new(&self.config, Ok(message))
    }

    /// Calls a person at a typed number, and runs a `TwiML` document.
    ///
    /// The same as [`place`](Self::place) with the configured number as the caller. The recipient
    /// is parsed by [`MessengerBuilder::normalizer`](super::MessengerBuilder::normalizer).
    ///
    /// Use absolute URLs in the document, such as `messenger.origin().url("/confirm")`. A document
    /// that is sent along with the call has no URL to which others could be relative.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`place`](Self::place). Returns `Number` if the typed number is invalid
    /// or ambiguous, and `Configuration` if the messenger has no number to call from.
    pub fn call(&self, typed: &str, twiml: &VoiceResponse) -> OutgoingCall<'_> {
        OutgoingCall::typed(&self.config, typed, twiml)
    }

    /// Places a call with any of its options, if it passes every gate.
    ///
    /// Twilio reports the status to the `status_callback` of the instructions on the origin,
    /// otherwise to the configured call status path. The URL gets the ID of [`OutgoingCall::id`] in
    /// its query. All events are reported unless the instructions name some. With a `TwiML` App as
    /// the instructions, Twilio reports to the app's own URL, without the ID.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`send`](Self::send). `Request` also means a further callback outside
    /// the messenger's origin. `Recipient` also means a Voice SDK user or a SIP
    /// address. `NumberKind` depends on
    /// [`call_kinds`](super::MessengerBuilder::call_kinds). `Request` also means another caller than
    /// the configured number. [`Error::outcome`](super::Error::outcome) tells whether a call may
    /// have been placed.
    pub fn place(&self, call: PlaceCall) -> OutgoingCall<'_> {
        OutgoingCall::new(&self.config, Ok(call))
    }

    /// Verifies a webhook: signature, method, account, path and number. Reports an opt-out, opt-in
    /// or HELP in it to the [`ConsentGate`](super::ConsentGate).
    ///
    /// Pass the request as it arrived, with unchanged path, query and raw body. The configured path
    /// determines the kind of the webhook ([`Verified::path_kind`]). Content of another kind
    /// is refused.
    ///
    /// | Path of the request, or a parent of it | Admitted | Reported to the consent gate |
    /// |---|---|---|
    /// | message | a message from a person | STOP, START, HELP, and texts that may mean STOP |
    /// | message status | a status callback of a message | an opt-out (21610) |
    /// | voice, call status | any webhook about a call | nothing |
    /// | any other, such as the action URL of a `<Gather>` | any webhook about a call | nothing |
    ///
    /// If no message path or message status path is configured, its webhooks are admitted at any
    /// other path, but only without a `CallSid`. A caller of the Voice SDK can add every other
    /// parameter, but cannot remove this one.
    ///
    /// Configure all four paths. Each is different from the others
    /// ([`build`](super::MessengerBuilder::build) refuses anything else). An attacker who has read a log of
    /// signed requests can move the `CallSid` of a call into another parameter. At a path that is
    /// not configured for calls, such a request looks like a message.
    ///
    /// A JSON body names neither account nor number. In that case only the signature, which covers
    /// its hash and a URL of this origin, proves the account.
    ///
    /// # Errors
    ///
    /// Returns [`Refusal`]. Answer with [`Refusal::into_response`], which contains only the status.
    /// It is 413 if the body is too large, 503 if the gate failed to record the event, otherwise 403.
    /// [`RefusalKind::Consent`](crate::webhook::RefusalKind::Consent) describes Twilio's retries.
    pub async fn receive<B: AsRef<[u8]> + Send>(
        &self,
        request: http::Request<B>,
    ) -> Result<Verified<B>, Refusal> {
        self.receiver.receive(request).await
    }

    /// Makes all checks of [`receive`](Self::receive) except the signature, and reports to the
    /// consent gate.
    ///
    /// The request must have been verified by the validator of [`receiver`](Self::receiver), or by one
    /// with the same origin and tokens.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`receive`](Self::receive).
    pub async fn admit<B: AsRef<[u8]> + Send>(
        &self,
        verified: Verified<B>,
    ) -> Result<Verified<B>, Refusal> {
        self.receiver.admit(verified).await
    }
}
