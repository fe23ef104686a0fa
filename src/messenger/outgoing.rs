//! Text or call before it is sent.

use std::time::SystemTime;

use super::checks::{SendContext, check_number_kind, limit_validity, with_retention};
use super::config::Config;
use super::consent::ContactChannel;
use super::error::{Cause, Error};
use super::merge_tag::MergeTag;
use super::message_id::MessageId;
use super::quiet_hours::TimeZone;
use super::sender_check::check_sender;
use super::status_callback::{self, StatusCallback};
use crate::client::calls::{Call, InlineTwiml, PlaceCall};
use crate::client::messages::{Content, Message, SendMessage};
use crate::phone::{Callee, E164, PhoneError};
#[cfg(feature = "templates")]
use crate::template::{MergeData, MergeError, Template};
use crate::twiml::VoiceResponse;
use crate::types::BoxFuture;
use crate::webhook::OptOutScope;

/// Text that is sent when it is awaited.
///
/// Created by [`Messenger::text`](super::Messenger::text),
/// [`Messenger::text_at`](super::Messenger::text_at) and
/// [`Messenger::send`](super::Messenger::send).
///
/// ```
/// use clinspark_twilio::Messenger;
/// use clinspark_twilio::messenger::{MessageId, TimeZone};
/// use clinspark_twilio::webhook::WebhookPaths;
/// # use clinspark_twilio::phone::E164;
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
/// #     .webhook_paths(WebhookPaths::new().message_status("/hooks/message-status"))
/// #     .build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
///
/// let sent = messenger
///     .text("+14155550123", "Your visit is tomorrow at 9:00.")
///     .id(MessageId::numbered("visit", 4711)?) // in every status callback
///     .time_zone(TimeZone::parse("America/New_York").ok()) // for the quiet hours
///     .await?;
/// assert_eq!(sent.sid.as_str(), "SM00000000000000000000000000000001");
///
/// // Each status callback will carry the ID.
/// let [request] = &transport.requests()[..] else { panic!("one request") };
/// let url = request.parameter("StatusCallback").unwrap();
/// assert!(url.starts_with("https://acme.example.com/hooks/message-status?message_id=visit-4711"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct OutgoingText<'m> {
    context: SendContext<'m>,
    request: Result<SendMessage, NoRequest>,
    has_literal_braces: bool,
}

/// Call that is placed when it is awaited.
///
/// Created by [`Messenger::call`](super::Messenger::call) and
/// [`Messenger::place`](super::Messenger::place).
///
/// ```
/// use clinspark_twilio::Messenger;
/// use clinspark_twilio::messenger::MessageId;
/// use clinspark_twilio::twiml::{Say, VoiceResponse};
/// # use clinspark_twilio::phone::E164;
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
/// #     r#"{"sid": "CA00000000000000000000000000000001", "status": "queued"}"#,
/// # ));
/// # let messenger = Messenger::builder(client, number, origin, token, MemoryConsentGate::new())
/// #     .with_transport(transport.clone())
/// #     .build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
///
/// let twiml = VoiceResponse::new().append(Say::new("Your visit is tomorrow at nine."));
/// let id = MessageId::numbered("visit", 4711)?;
/// let call = messenger.call("+14155550123", &twiml).id(id).await?;
/// assert_eq!(call.sid.as_str(), "CA00000000000000000000000000000001");
/// # let [request] = &transport.requests()[..] else { panic!() };
/// # assert_eq!(request.parameter("To").as_deref(), Some("+14155550123"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "no one is called until it is awaited"]
pub struct OutgoingCall<'m> {
    context: SendContext<'m>,
    request: Result<PlaceCall, NoRequest>,
}

/// Reason why typed values make no request.
#[derive(Clone, Debug)]
pub(super) enum NoRequest {
    Number(PhoneError),
    #[cfg(feature = "templates")]
    Merge(MergeError),
    NoSenderNumber,
}

