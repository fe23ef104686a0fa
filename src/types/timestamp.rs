//! Dates as Twilio writes them, without a date crate in the API.

use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer};

/// Date and time as Twilio wrote it.
///
/// The 2010 API and the webhooks write RFC 2822 (`Thu, 24 Aug 2023 05:01:45 +0000`), the newer
/// hosts RFC 3339 (`2023-08-24T05:01:45Z`). A date in neither form keeps its text, so that one
/// malformed date does not make a whole response unreadable.
///
/// ```
/// use clinspark_twilio::types::Timestamp;
///
/// let sent = Timestamp::parse("Thu, 24 Aug 2023 05:01:45 +0000");
/// assert_eq!(sent.time(), Timestamp::parse("2023-08-24T05:01:45Z").time());
/// assert_eq!(Timestamp::parse("next Tuesday").time(), None);
/// assert_eq!(Timestamp::parse("next Tuesday").as_str(), "next Tuesday");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp {
    text: Box<str>,
    time: Option<SystemTime>,
}

impl Timestamp {
    /// Parses a date. Text in neither form is kept, and [`time`](Self::time) returns `None`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let time = jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(text)
            .or_else(|_| text.parse::<jiff::Timestamp>())
            .ok()
            // Not every platform's clock reaches back as far as a date can be written.
            .and_then(|time| SystemTime::try_from(time).ok());
        Self {
            text: text.into(),
            time,
        }
    }

    /// Returns the instant, to the second; `None` when the text is in neither of Twilio's forms.
    #[must_use]
    pub const fn time(&self) -> Option<SystemTime> {
        self.time
    }

    /// Returns the text as Twilio wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({:?})", self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}
