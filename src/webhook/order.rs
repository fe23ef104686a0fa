//! Order of status callbacks: a late callback must not replace a later status.

use crate::types::{CallStatus, MessageStatus};

/// Status that only moves forward.
///
/// This trait is sealed: the ranks are those of Twilio's statuses.
pub trait Ranked: private::Sealed {
    /// Returns the rank of the status. A higher rank supersedes a lower one.
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
    /// Starts from a known status, such as the one in the API response or a stored one.
    pub const fn new(status: S) -> Self {
        Self { status }
    }

    /// Records the status of a callback, and returns `true` if it supersedes the known status.
    ///
    /// Of two statuses with equal rank, the first one stays.
    pub fn observe(&mut self, status: S) -> bool {
        let moves = status.rank() > self.status.rank();
        if moves {
            self.status = status;
        }
        moves
    }

    /// Returns the status of the highest rank so far.
    pub const fn status(&self) -> &S {
        &self.status
    }
}
