//! Gates that texts and calls pass in order, and the report of an opt-out after them.

use std::time::{Duration, SystemTime};

use super::config::Config;
use super::consent::{Consent, ContactAttempt, ContactChannel};
use super::error::{Cause, Error};
use super::message_id::MessageId;
use super::quiet_hours::{QuietStatus, TimeZone};
use crate::client::messages::SendMessage;
use crate::codes::ErrorClass;
use crate::phone::{Address, E164, NumberKinds, PhoneNumber};
use crate::webhook::{ConsentEvent, OptOutScope};

/// Longest validity period that Twilio accepts.
const MAX_VALIDITY_PERIOD: Duration = Duration::from_secs(36_000);

/// Options and gates that texts and calls have in common.
#[derive(Debug)]
pub(super) struct SendContext<'m> {
    pub(super) config: &'m Config,
    pub(super) id: Option<MessageId>,
    pub(super) time_zone: Option<TimeZone>,
}

impl<'m> SendContext<'m> {
    pub(super) const fn new(config: &'m Config) -> Self {
        Self {
            config,
            id: None,
            time_zone: None,
        }
    }

    pub(super) fn take_or_generate_id(&mut self) -> MessageId {
        let random = || MessageId::random(self.config.client.clock());
        self.id.take().unwrap_or_else(random)
    }

    pub(super) fn now(&self) -> SystemTime {
        self.config.client.clock().now()
    }

    pub(super) fn check_enabled(&self) -> Result<(), Error> {
        if self.config.enabled {
            Ok(())
        } else {
            Err(Cause::Disabled.into())
        }
    }

    /// Refuses a time of arrival in quiet hours. Returns the start of the next quiet hours, if any.
    pub(super) fn check_quiet_hours(&self, time: SystemTime) -> Result<Option<SystemTime>, Error> {
        let Some(quiet) = &self.config.quiet_hours else {
            return Ok(None);
        };
        match quiet.status_at(time, self.time_zone.as_ref()) {
            QuietStatus::Open { until } => Ok(until),
            QuietStatus::Quiet { until } => Err(Cause::QuietHours(until).into()),
            // Guessing a zone could wake a person. The policy that guesses is the service's to
            // choose.
            QuietStatus::Unknown => Err(Cause::UnknownTimeZone.into()),
        }
    }

    pub(super) async fn ask_consent(
        &self,
        to: E164,
        channel: ContactChannel,
        at: SystemTime,
        id: &MessageId,
    ) -> Result<(), Error> {
        let contact = ContactAttempt {
            to,
            channel,
            at,
            id: id.clone(),
        };
        match self.config.consent_gate.0.check(&contact).await {
            Ok(Consent::Given) => Ok(()),
            // No record is no consent: the gate says `Given` or the person is left alone.
            Ok(Consent::Withheld) => Err(Cause::ConsentWithheld.into()),
            // A gate that fails stops the text. A person is not texted because a database is
            // down.
            Err(error) => Err(Cause::ConsentGate(error).into()),
        }
    }

    /// Reports an opt-out to the consent gate if Twilio rejected the request because of one.
    pub(super) async fn report_opt_out<T>(
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
        // Twilio knows of an opt-out that the service's own record does not hold. Without this
        // report, the person would still be called.
        if opted_out {
            let event = ConsentEvent::of_rejection(Address::from(person), scope);
            if let Err(unrecorded) = self.config.consent_gate.0.on_event(&event).await {
                return Err(Cause::OptOutNotRecorded(error, unrecorded).into());
            }
        }
        Err(error.into())
    }
}

/// Refuses a number whose kind is not in `kinds`. `setting` is the builder method that sets them.
pub(super) fn check_number_kind(
    to: E164,
    kinds: NumberKinds,
    setting: &'static str,
) -> Result<(), Error> {
    let kind = PhoneNumber::try_from(to)?.kind();
    if kinds.contains(kind) {
        Ok(())
    } else {
        Err(Cause::NumberKind(kind, setting).into())
    }
}

/// Returns the message with the configured retention, where it sets none itself.
pub(super) fn with_retention(mut request: SendMessage, config: &Config) -> SendMessage {
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
    request
}

/// Limits the time for which Twilio may queue a message, so that it does not arrive in quiet hours.
pub(super) fn limit_validity(
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
