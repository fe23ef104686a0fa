//! A text or a call before it is sent, and the gates that it passes in order.

use std::time::{Duration, SystemTime};

use super::config::Config;
use super::consent::{Consent, ConsentEvent, ConsentSignal, ContactAttempt, ContactChannel};
use super::error::{Cause, Error};
use super::message_id::MessageId;
use super::quiet_hours::{QuietStatus, TimeZone};
use super::sender_check::check_sender;
use super::status_callback::StatusCallback;
use crate::client::calls::{Call, InlineTwiml, PlaceCall};
use crate::client::codes::ErrorClass;
use crate::client::messages::{Content, Message, SendMessage};
use crate::phone::{Address, Callee, E164, NumberKinds, PhoneNumber};
use crate::twiml::VoiceResponse;
use crate::types::BoxFuture;
use crate::webhook::OptOutScope;

/// Longest validity period that Twilio accepts.
const MAX_VALIDITY_PERIOD: Duration = Duration::from_secs(36_000);

/// A text that is sent when it is awaited. Made by [`Messenger::text`](super::Messenger::text), [`Messenger::text_at`](super::Messenger::text_at) and
/// [`Messenger::send`](super::Messenger::send).
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct OutgoingText<'m> {
    context: SendContext<'m>,
    /// Request, or the reason why the typed number made none.
    request: Result<SendMessage, Error>,
}

/// A call that is placed when it is awaited. Made by [`Messenger::call`](super::Messenger::call) and [`Messenger::place`](super::Messenger::place).
#[derive(Debug)]
#[must_use = "no one is called until it is awaited"]
pub struct OutgoingCall<'m> {
    context: SendContext<'m>,
    request: Result<PlaceCall, Error>,
}

/// Options and gates that texts and calls share.
#[derive(Debug)]
struct SendContext<'m> {
    config: &'m Config,
    id: Option<MessageId>,
    time_zone: Option<TimeZone>,
}

macro_rules! common_options {
    ($($name:ident),+) => {$(
        impl $name<'_> {
            /// Sets the service's own id, which every status callback brings back. Default: a
            /// random one, which [`Error::message_id`] returns.
            pub fn id(mut self, id: MessageId) -> Self {
                self.context.id = Some(id);
                self
            }

            /// Sets the person's time zone, for [`QuietHours`](crate::messenger::QuietHours);
            /// `None` where the record holds none.
            pub fn time_zone(mut self, zone: impl Into<Option<TimeZone>>) -> Self {
                self.context.time_zone = zone.into();
                self
            }
        }
    )+};
}

common_options!(OutgoingText, OutgoingCall);

impl<'m> OutgoingText<'m> {
    pub(super) const fn new(config: &'m Config, request: Result<SendMessage, Error>) -> Self {
        Self {
            context: SendContext::new(config),
            request,
        }
    }

    pub(super) fn typed(config: &'m Config, typed: &str, content: Content) -> Self {
        let sender = config.sender.clone();
        let request = normalize(config, typed).map(|to| SendMessage::new(to, sender, content));
        Self::new(config, request)
    }

    pub(super) fn at(mut self, time: SystemTime) -> Self {
        self.request = self.request.map(|request| request.send_at(time));
        self
    }

    async fn send(self, id: &MessageId) -> Result<Message, Error> {
        let Self { context, request } = self;
        let config = context.config;
        context.check_enabled()?;
        let request = request?;
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
        let time = request.scheduled().unwrap_or_else(|| context.now());
        let open_until = context.check_quiet_hours(time)?;
        let mut request = limit_validity(request, time, open_until);
        if let Some(url) = callback {
            request = request.status_callback(url);
        }
        if let (None, Some(retention)) = (
            request.option("ContentRetention"),
            &config.content_retention,
        ) {
            request = request.content_retention(retention.clone());
        }
        if let (None, Some(retention)) = (
            request.option("AddressRetention"),
            &config.address_retention,
        ) {
            request = request.address_retention(retention.clone());
        }
        context
            .ask_consent(to, ContactChannel::Text, time, id)
            .await?;
        let sent = context.config.client.execute(request).await;
        context.report_opt_out(to, scope, sent).await
    }
}

impl<'m> OutgoingCall<'m> {
    pub(super) const fn new(config: &'m Config, request: Result<PlaceCall, Error>) -> Self {
        Self {
            context: SendContext::new(config),
            request,
        }
    }

