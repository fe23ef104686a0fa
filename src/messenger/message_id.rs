//! The service's own ID of a text or call, which status callbacks return.

use std::fmt;

use crate::client::Clock;
use crate::webhook::Verified;

/// The service's own ID of a text or call.
///
/// The messenger adds it to the query of the status callback URL, which Twilio signs. Every status
/// callback therefore identifies its text or call, even if the response to the request was lost and
/// the SID is unknown. [`from_callback`](Self::from_callback) reads it.
///
/// ```
/// use clinspark_twilio::messenger::MessageId;
///
/// let id = MessageId::numbered("reminder", 4711)?;
/// assert_eq!(id.as_str(), "reminder-4711");
/// assert!(MessageId::parse("+61 491 570 156").is_err());
/// # Ok::<(), clinspark_twilio::messenger::MessageIdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Box<str>);

/// Terminator of an ID in a URL. It cannot be part of an ID.
///
/// A signature covers the URL and the form as one text without a separator. An attacker who has seen
/// a signed request can therefore move the end of its URL into the form. An ID without its
/// terminator is not read, so a cut ID cannot pass for another one.
const TERMINATOR: char = '.';

impl MessageId {
    /// Name of the parameter in the query of a status callback.
    pub const PARAMETER: &'static str = "message_id";

    /// Parses an ID: 1 to 64 ASCII letters, digits, hyphens and underscores, at least one of them
    /// a letter.
    ///
    /// The ID appears in URLs and logs. Never derive one from a phone number.
    ///
    /// # Errors
    ///
    /// Returns [`MessageIdError`] for any other text.
    pub fn parse(id: &str) -> Result<Self, MessageIdError> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        if !(1..=64).contains(&id.len()) || !id.bytes().all(is_letter) {
            return Err(MessageIdError(
                "an ID has 1 to 64 ASCII letters, digits, hyphens and underscores",
            ));
        }
        if !id.bytes().any(|b| b.is_ascii_alphabetic()) {
            return Err(MessageIdError(
                "an ID without a letter could be a phone number; put a word before it, such as \
                 visit-4711",
            ));
        }
        Ok(Self(id.into()))
    }

    /// Creates an ID from a word and a number, such as the key of a record: `visit-4711`.
    ///
    /// # Errors
    ///
    /// Returns [`MessageIdError`] if [`parse`](Self::parse) refuses the result.
    pub fn numbered(word: &str, number: u64) -> Result<Self, MessageIdError> {
        Self::parse(&format!("{word}-{number}"))
    }

    /// Creates a random ID of 128 bits.
    pub(super) fn random(clock: &dyn Clock) -> Self {
        Self(format!("m-{:016x}{:016x}", clock.random(), clock.random()).into())
    }

    /// Returns the ID in the URL of a status callback. `None` if the URL has no ID, or one that was
    /// cut short.
    #[must_use]
    pub fn from_callback<B>(callback: &Verified<B>) -> Option<Self> {
        let value = callback.query_parameter(Self::PARAMETER)?;
        Self::parse(value.strip_suffix(TERMINATOR)?).ok()
    }

    /// Returns the ID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds the ID to the query of a URL or path. Returns `None` if the query already has one.
    pub(super) fn add_to_url(&self, url: &str) -> Option<String> {
        // Connection overrides such as `#rc=2` follow the query.
        let (address, fragment) = match url.find('#') {
            Some(at) => url.split_at_checked(at)?,
            None => (url, ""),
        };
        let query = address.split_once('?').map(|(_, query)| query);
        let is_id = |pair: &str| pair.split('=').next() == Some(Self::PARAMETER);
        if query.is_some_and(|query| query.split('&').any(is_id)) {
            return None;
        }
        let separator = if query.is_some() { '&' } else { '?' };
        // Neither an ID nor its terminator needs an escape.
        let name = Self::PARAMETER;
        Some(format!(
            "{address}{separator}{name}={self}{TERMINATOR}{fragment}"
        ))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Error returned when a text is not a [`MessageId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MessageIdError(&'static str);
