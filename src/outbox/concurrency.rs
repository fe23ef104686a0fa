//! Number of texts in progress, which adapts to Twilio.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Limit of texts in progress: halved by each throttled text, and raised by one after as many
/// successes as the limit.
pub(super) struct Concurrency {
    most: usize,
    limit: AtomicUsize,
    successes: AtomicUsize,
}

impl Concurrency {
    pub(super) fn new(most: usize) -> Self {
        let most = most.clamp(1, 100);
        Self {
            most,
            limit: AtomicUsize::new(most),
            successes: AtomicUsize::new(0),
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit.load(Ordering::Relaxed)
    }

    pub(super) fn on_success(&self) {
        let limit = self.limit();
        if limit < self.most && self.successes.fetch_add(1, Ordering::Relaxed) + 1 >= limit {
            self.successes.store(0, Ordering::Relaxed);
            // A text that was throttled in between has halved the limit, which then stays.
            let _ =
                self.limit
                    .compare_exchange(limit, limit + 1, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    pub(super) fn on_throttled(&self) {
        self.successes.store(0, Ordering::Relaxed);
        let halved = |limit: usize| Some((limit / 2).max(1));
        let _ = self
            .limit
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, halved);
    }
}

#[cfg(test)]
mod tests {
    use super::Concurrency;

    #[test]
    fn halves_when_throttled_and_recovers_step_by_step() {
        let concurrency = Concurrency::new(10);
        concurrency.on_throttled();
        concurrency.on_throttled();
        assert_eq!(concurrency.limit(), 2);
        concurrency.on_success();
        assert_eq!(concurrency.limit(), 2);
        concurrency.on_success();
        assert_eq!(concurrency.limit(), 3);
        (0..1_000).for_each(|_| concurrency.on_success());
        assert_eq!(concurrency.limit(), 10);
        (0..10).for_each(|_| concurrency.on_throttled());
        assert_eq!(concurrency.limit(), 1);
    }
}
