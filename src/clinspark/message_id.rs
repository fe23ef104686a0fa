//! Our own id for a text or a call, which Twilio brings back.

use std::fmt;

use crate::client::Runtime;
use crate::webhook::Verified;

/// The service's own id for a text or a call.
///
/// It stands in the query of the status callback, which Twilio signs: so every report says what
/// it is about, even when the answer to the request was lost and nobody knows the SID.
///
/// ```
/// use clinspark_twilio::clinspark::MessageId;
///
/// let id = MessageId::parse("reminder-4711")?;
/// assert_eq!(id.as_str(), "reminder-4711");
/// assert!(MessageId::parse("+61 491 570 156").is_err());
/// # Ok::<(), clinspark_twilio::clinspark::MessageIdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Box<str>);

impl MessageId {
    /// Its name in the query of a status callback.
    pub const PARAMETER: &'static str = "message_id";

    /// Takes an id: 1 to 64 ASCII letters, digits and `- _ .`. It stands in URLs and in logs on
    /// the way, so nothing that could be a telephone number is taken.
    ///
    /// # Errors
    ///
    /// [`MessageIdError`] for anything else.
    pub fn parse(id: &str) -> Result<Self, MessageIdError> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if !(1..=64).contains(&id.len()) || !id.bytes().all(is_letter) {
            return Err(MessageIdError(
                "an id is 1 to 64 ASCII letters, digits and - _ .",
            ));
        }
        let digits = id.bytes().filter(u8::is_ascii_digit).count();
        let has_letter = id.bytes().any(|b| b.is_ascii_alphabetic());
        if !has_letter && (7..=15).contains(&digits) {
            return Err(MessageIdError(
                "an id of so many digits could be a telephone number; put a letter to it",
            ));
        }
        Ok(Self(id.into()))
    }

    /// An id that nothing else has.
    pub(super) fn fresh(runtime: &dyn Runtime) -> Self {
        Self(format!("m-{:016x}{:016x}", runtime.random(), runtime.random()).into())
    }

    /// The id that a status callback was asked to bring back.
    #[must_use]
    pub fn of<B>(callback: &Verified<B>) -> Option<Self> {
        Self::parse(&callback.query(Self::PARAMETER)?).ok()
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A path with the id in its query.
    pub(super) fn mark(&self, path: &str) -> String {
        // Nothing in an id needs an escape.
        format!("{path}?{}={self}", Self::PARAMETER)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MessageIdError(&'static str);
