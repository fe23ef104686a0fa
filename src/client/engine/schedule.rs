//! Twilio's window for scheduled messages.

use std::time::{Duration, SystemTime};

/// Twilio requires more than 300 seconds from now.
const SOONEST: Duration = Duration::from_secs(5 * 60);

/// Twilio allows at most 35 days from now.
const LATEST: Duration = Duration::from_secs(35 * 24 * 60 * 60);

/// Returns the reason for which a message cannot be scheduled for this time, if it cannot.
///
/// Times are sent in whole seconds, so fractions of a second are ignored at the lower limit.
///
/// Source: <https://www.twilio.com/docs/messaging/features/message-scheduling>
pub(in crate::client) fn fault(now: SystemTime, time: SystemTime) -> Option<&'static str> {
    let ahead = time.duration_since(now).unwrap_or_default();
    if ahead.as_secs() <= SOONEST.as_secs() {
        Some("must be more than 5 minutes ahead")
    } else if ahead > LATEST {
        Some("must be at most 35 days ahead")
    } else {
        None
    }
}
