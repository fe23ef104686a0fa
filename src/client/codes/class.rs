//! Classes of error codes, and advice about retries.

/// Class of an error code: the kind of cause.
///
/// ```
/// use clinspark_twilio::client::codes::{ErrorClass, ErrorCode};
///
/// /// Decides about a message that failed or was not delivered with this code.
/// fn next_step(code: u32) -> &'static str {
///     match ErrorCode::from(code).class() {
///         ErrorClass::OptedOut => "do not text the person again",
///         ErrorClass::InvalidRecipient => "ask for another number",
///         ErrorClass::Unreachable | ErrorClass::RateLimit => "send it again later",
///         _ => "show the code to a person",
///     }
/// }
///
/// assert_eq!(next_step(21610), "do not text the person again");
/// assert_eq!(next_step(30003), "send it again later");
/// assert_eq!(next_step(30006), "ask for another number");
/// ```
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

impl ErrorClass {
    /// Returns the class that most known codes of a range have.
    pub(super) const fn of_range(code: u32) -> Self {
        match code {
            // Ranges as Twilio's dictionary of error codes groups them. A narrow range stands
            // before the wide one around it.
            10_000..=10_999 => Self::Account,
            20_500..=20_599 => Self::TwilioFault,
            11_000..=20_499 | 21_000..=21_999 | 32_000..=32_999 | 35_000..=35_999 => {
                Self::ApplicationFault
            }
            30_400..=30_499 | 30_700..=30_999 => Self::Registration,
            // Most failures between acceptance and delivery are blocks without a stated reason.
            30_000..=30_199 => Self::Filtered,
            _ => Self::Unclassified,
        }
    }
}

/// Advice about a retry.
///
/// ```
/// use clinspark_twilio::client::codes::{Advice, ErrorCode};
///
/// assert_eq!(ErrorCode::TOO_MANY_REQUESTS.advice(), Advice::RetrySoon);
/// assert_eq!(ErrorCode::UNREACHABLE.advice(), Advice::RetryLater);
/// assert_eq!(ErrorCode::TOLL_FREE_UNVERIFIED.advice(), Advice::Fix);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// A retry fails again until a person, or a change of the code, has fixed the cause.
    Fix,
    /// A retry can succeed after minutes to days, or once a cause outside of the application ends.
    ///
    /// After [`ErrorClass::TwilioFault`], retry a message or call only once it is certain that the
    /// first one was not sent.
    RetryLater,
    /// A retry can succeed soon: the request was not carried out. Increase the wait each time.
    RetrySoon,
}
