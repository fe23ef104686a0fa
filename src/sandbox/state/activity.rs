//! Count of the background work in progress, and notification of state changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// Count of the work in progress, and the channel that announces each state change.
pub(crate) struct Activity {
    in_progress: AtomicUsize,
    // A `watch` channel marks a change for every receiver, so no wake-up is lost between checks.
    changed: watch::Sender<()>,
}

impl Activity {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            in_progress: AtomicUsize::new(0),
            changed: watch::Sender::new(()),
        })
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.in_progress.load(Ordering::SeqCst) == 0
    }

    /// Wakes every task that waits for a change.
    pub(crate) fn notify(&self) {
        self.changed.send_replace(());
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}

/// Guard of one task in progress. `Sandbox::wait_idle` waits until all guards are dropped.
pub(crate) struct ActivityGuard(Arc<Activity>);

impl ActivityGuard {
    pub(crate) fn new(activity: &Arc<Activity>) -> Self {
        activity.in_progress.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(activity))
    }
}

impl Drop for ActivityGuard {
    fn drop(&mut self) {
        self.0.in_progress.fetch_sub(1, Ordering::SeqCst);
        // The end of a task is what `wait_idle` waits for, even if it changed no state.
        self.0.notify();
    }
}
