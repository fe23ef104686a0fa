//! Twilio's error codes: meaning, class, and advice about a retry.
//!
//! The same codes occur in responses of the REST API, in the `error_code` of a message, and in
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
//! | Item | Description |
//! |---|---|
//! | [`ErrorCode`] | a code, with named constants for those that applications handle |
//! | [`ErrorClass`] | the kind of cause |
//! | [`Advice`] | advice about a retry |
//!
//! Source: <https://www.twilio.com/docs/api/errors>

mod class;
mod table;

pub use self::class::{Advice, ErrorClass};

use std::fmt;

use self::table::CodeRow;

/// Error code of Twilio.
///
/// Twilio adds codes often, so a code that this version does not know is valid too. It takes its
/// class from its range.
///
/// ```
/// use clinspark_twilio::client::codes::{Advice, ErrorClass, ErrorCode};
/// use clinspark_twilio::client::testing;
///
/// let error = testing::rejected(400, 21610);
/// assert_eq!(error.code(), Some(ErrorCode::OPTED_OUT));
///
/// // A code newer than this version: its class comes from its range, and no retry is advised.
/// let code = ErrorCode::from(30999);
/// assert_eq!((code.class(), code.advice()), (ErrorClass::Registration, Advice::Fix));
/// assert_eq!(code.meaning(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(u32);

/// Declares named constants for codes. A constant for a code without a row in the table does not
/// compile.
macro_rules! named_codes {
    ($( $(#[$doc:meta])* $name:ident = $code:literal; )+) => {
        impl ErrorCode {
            $( $(#[$doc])* pub const $name: Self = Self($code); )+
        }

        // A constant expression, so that a missing row is a compile error.
        $( const _: () = assert!(table::has_row($code), stringify!($name)); )+
    };
}

named_codes! {
    /// The account is suspended or closed.
    ACCOUNT_INACTIVE = 10001;
    /// The account has reached its limit of simultaneous calls.
    CALL_CONCURRENCY_LIMIT = 10004;
    /// The credentials are wrong, have no permission, or belong to another region.
    AUTHENTICATION_FAILED = 20003;
    /// The message or call is not finished and cannot be deleted yet.
    NOT_COMPLETED = 20009;
    /// The resource does not exist in this account and region.
    NOT_FOUND = 20404;
    /// Too many concurrent requests; Twilio did not process this one.
    TOO_MANY_REQUESTS = 20429;
    /// Twilio had an internal error. The request may have been carried out.
    INTERNAL_SERVER_ERROR = 20500;
    /// The recipient is not a valid phone number.
    INVALID_TO = 21211;
    /// The account's geo permissions do not allow calls to the country.
    CALL_GEO_PERMISSION_DENIED = 21215;
    /// The update is not possible in the call's present state.
    INVALID_CALL_STATE = 21220;
    /// The account's geo permissions do not allow messages to the country.
    MESSAGE_GEO_PERMISSION_DENIED = 21408;
    /// The sender cannot send messages, or not to this destination.
    SENDER_NOT_CAPABLE = 21606;
    /// The recipient is not verified; a trial account can reach verified numbers only.
    RECIPIENT_NOT_VERIFIED = 21608;
    /// The recipient has opted out of messages from this sender.
    OPTED_OUT = 21610;
    /// The sender's queue is full.
    QUEUE_FULL = 21611;
    /// No route from this sender to this recipient exists.
    NO_ROUTE = 21612;
    /// The recipient is not a mobile number.
    NOT_MOBILE = 21614;
    /// The message body is too long.
    BODY_TOO_LONG = 21617;
    /// The number is already in the Messaging Service.
    ALREADY_IN_SERVICE = 21710;
    /// The number is in another Messaging Service.
    IN_OTHER_SERVICE = 21712;
    /// The message waited too long in Twilio's queue.
    QUEUE_OVERFLOW = 30001;
    /// The phone is off or out of reach.
    UNREACHABLE = 30003;
    /// The message was blocked on the way.
    BLOCKED = 30004;
    /// The recipient's number is not in use.
    UNKNOWN_HANDSET = 30005;
    /// The recipient's number is a landline.
    LANDLINE = 30006;
    /// Twilio or the carrier filtered the message as unwanted.
    FILTERED = 30007;
    /// The carrier gave no reason.
    UNKNOWN_ERROR = 30008;
    /// The toll-free number is not verified.
    TOLL_FREE_UNVERIFIED = 30032;
    /// The sender's number does not belong to a registered campaign.
    UNREGISTERED_NUMBER = 30034;
    /// The validity period ended before the message was sent.
    VALIDITY_PERIOD_EXPIRED = 30036;
    /// The scheduled message can no longer be canceled.
    TOO_LATE_TO_CANCEL = 30409;
}

impl ErrorCode {
    /// Returns the code as a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Returns the class. A code that this version does not know takes the class of its range.
    #[must_use]
    pub fn class(self) -> ErrorClass {
        self.row()
            .map_or_else(|| ErrorClass::of_range(self.0), |row| row.class)
    }

    /// Returns the advice about a retry, [`Advice::Fix`] for a code that this version does not
    /// know.
    #[must_use]
    pub fn advice(self) -> Advice {
        // Without knowledge of the cause, a retry could repeat a harmful request.
        self.row().map_or(Advice::Fix, |row| row.advice)
    }

    /// Returns the meaning, in this crate's wording, or `None` for a code that this version does
    /// not know.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.row().map(|row| row.meaning)
    }

    /// Iterates over every code that this version knows, in ascending order.
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
