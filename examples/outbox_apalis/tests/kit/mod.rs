//! A database of the test's own, and the outbox of one machine.

use std::time::Duration;

use apalis_postgres::PgPool;
use clinspark_twilio::messenger::MemoryConsentGate;
use clinspark_twilio::outbox::{
    Batch, BatchId, MessageState, NewMessage, Outbox, Pace, Person, ProofKey, RecipientKey,
    SenderKey, resolver_fn,
};
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Template};
use clinspark_twilio::{E164, Settings};
use clinspark_twilio_outbox::PostgresStore;
use outbox_apalis::{create_tables, queue, work};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use self::database::Database;

pub(crate) mod database;

/// Cohort of one sender, in a database and a sandbox of its own.
pub(crate) struct Clinic {
    pub(crate) database: Database,
    pub(crate) pool: PgPool,
    pub(crate) sandbox: Sandbox,
    pub(crate) sender: SenderKey,
    /// Steers and enqueues; sends nothing.
    pub(crate) office: Outbox,
    pub(crate) batch: BatchId,
    /// While it holds `false`, no machine learns a number: what it has claimed is in progress.
    pub(crate) open: watch::Sender<bool>,
}

/// Machine that works until it is stopped.
pub(crate) struct Running {
    stop: oneshot::Sender<()>,
    work: JoinHandle<Result<u64, outbox_apalis::Error>>,
}

impl Clinic {
    /// `None` without a database.
    pub(crate) async fn start() -> Option<Self> {
        let database = Database::create().await?;
        let pool = database.pool().await;
        create_tables(&pool).await.unwrap();
        let sandbox = Sandbox::start().await.unwrap();
        sandbox.add_number(E164::parse("+61491570006").unwrap());
        let sender = SenderKey::parse("clinic-12").unwrap();
        let open = watch::Sender::new(true);
        let settings = sandbox.settings().build().unwrap();
        let office = outbox(&database.url, &sender, settings, open.subscribe()).await;
        // A pace at which no machine can send all before the others have started.
        let pace = Pace::per_second(50.0).unwrap();
        office.set_pace(pace).await.unwrap();
        let batch = BatchId::parse("reminders").unwrap();
        let reminders = Batch::new(batch.clone(), &template(), sender.clone(), "visit reminder");
        office.open(&reminders).await.unwrap();
        Some(Self {
            database,
            pool,
            sandbox,
            sender,
            office,
            batch,
            open,
        })
    }

    /// Starts a machine, with connections of its own.
    pub(crate) async fn machine(&self) -> Running {
        let settings = self.sandbox.settings().build().unwrap();
        let open = self.open.subscribe();
        let outbox = outbox(&self.database.url, &self.sender, settings, open).await;
        let pool = self.database.pool().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { stopped.await.unwrap_or_default() };
        let work = tokio::spawn(async move { work(&pool, &outbox, shutdown).await });
        Running { stop, work }
    }

    /// Enqueues people from `start` to before `end`.
    pub(crate) async fn enqueue(&self, start: u64, end: u64) {
        let people: Vec<_> = (start..end)
            .map(|id| NewMessage::new(RecipientKey::numbered("volunteer", id).unwrap()))
            .collect();
        let enqueued = self.office.enqueue(&self.batch, &people).await.unwrap();
        assert_eq!(enqueued, end - start);
    }

    pub(crate) async fn count(&self, state: MessageState) -> u64 {
        let progress = self.office.progress(&self.batch).await.unwrap();
        progress.counts.of(state)
    }

    /// Waits until so many messages are in the state.
    pub(crate) async fn reached(&self, state: MessageState, number: u64) {
        eventually(&format!("{number} messages are {state:?}"), async || {
            self.count(state).await >= number
        })
        .await;
    }

    /// Number of jobs of the sender in a state of apalis.
    pub(crate) async fn jobs(&self, status: &str) -> i64 {
        let count = "SELECT count(*) FROM apalis.jobs WHERE job_type = $1 AND status = $2";
        let count = sqlx::query_scalar(count).bind(queue(&self.sender));
        count.bind(status).fetch_one(&self.pool).await.unwrap()
    }

    /// Number of starts of workers.
    pub(crate) async fn worker_starts(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM apalis.workers");
        count.fetch_one(&self.pool).await.unwrap()
    }

    /// Changes apalis's own tables.
    pub(crate) async fn execute(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.pool).await.unwrap();
    }

    /// Number of people with a text, and of those with more than one.
    pub(crate) fn texted(&self) -> (u64, u64) {
        let mut texts = std::collections::HashMap::new();
        for message in self.sandbox.messages() {
            *texts.entry(message.to.phone().unwrap()).or_insert(0) += 1;
        }
        let twice = texts.values().filter(|&&count| count > 1).count();
        (texts.len() as u64, twice as u64)
    }
}

impl Running {
    /// Sends the machine the signal to stop.
    pub(crate) fn stop(self) -> JoinHandle<Result<u64, outbox_apalis::Error>> {
        self.stop.send(()).unwrap();
        self.work
    }

    /// Stops the machine. Returns the number of texts that it has sent.
    pub(crate) async fn stopped(self) -> u64 {
        self.stop().await.unwrap().unwrap()
    }
}

/// Waits until the condition holds, for a minute.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let holds = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(60), holds).await;
    ended.unwrap_or_else(|_| panic!("not so after a minute: {what}"));
}

fn template() -> Template {
    Template::builder("visit-reminder", 1)
        .variant(
            Locale::parse("en").unwrap(),
            "Hi Ann, your visit is tomorrow.",
        )
        .build(&Catalogue::new([]).unwrap())
        .unwrap()
}

async fn outbox(
    database: &str,
    sender: &SenderKey,
    settings: Settings,
    open: watch::Receiver<bool>,
) -> Outbox {
    let store = PostgresStore::connect(database).await.unwrap();
    let messenger = settings.messenger(MemoryConsentGate::new()).unwrap();
    let resolver = resolver_fn(move |recipient: RecipientKey, _| {
        let mut open = open.clone();
        async move {
            open.wait_for(|open| *open).await?;
            let id = recipient.as_str().strip_prefix("volunteer-").unwrap();
            let number = format!("+614{:08}", 91_000_000 + id.parse::<u64>().unwrap());
            Ok(Some(Person::new(number, MergeData::new())))
        }
    });
    let key = ProofKey::new([7; 32]);
    Outbox::builder(store, sender.clone(), messenger, resolver, key)
        .template(template())
        .build()
}
