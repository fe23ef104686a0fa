//! Digits that the application sends into the call.

use std::fmt;
use std::str::FromStr;

/// Digits for the other side of the call: `0` to `9`, `#`, `*`, and `w` for a pause of half a
/// second.
///
/// `Debug` prints only their number, because they may be an account number.
///
/// Source: <https://www.twilio.com/docs/voice/conversationrelay/websocket-messages>
#[derive(Clone, PartialEq, Eq)]
pub struct Digits(Box<str>);

/// Error returned for text that is not digits. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not digits to send: expected one or more of 0 to 9, #, * and w")]
#[non_exhaustive]
pub struct DigitsError;

impl Digits {
    /// Parses digits.
    ///
    /// # Errors
    ///
    /// Returns [`DigitsError`] if the text is empty or has another character. Twilio would drop the
    /// message.
    pub fn parse(text: &str) -> Result<Self, DigitsError> {
        let is_digit = |b: u8| b.is_ascii_digit() || matches!(b, b'w' | b'#' | b'*');
        if text.is_empty() || !text.bytes().all(is_digit) {
            return Err(DigitsError);
        }
        Ok(Self(text.into()))
    }

    /// Returns the digits. The caller must keep them out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Digits {
    type Err = DigitsError;
    fn from_str(text: &str) -> Result<Self, DigitsError> {
        Self::parse(text)
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digits({})", self.0.len())
    }
}
