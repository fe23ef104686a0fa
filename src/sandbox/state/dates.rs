//! Dates in Twilio's formats.

use std::time::SystemTime;

/// Formats a time as a carrier's delivery receipt does: `YYMMDDhhmm`.
pub(crate) fn receipt_date(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%y%m%d%H%M").to_string())
}

/// Formats a time as the 2010 API and webhooks do.
pub(crate) fn rfc2822(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    jiff::fmt::rfc2822::to_string(&time.to_zoned_datetime(jiff::tz::TimeZone::UTC)).ok()
}

/// Formats a time as the newer APIs do, to the second.
pub(crate) fn rfc3339(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
