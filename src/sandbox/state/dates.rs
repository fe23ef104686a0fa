//! Dates in Twilio's formats.

use std::time::SystemTime;

/// Format of a carrier's delivery receipt: `YYMMDDhhmm`.
pub(crate) fn receipt_date(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%y%m%d%H%M").to_string())
}

/// Format of the 2010 API and of webhooks.
pub(crate) fn rfc2822(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    jiff::fmt::rfc2822::to_string(&time.to_zoned(jiff::tz::TimeZone::UTC)).ok()
}

/// Format of the newer APIs, to the second.
pub(crate) fn rfc3339(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
