//! Opt-out of an inbound message, and the senders to which it applies.

use super::payload::{InboundMessage, OptOutType};
use crate::sms::{OptOut, OptOutKeywords};
use crate::types::MessagingServiceSid;

/// Senders to which an opt-out applies.
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::webhook::{InboundMessage, OptOutScope};
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/twilio")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body(
/// #         "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&Body=STOP\
/// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199",
/// #     )?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// let message: InboundMessage = validator.verify(request)?.parse()?;
/// // No Messaging Service: other numbers of the account may still text this person.
/// assert_eq!(message.opt_out_scope(), OptOutScope::Sender);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// the message body. Only YES stays [`OptOut::MaybeStart`], because it may answer a question.
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
            Some(OptOutType::Start) => match OptOut::classify(self.body.expose()) {
                Some(OptOut::MaybeStart) => Some(OptOut::MaybeStart),
                _ => Some(OptOut::Start),
            },
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
