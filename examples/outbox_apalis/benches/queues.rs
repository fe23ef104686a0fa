//! The outbox beside jobs of apalis-postgres, each with an instant handler, on the same server.
//!
//! ```text
//! SQLX_OFFLINE=true DATABASE_URL=postgres://postgres@127.0.0.1/postgres cargo bench
//! SQLX_OFFLINE=true DATABASE_URL=postgres://postgres@127.0.0.1/postgres cargo bench -- 100000
//! ```
//!
//! Each queue gets the messages first, and then one process works, with ten in progress. The outbox
//! commits a claim, a ledger entry and an end for each message; those that wait at the same time share a
//! commit. apalis takes and ends its jobs in groups, and has no ledger; the third queue adds a committed row for each job, without which a
//! text could be sent twice. CPU is user and system time of this process, and of the server's processes
//! for the connections if they run on this machine. The queues alternate; only ratios within one run are
//! comparable. Under `cargo test` it runs once, with few messages.

#[path = "../tests/kit/database.rs"]
mod database;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use apalis::prelude::{Data, TaskSink as _, WorkerBuilder, WorkerBuilderExt as _, WorkerContext};
use apalis_postgres::{Config, PgPool, PostgresStorage};
use clinspark_twilio::E164;
use clinspark_twilio::outbox::{
    Batch, BatchId, BatchText, Begin, CheckedBatchText, Deliver, Listing, MessageState, NewMessage,
    Outbox, Pace, Person, ProofKey, RecipientKey, SenderKey, Undelivered, resolver_fn,
};
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Template};
use clinspark_twilio::types::{BoxFuture, MessageSid, Redacted};
use clinspark_twilio_outbox::PostgresStore;
use outbox_apalis::{Error, create_tables};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;

use self::database::Database;

/// Messages in progress at once, in each queue.
const IN_PROGRESS: usize = 10;

/// Messages that are enqueued at once, and jobs that apalis takes at once.
const AT_ONCE: u64 = 1_000;
const TAKEN_AT_ONCE: usize = 100;

const QUEUE: &str = "reminders";

#[tokio::main]
async fn main() {
    let measures = std::env::args().any(|argument| argument == "--bench");
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    let (messages, rounds) = if measures {
        (asked.unwrap_or(10_000), 5)
    } else {
        (200, 1)
    };
    let mut by_queue: [Vec<Measured>; 3] = Default::default();
    for _ in 0..rounds {
        for (queue, measured) in by_queue.iter_mut().enumerate() {
            let Some(database) = Database::create().await else {
                return;
            };
            measured.push(match queue {
                0 => outbox(&database, messages).await,
                1 => jobs(&database, messages, false).await,
                _ => jobs(&database, messages, true).await,
            });
        }
    }
    println!("{messages} messages, {IN_PROGRESS} in progress; medians of {rounds} rounds in turn");
    println!("                       a second             microseconds of CPU a message (ratio)");
    println!("                       enqueued  processed  worker         server");
    let [outbox, ..] = by_queue.each_ref().map(|rounds| medians(rounds));
    for (name, rounds) in ["outbox", "apalis", "apalis with a ledger"]
        .iter()
        .zip(&by_queue)
    {
        let of = medians(rounds);
        let rate = |time: Duration| messages as f64 / time.as_secs_f64();
        let each = |time: Duration, base: Duration| {
            let micros = time.as_secs_f64() * 1e6 / messages as f64;
            let ratio = time.as_secs_f64() / base.as_secs_f64();
            format!("{micros:6.0} ({ratio:.2})")
        };
        let server = of.server.zip(outbox.server);
        let server = server.map_or_else(|| "     -".to_owned(), |(time, base)| each(time, base));
        println!(
            "{name:<22} {:>8.0} {:>10.0}  {}  {server}",
            rate(of.enqueue),
            rate(of.process),
            each(of.worker, outbox.worker),
        );
    }
}

