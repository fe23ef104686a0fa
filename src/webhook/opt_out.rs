//! What an inbound message says about being texted, and for whom that holds.

use super::payload::{InboundMessage, OptOutType};
use crate::sms::OptOut;
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
    /// What the message says about being texted: as Twilio read it if it says so, else as its
    /// text reads.
    #[must_use]
    pub fn opt_out(&self) -> Option<OptOut> {
        match self.opt_out_type {
            Some(OptOutType::Stop) => Some(OptOut::Stop),
            Some(OptOutType::Start) => Some(OptOut::Start),
            Some(OptOutType::Help) => Some(OptOut::Help),
            _ => OptOut::of_text(self.body.expose()),
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
