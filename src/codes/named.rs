//! Named constants for the codes that applications handle.

use super::{ErrorCode, table};

/// Declares named constants for codes. A constant for a code without a row in the table does not
/// compile.
macro_rules! named_codes {
    ($( $(#[$doc:meta])* $name:ident = $code:literal; )+) => {
        impl ErrorCode {
            $( $(#[$doc])* pub const $name: Self = Self($code); )+
        }

        // A constant expression, so that a missing row is a compile error.
        $( const _: () = assert!(table::find($code).is_some(), stringify!($name)); )+
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
