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
//! assert_eq!(code.advice(), Advice::Mend);
//! assert_eq!(
//!     code.meaning(),
//!     Some("recipient has opted out of messages from this sender (STOP)")
//! );
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ErrorCode`] | a code, with names for those that a service answers by itself |
//! | [`ErrorClass`] | what kind of trouble it is |
//! | [`Advice`] | whether it may go better later |
//!
//! Source: <https://www.twilio.com/docs/api/errors>

mod table;

use std::fmt;

/// One of Twilio's error codes.
///
/// Codes that this version does not know are values like any other: their class comes from the
/// range that they lie in. Twilio adds codes often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(u32);

struct Row {
    code: u32,
    class: ErrorClass,
    advice: Advice,
    meaning: &'static str,
}

macro_rules! names {
    ($( $(#[$doc:meta])* $name:ident = $code:literal; )+) => {
        impl ErrorCode {
            $( $(#[$doc])* pub const $name: Self = Self($code); )+

            /// Every code with a name here.
            pub const NAMED: &'static [Self] = &[$( Self::$name ),+];
        }
    };
}

names! {
    /// The account is suspended or closed.
    ACCOUNT_INACTIVE = 10001;
    /// The account's limit of simultaneous calls is reached.
    TOO_MANY_CALLS = 10004;
    /// The credentials are wrong, lack a right, or belong to another region.
    AUTHENTICATION = 20003;
    /// The message or call is not finished and cannot be deleted yet.
    NOT_FINISHED = 20009;
    /// There is no such resource in this account and region.
    NOT_FOUND = 20404;
    /// Too many requests at once; this one was not looked at.
    TOO_MANY_REQUESTS = 20429;
    /// Trouble at Twilio: what was asked may have been done.
    INTERNAL_ERROR = 20500;
    /// The recipient is no telephone number.
    INVALID_TO = 21211;
    /// The account may not call that country.
    CALL_GEO_PERMISSION = 21215;
    /// The call is not in a state in which that can be done.
    CALL_STATE = 21220;
    /// The account may not text that country.
    MESSAGE_GEO_PERMISSION = 21408;
    /// The sender cannot text, or not there.
    SENDER_CANNOT = 21606;
    /// A trial account reaches verified numbers only.
    TRIAL_RECIPIENT = 21608;
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
    EXPIRED = 30036;
    /// The scheduled message cannot be called off any more.
    TOO_LATE_TO_CANCEL = 30409;
}

impl ErrorCode {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// What kind of trouble it is. For a code that this version does not know, what the codes
    /// around it are about.
    #[must_use]
    pub fn class(self) -> ErrorClass {
        self.row()
            .map_or_else(|| ErrorClass::of_range(self.0), |row| row.class)
    }

    /// Whether it may go better later. A code that this version does not know is to be looked at
    /// by somebody.
    #[must_use]
    pub fn advice(self) -> Advice {
        self.row().map_or(Advice::Mend, |row| row.advice)
    }

    /// What it means, in our words; `None` for a code that this version does not know.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.row().map(|row| row.meaning)
    }

    /// Every code that this version knows, in ascending order.
    pub fn known() -> impl Iterator<Item = Self> {
        table::ROWS.iter().map(|row| Self(row.code))
    }

    fn row(self) -> Option<&'static Row> {
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

/// What kind of trouble a code tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The recipient said STOP, or withdrew consent: do not text them again.
    OptedOut,
    /// The number cannot take it: ask for another.
    BadRecipient,
    /// The phone, or the way to it, is not to be reached now.
    Unreachable,
    /// Twilio, a carrier or a rule blocked it.
    CarrierFiltered,
    /// The sender, brand, campaign or address is not registered.
    Registration,
    /// The account: its state, rights, credentials, or that it is a trial.
    Account,
    /// Too many, or too fast.
    RateLimit,
    /// The country is not enabled.
    GeoPermission,
    /// Our request, TwiML or settings are wrong.
    CallerBug,
    /// Trouble at Twilio.
    TwilioFault,
    /// A code of which nothing is known, not even by its range.
    Unclassified,
}

impl ErrorClass {
    /// What the codes of a range are about, by those that are known.
    const fn of_range(code: u32) -> Self {
        match code {
            10_000..=10_999 => Self::Account,
            20_500..=20_599 => Self::TwilioFault,
            11_000..=20_499 | 21_000..=21_999 | 32_000..=32_999 | 35_000..=35_999 => {
                Self::CallerBug
            }
            30_400..=30_499 | 30_700..=30_999 => Self::Registration,
            // Between accepting and arriving, and nobody says why.
            30_000..=30_199 => Self::CarrierFiltered,
            _ => Self::Unclassified,
        }
    }
}

/// Whether something may go better later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Not without a change, by a person or in code.
    Mend,
    /// After minutes to days, or when something outside has changed. For a message or a call
    /// after [`ErrorClass::TwilioFault`], only once it is sure that the first did not go out.
    Later,
    /// Soon, with growing waits: it was not done.
    Again,
}
