//! One text, one call: what is asked and set before it leaves.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use crate::client::calls::{Call, CallEvent, InlineTwiml, PlaceCall};
use crate::client::codes::ErrorClass;
use crate::client::messages::{Content, Message, SendMessage};
use crate::clinspark::consent::{Consent, ConsentNews, Contact, Heard, Way};
use crate::clinspark::error::{Cause, Error};
use crate::clinspark::quiet::{Hours, Zone};
use crate::clinspark::settings::Setting;
use crate::clinspark::{MessageId, Messenger};
use crate::phone::{Address, E164, Recipient};
use crate::twiml::VoiceResponse;
use crate::types::Redacted;
use crate::webhook::OptOutScope;

/// As long as Twilio may hold a message.
const LONGEST_VALIDITY: Duration = Duration::from_secs(36_000);

type Sending<'m, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'm>>;

/// A text on its way: await it. Made by [`Messenger::text`] and [`Messenger::text_at`].
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Text<'m> {
    out: Outgoing<'m>,
    content: Content,
    at: Option<SystemTime>,
}

/// A call on its way: await it. Made by [`Messenger::call`].
#[derive(Debug)]
#[must_use = "nobody is called until it is awaited"]
pub struct Ring<'m> {
    out: Outgoing<'m>,
    says: InlineTwiml,
}

#[derive(Debug)]
struct Outgoing<'m> {
    messenger: &'m Messenger,
    typed: Redacted<String>,
    id: Option<MessageId>,
    zone: Option<Zone>,
}

macro_rules! choices {
    ($($name:ident),+) => {$(
        impl $name<'_> {
            /// The service's own id for it, which every status callback brings back. Unless it is
            /// set, one is made up, and [`Error::message_id`] tells it.
            pub fn id(mut self, id: MessageId) -> Self {
                self.out.id = Some(id);
                self
            }

            /// The person's time zone, for [`QuietHours`](crate::clinspark::QuietHours); `None`
            /// where the record holds none.
            pub fn zone(mut self, zone: impl Into<Option<Zone>>) -> Self {
                self.out.zone = zone.into();
                self
            }
        }
    )+};
}

choices!(Text, Ring);

impl<'m> Text<'m> {
    pub(super) fn new(
        messenger: &'m Messenger,
        typed: &str,
        content: Content,
        at: Option<SystemTime>,
    ) -> Self {
        Self {
            out: Outgoing::new(messenger, typed),
            content,
            at,
        }
    }

    async fn send(self, id: &MessageId) -> Result<Message, Error> {
        let Self { out, content, at } = self;
        let messenger = out.messenger;
        let settings = &messenger.settings;
        let number = out.read()?;
        if at.is_some() && settings.messaging_service_sid().is_none() {
            return Err(Cause::Missing(vec![Setting::MessagingServiceSid]).into());
        }
        let time = at.unwrap_or_else(|| out.now());
        let open_until = out.hours(time)?;
        let to = Recipient::from(number);
        let mut message = SendMessage::new(to, settings.sender().clone(), content);
        if let Some(path) = &settings.paths().message_status {
            message = message.status_callback(settings.origin().url(&id.mark(path)));
        }
        if let Some(time) = at {
            message = message.send_at(time);
        }
        if let Some(left) = open_until.and_then(|until| until.duration_since(time).ok())
            && left < LONGEST_VALIDITY
        {
            // What Twilio holds back until the quiet hours is not to arrive in them.
            message = message.validity_period(Duration::from_secs(left.as_secs().max(1)));
        }
        if let Some(retention) = settings.content_retention() {
            message = message.content_retention(retention.clone());
        }
        if let Some(retention) = settings.address_retention() {
            message = message.address_retention(retention.clone());
        }
        out.ask(number, Way::Text, time, id).await?;
        let sent = messenger.client.execute(message).await;
        out.heed(number, sent).await
    }
}

impl<'m> Ring<'m> {
    pub(super) fn new(messenger: &'m Messenger, typed: &str, says: &VoiceResponse) -> Self {
        Self {
            out: Outgoing::new(messenger, typed),
            says: InlineTwiml::new(says),
        }
    }

    async fn send(self, id: &MessageId) -> Result<Call, Error> {
        let Self { out, says } = self;
        let messenger = out.messenger;
        let settings = &messenger.settings;
        let to = out.read()?;
        let from = settings
            .number()
            .ok_or_else(|| Cause::Missing(vec![Setting::Number]))?;
        let time = out.now();
        out.hours(time)?;
        // Beside TwiML of its own: next to an application Twilio ignores the callback.
        let mut instructions = says;
        if let Some(path) = &settings.paths().call_status {
            instructions = CallEvent::ALL
                .iter()
                .fold(instructions, |all, event| all.status_callback_event(*event))
                .status_callback(settings.origin().url(&id.mark(path)));
        }
        out.ask(to, Way::Call, time, id).await?;
        let placed = messenger
            .client
            .execute(PlaceCall::new(to, from, instructions));
        let placed = placed.await;
        out.heed(to, placed).await
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
            self.send(&id).await.map_err(|error| error.about(id))
        })
    }
}

impl<'m> Outgoing<'m> {
    fn new(messenger: &'m Messenger, typed: &str) -> Self {
        Self {
            messenger,
            typed: Redacted::new(typed.to_owned()),
            id: None,
            zone: None,
        }
    }

    fn take_id(&mut self) -> MessageId {
        let fresh = || MessageId::fresh(self.messenger.client.own_runtime());
        self.id.take().unwrap_or_else(fresh)
    }

    fn now(&self) -> SystemTime {
        self.messenger.client.own_runtime().now()
    }

    fn read(&self) -> Result<E164, Error> {
        let settings = &self.messenger.settings;
        if !settings.enabled() {
            return Err(Cause::Disabled.into());
        }
        let number = settings.normalizer().normalize(self.typed.expose())?;
        Ok(number.e164())
    }

    /// Until when it may arrive, if quiet hours say so.
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
    async fn heed<T>(
        &self,
        person: E164,
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
            let service = self.messenger.settings.messaging_service_sid();
            let news = ConsentNews {
                person: Address::from(person),
                heard: Heard::Refused,
                scope: service.map_or(OptOutScope::Sender, OptOutScope::Service),
                message_sid: None,
            };
            if let Err(untold) = gate.0.told(&news).await {
                return Err(Cause::Untold(error, untold).into());
            }
        }
        Err(error.into())
    }
}
