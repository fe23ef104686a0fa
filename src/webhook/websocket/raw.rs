//! Messages that have no type of their own.

use std::fmt;

use super::error::{ParseError, read};
use crate::types::Redacted;

/// Message as its JSON text: one that this version does not know, or one of your own.
///
/// `Debug` prints only its length, because the text may hold speech, digits or numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct RawMessage(Redacted<Box<str>>);

impl RawMessage {
    /// Limit for the text, in bytes: 1 MiB.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Takes the JSON text of a message, to send one that has no type yet.
    ///
    /// # Errors
    ///
    /// Returns [`ParseError`] if the text is not a JSON object, or longer than
    /// [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        read(text, Self::MAX_BYTES).map(|_| Self::new(text))
    }

    /// Takes a text that was read as an object.
    pub(super) fn new(text: &str) -> Self {
        Self(Redacted::new(text.into()))
    }

    /// Returns the JSON text, unchanged.
    #[must_use]
    pub fn json(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for RawMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawMessage({} bytes)", self.json().len())
    }
}
