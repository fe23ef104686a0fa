//! Finds out after a crash whether a text or call was sent.

use std::time::SystemTime;

use super::error::Error;
use super::messenger::Messenger;
use super::outgoing::{OutgoingCall, OutgoingText};
use crate::client::Reconciled;
use crate::client::calls::Call;
use crate::client::messages::Message;

/// Text or call that [`Messenger::look_for`] accepts: [`OutgoingText`] or [`OutgoingCall`].
///
/// This trait is sealed.
pub trait Outgoing: sealed::Outgoing {}

impl Outgoing for OutgoingText<'_> {}
impl Outgoing for OutgoingCall<'_> {}

mod sealed {
    use super::Error;
    use crate::client::Reconcile;

    #[expect(unnameable_types, reason = "part of the sealed `Outgoing` only")]
    pub trait Outgoing: Sync {
        type Entry: Send;
        type Request: Reconcile<Entry = Self::Entry>;

        /// Returns the request as far as Twilio's lists show it.
        fn request(&self) -> Result<Self::Request, Error>;
    }
}

impl sealed::Outgoing for OutgoingText<'_> {
    type Entry = Message;
    type Request = crate::client::messages::SendMessage;

    fn request(&self) -> Result<Self::Request, Error> {
        self.listed_request()
    }
}

impl sealed::Outgoing for OutgoingCall<'_> {
    type Entry = Call;
    type Request = crate::client::calls::PlaceCall;

    fn request(&self) -> Result<Self::Request, Error> {
        self.listed_request()
    }
}

impl Messenger {
    /// Finds out after a crash whether a text or a call was sent. It only reads from Twilio, and
    /// never sends.
    ///
    /// Write each text to your database before you send it: typed number, body, ID and time. After
    /// a restart, make the same text again and look for it. `sent_at` is the time of the record.
    /// `known` returns `true` for SIDs that belong to other texts, from your own records. It is
    /// compared as [`Client::reconcile`](crate::client::Client::reconcile) does.
    ///
    /// A status callback with the [`MessageId`](super::MessageId) of the text proves that it was
    /// sent, without any comparison. Look for a text only if no such callback arrived.
    ///
    /// ```no_run
    /// use std::time::SystemTime;
    /// use clinspark_twilio::client::Reconciled;
    /// use clinspark_twilio::messenger::{Error, Messenger};
    ///
    /// # async fn example(messenger: &Messenger, sent_at: SystemTime) -> Result<(), Error> {
    /// let text = messenger.text("0491 570 156", "Your visit is tomorrow at 9:00.");
    /// match messenger.look_for(&text, sent_at, |_| false).await? {
    ///     Reconciled::Sent(message) => println!("it was sent as {}", message.sid),
    ///     Reconciled::NotFound => println!("look again in a minute, then send it"),
    ///     Reconciled::Unclear { reasons, .. } => println!("a person must decide: {reasons:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns `Number` or `Configuration` for a text or call that could not be sent at all, and
    /// `Client` if the list cannot be read.
    pub async fn look_for<O: Outgoing>(
        &self,
        outgoing: &O,
        sent_at: SystemTime,
        known: impl Fn(&str) -> bool + Send,
    ) -> Result<Reconciled<O::Entry>, Error> {
        let request = outgoing.request()?;
        // Reading needs no gate, so the client without delivery does it.
        let client = self.client();
        Ok(client.look_for(&request, sent_at, known).await?)
    }
}
