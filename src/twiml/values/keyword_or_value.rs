//! Values that are a keyword, or a number or text.

use std::fmt;

use crate::twiml::schema::ValueType;
use crate::twiml::write::{AttributeValue, escape_attribute};

/// How often something is said or played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "Twilio takes a count, and 0 for no end"
)]
pub enum Loop {
    /// Until the call ends.
    Forever,
    /// This many times. `Times(0)` is the same as [`Forever`](Self::Forever) to Twilio.
    Times(u32),
}

impl AttributeValue for Loop {
    const VALUE_TYPE: ValueType = ValueType::Integer;

    #[inline]
    fn write(self, out: &mut String) {
        match self {
            Self::Forever => out.push('0'),
            Self::Times(times) => times.write(out),
        }
    }
}

/// How long a pause ends what a caller says.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/gather#speechtimeout>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "Twilio takes these two forms")]
pub enum SpeechTimeout {
    /// Twilio listens for the end of the sentence.
    Auto,
    /// This many seconds of silence.
    Seconds(u32),
}

impl AttributeValue for SpeechTimeout {
    const VALUE_TYPE: ValueType = ValueType::AutoOrSeconds;

    #[inline]
    fn write(self, out: &mut String) {
        match self {
            Self::Auto => out.push_str("auto"),
            Self::Seconds(seconds) => seconds.write(out),
        }
    }
}

/// What a [`Pay`](crate::twiml::Pay) does about the caller's postal code.
///
/// `Debug` does not show a postal code: it is about a person.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/pay>
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "Twilio takes these three forms")]
pub enum PostalCode {
    /// It is asked for.
    Ask,
    /// It is not asked for, and not passed on.
    Skip,
    /// It is known already.
    Known(String),
}

impl AttributeValue for PostalCode {
    const VALUE_TYPE: ValueType = ValueType::Text;

    #[inline]
    fn write(self, out: &mut String) {
        match self {
            Self::Ask => out.push_str("true"),
            Self::Skip => out.push_str("false"),
            Self::Known(code) => escape_attribute(out, &code),
        }
    }
}

impl fmt::Debug for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ask => "Ask",
            Self::Skip => "Skip",
            Self::Known(_) => "Known([redacted])",
        })
    }
}