impl From<NoRequest> for Error {
    fn from(reason: NoRequest) -> Self {
        match reason {
            NoRequest::Number(error) => error.into(),
            #[cfg(feature = "templates")]
            NoRequest::Merge(error) => Cause::from(error).into(),
            NoRequest::NoSenderNumber => Cause::NoSenderNumber.into(),
        }
    }
}

macro_rules! common_options {
    ($($name:ident),+) => {$(
        impl $name<'_> {
            /// Sets the service's own ID, which every status callback returns. Default: a random
            /// ID, which [`Error::message_id`] returns after a failure.
            ///
            /// The ID does not prevent a second send: neither Twilio nor this crate compares IDs.
            /// Record it before you send, and after a crash ask
            /// [`Messenger::look_for`](crate::messenger::Messenger::look_for).
            pub fn id(mut self, id: MessageId) -> Self {
                self.context.id = Some(id);
                self
            }

            /// Sets the person's time zone, for [`QuietHours`](crate::messenger::QuietHours).
            /// `None` if the person's record has none; this is also the default.
            pub fn time_zone(mut self, zone: impl Into<Option<TimeZone>>) -> Self {
                self.context.time_zone = zone.into();
                self
            }
        }
    )+};
}

common_options!(OutgoingText, OutgoingCall);

impl<'m> OutgoingText<'m> {
    pub(super) const fn new(config: &'m Config, request: Result<SendMessage, NoRequest>) -> Self {
        Self {
            context: SendContext::new(config),
            request,
            has_literal_braces: false,
        }
    }

    pub(super) fn typed(config: &'m Config, typed: &str, content: Content) -> Self {
        let sender = config.sender.clone();
        let request = normalize(config, typed).map(|to| SendMessage::new(to, sender, content));
        Self::new(config, request)
    }

    /// Creates a text from a template. The number is read first, so that its fault is told first.
    #[cfg(feature = "templates")]
    pub(super) fn templated(
        config: &'m Config,
        typed: &str,
        template: &Template,
        data: &MergeData,
    ) -> Self {
        let sender = config.sender.clone();
        let request = normalize(config, typed).and_then(|to| {
            let text = template.render(data).map_err(NoRequest::Merge)?;
            Ok(SendMessage::new(to, sender, text.into_body()))
        });
        Self::new(config, request)
    }

