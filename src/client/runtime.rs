//! The hour, waiting and chance: what a test replaces.

use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

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

/// The stock runtime.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tokio;

impl Runtime for Tokio {
    fn sleep(&self, time: Duration) -> Sleeping {
        Box::pin(tokio::time::sleep(time))
    }
}
