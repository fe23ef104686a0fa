//! Cancels and reschedules a scheduled text.

use std::error::Error as StdError;
use std::fmt;

use super::error::{Cause, Error};
use super::messenger::Messenger;
use super::outgoing::OutgoingText;
use crate::client::Outcome;
use crate::client::messages::{CancelMessage, FetchMessage, Message};
use crate::codes::ErrorCode;
use crate::types::{MessageSid, MessageStatus};

/// State of the original text after a failed [`Messenger::reschedule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OriginalText {
    /// The text was not canceled. It stays as it was: scheduled, or already sent if it was too late
    /// to cancel it.
    Unchanged,
    /// The text is canceled, and the new one failed: see [`RescheduleError::error`]. Unless the
    /// outcome of the new text is unknown, no text will arrive. With code 30409 the text was
    /// canceled before: an earlier attempt may have sent a new one.
    Canceled,
    /// The text may be canceled. The new one was not sent. Fetch the original before you continue.
    Unknown,
}

/// Failure of [`Messenger::reschedule`]: what failed, and the state of the original text.
pub struct RescheduleError {
    original: OriginalText,
    error: Error,
}

impl RescheduleError {
    const fn new(original: OriginalText, error: Error) -> Self {
        Self { original, error }
    }

    /// Returns the state of the original text.
    #[must_use]
    pub const fn original(&self) -> OriginalText {
        self.original
    }

    /// Returns the failure. If the original is [`Canceled`](OriginalText::Canceled), it is the one of
    /// the new text, and its [`outcome`](Error::outcome) tells whether that may have been sent.
    #[must_use]
    pub const fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Display for RescheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.original {
            OriginalText::Unchanged => "the scheduled text was not changed",
            OriginalText::Canceled => "the scheduled text was canceled, but the new one failed",
            OriginalText::Unknown => {
                "the scheduled text may be canceled, and no new one was sent; fetch it before you \
                 continue"
            }
        })
    }
}

impl fmt::Debug for RescheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RescheduleError")
            .field("original", &self.original)
            .field("error", &self.error)
            .finish()
    }
}

impl StdError for RescheduleError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.error)
    }
}

impl Messenger {
    /// Cancels a scheduled text. A text that is canceled already is returned as it is, so that an
    /// interrupted job can be run again.
    ///
    /// # Errors
    ///
    /// Returns `Client`: with code
    /// [`TOO_LATE_TO_CANCEL`](crate::codes::ErrorCode::TOO_LATE_TO_CANCEL) (30409) if the text is
    /// being sent or was sent. Returns `Unconfirmed` if Twilio's response does not show that
    /// the text is canceled: fetch it before you continue.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/message-scheduling>
    pub async fn cancel(&self, sid: MessageSid) -> Result<Message, Error> {
        let error = match self.cancel_now(sid).await {
            Err(error) if is_too_late(&error) => error,
            result => return result,
        };
        let canceled = self.fetch(sid).await.filter(Self::is_canceled);
        canceled.ok_or(error)
    }

    /// Cancels a scheduled text that is not canceled yet.
    async fn cancel_now(&self, sid: MessageSid) -> Result<Message, Error> {
        let message = self.client().execute(CancelMessage::new(sid)).await?;
        // A response without the status is no confirmation: the text may still be sent.
        if Self::is_canceled(&message) {
            Ok(message)
        } else {
            Err(Cause::CancelUnconfirmed.into())
        }
    }

    /// Replaces a scheduled text by another one, such as one at another time.
    ///
    /// 1. The new text passes every gate of [`send`](Self::send), `Delivery`, and the checks of its
    ///    parameters. If one refuses it, the original stays scheduled.
    /// 2. The original is canceled. Without a confirmed cancellation, nothing is sent: the person
    ///    would get both texts.
    /// 3. The new text is sent.
    ///
    /// Run it to its end, such as in a task of its own: if the future is dropped between the steps,
    /// the original is canceled and the new text is not sent.
    ///
    /// ```no_run
    /// use std::time::SystemTime;
    /// use clinspark_twilio::messenger::{Messenger, OriginalText};
    /// use clinspark_twilio::types::MessageSid;
    ///
    /// # async fn example(messenger: &Messenger, sid: MessageSid, later: SystemTime) {
    /// let text = messenger.text_at("0491 570 156", "Your visit is on Friday at 9:00.", later);
    /// match messenger.reschedule(sid, text).await {
    ///     Ok(message) => println!("rescheduled as {}", message.sid),
    ///     Err(error) if error.original() == OriginalText::Canceled => {
    ///         println!("no reminder is scheduled any more: {}", error.error());
    ///     }
    ///     Err(error) => println!("{error}: {}", error.error()),
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`RescheduleError`], which states whether the original still stands.
    pub async fn reschedule(
        &self,
        sid: MessageSid,
        mut text: OutgoingText<'_>,
    ) -> Result<Message, RescheduleError> {
        let id = text.take_or_generate_id();
        let failed = |original, error: Error| {
            RescheduleError::new(original, error.with_message_id(id.clone()))
        };
        // Gates first: if one refuses the new text, the person keeps the reminder that is
        // scheduled.
        let checked = text.pass_gates(&id).await;
        let checked = checked.map_err(|error| failed(OriginalText::Unchanged, error))?;
        // So does what the client itself would refuse after the cancellation.
        let is_sendable = checked.check();
        is_sendable.map_err(|error| failed(OriginalText::Unchanged, error))?;
        // A text that was canceled before may have been replaced then: a second one would be sent.
        if let Err(error) = self.cancel_now(sid).await {
            let original = match error.outcome() {
                Outcome::NotSent => OriginalText::Unchanged,
                // An earlier attempt may have canceled it already.
                Outcome::Rejected => self.original(sid).await,
                Outcome::Unknown { .. } => OriginalText::Unknown,
            };
            return Err(failed(original, error));
        }
        // The original is canceled for certain, so the person cannot get both.
        let sent = checked.send(&id).await;
        sent.map_err(|error| failed(OriginalText::Canceled, error))
    }

    async fn fetch(&self, sid: MessageSid) -> Option<Message> {
        let message = self.client().execute(FetchMessage::new(sid)).await;
        message.ok()
    }

    fn is_canceled(message: &Message) -> bool {
        message.status == Some(MessageStatus::Canceled)
    }

    /// Returns the state of a text whose cancellation Twilio refused.
    async fn original(&self, sid: MessageSid) -> OriginalText {
        match self.fetch(sid).await.and_then(|message| message.status) {
            Some(MessageStatus::Canceled) => OriginalText::Canceled,
            Some(_) => OriginalText::Unchanged,
            None => OriginalText::Unknown,
        }
    }
}

fn is_too_late(error: &Error) -> bool {
    let code = error.client().and_then(crate::client::Error::code);
    code == Some(ErrorCode::TOO_LATE_TO_CANCEL)
}
