//! [`Clock`]: the one clock of a sandbox, for texts, calls, schedules and dates.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{oneshot, watch};
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

/// Limit of the time that the clock is advanced, so that every date remains valid: 100 years.
pub(crate) const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Event for which a timer waits, in words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerEvent {
    /// Event, such as `timeout of <Gather>`.
    pub(crate) name: &'static str,
    /// Set if no one decides about the event, so that it comes at once with [`ClockMode::Instant`].
    passes: bool,
}

impl TimerEvent {
    /// Creates an event that a person or the REST API can forestall, such as a timeout.
    pub(crate) const fn timeout(name: &'static str) -> Self {
        let passes = false;
        Self { name, passes }
    }

    /// Creates the end of something that merely takes time, such as a pause.
    pub(crate) const fn end(name: &'static str) -> Self {
        let passes = true;
        Self { name, passes }
    }
}

/// Clock and timers of one sandbox.
pub(crate) struct Clock {
    started: SystemTime,
    activity: Arc<Activity>,
    state: Mutex<ClockState>,
    /// Set when the mode, the time or the next timer has changed.
    is_changed: AtomicBool,
    /// Announces a new mode to the timers.
    mode_changes: watch::Sender<()>,
}

struct ClockState {
    mode: ClockMode,
    /// Time since the start that the clock shows, at `since`.
    shown: Duration,
    /// Time since the start that has passed for whoever waits, at `since`.
    passed: Duration,
    /// Moment of the last change of the mode.
    since: Instant,
    next: u64,
    /// Timers in the order in which they are due, by the reading of [`Clock::passed`].
    waiting: BTreeMap<(Duration, u64), Waiting>,
}

struct Waiting {
    event: TimerEvent,
    ended: oneshot::Sender<ActivityGuard>,
}

impl ClockState {
    fn shown(&self) -> Duration {
        match self.mode {
            ClockMode::Held => self.shown,
            ClockMode::Instant | ClockMode::RealTime => self.shown + self.since.elapsed(),
        }
    }

    fn passed(&self) -> Duration {
        match self.mode {
            ClockMode::RealTime => self.passed + self.since.elapsed(),
            ClockMode::Instant | ClockMode::Held => self.passed,
        }
    }

    /// Keeps the times that were reached, before the mode changes.
    fn fix(&mut self) {
        (self.shown, self.passed) = (self.shown(), self.passed());
        self.since = Instant::now();
    }
}

impl Clock {
    pub(crate) fn new(mode: ClockMode, activity: &Arc<Activity>) -> Arc<Self> {
        let state = ClockState {
            mode,
            shown: Duration::ZERO,
            passed: Duration::ZERO,
            since: Instant::now(),
            next: 0,
            waiting: BTreeMap::new(),
        };
        Arc::new(Self {
            started: SystemTime::now(),
            activity: Arc::clone(activity),
            state: Mutex::new(state),
            is_changed: AtomicBool::new(false),
            mode_changes: watch::Sender::new(()),
        })
    }

    pub(crate) fn mode(&self) -> ClockMode {
        self.lock().mode
    }

    /// Changes the mode. The clock neither jumps nor loses a timer. With [`ClockMode::Instant`], what
    /// no one decides about ends at once.
    pub(crate) fn set_mode(&self, mode: ClockMode) {
        let mut state = self.lock();
        state.fix();
        state.mode = mode;
        let mut ended = Vec::new();
        if mode == ClockMode::Instant {
            let waiting = state.waiting.iter();
            let passing = waiting.filter(|(_, waiting)| waiting.event.passes);
            let keys: Vec<_> = passing.map(|(key, _)| *key).collect();
            ended.extend(keys.iter().filter_map(|key| state.waiting.remove(key)));
        }
        drop(state);
        for waiting in ended {
            // The task that waited may have been stopped.
            let _ = waiting.ended.send(ActivityGuard::new(&self.activity));
        }
        self.mode_changes.send_replace(());
        self.note_change();
    }

    /// Moves the clock forward to a time, which is at most [`LONGEST`] after its start. It never goes
    /// back. Whoever waits has waited no longer.
    pub(crate) fn move_to(&self, time: SystemTime) {
        let wanted = time.duration_since(self.started).unwrap_or_default();
        let mut state = self.lock();
        let missing = wanted.min(LONGEST).saturating_sub(state.shown());
        state.shown += missing;
        drop(state);
        self.note_change();
    }

    /// Returns the time of the start.
    pub(crate) const fn started(&self) -> SystemTime {
        self.started
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.started + self.lock().shown()
    }

    /// Returns the time that has passed since the start for whoever waits. With
    /// [`ClockMode::Instant`] and [`ClockMode::Held`] it passes only when the clock is advanced.
    pub(crate) fn passed(&self) -> Duration {
        self.lock().passed()
    }

