//! Pace of a sender: segments a second, shared by all machines.

use std::time::Duration;

/// Most segments that one text has.
const MAX_SEGMENTS: u32 = 10;

/// Time for further segments of texts that were claimed while others passed their gates.
const SLOWEST_GATES: Duration = Duration::from_secs(60);

/// Segments a second that a sender may send, with a burst.
///
/// The default burst is one second. The pace is kept in the store, so it holds for all machines.
///
/// | Sender | Segments a second |
/// |---|---|
/// | US or Canadian number without campaign | 1 |
/// | toll-free number | 3 |
/// | number of a campaign | 3.75 to 225, by its trust score |
/// | short code | 100 |
///
/// Source: <https://help.twilio.com/articles/115002943027>
///
/// ```
/// use clinspark_twilio::outbox::Pace;
///
/// let pace = Pace::per_second(12.0).unwrap();
/// assert_eq!(pace.interval().as_micros(), 83_333);
/// assert!(Pace::per_second(0.0).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    per_second: f64,
    burst: Duration,
}

impl Pace {
    /// Creates a pace with a burst of one second. `None` unless the number is from 0.001 to 10,000.
    #[must_use]
    pub fn per_second(segments: f64) -> Option<Self> {
        (0.001..=10_000.0).contains(&segments).then_some(Self {
            per_second: segments,
            burst: Duration::from_secs(1),
        })
    }

    /// Sets the time whose segments may be sent at once after a pause. At most one minute.
    #[must_use]
    pub fn burst(mut self, burst: Duration) -> Self {
        self.burst = burst.min(Duration::from_secs(60));
        self
    }

    /// Returns the segments a second.
    #[must_use]
    pub const fn segments_per_second(self) -> f64 {
        self.per_second
    }

    /// Returns the burst.
    #[must_use]
    pub const fn burst_time(self) -> Duration {
        self.burst
    }

    /// Returns the time between two segments.
    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_secs_f64(1.0 / self.per_second)
    }

    /// Returns the longest time by which the next segment can be ahead of the clock. A store that
    /// finds more has a clock that was put back, and starts again from now.
    ///
    /// That is eleven times interval and burst, and a minute. Texts of ten segments that were claimed
    /// in one burst are charged for nine further segments each once they are sent.
    #[must_use]
    pub fn horizon(self) -> Duration {
        (self.interval() + self.burst) * (MAX_SEGMENTS + 1) + SLOWEST_GATES
    }
}
