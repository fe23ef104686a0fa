//! Phones of volunteers: their behavior, inbox and ringing calls.

use std::collections::VecDeque;

use super::messages::TextMessage;
use crate::types::CallSid;

/// Final status of a text to a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryBehavior {
    /// The text arrives: `sent`, then `delivered`.
    #[default]
    Delivered,
    /// The carrier reports that the text did not arrive, with this error code (30003: switched
    /// off): `sent`, then `undelivered`.
    Undelivered(u32),
    /// Twilio cannot send the text, for the reason of this error code: `failed`.
    Failed(u32),
}

/// Reaction of a phone to a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerBehavior {
    /// The call is answered at once.
    #[default]
    Answer,
    /// The phone rings until [`Phone::answer`](crate::sandbox::Phone::answer), or until the
    /// caller gives up.
    Ring,
    /// The line is busy, as it also is while the phone is in another call.
    Busy,
    /// The phone rings, and no one answers.
    NoAnswer,
}

/// State of one phone.
#[derive(Default)]
pub(crate) struct PhoneState {
    /// A test has asked for this phone. Calls to any other phone are not answered.
    pub(crate) is_in_use: bool,
    pub(crate) delivery: DeliveryBehavior,
    pub(crate) answer: AnswerBehavior,
    pub(crate) inbox: Vec<TextMessage>,
    /// Number of texts of the inbox that `next_text` has returned.
    pub(crate) read_count: usize,
    /// Calls that rang and that `answer` has not returned yet.
    pub(crate) ringing_calls: VecDeque<CallSid>,
}
