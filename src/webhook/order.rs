//! Status callbacks overtake each other: what came late must not undo what is known.

use crate::types::{CallStatus, MessageStatus};

/// A status that only moves forward. Sealed: the ranks are those of Twilio's own statuses.
pub trait Ranked: private::Sealed {
    /// How far along it is; a higher rank supersedes a lower one.
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

/// Where a message or a call is, whatever the order in which its callbacks arrive.
///
/// ```
/// use clinspark_twilio::types::MessageStatus;
/// use clinspark_twilio::webhook::StatusTracker;
///
/// let mut tracker = StatusTracker::new(MessageStatus::Queued);
/// assert!(tracker.observe(MessageStatus::Delivered));
/// assert!(!tracker.observe(MessageStatus::Sent)); // late, and without effect
/// assert_eq!(tracker.status(), &MessageStatus::Delivered);
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusTracker<S> {
    status: S,
}

impl<S: Ranked> StatusTracker<S> {
    /// From the status that is known: the one in the answer to the request, or a stored one.
    pub const fn new(status: S) -> Self {
        Self { status }
    }

    /// Takes a callback's status; `true` when it moved things forward. Of equal ranks, the first
    /// one stays.
    pub fn observe(&mut self, status: S) -> bool {
        let moves = status.rank() > self.status.rank();
        if moves {
            self.status = status;
        }
        moves
    }

    /// The furthest status so far.
    pub const fn status(&self) -> &S {
        &self.status
    }
}
