//! Opt-out of an inbound message, and the senders for which it holds.

use super::payload::{InboundMessage, OptOutType};
use crate::sms::{OptOut, OptOutKeywords};
use crate::types::MessagingServiceSid;

/// For whom an opt-out holds.
///
/// Source: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptOutScope {
    /// For the number that the message came to, on all its channels: other numbers may still
    /// text the person.
    Sender,
    /// For every sender of the Messaging Service.
    Service(MessagingServiceSid),
}

impl InboundMessage {
    /// Reads the message as an opt-out, opt-in or request for help, with the built-in keywords.
    ///
    /// Twilio's own reading (`OptOutType`, sent with Advanced Opt-Out) counts before the message body.
    #[must_use]
    pub fn opt_out(&self) -> Option<OptOut> {
        self.opt_out_with(&OptOutKeywords::default())
    }

    /// Reads the message as [`opt_out`](Self::opt_out) does, with a clinic's own keywords too.
    #[must_use]
    pub fn opt_out_with(&self, keywords: &OptOutKeywords) -> Option<OptOut> {
        match self.opt_out_type {
            Some(OptOutType::Stop) => Some(OptOut::Stop),
            Some(OptOutType::Start) => Some(OptOut::Start),
            Some(OptOutType::Help) => Some(OptOut::Help),
            _ => keywords.classify(self.body.expose()),
        }
    }

    /// For whom an opt-out by this message holds.
    #[must_use]
    pub fn opt_out_scope(&self) -> OptOutScope {
        match self.messaging_service_sid {
            Some(service) => OptOutScope::Service(service),
            None => OptOutScope::Sender,
        }
    }
}
