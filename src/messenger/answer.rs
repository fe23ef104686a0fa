//! Gates of a `TwiML` reply to a message.

use super::checks::{SendContext, check_number_kind};
use super::consent::ContactChannel;
use super::error::{Error, ErrorKind};
use super::message_id::MessageId;
use super::messenger::Messenger;

use crate::sms::OptOut;
use crate::webhook::InboundMessage;

impl Messenger {
    /// Returns `true` if a message may be answered with a text, such as by a `TwiML` reply.
    ///
    /// A `TwiML` reply is a text that does not pass [`send`](Self::send). These gates are checked
    /// for the sender of the message:
    ///
    /// 1. The messenger is [enabled](super::MessengerBuilder::enabled).
    /// 2. The sender has a telephone number of a kind that may be texted.
    /// 3. [`Delivery`](crate::client::Delivery) permits the number.
    /// 4. The message itself is no opt-out ([`OptOut::forbids_texting`]).
    /// 5. The [`ConsentGate`](super::ConsentGate) returns that the person consents to texts. The ID of the [`ContactAttempt`](super::ContactAttempt) is the SID of the message.
    ///
    /// Quiet hours are not checked: the person has just written. A STOP without an answer needs no
    /// care, because Twilio itself confirms it.
    ///
    /// ```no_run
    /// use clinspark_twilio::messenger::{Error, Messenger};
    /// use clinspark_twilio::twiml::{Message, MessagingResponse};
    /// use clinspark_twilio::webhook::InboundMessage;
    ///
    /// # async fn example(messenger: &Messenger, received: &InboundMessage) -> Result<MessagingResponse, Error> {
    /// let answer = MessagingResponse::new();
    /// if messenger.may_answer(received).await? {
    ///     return Ok(answer.append(Message::text("Thank you. We will call you.")));
    /// }
    /// Ok(answer) // no reply
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::ConsentGate`] if the gate failed to answer. Send no reply then.
    pub async fn may_answer(&self, message: &InboundMessage) -> Result<bool, Error> {
        let context = SendContext::new(&self.config);
        // Consent and kind cannot be judged without a telephone number.
        let Some(person) = message.from.phone() else {
            return Ok(false);
        };
        let is_permitted = context.check_enabled().is_ok()
            && check_number_kind(person, self.config.text_kinds, "text_kinds").is_ok()
            && self.config.client.delivery().permits(person)
            && !message.opt_out().is_some_and(OptOut::forbids_texting);
        if !is_permitted {
            return Ok(false);
        }
        let id = MessageId::of_sid(message.message_sid);
        let asked = context
            .ask_consent(person, ContactChannel::Text, context.now(), &id)
            .await;
        match asked {
            Ok(()) => Ok(true),
            // No consent is an answer. Only a gate that failed is an error.
            Err(error) if error.kind() == ErrorKind::Consent => Ok(false),
            Err(error) => Err(error.with_message_id(id)),
        }
    }
}
