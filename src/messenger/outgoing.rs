//! One text, one call: every gate that it passes before it leaves.

use std::time::{Duration, SystemTime};

use super::config::Config;
use super::consent::{Consent, ConsentEvent, ConsentSignal, Contact, ContactChannel};
use super::error::{Cause, Error};
use super::message_id::MessageId;
use super::quiet_hours::{QuietStatus, TimeZone};
use super::request_checks::{Report, check_sender};
use crate::client::calls::{Call, InlineTwiml, PlaceCall};
use crate::client::codes::ErrorClass;
use crate::client::messages::{Content, Message, SendMessage};
use crate::phone::{Address, Callee, E164, NumberKinds, PhoneNumber};
use crate::twiml::VoiceResponse;
use crate::types::BoxFuture;
use crate::webhook::OptOutScope;

/// As long as Twilio may hold a message.
const LONGEST_VALIDITY: Duration = Duration::from_secs(36_000);

/// A text before it leaves: await it. Made by [`Messenger::text`](super::Messenger::text), [`Messenger::text_at`](super::Messenger::text_at) and
/// [`Messenger::send`](super::Messenger::send).
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct OutgoingText<'m> {
    out: Outgoing<'m>,
    /// The request, or why the typed number made none.
    request: Result<SendMessage, Error>,
}

/// A call before it is placed: await it. Made by [`Messenger::call`](super::Messenger::call) and [`Messenger::place`](super::Messenger::place).
#[derive(Debug)]
#[must_use = "no one is called until it is awaited"]
pub struct OutgoingCall<'m> {
    out: Outgoing<'m>,
    request: Result<PlaceCall, Error>,
}

#[derive(Debug)]
struct Outgoing<'m> {
    config: &'m Config,
    id: Option<MessageId>,
    time_zone: Option<TimeZone>,
}

macro_rules! common_options {
    ($($name:ident),+) => {$(
        impl $name<'_> {
            /// Sets the service's own id, which every status callback brings back. Default: a
            /// random one, which [`Error::message_id`] tells.
            pub fn id(mut self, id: MessageId) -> Self {
                self.out.id = Some(id);
                self
            }

            /// Sets the person's time zone, for [`QuietHours`](crate::messenger::QuietHours);
            /// `None` where the record holds none.
            pub fn time_zone(mut self, zone: impl Into<Option<TimeZone>>) -> Self {
                self.out.time_zone = zone.into();
                self
            }
        }
    )+};
}

common_options!(OutgoingText, OutgoingCall);

impl<'m> OutgoingText<'m> {
    pub(super) const fn new(config: &'m Config, request: Result<SendMessage, Error>) -> Self {
        Self {
            out: Outgoing::new(config),
            request,
        }
    }

    pub(super) fn typed(config: &'m Config, typed: &str, content: Content) -> Self {
        let sender = config.sender.clone();
        let request = read(config, typed).map(|to| SendMessage::new(to, sender, content));
        Self::new(config, request)
    }

    pub(super) fn at(mut self, time: SystemTime) -> Self {
        self.request = self.request.map(|request| request.send_at(time));
        self
    }

    async fn send(self, id: &MessageId) -> Result<Message, Error> {
        let Self { out, request } = self;
        let config = out.config;
        out.check_enabled()?;
        let request = request?;
        let to = request.recipient().phone().ok_or(Cause::NoNumber)?;
        check_kind(to, config.text_kinds, "text_kinds")?;
        let scope = check_sender(&request, config)?;
        if request.scheduled().is_some() && config.messaging_service_sid().is_none() {
            return Err(Cause::NoMessagingService.into());
        }
        let report = Report::Message;
        let callback = report.callback(request.option("StatusCallback"), config, id)?;
        let time = request.scheduled().unwrap_or_else(|| out.now());
        let open_until = out.check_quiet_hours(time)?;
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
        out.ask_consent(to, ContactChannel::Text, time, id).await?;
        let sent = out.config.client.execute(request).await;
        out.report_opt_out(to, scope, sent).await
    }
}

