//! Classes of error codes, and whether a retry can succeed.

/// Cause of an error, by kind.
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
    /// Problem of the account: its state, permissions, credentials, or trial restrictions.
    Account,
    /// Too many requests, messages or calls in a period.
    RateLimit,
    /// Destination country not enabled in the account's geo permissions.
    GeoPermission,
    /// A request, TwiML document, webhook or setting of this application is wrong.
    ApplicationFault,
    /// Internal error at Twilio.
    TwilioFault,
    /// Unknown code, outside of every known range.
    Unclassified,
}

impl ErrorClass {
    /// Class of most known codes in a range.
    pub(super) const fn of_range(code: u32) -> Self {
        match code {
            10_000..=10_999 => Self::Account,
            20_500..=20_599 => Self::TwilioFault,
            11_000..=20_499 | 21_000..=21_999 | 32_000..=32_999 | 35_000..=35_999 => {
                Self::ApplicationFault
            }
            30_400..=30_499 | 30_700..=30_999 => Self::Registration,
            // After Twilio accepted the message and before delivery, without a reason.
            30_000..=30_199 => Self::Filtered,
            _ => Self::Unclassified,
        }
    }
}

/// Whether a retry can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Not without a change, by a person or in code.
    Fix,
    /// After minutes to days, or once something outside of the application has changed. For a
    /// message or a call after [`ErrorClass::TwilioFault`], only once it is certain that the first
    /// one did not go out.
    RetryLater,
    /// Soon, with increasing waits: the request was not carried out.
    RetrySoon,
}
