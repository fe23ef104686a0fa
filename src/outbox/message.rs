//! Messages of a batch: intent, state and the entries of the send ledger.

use std::time::SystemTime;

use super::keys::{BatchId, Occurrence, RecipientKey};
use super::proof::Proof;
use crate::codes::ErrorCode;
use crate::messenger::MessageId;
use crate::types::{MessageSid, MessageStatus};

/// Message to enqueue: a reference to a person, never a number or a text.
///
/// ```
/// use clinspark_twilio::outbox::{NewMessage, Occurrence, RecipientKey};
///
/// let message = NewMessage::new(RecipientKey::numbered("volunteer", 4711)?)
///     .occurrence(Occurrence::parse("visit-3")?);
/// # let _ = message;
/// # Ok::<(), clinspark_twilio::outbox::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewMessage {
    /// Reference to the person.
    pub recipient: RecipientKey,
    /// Occasion within the batch. Default: empty.
    pub occurrence: Occurrence,
    /// Time before which the message is not sent. Default: none.
    pub not_before: Option<SystemTime>,
    /// Time after which the message is [expired](MessageState::Expired). Default: none.
    pub not_after: Option<SystemTime>,
}

impl NewMessage {
    /// Creates a message that is due at once.
    #[must_use]
    pub fn new(recipient: RecipientKey) -> Self {
        Self {
            recipient,
            occurrence: Occurrence::default(),
            not_before: None,
            not_after: None,
        }
    }

    /// Sets the occasion, for a person who gets several messages of one batch.
    #[must_use]
    pub fn occurrence(mut self, occurrence: Occurrence) -> Self {
        self.occurrence = occurrence;
        self
    }

    /// Sets the time before which the message is not sent.
    #[must_use]
    pub fn not_before(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.not_before = time.into();
        self
    }

    /// Sets the time after which the message is not sent any more, such as the time of the visit.
    /// Twilio drops the message then, too.
    #[must_use]
    pub fn not_after(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.not_after = time.into();
        self
    }
}

/// State of a message of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the persisted states; a ninth would be a new version of every store"
)]
pub enum MessageState {
    /// Waits until it is due and the pace permits it.
    Queued,
    /// Its batch is paused or stopped.
    Paused,
    /// Claimed by a worker. After minutes in this state it is in doubt.
    Sending,
    /// Accepted by Twilio; the SID is known.
    Sent,
    /// Refused for good: by a gate, or by Twilio. Nothing was sent.
    Refused,
    /// Not sent before its end of validity.
    Expired,
    /// Canceled before it was sent.
    Cancelled,
    /// A person must decide. Nothing is sent until then.
    Held,
}

impl MessageState {
    /// All states, in the order in which reports list them.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Paused,
        Self::Sending,
        Self::Sent,
        Self::Refused,
        Self::Expired,
        Self::Cancelled,
        Self::Held,
    ];

    /// Returns the name that stores persist.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Paused => "paused",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Held => "held",
        }
    }

    /// Parses a persisted name. `None` for any other text, such as of a row that was edited by hand.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Returns `true` if no worker will change the state any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Sent | Self::Refused | Self::Expired | Self::Cancelled
        )
    }
}

/// Message that this worker has claimed. The claim is committed: no other worker gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "stores construct it; a further field is a new version of every store"
)]
pub struct Claimed {
    /// Key of the row, chosen by the store.
    pub row: i64,
    /// Batch of the message.
    pub batch: BatchId,
    /// Reference to the person.
    pub recipient: RecipientKey,
    /// Occasion within the batch.
    pub occurrence: Occurrence,
    /// Random ID, which status callbacks return.
    pub message_id: MessageId,
    /// Number of this claim, from 1. A stale worker has an earlier one, and its statements change
    /// nothing.
    pub attempt: u32,
    /// Claims in turn before this one that ended with [`Finish::Retry`].
    pub failures: u32,
    /// End of validity.
    pub not_after: Option<SystemTime>,
}

/// Result of [`OutboxStore::claim`](super::OutboxStore::claim).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "workers must handle each; a further one must be a breaking change"
)]
pub enum Claim {
    /// A message is claimed, and the claim is committed.
    Message(Box<Claimed>),
    /// A message was due after its end of validity, and is [expired](MessageState::Expired) now.
    /// Claim again.
    Expired,
    /// Nothing may be sent before this time: the pace, a hold of the sender, or the next message
    /// that is due.
    Wait(SystemTime),
    /// The sender has no queued message.
    Empty,
}

/// Entry of the send ledger, committed immediately before the request leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "stores read it; a further field is a new version of every store"
)]
pub struct LedgerEntry {
    /// Proof of the number and the text, for a look at Twilio's list.
    pub proof: Proof,
    /// Number of segments, at least 1. The pace counts them.
    pub segments: u16,
}

/// Reason for a state, with neither number nor text.
///
/// Stores persist it as text, and reports show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason(Box<str>);

impl Reason {
    /// Creates a reason. Text beyond 200 bytes is cut.
    #[must_use]
    pub fn new(reason: &str) -> Self {
        let end = reason.floor_char_boundary_at(200);
        Self(end.into())
    }

