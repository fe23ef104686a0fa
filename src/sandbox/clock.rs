//! [`Clock`]: the one clock of a sandbox, for texts, calls, schedules and dates.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::state::{Activity, ActivityGuard};

/// Passage of time in a sandbox. Default [`Instant`](Self::Instant).
///
/// In every mode [`Sandbox::advance`](super::Sandbox::advance) moves the clock forward at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClockMode {
    /// What no one decides about passes at once: pauses, speech and delays are added to a call's duration
    /// without waiting. Timeouts and scheduled times come only with
    /// [`Sandbox::advance`](super::Sandbox::advance), so that a test can act before them.
    #[default]
    Instant,
    /// Pauses, speech, delays and timeouts take as long as at Twilio.
    RealTime,
    /// Time stands still until [`Sandbox::advance`](super::Sandbox::advance).
    Held,
}

/// Clock and timers of one sandbox.
pub(crate) struct Clock {
    mode: ClockMode,
    started: SystemTime,
    started_at: Instant,
    activity: Arc<Activity>,
    timers: Mutex<Timers>,
}

#[derive(Default)]
struct Timers {
    /// Time added by `advance`.
    advanced: Duration,
    next: u64,
    /// Timers in the order in which they are due, by the reading of [`Clock::passed`].
    waiting: BTreeMap<(Duration, u64), oneshot::Sender<ActivityGuard>>,
}

impl Clock {
    pub(crate) fn new(mode: ClockMode, activity: &Arc<Activity>) -> Arc<Self> {
        Arc::new(Self {
            mode,
            started: SystemTime::now(),
            started_at: Instant::now(),
            activity: Arc::clone(activity),
            timers: Mutex::default(),
        })
    }

    pub(crate) const fn mode(&self) -> ClockMode {
        self.mode
    }

    /// Returns the time of the start.
    pub(crate) const fn started(&self) -> SystemTime {
        self.started
    }

    pub(crate) fn now(&self) -> SystemTime {
        let advanced = self.lock().advanced;
        self.started
            + match self.mode {
                ClockMode::Held => advanced,
                ClockMode::Instant | ClockMode::RealTime => self.started_at.elapsed() + advanced,
            }
    }

    /// Returns the time that has passed since the start for whoever waits: with
    /// [`ClockMode::Instant`] and [`ClockMode::Held`] the time by which the clock was advanced.
    pub(crate) fn passed(&self) -> Duration {
        self.reading(self.lock().advanced)
    }

    fn reading(&self, advanced: Duration) -> Duration {
        match self.mode {
            ClockMode::RealTime => self.started_at.elapsed() + advanced,
            ClockMode::Instant | ClockMode::Held => advanced,
        }
    }

    /// Lets a delay pass that no one can cut short. With [`ClockMode::Instant`] it passes at once.
    /// The sandbox is idle in the meantime.
    pub(crate) async fn pass(
        self: &Arc<Self>,
        delay: Duration,
        activity: &mut Option<ActivityGuard>,
    ) {
        if self.mode != ClockMode::Instant && !delay.is_zero() {
            self.wait(delay, activity).await;
        }
    }

    /// Waits for a time. With [`ClockMode::Instant`] and [`ClockMode::Held`] it comes only when the
    /// clock is advanced. The sandbox is idle in the meantime.
    pub(crate) async fn wait(
        self: &Arc<Self>,
        delay: Duration,
        activity: &mut Option<ActivityGuard>,
    ) {
        // Created before the guard is dropped, so that `advance` finds it.
        let mut timer = self.timer(delay);
        *activity = None;
        *activity = Some(timer.ended().await);
    }

    /// Lets real time pass, in every mode, for a fault that a client of the API observes.
    pub(crate) async fn sleep(&self, delay: Duration) {
        tokio::time::sleep(delay).await;
    }

    /// Creates a timer that ends `after` from now. With [`ClockMode::Instant`] and
    /// [`ClockMode::Held`] it ends only when the clock is advanced.
    pub(crate) fn timer(self: &Arc<Self>, after: Duration) -> Timer {
        let mut timers = self.lock();
        let due = self.reading(timers.advanced).saturating_add(after);
        let key = (due, timers.next);
        timers.next += 1;
        let (sender, ended) = oneshot::channel();
        timers.waiting.insert(key, sender);
        drop(timers);
        Timer {
            clock: Arc::clone(self),
            key,
            ended,
        }
    }

    /// Ends the next timer that is due until the reading `target`, at its own time. Returns `false`
    /// if there is none; the reading is then `target`.
    pub(crate) fn step(&self, target: Duration) -> bool {
        let mut timers = self.lock();
        let next = timers.waiting.first_entry();
        let next = next.filter(|entry| entry.key().0 <= target);
        let (due, timer) = match next {
            Some(entry) => (entry.key().0, Some(entry.remove())),
            None => (target, None),
        };
        let reading = self.reading(timers.advanced);
        timers.advanced += due.saturating_sub(reading);
        drop(timers);
        let Some(timer) = timer else { return false };
        // The guard keeps the sandbox busy until the task that waited has received it.
        let _ = timer.send(ActivityGuard::new(&self.activity));
        true
    }

    fn lock(&self) -> MutexGuard<'_, Timers> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A timer. Dropping it cancels it.
pub(crate) struct Timer {
    clock: Arc<Clock>,
    key: (Duration, u64),
    ended: oneshot::Receiver<ActivityGuard>,
}

impl Timer {
    /// Waits for the end. Returns the guard of the work that follows.
    pub(crate) async fn ended(&mut self) -> ActivityGuard {
        let real = async {
            if self.clock.mode != ClockMode::RealTime {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(self.key.0.saturating_sub(self.clock.passed())).await;
        };
        tokio::select! {
            biased;
            // The sender stays in the clock until the timer ends or is dropped.
            Ok(guard) = &mut self.ended => guard,
            () = real => ActivityGuard::new(&self.clock.activity),
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.clock.lock().waiting.remove(&self.key);
    }
}
