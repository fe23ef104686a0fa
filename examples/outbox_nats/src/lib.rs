//! Outbox under NATS JetStream, on several machines.
//!
//! `PostgreSQL` is the queue; NATS carries wake-ups without content. Each wake-up calls
//! [`Outbox::drain`]. Wake-ups may be lost, doubled or late: two machines never get the same message,
//! and each machine also looks every [`BETWEEN_LOOKS`] without one.

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use async_nats::jetstream::consumer::pull;
use async_nats::jetstream::stream::{self, DiscardPolicy, RetentionPolicy};
use async_nats::jetstream::{Context, Message};
use clinspark_twilio::outbox::{Outbox, SenderKey, StoreError, StoreErrorKind};
use futures_util::StreamExt as _;
use tokio::time::{Instant, sleep, sleep_until};

/// Stream of the wake-ups of all senders.
pub const STREAM: &str = "OUTBOX_WAKE_UPS";

/// Longest time between two looks at the queue of a machine that gets no wake-up.
pub const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// Shortest time between two looks without a wake-up, unless the last one reached [`LIMIT`].
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// Messages of one `drain`. Few, because a machine that stops finishes all of them.
const LIMIT: u64 = 20;

/// Time between two reconcilings of a machine.
const BETWEEN_RECONCILINGS: Duration = Duration::from_secs(60);

/// Error of NATS or of the store.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Subject of a sender's wake-ups.
#[must_use]
pub fn subject(sender: &SenderKey) -> String {
    format!("outbox.wake-up.{}", token(sender))
}

/// Name of the durable consumer that all machines of a sender share.
#[must_use]
pub fn consumer(sender: &SenderKey) -> String {
    format!("outbox-{}", token(sender))
}

/// Returns a sender as a token of a subject, which may not hold `.`, nor the name of a consumer `/`.
fn token(sender: &SenderKey) -> String {
    let escape = |byte: u8| match byte {
        b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        other => format!("_{other:02x}"),
    };
    sender.as_str().bytes().map(escape).collect()
}

/// Creates the stream of wake-ups, unless it exists: a work queue, from which an acknowledgement removes.
///
/// # Errors
///
/// [`Error`] if NATS does not answer, has no `JetStream`, or has another stream on these subjects.
pub async fn create_stream(jetstream: &Context) -> Result<stream::Stream, Error> {
    let config = stream::Config {
        name: STREAM.to_owned(),
        subjects: vec!["outbox.wake-up.*".to_owned()],
        retention: RetentionPolicy::WorkQueue,
        // After an hour without machines, a few wake-ups do what thousands would.
        max_messages_per_subject: 100,
        discard: DiscardPolicy::Old,
        max_age: Duration::from_secs(60 * 60),
        ..Default::default()
    };
    Ok(jetstream.get_or_create_stream(config).await?)
}

/// Wakes one machine of a sender. Call it after `enqueue` has returned, or the transaction is committed.
///
/// # Errors
///
/// [`Error`] if the wake-up was not stored. It can be ignored: each machine looks by itself.
pub async fn publish_wake_up(jetstream: &Context, sender: &SenderKey) -> Result<(), Error> {
    let stored = jetstream.publish(subject(sender), "".into()).await?;
    stored.await?;
    Ok(())
}

/// Sends what is due at each wake-up, until `shutdown` is ready. Returns the number of texts sent.
///
/// Let SIGTERM end it by `shutdown`: it finishes the messages in progress, so that none is in doubt.
/// If NATS or the database goes away, it goes on by the timer, and with wake-ups when they return.
///
/// # Errors
///
/// [`Error`] if NATS does not answer at the start, or if the store cannot be used at all.
pub async fn work(
    jetstream: &Context,
    outbox: &Outbox,
    shutdown: impl Future<Output = ()>,
) -> Result<u64, Error> {
    let wake_ups = wake_ups(jetstream, outbox.sender()).await?;
    tokio::select! {
        ended = drain_when_woken(jetstream, wake_ups, outbox, shutdown) => ended,
        never = keep_reconciling(outbox) => match never {},
    }
}

async fn drain_when_woken(
    jetstream: &Context,
    wake_ups_at_start: pull::Stream,
    outbox: &Outbox,
    shutdown: impl Future<Output = ()>,
) -> Result<u64, Error> {
    let mut open = Some(wake_ups_at_start);
    let mut shutdown = pin!(shutdown);
    let mut look = Instant::now();
    let mut sent = 0;
    loop {
        let wake_up = tokio::select! {
            biased;
            () = &mut shutdown => return Ok(sent),
            wake_up = next(&mut open) => Some(wake_up),
            () = sleep_until(look) => None,
        };
        // Outside of `select!`: a `drain` that is dropped leaves doubts.
        let drained = outbox.drain(LIMIT).await;
        if let Some(wake_up) = wake_up {
            // Whatever came of it: the next look does the same. Without this, NATS wakes once more.
            let _ = wake_up.ack().await;
        }
        let wait = match drained {
            Ok(drained) => {
                sent += drained.sent;
                if drained.total() >= LIMIT {
                    Duration::ZERO
                } else {
                    until(drained.next)
                }
            }
            Err(error) if is_passing(&error) => BETWEEN_LOOKS,
            Err(error) => return Err(error.into()),
        };
        look = Instant::now() + wait;
        if open.is_none() {
            open = wake_ups(jetstream, outbox.sender()).await.ok();
        }
    }
}

/// Opens the wake-ups of a sender.
async fn wake_ups(jetstream: &Context, sender: &SenderKey) -> Result<pull::Stream, Error> {
    let name = consumer(sender);
    let config = pull::Config {
        durable_name: Some(name.clone()),
        filter_subject: subject(sender),
        // Longer than a `drain` takes. A wake-up whose machine died then wakes another one.
        ack_wait: Duration::from_secs(60),
        ..Default::default()
    };
    let stream = create_stream(jetstream).await?;
    let consumer = stream.get_or_create_consumer(&name, config).await?;
    // One at a time: a machine that is busy keeps no wake-up from the others.
    let one = consumer.stream().max_messages_per_batch(1);
    Ok(one.messages().await?)
}

/// Waits for a wake-up. If the stream fails, it is closed, and nothing comes until it is opened again.
async fn next(open: &mut Option<pull::Stream>) -> Message {
    if let Some(wake_ups) = open {
        if let Some(Ok(wake_up)) = wake_ups.next().await {
            return wake_up;
        }
        *open = None;
    }
    pending().await
}

/// Settles what a machine that died left in doubt.
async fn keep_reconciling(outbox: &Outbox) -> Infallible {
    loop {
        // What fails now is looked at again in a minute.
        let _ = outbox.reconcile().await;
        sleep(BETWEEN_RECONCILINGS).await;
    }
}

/// Time until the next message is due, by this machine's clock, and within limits if that is wrong.
fn until(next: Option<SystemTime>) -> Duration {
    let wait = next.map(|at| at.duration_since(SystemTime::now()).unwrap_or_default());
    wait.map_or(BETWEEN_LOOKS, |wait| {
        wait.clamp(SHORTEST_WAIT, BETWEEN_LOOKS)
    })
}

/// Returns `true` for a failure that can pass by itself.
fn is_passing(error: &StoreError) -> bool {
    use StoreErrorKind::{Corrupt, NotWritable, Unavailable};
    matches!(error.kind(), Unavailable | NotWritable | Corrupt)
}
