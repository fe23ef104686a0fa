//! Times as the tables hold them: microseconds since the Unix epoch.
//!
//! Milliseconds would be too coarse: at 225 segments a second, the pace would be off by a tenth.

use std::time::{Duration, SystemTime};

/// Returns a time, rounded down.
pub(super) fn floor(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => length(since),
        Err(before) => length(round_up(before.duration())).saturating_neg(),
    }
}

/// Returns a time, rounded up, so that nothing happens too early.
pub(super) fn ceil(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => length(round_up(since)),
        Err(before) => length(before.duration()).saturating_neg(),
    }
}

/// Returns a duration, rounded down.
pub(super) fn length(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn round_up(duration: Duration) -> Duration {
    duration.saturating_add(Duration::from_nanos(999))
}

/// Returns the time of a column. A time that the system cannot express is the epoch.
pub(super) fn time(micros: i64) -> SystemTime {
    let distance = Duration::from_micros(micros.unsigned_abs());
    let time = if micros < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}
