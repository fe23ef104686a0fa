//! Recording of a conference in progress.

use std::time::Duration;

use super::recorded_time::RecordedTime;
use crate::types::RecordingSid;

/// Recording of a conference in progress. All times are readings of the clock.
#[derive(Clone)]
pub(crate) struct ConferenceRecording {
    pub(crate) sid: RecordingSid,
    time: RecordedTime,
    /// Silence at the beginning and at the end is left out.
    trims_silence: bool,
    /// Recorded time at which the first sound began and the last one ends.
    sound: Option<(Duration, Duration)>,
}

impl ConferenceRecording {
    pub(crate) const fn new(sid: RecordingSid, trims_silence: bool, now: Duration) -> Self {
        Self {
            sid,
            time: RecordedTime::since(now),
            trims_silence,
            sound: None,
        }
    }

    /// Begins a pause. `skips` leaves it out of the recording.
    pub(crate) fn pause(&mut self, now: Duration, skips: bool) {
        self.time.pause(now, skips);
    }

    pub(crate) fn resume(&mut self, now: Duration) {
        self.time.resume(now);
    }

    /// Notes a sound that participants hear. A pause records none.
    pub(crate) fn hear(&mut self, now: Duration, length: Duration) {
        if self.time.is_paused() {
            return;
        }
        let from = self.time.length(now);
        let to = from.saturating_add(length);
        self.sound = Some(match self.sound {
            Some((first, last)) => (first, last.max(to)),
            None => (from, to),
        });
    }

    pub(crate) const fn is_silent(&self) -> bool {
        self.sound.is_none()
    }

    /// Returns the duration in seconds: at least one.
    pub(crate) fn seconds(&self, now: Duration) -> u64 {
        let whole = self.time.seconds(now);
        match self.sound {
            Some((first, last)) if self.trims_silence => {
                let sound = last.saturating_sub(first).as_secs();
                sound.clamp(1, whole)
            }
            _ => whole,
        }
    }
}
