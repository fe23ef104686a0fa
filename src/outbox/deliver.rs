//! [`Deliver`]: sends the texts of an outbox, through every gate.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use super::keys::SenderKey;
use super::message::{Claimed, LedgerEntry, Reason};
use super::proof::{Proof, ProofKey};
use super::store::OutboxStore;
use crate::codes::ErrorCode;
use crate::messenger::{MessageId, TimeZone};
use crate::phone::E164;
use crate::sms::MessageSize;
use crate::template::{MergeData, Template};
use crate::types::{BoxFuture, MessageSid, Redacted};

/// Sends texts, and reads Twilio's list to settle doubts. [`Messenger`](crate::Messenger) implements
/// it, so that every text passes every gate when it is sent.
///
/// [`Client`](crate::Client) does not implement it, because it has no gates.
pub trait Deliver: Send + Sync + 'static {
    /// Passes every gate, commits the ledger entry with [`Begin::commit`], and sends.
    ///
    /// # Errors
    ///
    /// [`Undelivered`] states what becomes of the message. Only
    /// [`Unknown`](Undelivered::Unknown) may be returned once the request may have left.
    fn deliver<'a>(
        &'a self,
        text: BatchText<'a>,
        begin: Begin<'a>,
    ) -> BoxFuture<'a, Result<MessageSid, Undelivered>>;

    /// Passes every gate, and sends nothing. In quiet hours, the other gates are passed as at their
    /// end.
    ///
    /// # Errors
    ///
    /// [`Undelivered`] for the first gate that refuses.
    fn check<'a>(
        &'a self,
        text: BatchText<'a>,
    ) -> BoxFuture<'a, Result<CheckedBatchText, Undelivered>>;

    /// Lists the texts to a number that Twilio has. `typed` is the number as the
    /// [`Resolver`](super::Resolver) gave it.
    ///
    /// # Errors
    ///
    /// [`Undelivered`] if the number is refused, or the list cannot be read.
    fn list<'a>(
        &'a self,
        typed: &'a Redacted<String>,
    ) -> BoxFuture<'a, Result<Listing, Undelivered>>;
}

/// Text of a batch for one person.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "callers of a `Deliver` construct it; a further field must be a breaking change"
)]
pub struct BatchText<'a> {
    /// ID of the message, which status callbacks return.
    pub message_id: &'a MessageId,
    /// Number as the person's record has it.
    pub number: &'a Redacted<String>,
    /// Template of the batch.
    pub template: &'a Template,
    /// Values of the person.
    pub data: &'a MergeData,
    /// Time zone of the person, for quiet hours.
    pub time_zone: Option<&'a TimeZone>,
    /// Purpose of the batch, for the audit trail.
    pub purpose: &'a str,
    /// Time after which Twilio drops the text.
    pub not_after: Option<SystemTime>,
}

/// Text that passed every gate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "implementations of `Deliver` construct it; a further field must be a breaking change"
)]
pub struct CheckedBatchText {
    /// Recipient.
    pub to: E164,
    /// Body.
    pub body: Redacted<String>,
    /// End of the quiet hours in which the person is now. The text is sent then.
    pub waits_until: Option<SystemTime>,
}

/// The commit of the ledger entry, which must precede the request.
#[must_use = "nothing may be sent before `commit` has returned"]
pub struct Begin<'a> {
    pub(super) store: &'a dyn OutboxStore,
    pub(super) claimed: &'a Claimed,
    pub(super) key: &'a ProofKey,
    pub(super) shared_pace: Option<&'a SenderKey>,
    /// Set before the entry is committed. From then on a panic may have followed the request.
    pub(super) may_have_begun: &'a AtomicBool,
}

impl Begin<'_> {
    /// Commits the proof of the text as it will be sent. Send the request only if this returns `Ok`.
    ///
    /// # Errors
    ///
    /// [`Undelivered::NotBegun`] if the store fails, or the claim is not valid any more.
    pub async fn commit(self, to: E164, body: &str) -> Result<(), Undelivered> {
        let segments = u16::try_from(MessageSize::of(body).segments()).unwrap_or(u16::MAX);
        let entry = LedgerEntry {
            proof: self.proof(to, body),
            segments: segments.max(1),
        };
        self.may_have_begun.store(true, Ordering::SeqCst);
        match self.store.begin(self.claimed, &entry).await {
            Ok(true) => {
                let further = entry.segments.saturating_sub(1);
                if let Some(shared) = self.shared_pace.filter(|_| further > 0) {
                    // The entry stands, whether or not the charge does.
                    let _ = self.store.charge(shared, further).await;
                }
                Ok(())
            }
            Ok(false) | Err(_) => Err(Undelivered::NotBegun),
        }
    }

    fn proof(&self, to: E164, body: &str) -> Proof {
        self.key.proof(to, body)
    }
}

impl std::fmt::Debug for Begin<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begin")
            .field("claimed", &self.claimed)
            .finish_non_exhaustive()
    }
}

/// Reason why a text was not delivered, by what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the worker must handle each; a further one must be a breaking change"
)]
pub enum Undelivered {
    /// Nothing was sent, and the person gets no text of this batch: opted out, no consent, invalid
    /// number, missing value.
    Refused {
        /// Twilio's error code, if Twilio refused.
        code: Option<ErrorCode>,
        /// Reason.
        reason: Reason,
    },
    /// Nothing was sent; it can be sent later, such as after quiet hours.
    Later {
        /// Time to try again. `None` for the worker's own choice.
        at: Option<SystemTime>,
        /// Reason.
        reason: Reason,
    },
    /// Nothing was sent, and neither would other texts of the sender be: throttled, queue full, no
    /// connection.
    Throttled {
        /// Time to wait. `None` for the worker's own choice.
        wait: Option<Duration>,
        /// Reason.
        reason: Reason,
    },
    /// Nothing was sent, because of a fault that every text of the batch would meet, such as a wrong
    /// credential. The batch stops.
    Configuration(Reason),
    /// Nothing was sent, because the validity had ended.
    Expired,
    /// Nothing was sent, and a person must decide.
    Held(Reason),
    /// Nothing was sent, because the ledger entry was not committed.
    NotBegun,
    /// The request may have been carried out.
    Unknown {
        /// SID in an otherwise unreadable response. It shows that the text was sent.
        sid: Option<MessageSid>,
        /// Reason.
        reason: Reason,
    },
}

/// Texts to a number, as Twilio lists them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Listing {
    /// Number that the list was read for.
    pub to: Option<E164>,
    /// Texts to the number.
    pub texts: Vec<ListedText>,
    /// Reason why a text may be missing from the list, or its body: such as a retention setting.
    pub incomplete: Option<Reason>,
}

impl Listing {
    /// Creates an empty list for a number.
    #[must_use]
    pub fn new(to: E164) -> Self {
        Self {
            to: Some(to),
            ..Self::default()
        }
    }
}

/// Text in Twilio's list.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "implementations of `Deliver` construct it; a further field must be a breaking change"
)]
pub struct ListedText {
    /// SID.
    pub sid: MessageSid,
    /// Body. `None` if Twilio keeps none.
    pub body: Option<Redacted<String>>,
    /// Time of creation. `None` if the list has none.
    pub created: Option<SystemTime>,
}
