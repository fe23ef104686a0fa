//! Twilio's error codes: meaning, class, and advice.
//!
//! The same codes occur in responses of the REST API, in the `error_code` of a message, and in
//! webhooks.
//!
//! ```
//! use clinspark_twilio::codes::{ErrorClass, ErrorCode, RetryAdvice};
//!
//! let code = ErrorCode::from(21610);
//! assert_eq!(code, ErrorCode::OPTED_OUT);
//! assert_eq!(code.class(), ErrorClass::OptedOut);
//! assert_eq!(code.retry_advice(), RetryAdvice::Never);
//! assert_eq!(
//!     code.explanation().to_string(),
//!     "Twilio error 21610: the recipient has opted out; do not text them until they text START"
//! );
//! ```
//!
//! | Item | Contents |
//! |---|---|
//! | [`ErrorCode`] | a code, with named constants for those that applications handle |
//! | [`Explanation`] | meaning and advice as one text |
//! | [`ErrorClass`] | the kind of cause |
//! | [`RetryAdvice`] | advice about a retry |
//! | [`ErrorLevel`] | error or warning: after a warning, the message or call often went through |
//! | [`Certainty`] | the extent of Twilio's public documents about the code |
//!
//! The meanings are this crate's words; class and advice are its judgement.
//!
//! Source: <https://www.twilio.com/docs/api/errors>

mod class;
mod explanation;
mod named;
mod range;
mod table;

pub use self::class::{Certainty, ErrorClass, ErrorLevel, RetryAdvice};
pub use self::explanation::Explanation;

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use self::table::CodeRow;

/// Error code of Twilio.
///
/// Twilio adds codes often, so a code that this version does not know is valid too. It takes its
/// class and meaning from its range. `Display` writes the number;
/// [`explanation`](Self::explanation) writes a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(u32);

impl ErrorCode {
    /// Returns the code as a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Returns `true` if this version knows the code.
    #[must_use]
    pub const fn is_known(self) -> bool {
        table::find(self.0).is_some()
    }

    /// Returns the meaning, in this crate's wording. A code that this version does not know takes
    /// the meaning of its range.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.row()
            .map_or_else(|| range::meaning_of_range(self.0), |row| row.meaning)
    }

    /// Returns the advice: what to do about the error. `None` for a code that this version does
    /// not know; Twilio's page at [`url`](Self::url) may have advice.
    #[must_use]
    pub fn advice(self) -> Option<&'static str> {
        // Recordings that succeeded have the code 0.
        let no_error = (self.0 == 0).then_some("nothing to do");
        self.row().map(|row| row.advice).or(no_error)
    }

    /// Returns meaning and advice as one text, such as "Twilio error 21610: the recipient has
    /// opted out; do not text them until they text START".
    #[must_use]
    pub const fn explanation(self) -> Explanation {
        Explanation(self)
    }

    /// Returns the class. A code that this version does not know takes the class of its range.
    #[must_use]
    pub fn class(self) -> ErrorClass {
        self.row()
            .map_or_else(|| ErrorClass::of_range(self.0), |row| row.class)
    }

    /// Returns the advice about a retry, [`RetryAdvice::Never`] for a code that this version does
    /// not know.
    #[must_use]
    pub fn retry_advice(self) -> RetryAdvice {
        // Without knowledge of the cause, a retry could repeat a harmful request.
        self.row().map_or(RetryAdvice::Never, |row| row.retry)
    }

    /// Returns the level at which Twilio logs the code, if known.
    #[must_use]
    pub fn level(self) -> Option<ErrorLevel> {
        self.row()?.level
    }

    /// Returns the certainty of meaning, class and advice.
    #[must_use]
    pub fn certainty(self) -> Certainty {
        // A code without a row is newer than this version, so only its range is known.
        self.row().map_or(Certainty::Unknown, |row| row.certainty)
    }

    /// Returns Twilio's product area in short, such as `messaging` or `sip-trunking`, if known.
    #[must_use]
    pub fn product(self) -> Option<&'static str> {
        self.row()?.product
    }

    /// Returns the URL of Twilio's page about the code.
    #[must_use]
    pub fn url(self) -> String {
        format!("https://www.twilio.com/docs/api/errors/{self}")
    }

    /// Iterates over every code that this version knows, in ascending order.
    pub fn known() -> impl Iterator<Item = Self> {
        table::codes().map(Self)
    }

    fn row(self) -> Option<CodeRow> {
        CodeRow::of(self.0)
    }
}

impl From<u32> for ErrorCode {
    fn from(code: u32) -> Self {
        Self(code)
    }
}

impl FromStr for ErrorCode {
    type Err = ParseIntError;

    /// Reads a code as Twilio writes it in webhooks: decimal digits.
    ///
    /// # Errors
    ///
    /// If the text is not a number between 0 and `u32::MAX`.
    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
