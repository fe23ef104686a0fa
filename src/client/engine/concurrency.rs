//! Limit on requests in flight. It shrinks after a 429 from Twilio and grows with successes.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::Error;

/// Default maximum. Twilio responds with 429 to an account with too many concurrent requests, and
/// does not publish that limit. At 100 ms a response, 20 in flight are 200 requests a second: more
/// than most senders may text.
pub(in crate::client) const MAX_IN_FLIGHT: usize = 20;

/// Number of successes after which one more request may be in flight.
///
/// A window of one success for each request in flight is too short. A client that shares its
/// account with others would then run into a 429 with every second request.
const WINDOW: usize = 20;

/// Additive increase, multiplicative decrease. Clones share it.
#[derive(Clone)]
pub(in crate::client) struct Concurrency(Arc<Shared>);

struct Shared {
    max: usize,
    /// Fair: a permit that becomes free goes to the request that has waited longest.
    permits: Semaphore,
    state: Mutex<State>,
}

struct State {
    /// Requests that may be in flight now: 1 to `max`.
    limit: usize,
    /// Permits in use beyond the limit. Each is withdrawn when it is returned.
    surplus: usize,
    /// Successes since the limit last changed.
    successes: usize,
    /// Number of times that the limit shrank.
    shrunk: u64,
}

impl Concurrency {
    pub(in crate::client) fn new(max: usize) -> Self {
        let max = max.clamp(1, Semaphore::MAX_PERMITS);
        Self(Arc::new(Shared {
            max,
            permits: Semaphore::new(max),
            state: Mutex::new(State {
                limit: max,
                surplus: 0,
                successes: 0,
                shrunk: 0,
            }),
        }))
    }

    /// Takes a permit if one is free and no request waits for it.
    pub(in crate::client) fn try_acquire(&self) -> Option<Permit<'_>> {
        let permit = self.0.permits.try_acquire().ok()?;
        Some(self.issue(Some(permit)))
    }

    /// Waits for a permit, first come, first served.
    pub(in crate::client) async fn acquire(&self) -> Permit<'_> {
        // `acquire` fails only on a closed semaphore, and this one is never closed.
        let permit = self.0.permits.acquire().await;
        self.issue(permit.ok())
    }

    fn issue(&self, permit: Option<SemaphorePermit<'_>>) -> Permit<'_> {
        if let Some(permit) = permit {
            // `Permit` returns it instead: after a shrink it must be withdrawn, not returned.
            permit.forget();
        }
        Permit {
            shared: &self.0,
            shrunk: self.0.state().shrunk,
        }
    }
}

impl fmt::Debug for Concurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Concurrency")
            .field("limit", &self.0.state().limit)
            .field("max", &self.0.max)
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while the lock is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Permit of a request in flight. Dropping it returns it.
#[must_use]
pub(in crate::client) struct Permit<'a> {
    shared: &'a Shared,
    /// Number of times that the limit had shrunk when the request began. Requests that began
    /// before the last shrink do not change the limit: twenty that get a 429 at the same moment
    /// shrink it once.
    shrunk: u64,
}

impl Permit<'_> {
    /// Adjusts the limit to the result of the request, and returns the permit.
    pub(in crate::client) fn ended(self, error: Option<&Error>) {
        match error {
            None => self.succeeded(),
            Some(error) if error.is_busy() => {
                self.busy(error.api().and_then(|api| api.concurrent_requests));
            }
            Some(_) => {}
        }
    }

    fn succeeded(&self) {
        let mut state = self.shared.state();
        if state.limit == self.shared.max || state.shrunk != self.shrunk {
            return;
        }
        state.successes += 1;
        if state.successes < WINDOW {
            return;
        }
        state.successes = 0;
        state.limit += 1;
        if state.surplus > 0 {
            state.surplus -= 1;
        } else {
            self.shared.permits.add_permits(1);
        }
    }

    /// Lowers the limit after a 429. `under_way` is the number of the account's concurrent
    /// requests, where Twilio stated it.
    fn busy(&self, under_way: Option<u32>) {
        let mut state = self.shared.state();
        if state.shrunk != self.shrunk {
            return;
        }
        let permits = &self.shared.permits;
        let in_flight = (state.limit + state.surplus).saturating_sub(permits.available_permits());
        let half = in_flight.min(state.limit) / 2;
        let under_way = under_way.and_then(|it| usize::try_from(it).ok());
        let limit = half.min(under_way.unwrap_or(half)).max(1);
        // Free permits are withdrawn at once; those in use become surplus.
        let withdrawn = state.limit - limit;
        state.surplus += withdrawn - permits.forget_permits(withdrawn);
        state.limit = limit;
        state.successes = 0;
        state.shrunk += 1;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        if state.surplus > 0 {
            state.surplus -= 1;
        } else {
            self.shared.permits.add_permits(1);
        }
    }
}
