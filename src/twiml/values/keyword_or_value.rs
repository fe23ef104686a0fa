//! Values that are a keyword, or a number or text.

use std::fmt;

use crate::twiml::schema::ValueType;
use crate::twiml::write::{AttributeValue, escape_attribute};

/// Number of times that speech or sound is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "Twilio accepts a count, where 0 means endless"
)]
pub enum Loop {
    /// Repeated until the call ends.
    Forever,
    /// Repeated this many times. Twilio treats `Times(0)` like [`Forever`](Self::Forever).
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

/// Length of the pause that ends a caller's speech.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/gather#speechtimeout>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "Twilio accepts these two forms")]
pub enum SpeechTimeout {
    /// Twilio detects the end of the sentence.
    Auto,
    /// Number of seconds of silence.
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

/// Postal code setting of [`Pay`](crate::twiml::Pay).
///
/// `Debug` hides the postal code, because it is personal data.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/pay>
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "Twilio accepts these three forms")]
pub enum PostalCode {
    /// The caller is prompted for the postal code.
    Ask,
    /// The caller is not prompted, and no postal code is passed on.
    Skip,
    /// The postal code is already known and is passed on without a prompt.
    Known(String),
}

impl AttributeValue for PostalCode {
    const VALUE_TYPE: ValueType = ValueType::Text;

    #[inline]
    fn write(self, out: &mut String) {
        // One attribute holds either a Boolean or the code itself.
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
