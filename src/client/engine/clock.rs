//! Clock, timer and random source: tests substitute their own.

use std::time::{Duration, Instant, SystemTime};

use crate::types::BoxFuture;

/// Clock, timer and random source of a [`Client`](crate::client::Client).
///
/// The default is the system's clock, Tokio's timer and the standard library's random keys. Tests
/// bring their own, to retry without waiting or to repeat a run.
///
/// It does not decide every wait:
///
/// | Decided by the `Clock` | Decided by [`tokio::time`](https://docs.rs/tokio/latest/tokio/time/) |
/// |---|---|
/// | time of an audit entry, window of a scheduled message ([`now`](Self::now)) | end of an attempt ([`attempt_timeout`](crate::client::ClientBuilder::attempt_timeout)) |
/// | time that is left of an operation, and of a retry budget ([`instant`](Self::instant)) | end of an answer that stalls ([`stall_timeout`](crate::client::ClientBuilder::stall_timeout)) |
/// | waits between attempts ([`sleep`](Self::sleep)) | longest wait for a permit, a bearer token and an audit sink |
/// | jitter of these waits, ids of audit entries ([`random`](Self::random)) | connecting, which the transport limits |
///
/// In a test under `#[tokio::test(start_paused = true)]` every timeout therefore passes at once
/// when the test would otherwise wait, whatever the clock. [`instant`](Self::instant) and
/// [`sleep`](Self::sleep) of the default follow Tokio's paused time, and [`now`](Self::now) does
/// not. In a test that is not paused, a clock of your own shortens the waits between attempts
/// alone: shorten timeouts by the builder.
pub trait Clock: Send + Sync + 'static {
    /// Time of day: for what Twilio compares with its own clock.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// Monotonic time: for how long something took.
    fn instant(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    /// Waits before another attempt.
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()>;

    /// Any number, each as likely as the other: for waits that do not fall together. It guards
    /// no secret.
    fn random(&self) -> u64 {
        use std::hash::{BuildHasher as _, RandomState};
        RandomState::new().hash_one(0_u8)
    }
}

/// The default clock.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct SystemClock;

impl Clock for SystemClock {
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// Whether Tokio's timers and sockets work here: outside of its runtime they panic.
pub(crate) fn in_tokio_runtime() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}