    /// Lets a delay pass that no one can cut short. With [`ClockMode::Instant`] it passes at once.
    /// The sandbox is idle in the meantime.
    pub(crate) async fn pass(
        self: &Arc<Self>,
        delay: Duration,
        name: &'static str,
        activity: &mut Option<ActivityGuard>,
    ) {
        if self.mode() != ClockMode::Instant && !delay.is_zero() {
            self.wait(delay, TimerEvent::end(name), activity).await;
        }
    }

    /// Waits for a time. With [`ClockMode::Instant`] and [`ClockMode::Held`] it comes only when the
    /// clock is advanced. The sandbox is idle in the meantime.
    pub(crate) async fn wait(
        self: &Arc<Self>,
        delay: Duration,
        event: TimerEvent,
        activity: &mut Option<ActivityGuard>,
    ) {
        // Created before the guard is dropped, so that `advance` finds it.
        let mut timer = self.timer(delay, event);
        *activity = None;
        *activity = Some(timer.ended().await);
    }

    /// Lets real time pass, in every mode, for a fault that a client of the API observes.
    pub(crate) async fn sleep(&self, delay: Duration) {
        tokio::time::sleep(delay).await;
    }

    /// Creates a timer that ends `after` from now. With [`ClockMode::Instant`] and
    /// [`ClockMode::Held`] it ends only when the clock is advanced.
    pub(crate) fn timer(self: &Arc<Self>, after: Duration, event: TimerEvent) -> Timer {
        let (sender, ended) = oneshot::channel();
        let mut state = self.lock();
        let due = state.passed().saturating_add(after);
        let key = (due, state.next);
        state.next += 1;
        let waiting = Waiting {
            event,
            ended: sender,
        };
        state.waiting.insert(key, waiting);
        let is_next = state
            .waiting
            .first_key_value()
            .is_some_and(|(k, _)| *k == key);
        drop(state);
        if is_next {
            self.note_change();
        }
        Timer {
            clock: Arc::clone(self),
            key,
            ended,
        }
    }

    /// Returns the time until the next timer is due, and its event. Returns `None` if none is, or
    /// only such as no one will see.
    pub(crate) fn next_due(&self) -> Option<(Duration, &'static str)> {
        let state = self.lock();
        let ((due, _), waiting) = state.waiting.first_key_value()?;
        let until = due.saturating_sub(state.passed());
        (*due <= LONGEST).then_some((until, waiting.event.name))
    }

    /// Ends the next timer that is due until the reading `target`, at its own time. Returns `false`
    /// if there is none; the reading is then `target`.
    pub(crate) fn step(&self, target: Duration) -> bool {
        let mut state = self.lock();
        let next = state.waiting.first_entry();
        let next = next.filter(|entry| entry.key().0 <= target);
        let (due, timer) = match next {
            Some(entry) => (entry.key().0, Some(entry.remove())),
            None => (target, None),
        };
        let missing = due.saturating_sub(state.passed());
        state.shown += missing;
        state.passed += missing;
        drop(state);
        self.note_change();
        let Some(timer) = timer else { return false };
        // The guard keeps the sandbox busy until the task that waited has received it.
        let _ = timer.ended.send(ActivityGuard::new(&self.activity));
        true
    }

    /// Reports whether the mode, the time or the next timer has changed since the last call.
    pub(crate) fn take_change(&self) -> bool {
        // A plain load is cheaper, and most often there is no change.
        self.is_changed.load(Ordering::Acquire) && self.is_changed.swap(false, Ordering::AcqRel)
    }

    fn note_change(&self) {
        self.is_changed.store(true, Ordering::Release);
        self.activity.notify();
    }

    fn lock(&self) -> MutexGuard<'_, ClockState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A timer. Dropping it cancels it.
pub(crate) struct Timer {
    clock: Arc<Clock>,
    key: (Duration, u64),
    ended: oneshot::Receiver<ActivityGuard>,
}

impl Timer {
    /// Returns the time until the timer ends, by the clock; `None` if no one will see its end.
    pub(crate) fn time_left(&self) -> Option<Duration> {
        let left = self.key.0.saturating_sub(self.clock.passed());
        (self.key.0 <= LONGEST).then_some(left)
    }

    /// Waits for the end. Returns the guard of the work that follows.
    pub(crate) async fn ended(&mut self) -> ActivityGuard {
        // Subscribed before the mode is read, so that no change in between is missed.
        let mut modes = self.clock.mode_changes.subscribe();
        loop {
            let mode = self.clock.mode();
            let real = async {
                if mode != ClockMode::RealTime {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(self.key.0.saturating_sub(self.clock.passed())).await;
            };
            tokio::select! {
                biased;
                // The sender stays in the clock until the timer ends or is dropped.
                Ok(guard) = &mut self.ended => return guard,
                () = real => return ActivityGuard::new(&self.clock.activity),
                // The sender is a field of the clock, so it outlives this wait.
                _ = modes.changed() => {}
            }
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        let first = state.waiting.first_key_value().map(|(key, _)| *key);
        state.waiting.remove(&self.key);
        drop(state);
        if first == Some(self.key) {
            self.clock.note_change();
        }
    }
}