/// Times of one queue in one round.
#[derive(Clone, Copy)]
struct Measured {
    enqueue: Duration,
    process: Duration,
    /// CPU of this process while it works.
    worker: Duration,
    /// CPU of the server's processes meanwhile. `None` if they run on another machine.
    server: Option<Duration>,
}

fn medians(rounds: &[Measured]) -> Measured {
    Measured {
        enqueue: median(rounds.iter().map(|round| round.enqueue)).unwrap(),
        process: median(rounds.iter().map(|round| round.process)).unwrap(),
        worker: median(rounds.iter().map(|round| round.worker)).unwrap(),
        server: median(rounds.iter().filter_map(|round| round.server)),
    }
}

fn median(times: impl Iterator<Item = Duration>) -> Option<Duration> {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times.get(times.len() / 2).copied()
}

/// Measures `process`, after `enqueue` took so long. `pool` has the connections counted at the end.
async fn measure(pool: &PgPool, enqueue: Duration, process: impl Future<Output = ()>) -> Measured {
    let (server, worker, began) = (server_cpu(pool).await, worker_cpu(), Instant::now());
    process.await;
    let (process, worker) = (began.elapsed(), worker_cpu() - worker);
    let server = server_cpu(pool).await.zip(server);
    Measured {
        enqueue,
        process,
        worker,
        server: server.map(|(end, start)| end.saturating_sub(start)),
    }
}

fn worker_cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.cast_unsigned(),
        u32::try_from(time.tv_nsec).unwrap(),
    )
}

/// CPU of the server's processes for the database. `None` if they are not on this machine.
async fn server_cpu(pool: &PgPool) -> Option<Duration> {
    let processes = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()";
    let processes: Vec<i32> = sqlx::query_scalar(processes).fetch_all(pool).await.unwrap();
    let ticks = processes.iter().map(|process| {
        let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let fields = line.split_once("(postgres) ")?.1;
        // User and system time, in hundredths of a second.
        let times = fields.split(' ').skip(11).take(2);
        times
            .map(|ticks| ticks.parse::<u64>().ok())
            .sum::<Option<u64>>()
    });
    let ticks: Option<u64> = ticks.sum();
    ticks.map(|ticks| Duration::from_millis(ticks * 10))
}

/// Sends the messages by the outbox.
async fn outbox(database: &Database, messages: u64) -> Measured {
    let store = PostgresStore::connect(&database.url).await.unwrap();
    let sender = SenderKey::parse("clinic-12").unwrap();
    let template = Template::builder(QUEUE, 1)
        .variant(Locale::parse("en").unwrap(), "Your visit is tomorrow.")
        .build(&Catalogue::new([]).unwrap())
        .unwrap();
    let person = || Person::new("+61491570006", MergeData::new());
    let resolver = resolver_fn(move |_, _| std::future::ready(Ok(Some(person()))));
    let key = ProofKey::new([7; 32]);
    let outbox = Outbox::builder(store, sender.clone(), Instantly::default(), resolver, key)
        .template(template.clone())
        .concurrency(IN_PROGRESS)
        .build();
    // A pace and a burst that delay nothing.
    let pace = Pace::per_second(10_000.0).unwrap();
    let pace = pace.burst(Duration::from_secs(60));
    outbox.set_pace(pace).await.unwrap();
    let batch = BatchId::parse(QUEUE).unwrap();
    let reminders = Batch::new(batch.clone(), &template, sender, "visit reminder");
    outbox.open(&reminders).await.unwrap();

    let began = Instant::now();
    for start in (0..messages).step_by(AT_ONCE as usize) {
        let people: Vec<_> = (start..messages.min(start + AT_ONCE))
            .map(|id| NewMessage::new(RecipientKey::numbered("volunteer", id).unwrap()))
            .collect();
        outbox.enqueue(&batch, &people).await.unwrap();
    }
    let pool = database.pool().await;
    let measured = measure(&pool, began.elapsed(), async {
        assert_eq!(outbox.drain(messages).await.unwrap().sent, messages);
    });
    let measured = measured.await;
    let counts = outbox.progress(&batch).await.unwrap().counts;
    assert_eq!(counts.of(MessageState::Sent), messages);
    measured
}

