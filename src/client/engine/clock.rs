//! Clock, timer and random source. Tests substitute their own.

use std::time::{Duration, Instant, SystemTime};

use crate::types::BoxFuture;

/// Clock, timer and random source of a [`Client`](crate::client::Client).
///
/// The default uses the system's clock, Tokio's timer and the standard library's random keys. Tests
/// substitute their own, to retry without waiting or to reproduce a run.
///
/// Some waits depend on `tokio::time` alone:
///
/// | Decided by the `Clock` | Decided by [`tokio::time`](https://docs.rs/tokio/latest/tokio/time/) |
/// |---|---|
/// | time of an audit entry, window of a scheduled message ([`now`](Self::now)) | end of an attempt ([`attempt_timeout`](crate::client::ClientBuilder::attempt_timeout)) |
/// | remaining time of an operation, level of a retry budget ([`instant`](Self::instant)) | end of a response that stalls ([`stall_timeout`](crate::client::ClientBuilder::stall_timeout)) |
/// | waits between attempts ([`sleep`](Self::sleep)) | longest wait for a permit, a bearer token and an audit sink |
/// | jitter of these waits, ids of audit entries ([`random`](Self::random)) | connecting, which the transport limits |
///
/// Under `#[tokio::test(start_paused = true)]`, every timeout elapses at once when the test is
/// idle, whichever clock is set. [`instant`](Self::instant) and [`sleep`](Self::sleep) of the
/// default clock follow Tokio's paused time; [`now`](Self::now) does not. In a test that is not
/// paused, your own clock shortens only the waits between attempts. Shorten timeouts by the
/// builder.
///
/// ```
/// use std::time::Duration;
/// use clinspark_twilio::client::{Client, Clock};
/// use clinspark_twilio::types::BoxFuture;
/// # use clinspark_twilio::client::messages::FetchMessage;
/// # use clinspark_twilio::client::{Credentials, Delivery};
/// # use clinspark_twilio::types::MessageSid;
///
/// /// Retries without waiting, for a test.
/// struct NoWait;
///
/// impl Clock for NoWait {
///     fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
///         Box::pin(std::future::ready(()))
///     }
/// }
///
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::not_sent())
/// #     .reply(Reply::json(200, r#"{"sid": "SM00000000000000000000000000000001"}"#));
/// let client = Client::builder(credentials, Delivery::Off)
///     .clock(NoWait)
///     .with_transport(transport.clone())
///     .build()?;
/// client.execute(FetchMessage::new(sid)).await?;
/// assert_eq!(transport.requests().len(), 2);
/// # Ok(())
/// # }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// Returns the time of day, for times that Twilio compares with its own clock.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// Returns monotonic time, to measure durations.
    fn instant(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    /// Waits for this time before a retry.
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()>;

    /// Returns a uniformly distributed random number, for jitter and for ids of audit entries. It
    /// need not be cryptographically secure.
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

/// Returns the default clock.
#[cfg(feature = "outbox")]
pub(crate) fn system_clock() -> std::sync::Arc<dyn Clock> {
    std::sync::Arc::new(SystemClock)
}

/// Returns `true` inside a Tokio runtime. Outside of one, Tokio's timers and sockets panic.
pub(crate) fn in_tokio_runtime() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}
