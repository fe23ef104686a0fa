//! The messenger: sends texts, places calls and receives webhooks.

use std::sync::Arc;
use std::time::SystemTime;

use super::admission;
use super::config::{Config, SharedConsentGate};
use super::outgoing::{OutgoingCall, OutgoingText};
use super::refusal::Refusal;
use super::webhook_paths::{PathKind, WebhookPaths};
use crate::client::Client;
use crate::client::calls::PlaceCall;
use crate::client::messages::{Content, SendMessage, Sender};
use crate::phone::{E164, Normalizer};
use crate::twiml::VoiceResponse;
use crate::webhook::{PublicOrigin, Validator, Verified};

/// Texts and calls people through every gate, and receives their answers.
///
/// Cheap to clone: clones share one client. Every text and every call passes these gates, in this
/// order, before anything leaves:
///
/// 1. [`MessengerBuilder::enabled`](super::MessengerBuilder::enabled).
/// 2. The recipient has a telephone number, of a kind that is contacted: see
///    [`MessengerBuilder::text_kinds`](super::MessengerBuilder::text_kinds) and [`MessengerBuilder::call_kinds`](super::MessengerBuilder::call_kinds).
/// 3. The sender is the messenger's number or Messaging Service, and reports on the status come
///    back to its origin, marked with a [`MessageId`](super::MessageId).
/// 4. [`QuietHours`](super::QuietHours), where they are set, at the hour of arrival.
/// 5. [`ConsentGate`](super::ConsentGate), where one is set, asked once.
/// 6. [`Delivery`](crate::client::Delivery).
///
/// The gates judge the recipient. `TwiML` that dials or texts further people after the call is
/// answered is the service's own to judge; [`Delivery`](crate::client::Delivery) alone sees what
/// is sent along with a call.
///
/// ```no_run
/// use clinspark_twilio::Messenger;
/// use clinspark_twilio::client::Outcome;
///
/// # async fn run(messenger: &Messenger) -> Result<(), Box<dyn std::error::Error>> {
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
    config: Arc<Config>,
    /// The configured client without texts and calls, to be handed out.
    client: Client,
    validator: Validator,
}

/// Refusal of a text or a call by [`Messenger::client`].
const DELIVERY_REFUSAL: &str = "this client neither texts nor calls; use Messenger::send or Messenger::place, \
                     which pass every gate";

impl Messenger {
    pub(super) fn assemble(config: Config, validator: Validator) -> Self {
        Self {
            client: config.client.without_delivery(DELIVERY_REFUSAL),
            config: Arc::new(config),
            validator,
        }
    }