/// Sends nothing, at once.
#[derive(Default)]
struct Instantly(AtomicU64);

impl Deliver for Instantly {
    fn deliver<'a>(
        &'a self,
        text: BatchText<'a>,
        begin: Begin<'a>,
    ) -> BoxFuture<'a, Result<MessageSid, Undelivered>> {
        Box::pin(async move {
            let checked = self.check(text).await?;
            begin.commit(checked.to, checked.body.expose()).await?;
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            Ok(MessageSid::parse(&format!("SM{number:032x}")).unwrap())
        })
    }

    fn check<'a>(
        &'a self,
        text: BatchText<'a>,
    ) -> BoxFuture<'a, Result<CheckedBatchText, Undelivered>> {
        let body = text.template.render(text.data).unwrap().into_body();
        let to = E164::parse(text.number.expose()).unwrap();
        Box::pin(std::future::ready(Ok(CheckedBatchText {
            to,
            body: Redacted::new(body),
            waits_until: None,
        })))
    }

    fn list<'a>(&'a self, _: &'a Redacted<String>) -> BoxFuture<'a, Result<Listing, Undelivered>> {
        Box::pin(std::future::ready(Ok(Listing::default())))
    }
}

/// Job of apalis for one message.
#[derive(Debug, Serialize, Deserialize)]
struct Reminder {
    volunteer: u64,
}

/// Counts the jobs of a worker, and stops it after the last.
#[derive(Clone)]
struct Counter {
    left: std::sync::Arc<AtomicU64>,
    ledger: Option<PgPool>,
}

async fn remind(
    reminder: Reminder,
    counter: Data<Counter>,
    worker: WorkerContext,
) -> Result<(), Error> {
    if let Some(ledger) = &counter.ledger {
        let begin = sqlx::query("INSERT INTO ledger VALUES ($1, now())");
        let begin = begin.bind(reminder.volunteer.cast_signed());
        begin.execute(ledger).await?;
    }
    if counter.left.fetch_sub(1, Ordering::Relaxed) == 1 {
        worker.stop()?;
    }
    Ok(())
}

/// Runs the messages as jobs of apalis, with a row committed in a ledger by each if `has_ledger`.
async fn jobs(database: &Database, messages: u64, has_ledger: bool) -> Measured {
    let options = PgPoolOptions::new().max_connections(IN_PROGRESS as u32 + 2);
    let pool = options.connect(&database.url).await.unwrap();
    create_tables(&pool).await.unwrap();
    let ledger = "CREATE TABLE ledger (volunteer bigint PRIMARY KEY, began timestamptz)";
    sqlx::raw_sql(ledger).execute(&pool).await.unwrap();
    let config = Config::default().queue(QUEUE).batch_size(TAKEN_AT_ONCE);
    let mut storage = PostgresStorage::new(&pool).with_config(config);

    let began = Instant::now();
    for start in (0..messages).step_by(AT_ONCE as usize) {
        let reminders =
            (start..messages.min(start + AT_ONCE)).map(|volunteer| Reminder { volunteer });
        storage.push_bulk(reminders.collect()).await.unwrap();
    }
    let enqueue = began.elapsed();
    let counter = Counter {
        left: std::sync::Arc::new(AtomicU64::new(messages)),
        ledger: has_ledger.then(|| pool.clone()),
    };
    let worker = WorkerBuilder::new("worker-1")
        .backend(storage)
        .data(counter)
        .concurrency(IN_PROGRESS)
        .build(remind);
    let measured = measure(&pool, enqueue, async { worker.run().await.unwrap() }).await;
    let done = "SELECT count(*) FROM apalis.jobs WHERE status = 'Done'";
    let done: i64 = sqlx::query_scalar(done).fetch_one(&pool).await.unwrap();
    assert_eq!(done.cast_unsigned(), messages);
    measured
}
