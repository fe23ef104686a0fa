//! Outbox under apalis, on several machines.
//!
//! `PostgreSQL` is the queue of messages; apalis carries jobs without content. Each job leads to a call
//! of [`Outbox::drain`]. Jobs may be lost, doubled or late: two machines never get the same message,
//! and each machine also looks every [`BETWEEN_LOOKS`] without one.

use std::convert::Infallible;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use apalis::prelude::{
    BackendExt as _, Data, Monitor, TaskBuilder, TaskSink as _, WorkerBuilder,
    WorkerBuilderExt as _,
};
use apalis_postgres::{Config, PgPool, PostgresStorage};
use clinspark_twilio::outbox::{Outbox, SenderKey, StoreError, StoreErrorKind};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until};
use ulid::Ulid;

/// Longest time between two looks at the outbox of a machine that gets no job.
pub const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// Shortest time between two looks without a job, unless the last one reached [`LIMIT`].
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// Messages of one `drain`. Few, because a machine that stops finishes all of them.
const LIMIT: u64 = 20;

/// Time between two looks at apalis's own queue.
const BETWEEN_POLLS: Duration = Duration::from_secs(1);

/// Wait before a worker starts again. apalis has none, and would ask a database that refuses all day.
const BETWEEN_RESTARTS: Duration = Duration::from_secs(1);

/// Time between two reconcilings of a machine.
const BETWEEN_RECONCILINGS: Duration = Duration::from_secs(60);

/// Deletes the jobs that ended an hour ago. apalis keeps them for ever.
const DELETE_ENDED: &str = "DELETE FROM apalis.jobs WHERE job_type = $1
    AND status IN ('Done', 'Failed', 'Killed') AND done_at < now() - interval '1 hour'";

/// Error of apalis or of the store.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Job without content: sends what is due for the sender whose queue it is in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DrainDue;

/// Name of apalis's queue of a sender.
#[must_use]
pub fn queue(sender: &SenderKey) -> String {
    format!("outbox-{sender}")
}

/// Returns apalis's queue of a sender.
#[must_use]
pub fn jobs(pool: &PgPool, sender: &SenderKey) -> PostgresStorage<DrainDue> {
    // One at a time: a machine that is busy keeps no job from the others.
    let config = Config::default().queue(queue(sender)).batch_size(1);
    PostgresStorage::new(pool).with_config(config)
}

/// Creates apalis's tables in the schema `apalis`, unless they exist. Several machines may do so at once.
///
/// # Errors
///
/// [`Error`] if the database does not answer, or if the role may create neither the schema nor the
/// extension `hstore`.
pub async fn create_tables(pool: &PgPool) -> Result<(), Error> {
    Ok(PostgresStorage::setup(pool).await?)
}

/// Wakes one machine of a sender. Call it after `enqueue` has returned, or the transaction is committed.
///
/// # Errors
///
/// [`Error`] if the job was not stored. It can be ignored: each machine looks by itself.
pub async fn push_job(pool: &PgPool, sender: &SenderKey) -> Result<(), Error> {
    // apalis runs a job that failed again at once, 25 times. The next look does the same.
    let job = TaskBuilder::new(DrainDue).max_attempts(1).build();
    Ok(jobs(pool, sender).push_task(job).await?)
}

/// Sends what is due at each job, until `shutdown` is ready. Returns the number of texts sent.
///
/// Let SIGTERM end it by `shutdown`: it finishes the messages in progress, so that none is in doubt.
/// If the database goes away, it goes on by the timer, and with jobs when it returns.
///
/// # Errors
///
/// [`Error`] if the store cannot be used at all.
pub async fn work(
    pool: &PgPool,
    outbox: &Outbox,
    shutdown: impl Future<Output = ()>,
) -> Result<u64, Error> {
    let (machine, jobs) = mpsc::channel(1);
    let monitor = monitor(pool, outbox.sender(), &machine);
    let context = monitor.context();
    let drains = async {
        let ended = tokio::select! {
            ended = drain_when_woken(outbox, jobs, shutdown) => ended,
            never = keep_house(pool, outbox) => match never {},
        };
        context.shutdown()?;
        Ok::<_, Error>(ended?)
    };
    let (workers, sent) = tokio::join!(monitor.run(), drains);
    let sent = sent?;
    workers?;
    Ok(sent)
}

/// Worker of apalis, which starts again whenever it ends.
fn monitor(pool: &PgPool, sender: &SenderKey, machine: &mpsc::Sender<Done>) -> Monitor {
    let (pool, sender, machine) = (pool.clone(), sender.clone(), machine.clone());
    let worker = move |restarts| {
        let jobs = jobs(&pool, &sender)
            .before_start(move |_| async move {
                if restarts > 0 {
                    sleep(BETWEEN_RESTARTS).await;
                }
                Ok(())
            })
            .poll_with_interval(BETWEEN_POLLS);
        // Another name at each start: apalis may refuse one that it knows.
        WorkerBuilder::new(format!("{}-{}", queue(&sender), Ulid::generate()))
            .backend(jobs)
            .data(machine.clone())
            .concurrency(1)
            .build(drain_due)
    };
    // Without it, the first error of the database ends the worker for good.
    Monitor::new().register(worker).should_restart(|_, _| true)
}

/// Reports to a job that its `drain` has ended well. Dropped otherwise.
type Done = oneshot::Sender<()>;

/// Handler of a job: lets the machine drain, and waits for the end.
///
/// It does not call `drain` itself. A worker that ends with an error drops its handlers, and a `drain`
/// that is dropped leaves doubts.
async fn drain_due(_: DrainDue, machine: Data<mpsc::Sender<Done>>) -> Result<(), Error> {
    let (done, ended) = oneshot::channel();
    machine.send(done).await?;
    ended.await?;
    Ok(())
}

async fn drain_when_woken(
    outbox: &Outbox,
    mut jobs: mpsc::Receiver<Done>,
    shutdown: impl Future<Output = ()>,
) -> Result<u64, StoreError> {
    let mut shutdown = pin!(shutdown);
    let mut look = Instant::now();
    let mut sent = 0;
    loop {
        let job = tokio::select! {
            biased;
            () = &mut shutdown => return Ok(sent),
            job = jobs.recv() => job,
            () = sleep_until(look) => None,
        };
        // Outside of `select!`: a `drain` that is dropped leaves doubts.
        let wait = match outbox.drain(LIMIT).await {
            Ok(drained) => {
                sent += drained.sent;
                // The handler may be gone. The next look does the same.
                let _ = job.map(|job| job.send(()));
                if drained.total() >= LIMIT {
                    Duration::ZERO
                } else {
                    until(drained.next)
                }
            }
            Err(error) if is_passing(&error) => BETWEEN_LOOKS,
            Err(error) => return Err(error),
        };
        look = Instant::now() + wait;
    }
}

/// Settles what a machine that died left in doubt, and deletes old jobs.
async fn keep_house(pool: &PgPool, outbox: &Outbox) -> Infallible {
    let queue = queue(outbox.sender());
    loop {
        // What fails now is done in a minute.
        let _ = outbox.reconcile().await;
        let delete = sqlx::query(DELETE_ENDED).bind(&queue);
        let _ = delete.execute(pool).await;
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
