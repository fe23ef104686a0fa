//! Clock, timer and random source: tests substitute their own.

use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::exchange::Asked;

/// The future that [`Runtime::sleep`] gives back.
pub type Sleeping = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where the client takes the hour, waiting and chance from.
///
/// The stock one is the system's clock, tokio's timer and the standard library's random keys.
/// Bring your own to run tests without waiting, or to replay a run.
pub trait Runtime: Send + Sync + 'static {
    /// The hour of the day: for what Twilio compares with its own clock.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// A clock that never goes back: for how long something took.
    fn instant(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    /// Waits.
    fn sleep(&self, time: Duration) -> Sleeping;

    /// Any number, each as likely as the other: for waits that do not fall together. It guards
    /// no secret.
    fn random(&self) -> u64 {
        use std::hash::{BuildHasher as _, RandomState};
        RandomState::new().hash_one(0_u8)
    }
}

impl Client {
    /// Whether Tokio's timers and sockets work here: outside of its runtime they panic.
    pub(crate) fn has_runtime() -> bool {
        tokio::runtime::Handle::try_current().is_ok()
    }

    pub(in crate::client) fn require_runtime(asked: Asked) -> Result<(), Error> {
        if Self::has_runtime() {
            return Ok(());
        }
        let kind = ErrorKind::NoRuntime;
        Err(Error::new(asked.operation, asked.effect, kind).what(NO_RUNTIME))
    }
}

pub(in crate::client) const NO_RUNTIME: &str = "no Tokio runtime is running on this thread; poll the future \
                                     in one, such as by `#[tokio::main]` or `Runtime::block_on`";

/// The stock runtime.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct Tokio;

impl Runtime for Tokio {
    fn sleep(&self, time: Duration) -> Sleeping {
        Box::pin(tokio::time::sleep(time))
    }
}