    /// Returns the reason as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Cut of a text at a boundary of characters.
trait Cut {
    fn floor_char_boundary_at(&self, most: usize) -> &str;
}

impl Cut for str {
    fn floor_char_boundary_at(&self, most: usize) -> &str {
        let fits = |end: &usize| *end <= most;
        let ends = self.char_indices().map(|(at, c)| at + c.len_utf8());
        let end = ends.take_while(fits).last().unwrap_or(0);
        self.get(..end).unwrap_or_default()
    }
}

/// End of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "stores must persist each; a further one is a new version of every store"
)]
pub enum Finish {
    /// Twilio accepted the message under this SID.
    Sent(MessageSid),
    /// Nothing was sent, and nothing will be: a gate or Twilio refused the message for good.
    Refused {
        /// Twilio's error code, if Twilio refused.
        code: Option<ErrorCode>,
        /// Reason, such as `the person has opted out`.
        reason: Reason,
    },
    /// Nothing was sent, and the message goes back into the queue.
    Requeue {
        /// Time before which it is not claimed again.
        not_before: SystemTime,
        /// Reason, such as `quiet hours`.
        reason: Reason,
    },
    /// As [`Requeue`](Self::Requeue), after a failure of the service's own code, such as the
    /// resolver. The failure is counted in [`Claimed::failures`]; a `Requeue` starts from 0 again.
    Retry {
        /// Time before which it is not claimed again.
        not_before: SystemTime,
        /// Reason, such as `the resolver failed`.
        reason: Reason,
    },
    /// Nothing was sent, because the validity had ended.
    Expired,
    /// Nothing was sent, and a person must decide.
    Held(Reason),
    /// The request may have been carried out. The message stays [`MessageState::Sending`] until a
    /// status callback, Twilio's list or a person settles it.
    Doubt(Reason),
}

/// Message whose outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "stores construct it; a further field is a new version of every store"
)]
pub struct Doubt {
    /// The claim that was not finished.
    pub claimed: Claimed,
    /// Time of the ledger entry. `None` if the claim has none: then nothing was sent.
    pub began_at: Option<SystemTime>,
    /// Proof of the ledger entry.
    pub proof: Option<Proof>,
    /// Looks at Twilio's list that did not find the message.
    pub looks: u32,
    /// Time of the last look.
    pub looked_at: Option<SystemTime>,
}

/// Decision about a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "stores must persist each; a further one is a new version of every store"
)]
pub enum Settlement {
    /// The message was sent under this SID.
    Sent(MessageSid),
    /// The list did not show the message. It stays in doubt, and the look is counted.
    Looked,
    /// Nothing was sent; the message goes back into the queue. Nothing changes if its ledger entry is
    /// another one than that of the [`Doubt`]: a slow worker has begun in the meantime.
    Requeue,
    /// A person must decide.
    Held(Reason),
}

/// Decision of a person about a message that is [held](MessageState::Held).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a person's choices; stores must persist each"
)]
pub enum Decision {
    /// The message was sent under this SID.
    Sent(MessageSid),
    /// Send it (again). The person accepts that the recipient may get it twice.
    SendAgain,
    /// Do not send it.
    Refuse,
}

/// Delivery report for a message, from a status callback.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "stores read it; a further field is a new version of every store"
)]
pub struct DeliveryReport {
    /// ID of the message, from the URL of the callback.
    pub message_id: MessageId,
    /// SID of the message.
    pub sid: MessageSid,
    /// Delivery status.
    pub status: MessageStatus,
    /// Error code of a failed delivery.
    pub code: Option<ErrorCode>,
}

/// Result of [`OutboxStore::observe`](super::OutboxStore::observe).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observed {
    /// The report is recorded, or was already.
    Recorded,
    /// The report settled a message that was in doubt or held.
    Settled,
    /// The message has another SID, or another message has this one: a second text may have been sent.
    /// Nothing is recorded. The outbox logs it at WARN (feature `tracing`). Tell a person.
    OtherSid,
    /// The outbox has no such message.
    Unknown,
}

/// Message of a batch as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "stores construct it; a further field is a new version of every store"
)]
pub struct MessageRecord {
    /// Key of the row, chosen by the store. Reports are ordered by it.
    pub row: i64,
    /// Reference to the person.
    pub recipient: RecipientKey,
    /// Occasion within the batch.
    pub occurrence: Occurrence,
    /// Random ID, which status callbacks return.
    pub message_id: MessageId,
    /// State.
    pub state: MessageState,
    /// Number of claims.
    pub attempts: u32,
    /// Segments, once the text was made.
    pub segments: Option<u16>,
    /// SID at Twilio.
    pub sid: Option<MessageSid>,
    /// Last delivery status.
    pub delivery: Option<MessageStatus>,
    /// Twilio's error code of the refusal or the delivery.
    pub code: Option<ErrorCode>,
    /// Reason for the state.
    pub reason: Option<Reason>,
    /// Time of the last change.
    pub changed_at: SystemTime,
}
