//! Class and meaning of codes that this version does not know, by their range.

use super::class::ErrorClass;

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

/// Returns the meaning that the known codes of a range have in common.
pub(super) const fn meaning_of_range(code: u32) -> &'static str {
    match code {
        // Recordings carry it if they succeeded.
        0 => "no error",
        10_000..=10_999 => "unknown error of the account",
        11_000..=11_999 => "unknown error of a webhook request",
        12_000..=14_999 => "unknown error in TwiML",
        15_000..=16_999 => "unknown error of a call, conference or recording",
        18_000..=18_999 => "unknown error of a regulatory bundle or profile",
        20_500..=20_599 => "unknown internal error of Twilio",
        20_000..=20_499 => "unknown error of an API request",
        21_000..=21_999 => "unknown error of a request for calls, messages or numbers",
        22_000..=22_999 => "unknown error of a number, port or regulatory bundle",
        30_000..=30_199 => "unknown error of the delivery of a message",
        30_400..=30_499 => "unknown error of a toll-free verification",
        30_500..=30_699 => "unknown error of a message or its registration",
        30_700..=30_999 => "unknown error of an A2P registration",
        31_000..=31_899 | 53_000..=53_999 => "unknown error of the Voice SDK",
        31_900..=31_999 => "unknown error of a media stream",
        32_000..=32_999 => "unknown error of SIP or a service on the call",
        35_000..=35_999 => "unknown error of a scheduled or bulk message",
        60_000..=60_999 => "unknown error of Verify or Lookup",
        63_000..=63_999 => "unknown error of a channel such as WhatsApp or RCS",
        64_000..=64_999 => "unknown error of <Pay> or ConversationRelay",
        70_000..=70_999 => "unknown error of keys and credentials",
        92_000..=92_999 => "unknown error of a content template",
        _ => "unknown error",
    }
}