    /// Sets any further option of the message, before the gates check it.
    ///
    /// The gates check the message that the closure returns, so no option bypasses them.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # use clinspark_twilio::messenger::{Error, Messenger};
    ///
    /// # async fn example(messenger: &Messenger) -> Result<(), Error> {
    /// // A code that is of no use after ten minutes.
    /// let code = messenger
    ///     .text("0491 570 156", "Your code is 4711.")
    ///     .with(|message| message.validity_period(Duration::from_secs(600)));
    /// code.await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with(mut self, set: impl FnOnce(SendMessage) -> SendMessage) -> Self {
        self.request = self.request.map(set);
        self
    }

    /// Permits `{{` and `}}` in the message, for a text whose braces the person shall read. Default:
    /// a message with `{{...}}` is refused, because it is a template that was not filled.
    ///
    /// ```no_run
    /// # use clinspark_twilio::messenger::{Error, ErrorKind, Messenger};
    /// # async fn example(messenger: &Messenger) -> Result<(), Error> {
    /// let unfilled = messenger.text("0491 570 156", "Hello {{name}}, see you at 9:00.");
    /// let error = unfilled.await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::MergeTag);
    /// messenger.text("0491 570 156", "Type {{help}} in the app.").literal_braces().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub const fn literal_braces(mut self) -> Self {
        self.has_literal_braces = true;
        self
    }

    /// Returns the telephone number of the recipient, as it was parsed. `None` if the typed number
    /// was refused, or if the recipient has no telephone number.
    #[must_use]
    pub fn to(&self) -> Option<E164> {
        self.request.as_ref().ok()?.recipient().phone()
    }

    pub(super) fn at(mut self, time: SystemTime) -> Self {
        self.request = self.request.map(|request| request.send_at(time));
        self
    }

    /// Returns the message with the options that decide how Twilio lists it.
    pub(super) fn listed_request(&self) -> Result<SendMessage, Error> {
        let request = self.request.clone()?;
        Ok(with_retention(request, self.context.config))
    }

    /// Passes every gate. Nothing is sent yet.
    pub(crate) async fn pass_gates(self, id: &MessageId) -> Result<CheckedText<'m>, Error> {
        self.pass_gates_at(id, None).await
    }

    /// Passes every gate as at a later time, for a preview. `None` for now.
    pub(crate) async fn pass_gates_at(
        self,
        id: &MessageId,
        time: Option<SystemTime>,
    ) -> Result<CheckedText<'m>, Error> {
        let Self {
            context,
            request,
            has_literal_braces,
        } = self;
        let config = context.config;
        context.check_enabled()?;
        let request = request?;
        // Before the gates: a person must not receive a template.
        let tag = request.texts().into_iter().find_map(MergeTag::find);
        if let Some(tag) = tag.filter(|_| !has_literal_braces) {
            return Err(Cause::MergeTag(tag).into());
        }
        let to = request
            .recipient()
            .phone()
            .ok_or(Cause::NoRecipientNumber)?;
        check_number_kind(to, config.text_kinds, "text_kinds")?;
        let scope = check_sender(&request, config)?;
        if request.scheduled().is_some() && config.messaging_service_sid().is_none() {
            return Err(Cause::NoMessagingService.into());
        }
        let own = request.option("StatusCallback");
        let callback = StatusCallback::Message.url(own, config, id)?;
        let mut request = with_retention(request, config);
        if let Some(url) = callback {
            request = request.status_callback(url);
        }
        let scheduled = time.or_else(|| request.scheduled());
        let arrival = || scheduled.unwrap_or_else(|| context.now());
        context.check_quiet_hours(arrival())?;
        context
            .ask_consent(to, ContactChannel::Text, arrival(), id)
            .await?;
        // The gate may have taken its time.
        context.check_quiet_hours(arrival())?;
        Ok(CheckedText {
            context,
            request,
            to,
            scope,
        })
    }

    /// Returns the ID of the text, which is random unless it was set.
    pub(super) fn take_or_generate_id(&mut self) -> MessageId {
        self.context.take_or_generate_id()
    }
}

/// Message that has passed every gate.
pub(crate) struct CheckedText<'m> {
    context: SendContext<'m>,
    request: SendMessage,
    to: E164,
    scope: OptOutScope,
}

impl CheckedText<'_> {
    #[cfg(feature = "outbox")]
    pub(crate) const fn to(&self) -> E164 {
        self.to
    }

    /// Returns the body as it will be sent.
    #[cfg(feature = "outbox")]
    pub(crate) fn body(&self) -> &str {
        self.request.texts().into_iter().next().unwrap_or_default()
    }

    /// Sets the time for which Twilio may queue the text.
    #[cfg(feature = "outbox")]
    pub(crate) fn with_validity_period(self, time: std::time::Duration) -> Self {
        Self {
            request: self.request.validity_period(time),
            ..self
        }
    }

    /// Returns `true` if the client texts no one, whoever the recipient is.
    #[cfg(feature = "outbox")]
    pub(crate) fn is_switched_off(&self) -> bool {
        *self.context.config.client.delivery() == crate::client::Delivery::Off
    }

    /// Checks the request as the client does before it sends it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        Ok(self.context.config.client.check(&self.request)?)
    }

    pub(crate) async fn send(self, id: &MessageId) -> Result<Message, Error> {
        let Self {
            context,
            request,
            to,
            scope,
        } = self;
        // Quiet hours count when the text is sent: a cancellation before it may have taken its time.
        let time = request.scheduled().unwrap_or_else(|| context.now());
        let open_until = context.check_quiet_hours(time)?;
        let request = limit_validity(request, time, open_until);
        let client = context.config.client.with_message_id(id.as_str());
        let sent = client.execute(request).await;
        context.report_opt_out(to, scope, sent).await
    }
}

impl<'m> OutgoingCall<'m> {
    pub(super) const fn new(config: &'m Config, request: Result<PlaceCall, NoRequest>) -> Self {
        Self {
            context: SendContext::new(config),
            request,
        }
    }

