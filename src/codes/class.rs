//! Classes of error codes, and what else is known about a code.

use std::fmt;

/// Declares the name of each value of an enum, which is also its spelling in the table of codes.
macro_rules! value_names {
    ($type:ident, $example:literal: $( $value:ident = $name:literal ),+ $(,)?) => {
        impl $type {
            #[doc = concat!("Returns the name, such as `", $example, "`. It does not change.")]
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$value => $name, )+
                }
            }

            pub(super) fn of_name(name: &str) -> Option<Self> {
                match name {
                    $( $name => Some(Self::$value), )+
                    _ => None,
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// Class of an error code: the kind of cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The recipient replied STOP, or withdrew consent. Do not text them again.
    OptedOut,
    /// The number cannot receive the message or call. Ask for another number.
    InvalidRecipient,
    /// The phone, or the network on the way to it, cannot be reached at present.
    Unreachable,
    /// Twilio, a carrier or a regulation blocked the message or call.
    Filtered,
    /// The sender, brand, campaign or address is not registered.
    Registration,
    /// The account's state, permissions, credentials or trial restrictions forbid the action.
    Account,
    /// Too many requests, messages or calls in a period.
    RateLimit,
    /// The destination country is not enabled in the account's geo permissions.
    GeoPermission,
    /// A request, TwiML document, webhook or setting of this application is wrong.
    ApplicationFault,
    /// Twilio had an internal error.
    TwilioFault,
    /// The code is unknown and outside of every known range.
    Unclassified,
}

value_names! {
    ErrorClass, "opted-out":
    OptedOut = "opted-out",
    InvalidRecipient = "invalid-recipient",
    Unreachable = "unreachable",
    Filtered = "filtered",
    Registration = "registration",
    Account = "account",
    RateLimit = "rate-limit",
    GeoPermission = "geo-permission",
    ApplicationFault = "application-fault",
    TwilioFault = "twilio-fault",
    Unclassified = "unclassified",
}

/// Advice about a retry. The judgement is this crate's, not Twilio's.
///
/// It does not change the retry rules of the client, which are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryAdvice {
    /// A retry fails again until a person, or a change of the code, has fixed the cause. Notices
    /// have this advice too: nothing failed, so nothing is to be sent again.
    Never,
    /// A retry can succeed after minutes to days, or once a cause outside of the application ends.
    ///
    /// After [`ErrorClass::TwilioFault`], retry a message or call only once it is certain that the
    /// first one was not sent.
    Later,
    /// A retry can succeed soon: the request was not carried out. Increase the wait each time.
    Soon,
}

value_names!(RetryAdvice, "later": Never = "never", Later = "later", Soon = "soon");

/// Level at which Twilio logs an error code in its debugger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorLevel {
    /// An error.
    Error,
    /// A warning. The message or call often went through, so the code alone is no reason to send
    /// again.
    Warning,
}

value_names!(ErrorLevel, "warning": Error = "error", Warning = "warning");

/// Certainty of a code's meaning, class and advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Certainty {
    /// Twilio documents cause and remedy of the code.
    Documented,
    /// Only a title is public. Class and advice rest on it alone.
    TitleOnly,
    /// The code is known only from the page of another code.
    Referenced,
    /// This version does not know the code. Class and meaning are those of its range.
    Unknown,
}

value_names! {
    Certainty, "documented":
    Documented = "documented",
    TitleOnly = "title-only",
    Referenced = "referenced",
    Unknown = "unknown",
}
