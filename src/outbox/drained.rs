//! [`Drained`]: what became of the messages that a worker claimed.

use std::time::SystemTime;

/// Counts of [`Outbox::drain`](super::Outbox::drain): what became of the messages that it claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// Accepted by Twilio.
    pub sent: u64,
    /// Among those sent: messages that have a second SID, so that the person may have got the text twice. A
    /// worker was given up while it was suspended, and has sent all the same.
    pub sent_twice: u64,
    /// Refused for good. Nothing was sent.
    pub refused: u64,
    /// Put back into the queue, such as because of quiet hours.
    pub requeued: u64,
    /// Expired before they were sent.
    pub expired: u64,
    /// Held for a person.
    pub held: u64,
    /// In doubt: the outcome is unknown.
    pub doubts: u64,
    /// Put back, because of an error that stops their batch.
    pub stopped: u64,
    /// Batches that were stopped: one for each stop, however many messages met the error.
    pub stops: u64,
    /// Claims that had ended otherwise, or whose end could not be stored. The latter are in doubt.
    pub lost: u64,
    /// Waits for the pace, or for a hold of the sender, of at most two seconds each.
    pub pace_waits: u64,
    /// Time at which the next message is due. `None` if none is queued, or if the limit was reached.
    pub next: Option<SystemTime>,
}

impl Drained {
    /// Returns the number of messages that were claimed.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.sent
            + self.refused
            + self.requeued
            + self.expired
            + self.held
            + self.doubts
            + self.stopped
            + self.lost
    }

    /// Returns the counts since an earlier state of this value.
    pub(super) const fn since(&self, before: &Self) -> Self {
        Self {
            sent: self.sent - before.sent,
            sent_twice: self.sent_twice - before.sent_twice,
            refused: self.refused - before.refused,
            requeued: self.requeued - before.requeued,
            expired: self.expired - before.expired,
            held: self.held - before.held,
            doubts: self.doubts - before.doubts,
            stopped: self.stopped - before.stopped,
            stops: self.stops - before.stops,
            lost: self.lost - before.lost,
            pace_waits: self.pace_waits - before.pace_waits,
            next: self.next,
        }
    }

    pub(super) const fn add(&mut self, processed: Processed) {
        match processed {
            Processed::Sent => self.sent += 1,
            Processed::SentTwice => {
                self.sent += 1;
                self.sent_twice += 1;
            }
            Processed::Refused => self.refused += 1,
            Processed::Requeued => self.requeued += 1,
            Processed::Expired => self.expired += 1,
            Processed::Held => self.held += 1,
            Processed::Doubt => self.doubts += 1,
            Processed::Stopped { is_first } => {
                self.stopped += 1;
                self.stops += is_first as u64;
            }
            Processed::Lost => self.lost += 1,
        }
    }
}

/// End of a claimed message, for the counts of [`Drained`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Processed {
    Sent,
    /// The message had another SID already.
    SentTwice,
    Refused,
    Requeued,
    Expired,
    Held,
    Doubt,
    /// The batch was stopped, and the message waits in it.
    Stopped {
        /// This message stopped it, and not an earlier one.
        is_first: bool,
    },
    /// The claim was not valid any more, or its end could not be stored.
    Lost,
}

impl Processed {
    /// Returns the name that events have.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Sent | Self::SentTwice => "sent",
            Self::Refused => "refused",
            Self::Requeued => "requeued",
            Self::Expired => "expired",
            Self::Held => "held",
            Self::Doubt => "doubt",
            Self::Stopped { .. } => "stopped",
            Self::Lost => "lost",
        }
    }
}
