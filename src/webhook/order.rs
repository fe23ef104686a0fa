//! Order of status callbacks: one that arrives late must not replace a later status.

use crate::types::{CallStatus, MessageStatus};

/// A status that only moves forward. Sealed: the ranks are those of Twilio's statuses.
pub trait Ranked: private::Sealed {
    /// Rank of the status: a higher one supersedes a lower one.
    fn rank(&self) -> u8;
}

mod private {
    #[expect(unnameable_types, reason = "seals `Ranked`")]
    pub trait Sealed {}
    impl Sealed for crate::types::MessageStatus {}
    impl Sealed for crate::types::CallStatus {}
}

impl Ranked for MessageStatus {
    fn rank(&self) -> u8 {
        Self::rank(self)
    }
}

impl Ranked for CallStatus {
    fn rank(&self) -> u8 {
        Self::rank(self)
    }
}

/// Status of a message or a call, independent of the order in which its callbacks arrive.
///
/// ```
/// use clinspark_twilio::types::MessageStatus;
/// use clinspark_twilio::webhook::StatusTracker;
///
/// let mut tracker = StatusTracker::new(MessageStatus::Queued);
/// assert!(tracker.observe(MessageStatus::Delivered));
/// assert!(!tracker.observe(MessageStatus::Sent)); // late, so it is ignored
/// assert_eq!(tracker.status(), &MessageStatus::Delivered);
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusTracker<S> {
    status: S,
}

impl<S: Ranked> StatusTracker<S> {
    /// Starts from a known status: the one in the answer to the request, or a stored one.
    pub const fn new(status: S) -> Self {
        Self { status }
    }

    /// Takes the status of a callback. Returns `true` when it supersedes the known one; of equal
    /// ranks, the first one stays.
    pub fn observe(&mut self, status: S) -> bool {
        let moves = status.rank() > self.status.rank();
        if moves {
            self.status = status;
        }
        moves
    }

    /// The status of the highest rank so far.
    pub const fn status(&self) -> &S {
        &self.status
    }
}
