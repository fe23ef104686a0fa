//! Times of the sandbox's clock, and durations in real milliseconds.

use std::time::{Duration, SystemTime};

/// Formats a time as RFC 3339 in UTC, with milliseconds.
pub(in crate::sandbox::control) fn rfc3339_millis(time: SystemTime) -> String {
    // Every time of the clock is within the range of dates.
    let time = jiff::Timestamp::try_from(time).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Returns the whole milliseconds of a duration.
pub(in crate::sandbox::control) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