    /// Returns a messenger whose requests the audit trail records on this person's behalf.
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
        Self::assemble(config, self.validator.clone())
    }

    /// Sender of texts: the number, the Messaging Service, or the number within the service.
    #[must_use]
    pub fn sender(&self) -> &Sender {
        &self.config.sender
    }

    /// Number that calls; `None` when the sender is a Messaging Service alone.
    #[must_use]
    pub fn number(&self) -> Option<E164> {
        self.config.number()
    }

    /// Public origin at which Twilio reaches the service.
    #[must_use]
    pub fn origin(&self) -> &PublicOrigin {
        &self.config.origin
    }

    /// Paths of the webhooks.
    #[must_use]
    pub fn webhook_paths(&self) -> &WebhookPaths {
        &self.config.paths
    }

    /// Reader of typed numbers.
    #[must_use]
    pub fn normalizer(&self) -> Normalizer {
        self.config.normalizer
    }

    /// Client for everything but texts and calls: reading, lists, configuration, ending a call.
    ///
    /// It refuses whatever reaches a person, as
    /// [`Delivery::Off`](crate::client::Delivery::Off) does, because it knows neither quiet hours
    /// nor the consent gate. [`send`](Self::send) and [`place`](Self::place) take the same
    /// requests through the gates.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Validator of the webhooks' signatures, for a layer around a router. Alone it never
    /// tells the [`ConsentGate`](super::ConsentGate), so a STOP is lost: give each request that it has verified to
    /// [`admit`](Self::admit).
    ///
    /// Nor does it look at the account, the number, or the path that a request came to.
    #[must_use]
    pub const fn validator(&self) -> &Validator {
        &self.validator
    }

    /// Texts a person at a number as it was typed: `messenger.text(typed, body).await`.
    ///
    /// It is [`send`](Self::send) with the recipient read by [`MessengerBuilder::normalizer`](super::MessengerBuilder::normalizer) and the
    /// configured sender.
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
    /// As [`send`](Self::send), and `Number` when the number cannot be read as exactly one.
    pub fn text(&self, typed: &str, content: impl Into<Content>) -> OutgoingText<'_> {
        OutgoingText::typed(&self.config, typed, content.into())
    }

    /// Schedules a text to a person: more than 5 minutes and at most 35 days ahead, by the Messaging
    /// Service that is the sender.
    ///
    /// Quiet hours are checked at that time, and consent now: cancel what is scheduled
    /// for a person who withdraws it
    /// ([`CancelMessage`](crate::client::messages::CancelMessage)).
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text), and `Configuration` when the sender is no Messaging Service.
    pub fn text_at(
        &self,
        typed: &str,
        content: impl Into<Content>,
        at: SystemTime,
    ) -> OutgoingText<'_> {
        OutgoingText::typed(&self.config, typed, content.into()).at(at)
    }

    /// Sends a message with any of its options, through every gate.
    ///
    /// The status is reported to the configured message status path, if there is one, or to
    /// the request's own `status_callback` on the origin. Either gets the id of
    /// [`OutgoingText::id`] in its query: see [`MessageId::from_callback`](super::MessageId::from_callback).
    ///
    /// The configured retention holds where the request names none. A validity period is cut short
    /// at the next quiet hours, so that a delayed message does not arrive in them. A scheduled
    /// message is judged at its own time.
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
    /// [`Error`](super::Error), by [`ErrorKind`](super::ErrorKind), with nothing sent:
    ///
    /// - `Disabled`: the messenger is switched off.
    /// - `Recipient`: the recipient has no telephone number, so consent and kind cannot be judged.
    /// - `Number`, `NumberKind`: the number is in no numbering plan, or of a kind that is not
    ///   texted.
    /// - `Request`: another sender, or a status callback of another place.
    /// - `Configuration`: a scheduled message without a Messaging Service.
    /// - `QuietHours`, `Consent`, `ConsentGate`: where quiet hours and a consent gate are set.
    ///
    /// `Client` for the rest: [`Error::outcome`](super::Error::outcome) says whether anything may have been sent.
    pub fn send(&self, message: SendMessage) -> OutgoingText<'_> {
        OutgoingText::new(&self.config, Ok(message))
    }

    /// Calls a person at a number as it was typed, and runs a `TwiML` document.
    ///
    /// It is [`place`](Self::place) with the recipient read by [`MessengerBuilder::normalizer`](super::MessengerBuilder::normalizer) and the
    /// configured number as the caller. Write whole URLs in the document, such as
    /// `messenger.origin().url("/confirm")`: a document that is sent along has no address of its
    /// own.
    ///
    /// # Errors
    ///
    /// As [`place`](Self::place). `Number` when the number cannot be read as exactly one, and
    /// `Configuration` when the messenger has no number to call from.
    pub fn call(&self, typed: &str, twiml: &VoiceResponse) -> OutgoingCall<'_> {
        OutgoingCall::typed(&self.config, typed, twiml)
    }

    /// Places a call with any of its options, through every gate.
    ///
    /// The status is reported to the configured call status path, if there is one, or to the
    /// instructions' own `status_callback` on the origin. Either gets the id of
    /// [`OutgoingCall::id`] in its query, and every event unless the instructions name some. A `TwiML` App
    /// as the instructions reports to its own URL, without the id.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send): `Recipient` for an SDK user or a SIP address, `NumberKind` by
    /// [`call_kinds`](super::MessengerBuilder::call_kinds), `Request` for another caller than the configured number.
    /// [`Error::outcome`](super::Error::outcome) says whether a call may have been placed.
    pub fn place(&self, call: PlaceCall) -> OutgoingCall<'_> {
        OutgoingCall::new(&self.config, Ok(call))
    }

    /// Verifies a webhook: signature, method, account, path and number. Tells the
    /// [`ConsentGate`](super::ConsentGate) what it says of consent.
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
    /// covers its hash and a URL of this origin, vouches for the account.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. Answer with [`Refusal::into_response`], which holds the status alone: 403, or
    /// 503 when the gate failed to record a STOP. See
    /// [`RefusalKind::ConsentGate`](super::RefusalKind::ConsentGate) for when Twilio then retries.
    pub async fn receive<B: AsRef<[u8]> + Send>(
        &self,
        request: http::Request<B>,
    ) -> Result<Verified<B>, Refusal> {
        self.admit(self.validator.verify(request)?).await
    }

    /// Does the rest of [`receive`](Self::receive) for a request whose signature was verified
    /// before, such as by [`VerifyLayer`] around a router.
    ///
    /// It has to be verified by [`validator`](Self::validator), or another one for the same origin and tokens.
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
        let content = admission::admit(&self.config, &verified)?;
        if let Some(SharedConsentGate(gate)) = &self.config.consent_gate
            && let Some(event) = content.consent_event(&self.config.opt_out_keywords)
        {
            gate.on_event(&event)
                .await
                .map_err(Refusal::consent_gate_failed)?;
        }
        Ok(verified)
    }

    /// Returns the kind of the deepest configured path that a webhook came to or below. `None`
    /// below no configured path, and where one path is configured for several kinds.
    #[must_use]
    pub fn path_kind<B>(&self, verified: &Verified<B>) -> Option<PathKind> {
        admission::path_kind(&self.config, verified)
    }
}
