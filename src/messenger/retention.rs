//! Removes texts from Twilio: one, or all of this messenger before a time.

use std::time::SystemTime;

use super::error::Error;
use super::messenger::Messenger;
use crate::client::Outcome;
use crate::client::messages::{DeleteMessage, ListMessages, Message, RedactMessage};
use crate::codes::ErrorCode;
use crate::phone::Address;
use crate::types::{MessageSid, Timestamp};

/// Result of [`Messenger::redact_before`] and [`Messenger::delete_before`]: counts of messages.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Sweep {
    /// Messages whose body was deleted, or that were deleted themselves.
    pub changed: usize,
    /// Messages that are still in progress at Twilio (20009). A later sweep changes them.
    pub in_progress: usize,
    /// Messages that Twilio refused to change for another reason; see `error`.
    pub refused: usize,
    /// Messages that were not reached, because `error` ended the sweep. Sweep again.
    pub remaining: usize,
    /// Messages of the list that cannot be read. Their SIDs are unknown, so they stay as they are.
    pub unreadable: usize,
    /// First error except for 20009. An error that is no refusal, such as a lost connection, ends
    /// the sweep.
    pub error: Option<Error>,
}

impl Sweep {
    /// Returns `true` if nothing is left to change.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.in_progress + self.refused + self.remaining + self.unreadable == 0
    }
}

/// Change that a sweep makes to each message.
#[derive(Clone, Copy)]
enum Change {
    Redact,
    Delete,
}

impl Messenger {
    /// Deletes the body of a message at Twilio. The body cannot be restored. Media stay.
    ///
    /// # Errors
    ///
    /// Returns `Client`, with code 20009 while the message is in progress.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/tutorials/how-to-retrieve-and-modify-message-history>
    pub async fn redact(&self, sid: MessageSid) -> Result<Message, Error> {
        Ok(self.client().execute(RedactMessage::new(sid)).await?)
    }

    /// Deletes a message and its media at Twilio. They cannot be restored.
    ///
    /// # Errors
    ///
    /// Returns `Client`, with code 20009 while the message is in progress.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource>
    pub async fn delete(&self, sid: MessageSid) -> Result<(), Error> {
        Ok(self.client().execute(DeleteMessage::new(sid)).await?)
    }

    /// Deletes the bodies of this messenger's messages before a time, sent and received. Media stay:
    /// [`delete_before`](Self::delete_before) removes them.
    ///
    /// The messages are those from or to the messenger's number, and those of its Messaging Service.
    /// Messages of other numbers of the account stay as they are. Time is the time of sending, or of
    /// creation for a message that was never sent. All messages of the number are listed, 1,000 a
    /// request. A message in progress is counted, and the sweep goes on.
    ///
    /// ```no_run
    /// use std::time::{Duration, SystemTime};
    /// use clinspark_twilio::messenger::{Error, Messenger};
    ///
    /// # async fn example(messenger: &Messenger) -> Result<(), Error> {
    /// let ninety_days_ago = SystemTime::now() - Duration::from_secs(90 * 86_400);
    /// let sweep = messenger.redact_before(ninety_days_ago).await?;
    /// println!("{} redacted, complete: {}", sweep.changed, sweep.is_complete());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns `Client` if the list cannot be read. Nothing was changed then. An error of a single
    /// message is part of the [`Sweep`].
    pub async fn redact_before(&self, time: SystemTime) -> Result<Sweep, Error> {
        self.sweep(time, Change::Redact).await
    }

    /// Deletes this messenger's messages before a time with their media, sent and received. They
    /// cannot be restored.
    ///
    /// The messages are those of [`redact_before`](Self::redact_before).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`redact_before`](Self::redact_before).
    pub async fn delete_before(&self, time: SystemTime) -> Result<Sweep, Error> {
        self.sweep(time, Change::Delete).await
    }

    async fn sweep(&self, time: SystemTime, change: Change) -> Result<Sweep, Error> {
        let mut sweep = Sweep::default();
        // All SIDs first: a deletion must not shift the pages that follow.
        let sids = self.messages_before(time, change, &mut sweep).await?;
        let mut left = sids.len();
        for sid in sids {
            let changed = match change {
                Change::Redact => self.redact(sid).await.map(drop),
                Change::Delete => self.delete(sid).await,
            };
            left -= 1;
            let Err(error) = changed else {
                sweep.changed += 1;
                continue;
            };
            let code = error.client().and_then(crate::client::Error::code);
            // Twilio changes no message that is under way. The next sweep finds it again.
            if code == Some(ErrorCode::NOT_COMPLETED) {
                sweep.in_progress += 1;
                continue;
            }
            // A refusal concerns one message. An outage would fail for each that follows, so it
            // ends the sweep.
            let is_refusal = *error.outcome() == Outcome::Rejected;
            sweep.error.get_or_insert(error);
            if is_refusal {
                sweep.refused += 1;
            } else {
                sweep.remaining = left + 1;
                break;
            }
        }
        Ok(sweep)
    }

    /// Returns the SIDs of this messenger's messages before a time that the change applies to.
    async fn messages_before(
        &self,
        time: SystemTime,
        change: Change,
        sweep: &mut Sweep,
    ) -> Result<Vec<MessageSid>, Error> {
        let list = || ListMessages::new().page_size(1_000);
        // Twilio cannot filter by service: all messages of the account are listed then.
        let lists = match (self.config.messaging_service_sid(), self.number()) {
            (None, Some(number)) => vec![list().from(number), list().to(number)],
            _ => vec![list()],
        };
        let mut sids = Vec::new();
        for list in lists {
            let mut messages = self.client().list(list);
            while let Some(message) = messages.next().await {
                let message = message?;
                let is_done = match change {
                    Change::Redact => message.body.as_ref().is_some_and(|b| b.expose().is_empty()),
                    Change::Delete => false,
                };
                if self.is_own(&message) && is_before(&message, time) && !is_done {
                    sids.push(message.sid);
                }
            }
            sweep.unreadable += messages.unreadable().len();
        }
        Ok(sids)
    }

    fn is_own(&self, message: &Message) -> bool {
        let service = self.config.messaging_service_sid();
        let number = self.number();
        let is_ours = |address: &Option<Address>| {
            number.is_some() && address.as_ref().and_then(Address::phone) == number
        };
        (service.is_some() && message.messaging_service_sid == service)
            || is_ours(&message.from)
            || is_ours(&message.to)
    }
}

/// Compares the time of sending, or of creation for a message that was never sent. A message without
/// a time is left alone.
fn is_before(message: &Message, time: SystemTime) -> bool {
    let dates = [&message.date_sent, &message.date_created];
    let date = dates.into_iter().flatten().find_map(Timestamp::time);
    // Without a time, the message may be newer than the limit, and deleting cannot be undone.
    date.is_some_and(|date| date < time)
}