impl<'m> OutgoingCall<'m> {
    pub(super) const fn new(config: &'m Config, request: Result<PlaceCall, Error>) -> Self {
        Self {
            out: Outgoing::new(config),
            request,
        }
    }

    pub(super) fn typed(config: &'m Config, typed: &str, says: &VoiceResponse) -> Self {
        let request = read(config, typed).and_then(|to| {
            let number = config.number();
            let from = number.ok_or_else(|| Cause::NoSenderNumber)?;
            Ok(PlaceCall::new(to, from, InlineTwiml::new(says)))
        });
        Self::new(config, request)
    }

    async fn place(self, id: &MessageId) -> Result<Call, Error> {
        let Self { out, request } = self;
        let config = out.config;
        out.check_enabled()?;
        let mut request = request?;
        let Callee::Phone(to) = *request.callee() else {
            return Err(Cause::NoNumber.into());
        };
        check_kind(to, config.call_kinds, "call_kinds")?;
        if config.number() != Some(request.caller()) {
            return Err(Cause::Request("the caller is not the messenger's number").into());
        }
        let own = request.instructions().callback();
        if let Some(url) = Report::Call.callback(own, config, id)? {
            request = request.with_status_callback(url);
        }
        let time = out.now();
        out.check_quiet_hours(time)?;
        out.ask_consent(to, ContactChannel::Call, time, id).await?;
        let placed = out.config.client.execute(request).await;
        out.report_opt_out(to, OptOutScope::Sender, placed).await
    }
}

/// Reads a number as it was typed.
fn read(config: &Config, typed: &str) -> Result<E164, Error> {
    Ok(config.normalizer.normalize(typed)?.e164())
}

/// Refuses a number of another kind than these, which are set by `setting`.
fn check_kind(to: E164, kinds: NumberKinds, setting: &'static str) -> Result<(), Error> {
    let kind = PhoneNumber::try_from(to)?.kind();
    if kinds.contains(kind) {
        Ok(())
    } else {
        Err(Cause::Kind(kind, setting).into())
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
        .map_or(LONGEST_VALIDITY, Duration::from_secs);
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
            let id = self.out.take_id();
            self.send(&id).await.map_err(|error| error.about(id))
        })
    }
}

impl<'m> IntoFuture for OutgoingCall<'m> {
    type Output = Result<Call, Error>;
    type IntoFuture = BoxFuture<'m, Result<Call, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.out.take_id();
            self.place(&id).await.map_err(|error| error.about(id))
        })
    }
}

impl<'m> Outgoing<'m> {
    const fn new(config: &'m Config) -> Self {
        Self {
            config,
            id: None,
            time_zone: None,
        }
    }

    fn take_id(&mut self) -> MessageId {
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

    /// Judges the hour at which it arrives. Returns when the next quiet hours begin, if any do.
    fn check_quiet_hours(&self, time: SystemTime) -> Result<Option<SystemTime>, Error> {
        let Some(quiet) = &self.config.quiet_hours else {
            return Ok(None);
        };
        match quiet.status_at(time, self.time_zone.as_ref()) {
            QuietStatus::Open { until } => Ok(until),
            QuietStatus::Quiet { until } => Err(Cause::Quiet(until).into()),
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
            .ask(&Contact {
                to,
                channel,
                at,
                id,
            })
            .await
        {
            Ok(Consent::Given) => Ok(()),
            Ok(Consent::Withheld) => Err(Cause::Withheld.into()),
            Err(error) => Err(Cause::Gate(error).into()),
        }
    }

    /// Tells the gate when Twilio says that the person has opted out.
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
                signal: ConsentSignal::Refused,
                scope,
                message_sid: None,
            };
            if let Err(unrecorded) = gate.0.on_event(&event).await {
                return Err(Cause::Unrecorded(error, unrecorded).into());
            }
        }
        Err(error.into())
    }
}
