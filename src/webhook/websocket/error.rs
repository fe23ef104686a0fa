//! Error of text that is not a message.

use super::super::json::Object;

/// Error returned for text that is not a message. It holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the WebSocket message cannot be read: {kind}")]
pub struct ParseError {
    kind: ParseErrorKind,
}

/// Reason why text is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// The text exceeds the limit in bytes. It was not parsed.
    #[error("it is longer than {0} bytes; close the WebSocket")]
    TooLong(usize),
    /// The text is not a JSON object. Twilio sends nothing else.
    #[error("it is not a JSON object; check that Twilio opened the WebSocket")]
    NotAnObject,
}

impl ParseError {
    /// Returns the reason.
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.kind
    }
}

/// Reads an object of at most so many bytes.
pub(super) fn read(text: &str, limit: usize) -> Result<Object<'_>, ParseError> {
    let kind = if text.len() > limit {
        ParseErrorKind::TooLong(limit)
    } else {
        match Object::parse(text) {
            Some(object) => return Ok(object),
            None => ParseErrorKind::NotAnObject,
        }
    };
    Err(ParseError { kind })
}
