//! How many requests are in flight at once.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Client;
use super::error::{Error, ErrorKind};
use super::exchange::Asked;
use super::transport::Phase;

/// Twilio answers 429 to an account that asks too much at once, and does not publish how much that
/// is. At 100 ms an answer this is 200 requests a second: more than most senders may text.
const MOST_IN_FLIGHT: usize = 20;

/// Held by a request while it is in flight.
pub(super) type Turn<'a> = Option<SemaphorePermit<'a>>;

/// One for each request that may be in flight. Clones share them.
#[derive(Clone)]
pub(super) struct Turns(Arc<Semaphore>);

impl Turns {
    fn new(requests: usize) -> Self {
        let permits = requests.clamp(1, Semaphore::MAX_PERMITS);
        Self(Arc::new(Semaphore::new(permits)))
    }
}

impl Default for Turns {
    fn default() -> Self {
        Self::new(MOST_IN_FLIGHT)
    }
}

impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Turns({} free)", self.0.available_permits())
    }
}

impl Client {
    /// How many requests may be in flight at once, from connecting to the last byte of the answer.
    /// Default 20; 0 counts as 1. More wait for their turn, first come, first served.
    ///
    /// All clones made from this client afterwards share the limit, those for sub-accounts too.
    /// Waiting counts against the [`operation_timeout`](Self::operation_timeout): a request that
    /// got no turn by then ends as [`NotSent`](super::Outcome::NotSent), [`Phase::Queue`]. Whoever
    /// waits to try again holds no turn, nor does a [`download`](Self::download) once it arrives.
    ///
    /// There are as many connections as requests in flight. On several threads a few more may be
    /// open for a while: one that is begun just as another comes free is kept for the next.
    #[must_use]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.turns = Turns::new(requests);
        self
    }

    /// Waits for a turn, which lasts until it is dropped.
    pub(super) async fn turn(&self, asked: Asked, left: Duration) -> Result<Turn<'_>, Error> {
        // Mostly one is free, and no timer has to be made. Nobody is overtaken: what becomes free
        // goes to those who wait.
        if let Ok(turn) = self.turns.0.try_acquire() {
            return Ok(Some(turn));
        }
        let turn = tokio::time::timeout(left, self.turns.0.acquire()).await;
        // What fails inside is a semaphore that was closed, which nobody does.
        turn.map(Result::ok).map_err(|_| {
            let kind = ErrorKind::Timeout(Phase::Queue);
            let what = "time ran out while waiting for its turn";
            Error::new(asked.operation, asked.effect, kind).what(what)
        })
    }
}
