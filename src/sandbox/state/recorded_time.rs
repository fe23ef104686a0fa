//! Length of a recording in progress.

use std::time::Duration;

/// Times of a recording in progress, by one clock.
#[derive(Clone)]
pub(crate) struct RecordedTime {
    started_at: Duration,
    /// Start of the current pause, and whether the recording leaves the pause out.
    paused: Option<(Duration, bool)>,
    /// Time of the pauses that are left out.
    skipped: Duration,
}

impl RecordedTime {
    pub(crate) const fn since(started_at: Duration) -> Self {
        Self {
            started_at,
            paused: None,
            skipped: Duration::ZERO,
        }
    }

    /// Begins a pause, unless there is one. `skips` leaves it out of the recording.
    pub(crate) fn pause(&mut self, now: Duration, skips: bool) {
        self.paused.get_or_insert((now, skips));
    }

    /// Ends the current pause, if there is one.
    pub(crate) fn resume(&mut self, now: Duration) {
        if let Some((since, true)) = self.paused.take() {
            self.skipped += now.saturating_sub(since);
        }
    }

    pub(crate) const fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// Returns the recorded time at a reading of the clock.
    pub(crate) fn length(&self, now: Duration) -> Duration {
        let pause = match self.paused {
            Some((since, true)) => now.saturating_sub(since),
            _ => Duration::ZERO,
        };
        now.saturating_sub(self.started_at + self.skipped + pause)
    }

    /// Returns the recorded seconds. A connected call lasts at least one second.
    pub(crate) fn seconds(&self, now: Duration) -> u64 {
        self.length(now).as_secs().max(1)
    }
}
