//! Consent events: statements about a person's consent that webhooks carry.

use std::fmt;
use std::sync::Arc;

use crate::codes::ErrorClass;
use crate::phone::{Address, WithheldReason};
use crate::sms::{OptOut, OptOutKeywords};
use crate::types::{BoxError, BoxFuture, MessageSid};
use crate::webhook::{InboundMessage, MessageStatusCallback, OptOutScope};

/// Failure of a consent gate or handler. It becomes the source of errors, so it must hold no
/// number.
pub type ConsentError = BoxError;

/// Statement about a person's consent, found in a webhook or in Twilio's answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsentEvent {
    /// The person. [`Address::Withheld`], or another address without a number, if Twilio does not
    /// send it, as for a message whose addresses are redacted. Look them up by `message_sid` then.
    pub person: Address,
    /// Statement about their consent.
    pub signal: ConsentSignal,
    /// Senders that it holds for.
    pub scope: OptOutScope,
    /// SID of the message. `None` when Twilio rejected a request, which then has no SID.
    pub message_sid: Option<MessageSid>,
}

/// Statement about a person's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConsentSignal {
    /// Opt-out, opt-in or HELP in a message from the person.
    Replied(OptOut),
    /// Report of Twilio that the person has opted out (21610): a text to them was rejected.
    OptedOut,
}

/// Function of the service that records consent events.
#[derive(Clone)]
pub(super) struct ConsentHandler(
    Arc<dyn Fn(ConsentEvent) -> BoxFuture<'static, Result<(), ConsentError>> + Send + Sync>,
);

impl ConsentHandler {
    pub(super) fn new<F, R>(handler: F) -> Self
    where
        F: Fn(ConsentEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), ConsentError>> + Send + 'static,
    {
        Self(Arc::new(move |event| Box::pin(handler(event))))
    }

    pub(super) fn call(&self, event: ConsentEvent) -> BoxFuture<'static, Result<(), ConsentError>> {
        (self.0)(event)
    }
}

impl fmt::Debug for ConsentHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentHandler")
    }
}

impl ConsentEvent {
    /// Returns `true` if the person must not be texted after this event: a STOP, a reply that may
    /// mean STOP, or an opt-out that Twilio reports.
    #[must_use]
    pub const fn is_withdrawal(&self) -> bool {
        match self.signal {
            ConsentSignal::OptedOut => true,
            ConsentSignal::Replied(reply) => reply.forbids_texting(),
        }
    }

    /// Returns `true` if the person has texted START or UNSTOP, which may restore consent. YES may
    /// answer a question, and is no opt-in.
    #[must_use]
    pub const fn is_opt_in(&self) -> bool {
        matches!(self.signal, ConsentSignal::Replied(OptOut::Start))
    }

    /// Reads the consent event of a message from a person, if it is one.
    pub(super) fn of_message(message: InboundMessage, keywords: &OptOutKeywords) -> Option<Self> {
        Some(Self {
            signal: ConsentSignal::Replied(message.opt_out_with(keywords)?),
            scope: message.opt_out_scope(),
            message_sid: Some(message.message_sid),
            person: message.from,
        })
    }

    /// Reads the consent event of a status callback, if it reports an opt-out.
    pub(super) fn of_status(callback: MessageStatusCallback) -> Option<Self> {
        let class = callback.error_code?.class();
        // By class and not by 21610 alone: channels report an opt-out with codes of their own.
        (class == ErrorClass::OptedOut).then_some(Self {
            // An opt-out without a number is reported too: the SID of the message identifies the
            // person.
            person: callback
                .to
                .unwrap_or(Address::Withheld(WithheldReason::Absent)),
            signal: ConsentSignal::OptedOut,
            scope: callback
                .messaging_service_sid
                .map_or(OptOutScope::Sender, OptOutScope::Service),
            message_sid: Some(callback.message_sid),
        })
    }

    /// Makes the event of a request that Twilio rejected because the recipient has opted out.
    #[cfg(feature = "client")]
    pub(crate) const fn of_rejection(person: Address, scope: OptOutScope) -> Self {
        Self {
            person,
            signal: ConsentSignal::OptedOut,
            scope,
            message_sid: None,
        }
    }
}