    pub(super) fn typed(config: &'m Config, typed: &str, twiml: &VoiceResponse) -> Self {
        let request = normalize(config, typed).and_then(|to| {
            let number = config.number();
            let from = number.ok_or(NoRequest::NoSenderNumber)?;
            Ok(PlaceCall::new(to, from, InlineTwiml::new(twiml)))
        });
        Self::new(config, request)
    }

    /// Sets any further option of the call, before the gates check it.
    ///
    /// The gates check the call that the closure returns, so no option bypasses them. Callbacks for
    /// the recording, for the detection of answering machines and for fallback instructions must be
    /// on the messenger's origin; [`Messenger::callback_url`](super::Messenger::callback_url) makes
    /// their URLs.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # use clinspark_twilio::messenger::{Error, Messenger};
    /// # use clinspark_twilio::twiml::VoiceResponse;
    ///
    /// # async fn example(messenger: &Messenger, twiml: &VoiceResponse) -> Result<(), Error> {
    /// let recorded = messenger.callback_url("/hooks/recording")?;
    /// let call = messenger.call("0491 570 156", twiml).with(|call| {
    ///     call.timeout(Duration::from_secs(25)).record(true).recording_status_callback(recorded)
    /// });
    /// call.await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with(mut self, set: impl FnOnce(PlaceCall) -> PlaceCall) -> Self {
        self.request = self.request.map(set);
        self
    }

    /// Returns the telephone number of the callee, as it was parsed. `None` if the typed number was
    /// refused, or if the callee has no telephone number.
    #[must_use]
    pub fn to(&self) -> Option<E164> {
        match self.request.as_ref().ok()?.callee() {
            Callee::Phone(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the call, which Twilio lists by its recipient and caller.
    pub(super) fn listed_request(&self) -> Result<PlaceCall, Error> {
        Ok(self.request.clone()?)
    }

    async fn place(self, id: &MessageId) -> Result<Call, Error> {
        let Self { context, request } = self;
        let config = context.config;
        context.check_enabled()?;
        let mut request = request?;
        let Callee::Phone(to) = *request.callee() else {
            return Err(Cause::NoRecipientNumber.into());
        };
        check_number_kind(to, config.call_kinds, "call_kinds")?;
        if config.number() != Some(request.caller()) {
            return Err(Cause::Request(
                "the caller is not the messenger's number; use Messenger::number",
            )
            .into());
        }
        status_callback::check_further(&request, config)?;
        let own = request.instructions().callback();
        if let Some(url) = StatusCallback::Call.url(own, config, id)? {
            request = request.with_status_callback(url);
        }
        context.check_quiet_hours(context.now())?;
        context
            .ask_consent(to, ContactChannel::Call, context.now(), id)
            .await?;
        // The gate may have taken its time: quiet hours count when the call is placed.
        context.check_quiet_hours(context.now())?;
        let client = config.client.with_message_id(id.as_str());
        let placed = client.execute(request).await;
        context
            .report_opt_out(to, OptOutScope::Sender, placed)
            .await
    }
}

/// Parses a typed number.
fn normalize(config: &Config, typed: &str) -> Result<E164, NoRequest> {
    let number = config.normalizer.normalize(typed);
    number
        .map(|number| number.e164())
        .map_err(NoRequest::Number)
}

impl<'m> IntoFuture for OutgoingText<'m> {
    type Output = Result<Message, Error>;
    type IntoFuture = BoxFuture<'m, Result<Message, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.context.take_or_generate_id();
            let sent = match self.pass_gates(&id).await {
                Ok(text) => text.send(&id).await,
                Err(error) => Err(error),
            };
            sent.map_err(|error| error.with_message_id(id))
        })
    }
}

impl<'m> IntoFuture for OutgoingCall<'m> {
    type Output = Result<Call, Error>;
    type IntoFuture = BoxFuture<'m, Result<Call, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.context.take_or_generate_id();
            self.place(&id)
                .await
                .map_err(|error| error.with_message_id(id))
        })
    }
}
