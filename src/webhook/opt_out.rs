//! Opt-out of an inbound message, and the senders to which it applies.

use super::payload::{InboundMessage, OptOutType};
use crate::sms::{OptOut, OptOutKeywords};
use crate::types::MessagingServiceSid;

/// Senders to which an opt-out applies.
///
/// Source: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptOutScope {
    /// The number that received the message, on all its channels. Other numbers may still text the
    /// person.
    Sender,
    /// Every sender of the Messaging Service.
    Service(MessagingServiceSid),
}

impl InboundMessage {
    /// Classifies the message as an opt-out, opt-in or request for help, with the built-in
    /// keywords.
    ///
    /// Twilio's own classification (`OptOutType`, sent with Advanced Opt-Out) takes precedence over
    /// the message body.
    #[must_use]
    pub fn opt_out(&self) -> Option<OptOut> {
        self.opt_out_with(&OptOutKeywords::default())
    }

    /// Classifies the message as [`opt_out`](Self::opt_out) does, also with a clinic's own
    /// keywords.
    #[must_use]
    pub fn opt_out_with(&self, keywords: &OptOutKeywords) -> Option<OptOut> {
        match self.opt_out_type {
            Some(OptOutType::Stop) => Some(OptOut::Stop),
            Some(OptOutType::Start) => Some(OptOut::Start),
            Some(OptOutType::Help) => Some(OptOut::Help),
            _ => keywords.classify(self.body.expose()),
        }
    }

    /// Returns the senders to which an opt-out by this message applies.
    #[must_use]
    pub fn opt_out_scope(&self) -> OptOutScope {
        match self.messaging_service_sid {
            Some(service) => OptOutScope::Service(service),
            None => OptOutScope::Sender,
        }
    }
}