    pub(super) fn typed(config: &'m Config, typed: &str, twiml: &VoiceResponse) -> Self {
        let request = normalize(config, typed).and_then(|to| {
            let number = config.number();
            let from = number.ok_or_else(|| Cause::NoSenderNumber)?;
            Ok(PlaceCall::new(to, from, InlineTwiml::new(twiml)))
        });
        Self::new(config, request)
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
            return Err(Cause::Request("the caller is not the messenger's number").into());
        }
        let own = request.instructions().callback();
        if let Some(url) = StatusCallback::Call.url(own, config, id)? {
            request = request.with_status_callback(url);
        }
        let time = context.now();
        context.check_quiet_hours(time)?;
        context
            .ask_consent(to, ContactChannel::Call, time, id)
            .await?;
        let placed = context.config.client.execute(request).await;
        context
            .report_opt_out(to, OptOutScope::Sender, placed)
            .await
    }
}

/// Reads a typed number.
fn normalize(config: &Config, typed: &str) -> Result<E164, Error> {
    Ok(config.normalizer.normalize(typed)?.e164())
}

/// Refuses a number of another kind than these. `setting` is the builder method that sets them.
fn check_number_kind(to: E164, kinds: NumberKinds, setting: &'static str) -> Result<(), Error> {
    let kind = PhoneNumber::try_from(to)?.kind();
    if kinds.contains(kind) {
        Ok(())
    } else {
        Err(Cause::NumberKind(kind, setting).into())
    }
}

/// Limits how long Twilio may hold a message back, so that it does not arrive in quiet hours.
fn limit_validity(
    request: SendMessage,
    time: SystemTime,
    open_until: Option<SystemTime>,
) -> SendMessage {
    let own = request
        .option("ValidityPeriod")
        .and_then(|seconds| seconds.parse().ok())
        .map_or(MAX_VALIDITY_PERIOD, Duration::from_secs);
    match open_until.and_then(|until| until.duration_since(time).ok()) {
        Some(left) if left < own => {
            request.validity_period(Duration::from_secs(left.as_secs().max(1)))
        }
        _ => request,
    }
}

impl<'m> IntoFuture for OutgoingText<'m> {
    type Output = Result<Message, Error>;
    type IntoFuture = BoxFuture<'m, Result<Message, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.context.take_or_generate_id();
            self.send(&id)
                .await
                .map_err(|error| error.with_message_id(id))
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

impl<'m> SendContext<'m> {
    const fn new(config: &'m Config) -> Self {
        Self {
            config,
            id: None,
            time_zone: None,
        }
    }

    fn take_or_generate_id(&mut self) -> MessageId {
        let random = || MessageId::random(self.config.client.clock());
        self.id.take().unwrap_or_else(random)
    }

    fn now(&self) -> SystemTime {
        self.config.client.clock().now()
    }

    fn check_enabled(&self) -> Result<(), Error> {
        if self.config.enabled {
            Ok(())
        } else {
            Err(Cause::Disabled.into())
        }
    }

    /// Refuses a time of arrival in quiet hours. Returns when the next quiet hours begin, if any do.
    fn check_quiet_hours(&self, time: SystemTime) -> Result<Option<SystemTime>, Error> {
        let Some(quiet) = &self.config.quiet_hours else {
            return Ok(None);
        };
        match quiet.status_at(time, self.time_zone.as_ref()) {
            QuietStatus::Open { until } => Ok(until),
            QuietStatus::Quiet { until } => Err(Cause::QuietHours(until).into()),
            QuietStatus::Unknown => Err(Cause::UnknownTimeZone.into()),
        }
    }

    async fn ask_consent(
        &self,
        to: E164,
        channel: ContactChannel,
        at: SystemTime,
        id: &MessageId,
    ) -> Result<(), Error> {
        let Some(gate) = &self.config.consent_gate else {
            return Ok(());
        };
        let id = id.clone();
        match gate
            .0
            .check(&ContactAttempt {
                to,
                channel,
                at,
                id,
            })
            .await
        {
            Ok(Consent::Given) => Ok(()),
            Ok(Consent::Withheld) => Err(Cause::ConsentWithheld.into()),
            Err(error) => Err(Cause::ConsentGate(error).into()),
        }
    }

    /// Reports an opt-out to the consent gate when Twilio rejected the request because of one.
    async fn report_opt_out<T>(
        &self,
        person: E164,
        scope: OptOutScope,
        sent: Result<T, crate::client::Error>,
    ) -> Result<T, Error> {
        let error = match sent {
            Ok(sent) => return Ok(sent),
            Err(error) => error,
        };
        let opted_out = error
            .code()
            .is_some_and(|code| code.class() == ErrorClass::OptedOut);
        if let (true, Some(gate)) = (opted_out, &self.config.consent_gate) {
            let event = ConsentEvent {
                person: Address::from(person),
                signal: ConsentSignal::OptedOut,
                scope,
                message_sid: None,
            };
            if let Err(unrecorded) = gate.0.on_event(&event).await {
                return Err(Cause::OptOutNotRecorded(error, unrecorded).into());
            }
        }
        Err(error.into())
    }
}
