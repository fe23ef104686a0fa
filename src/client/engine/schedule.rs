//! When Twilio lets a message be sent later.

use std::time::{Duration, SystemTime};

/// Twilio asks for more than 300 seconds ahead.
const SOONEST: Duration = Duration::from_secs(5 * 60);

const LATEST: Duration = Duration::from_secs(35 * 24 * 60 * 60);

/// Why a message cannot be scheduled for this time, if it cannot.
///
/// Times go out in whole seconds, so the fraction is left out of the reckoning.
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
