//! What Twilio's error codes mean, and what to do about them.
//!
//! The same codes come in answers of the REST API, in the `error_code` of a message, and in
//! callbacks.
//!
//! ```
//! use clinspark_twilio::client::codes::{Advice, ErrorClass, ErrorCode};
//!
//! let code = ErrorCode::from(21610);
//! assert_eq!(code, ErrorCode::OPTED_OUT);
//! assert_eq!(code.class(), ErrorClass::OptedOut);
//! assert_eq!(code.advice(), Advice::Fix);
//! assert_eq!(
//!     code.meaning(),
//!     Some("recipient has opted out of messages from this sender (STOP)")
//! );
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ErrorCode`] | a code, with names for those that a service answers by itself |
//! | [`ErrorClass`] | cause of an error, by kind |
//! | [`Advice`] | whether a retry can succeed |
//!
//! Source: <https://www.twilio.com/docs/api/errors>

mod class;
mod table;

pub use self::class::{Advice, ErrorClass};

use std::fmt;

use self::table::CodeRow;

/// One of Twilio's error codes.
///
/// Codes that this version does not know are values like any other: their class comes from the
/// range that they lie in. Twilio adds codes often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(u32);

/// Declares names for codes. A name for a code that the table does not know does not compile.
macro_rules! named_codes {
    ($( $(#[$doc:meta])* $name:ident = $code:literal; )+) => {
        impl ErrorCode {
            $( $(#[$doc])* pub const $name: Self = Self($code); )+
        }

        $( const _: () = assert!(table::has_row($code), stringify!($name)); )+
    };
}

named_codes! {
    /// The account is suspended or closed.
    ACCOUNT_INACTIVE = 10001;
    /// The account's limit of simultaneous calls is reached.
    CALL_CONCURRENCY_LIMIT = 10004;
    /// The credentials are wrong, lack a right, or belong to another region.
    AUTHENTICATION_FAILED = 20003;
    /// The message or call is not finished and cannot be deleted yet.
    NOT_COMPLETED = 20009;
    /// There is no such resource in this account and region.
    NOT_FOUND = 20404;
    /// Too many requests at once; this one was not looked at.
    TOO_MANY_REQUESTS = 20429;
    /// Internal error at Twilio. The request may have been carried out.
    INTERNAL_SERVER_ERROR = 20500;
    /// The recipient is no telephone number.
    INVALID_TO = 21211;
    /// The account may not call that country.
    CALL_GEO_PERMISSION_DENIED = 21215;
    /// The call is not in a state in which that can be done.
    INVALID_CALL_STATE = 21220;
    /// The account may not text that country.
    MESSAGE_GEO_PERMISSION_DENIED = 21408;
    /// The sender cannot send messages, or not to this destination.
    SENDER_NOT_CAPABLE = 21606;
    /// A trial account reaches verified numbers only.
    RECIPIENT_NOT_VERIFIED = 21608;
    /// The recipient has opted out.
    OPTED_OUT = 21610;
    /// Too many messages of this sender wait already.
    QUEUE_FULL = 21611;
    /// There is no way from this sender to this recipient.
    NO_ROUTE = 21612;
    /// The recipient is no mobile phone.
    NOT_MOBILE = 21614;
    /// The text is too long.
    BODY_TOO_LONG = 21617;
    /// The number is in the Messaging Service already.
    ALREADY_IN_SERVICE = 21710;
    /// The number is in another Messaging Service.
    IN_OTHER_SERVICE = 21712;
    /// The message waited too long in Twilio's queue.
    QUEUE_OVERFLOW = 30001;
    /// The phone is off or out of reach.
    UNREACHABLE = 30003;
    /// The message was blocked on the way.
    BLOCKED = 30004;
    /// The number is not in use.
    UNKNOWN_HANDSET = 30005;
    /// The number is a fixed line.
    LANDLINE = 30006;
    /// Twilio or the carrier took it for unwanted.
    FILTERED = 30007;
    /// The carrier does not say why.
    UNKNOWN_ERROR = 30008;
    /// The toll-free number is not verified.
    TOLL_FREE_UNVERIFIED = 30032;
    /// The number belongs to no registered campaign.
    UNREGISTERED_NUMBER = 30034;
    /// The validity period ran out.
    VALIDITY_PERIOD_EXPIRED = 30036;
    /// The scheduled message cannot be called off any more.
    TOO_LATE_TO_CANCEL = 30409;
}

impl ErrorCode {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Class of the code. A code that this version does not know takes the class of its range.
    #[must_use]
    pub fn class(self) -> ErrorClass {
        self.row()
            .map_or_else(|| ErrorClass::of_range(self.0), |row| row.class)
    }

    /// Whether a retry can succeed. For a code that this version does not know: [`Advice::Fix`].
    #[must_use]
    pub fn advice(self) -> Advice {
        self.row().map_or(Advice::Fix, |row| row.advice)
    }

    /// Meaning of the code in our own wording; `None` for a code that this version does not know.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.row().map(|row| row.meaning)
    }

    /// Every code that this version knows, in ascending order.
    pub fn known() -> impl Iterator<Item = Self> {
        table::ROWS.iter().map(|row| Self(row.code))
    }

    fn row(self) -> Option<&'static CodeRow> {
        let at = table::ROWS
            .binary_search_by_key(&self.0, |row| row.code)
            .ok()?;
        table::ROWS.get(at)
    }
}

impl From<u32> for ErrorCode {
    fn from(code: u32) -> Self {
        Self(code)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
