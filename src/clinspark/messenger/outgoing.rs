//! One text, one call: every gate that it passes before it leaves.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use super::report::{Report, sent_by};
use crate::client::calls::{Call, InlineTwiml, PlaceCall};
use crate::client::codes::ErrorClass;
use crate::client::messages::{Content, Message, SendMessage};
use crate::clinspark::consent::{Consent, ConsentNews, Contact, Heard, Way};
use crate::clinspark::error::{Cause, Error};
use crate::clinspark::quiet::{Hours, Zone};
use crate::clinspark::settings::Setting;
use crate::clinspark::{MessageId, Messenger};
use crate::phone::{Address, Callee, E164, PhoneError, PhoneNumber};
use crate::twiml::VoiceResponse;
use crate::webhook::OptOutScope;

/// As long as Twilio may hold a message.
const LONGEST_VALIDITY: Duration = Duration::from_secs(36_000);

type Sending<'m, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'm>>;

/// A text before it leaves: await it. Made by [`Messenger::text`], [`Messenger::text_at`] and
/// [`Messenger::send`].
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Text<'m> {
    out: Outgoing<'m>,
    /// The request, or why the typed number made none.
    request: Result<SendMessage, Error>,
}

/// A call before it is placed: await it. Made by [`Messenger::call`] and [`Messenger::place`].
#[derive(Debug)]
#[must_use = "no one is called until it is awaited"]
pub struct Ring<'m> {
    out: Outgoing<'m>,
    request: Result<PlaceCall, Error>,
}

#[derive(Debug)]
struct Outgoing<'m> {
    messenger: &'m Messenger,
    id: Option<MessageId>,
    zone: Option<Zone>,
}

macro_rules! choices {
    ($($name:ident),+) => {$(
        impl $name<'_> {
            /// Sets the service's own id, which every status callback brings back. Default: a
            /// random one, which [`Error::message_id`] tells.
            pub fn id(mut self, id: MessageId) -> Self {
                self.out.id = Some(id);
                self
            }

            /// Sets the person's time zone, for [`QuietHours`](crate::clinspark::QuietHours);
            /// `None` where the record holds none.
            pub fn zone(mut self, zone: impl Into<Option<Zone>>) -> Self {
                self.out.zone = zone.into();
                self
            }
        }
    )+};
}

choices!(Text, Ring);

impl<'m> Text<'m> {
    pub(super) const fn new(messenger: &'m Messenger, request: Result<SendMessage, Error>) -> Self {
        Self {
            out: Outgoing::new(messenger),
            request,
        }
    }

    pub(super) fn typed(messenger: &'m Messenger, typed: &str, content: Content) -> Self {
        let sender = messenger.settings.sender().clone();
        let request = read(messenger, typed).map(|to| SendMessage::new(to, sender, content));
        Self::new(messenger, request)
    }

    pub(super) fn at(mut self, time: SystemTime) -> Self {
        self.request = self.request.map(|request| request.send_at(time));
        self
    }

    async fn send(self, id: &MessageId) -> Result<Message, Error> {
        let Self { out, request } = self;
        let settings = &out.messenger.settings;
        out.is_enabled()?;
        let request = request?;
        let to = request.recipient().phone().ok_or(Cause::NoNumber)?;
        out.has_kind(to, Setting::TextKinds)?;
        let scope = sent_by(&request, settings)?;
        if request.scheduled().is_some() && settings.messaging_service_sid().is_none() {
            return Err(Cause::Missing(vec![Setting::MessagingServiceSid]).into());
        }
        let report = Report::Message;
        let callback = report.callback(request.option("StatusCallback"), settings, id)?;
        let time = request.scheduled().unwrap_or_else(|| out.now());
        let open_until = out.hours(time)?;
        let mut request = within(request, time, open_until);
        if let Some(url) = callback {
            request = request.status_callback(url);
        }
        if let (None, Some(retention)) = (
            request.option("ContentRetention"),
            settings.content_retention(),
        ) {
            request = request.content_retention(retention.clone());
        }
        if let (None, Some(retention)) = (
            request.option("AddressRetention"),
            settings.address_retention(),
        ) {
            request = request.address_retention(retention.clone());
        }
        out.ask(to, Way::Text, time, id).await?;
        let sent = out.messenger.sending.execute(request).await;
        out.tell_refusal(to, scope, sent).await
    }
}

impl<'m> Ring<'m> {
    pub(super) const fn new(messenger: &'m Messenger, request: Result<PlaceCall, Error>) -> Self {
        Self {
            out: Outgoing::new(messenger),
            request,
        }
    }

