//! Simulated phones: their behavior, inbox and ringing calls.

use std::collections::VecDeque;
use std::time::Duration;

use super::messages::TextMessage;
use crate::types::CallSid;

/// Outcome of texts to a phone.
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::{DeliveryBehavior, Sandbox};
/// use clinspark_twilio::types::MessageStatus;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let clinic = E164::parse("+14155550100")?;
/// sandbox.add_number(clinic);
/// let phone = sandbox.phone(E164::parse("+14155550123")?);
/// phone.set_delivery_behavior(DeliveryBehavior::Undelivered(30003));
///
/// // Twilio's own reply to HELP does not arrive.
/// assert!(phone.text(clinic, "HELP").await?.is_empty());
/// let messages = sandbox.messages();
/// let reply = messages.last().unwrap();
/// assert_eq!(reply.status, MessageStatus::Undelivered);
/// assert_eq!(reply.error_code, Some(30003));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryBehavior {
    /// The text arrives. Its status becomes `sent`, then `delivered`.
    #[default]
    Delivered,
    /// The carrier reports that the text did not arrive. Its status becomes `sent`, then
    /// `undelivered`, with this error code, such as 30003 (phone switched off).
    Undelivered(u32),
    /// Twilio cannot send the text. Its status becomes `failed`, with this error code.
    Failed(u32),
}

/// Reaction of a phone to calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerBehavior {
    /// The phone answers at once.
    #[default]
    Answer,
    /// The phone rings until [`Phone::answer`](crate::sandbox::Phone::answer), or until the caller
    /// hangs up.
    Ring,
    /// The line is busy. It is also busy while the phone is in another call, whatever its setting.
    Busy,
    /// The phone rings, and no one answers.
    NoAnswer,
    /// An answering machine answers at once. Its greeting lasts `greeting`, and ends with a beep if
    /// `beeps` is set. A greeting of more than `MachineDetectionSpeechThreshold`, by default 2.4
    /// seconds, is what makes Twilio detect a machine.
    Machine {
        /// Length of the greeting.
        greeting: Duration,
        /// Set if a beep follows the greeting; else silence does.
        beeps: bool,
    },
    /// A fax machine answers at once.
    Fax,
    /// The phone answers at once, and no one speaks, so that answering-machine detection ends with
    /// `unknown`.
    Silence,
}

impl AnswerBehavior {
    /// Reports whether the phone answers at once.
    pub(crate) const fn answers_at_once(self) -> bool {
        matches!(
            self,
            Self::Answer | Self::Machine { .. } | Self::Fax | Self::Silence
        )
    }
}

/// State of one phone.
#[derive(Default)]
pub(crate) struct PhoneState {
    /// Set after a test has requested this phone. Calls to any other phone are not answered.
    pub(crate) is_in_use: bool,
    /// `None` until a test sets it: the number and its carrier then decide.
    pub(crate) delivery: Option<DeliveryBehavior>,
    /// Line type that the test set, in Twilio's word, such as `landline`.
    pub(crate) line_type: Option<String>,
    pub(crate) answer: AnswerBehavior,
    pub(crate) inbox: Vec<TextMessage>,
    /// Number of texts in the inbox that `next_text` has returned.
    pub(crate) read_count: usize,
    /// Calls that rang and that `answer` has not returned yet.
    pub(crate) ringing_calls: VecDeque<CallSid>,
}