    pub(super) fn typed(messenger: &'m Messenger, typed: &str, says: &VoiceResponse) -> Self {
        let request = read(messenger, typed).and_then(|to| {
            let number = messenger.settings.number();
            let from = number.ok_or_else(|| Cause::Missing(vec![Setting::Number]))?;
            Ok(PlaceCall::new(to, from, InlineTwiml::new(says)))
        });
        Self::new(messenger, request)
    }

    async fn place(self, id: &MessageId) -> Result<Call, Error> {
        let Self { out, request } = self;
        let settings = &out.messenger.settings;
        out.is_enabled()?;
        let mut request = request?;
        let Callee::Phone(to) = *request.callee() else {
            return Err(Cause::NoNumber.into());
        };
        out.has_kind(to, Setting::CallKinds)?;
        if settings.number() != Some(request.caller()) {
            return Err(Cause::Request("the caller is not this instance's number").into());
        }
        let own = request.instructions().callback();
        if let Some(url) = Report::Call.callback(own, settings, id)? {
            request = request.reporting_to(url);
        }
        let time = out.now();
        out.hours(time)?;
        out.ask(to, Way::Call, time, id).await?;
        let placed = out.messenger.sending.execute(request).await;
        out.tell_refusal(to, OptOutScope::Sender, placed).await
    }
}

/// Reads a number as it was typed.
fn read(messenger: &Messenger, typed: &str) -> Result<E164, Error> {
    let number: Result<PhoneNumber, PhoneError> = messenger.settings.normalizer().normalize(typed);
    Ok(number?.e164())
}

/// Limits how long Twilio may hold a message back, so that it does not arrive in quiet hours.
fn within(request: SendMessage, time: SystemTime, open_until: Option<SystemTime>) -> SendMessage {
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

impl<'m> IntoFuture for Text<'m> {
    type Output = Result<Message, Error>;
    type IntoFuture = Sending<'m, Message>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.out.take_id();
            self.send(&id).await.map_err(|error| error.about(id))
        })
    }
}

impl<'m> IntoFuture for Ring<'m> {
    type Output = Result<Call, Error>;
    type IntoFuture = Sending<'m, Call>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.out.take_id();
            self.place(&id).await.map_err(|error| error.about(id))
        })
    }
}

impl<'m> Outgoing<'m> {
    const fn new(messenger: &'m Messenger) -> Self {
        Self {
            messenger,
            id: None,
            zone: None,
        }
    }

    fn take_id(&mut self) -> MessageId {
        let fresh = || MessageId::fresh(self.messenger.sending.clock());
        self.id.take().unwrap_or_else(fresh)
    }

    fn now(&self) -> SystemTime {
        self.messenger.sending.clock().now()
    }

    fn is_enabled(&self) -> Result<(), Error> {
        if self.messenger.settings.enabled() {
            Ok(())
        } else {
            Err(Cause::Disabled.into())
        }
    }

    /// Refuses a number of a kind that is not contacted this way. `setting` is that of the kinds.
    fn has_kind(&self, to: E164, setting: Setting) -> Result<(), Error> {
        let kinds = match setting {
            Setting::CallKinds => self.messenger.call_kinds,
            _ => self.messenger.text_kinds,
        };
        let kind = PhoneNumber::try_from(to)?.kind();
        if kinds.contains(kind) {
            Ok(())
        } else {
            Err(Cause::Kind(kind, setting).into())
        }
    }

    /// Judges the hour at which it arrives. Returns when the next quiet hours begin, if any do.
    fn hours(&self, time: SystemTime) -> Result<Option<SystemTime>, Error> {
        let Some(quiet) = &self.messenger.quiet else {
            return Ok(None);
        };
        match quiet.judge(time, self.zone.as_ref()) {
            Hours::Open { until } => Ok(until),
            Hours::Quiet { until } => Err(Cause::Quiet(until).into()),
            Hours::Unknown => Err(Cause::UnknownZone.into()),
        }
    }

    async fn ask(&self, to: E164, way: Way, at: SystemTime, id: &MessageId) -> Result<(), Error> {
        let Some(gate) = &self.messenger.gate else {
            return Ok(());
        };
        let id = id.clone();
        match gate.0.ask(&Contact { to, way, at, id }).await {
            Ok(Consent::Given) => Ok(()),
            Ok(Consent::Withheld) => Err(Cause::Withheld.into()),
            Err(error) => Err(Cause::Gate(error).into()),
        }
    }

    /// Tells the gate when Twilio says that the person has opted out.
    async fn tell_refusal<T>(
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
        if let (true, Some(gate)) = (opted_out, &self.messenger.gate) {
            let news = ConsentNews {
                person: Address::from(person),
                heard: Heard::Refused,
                scope,
                message_sid: None,
            };
            if let Err(untold) = gate.0.told(&news).await {
                return Err(Cause::Untold(error, untold).into());
            }
        }
        Err(error.into())
    }
}
