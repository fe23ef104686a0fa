//! Three machines on one queue, wake-ups that are lost or doubled, and a sandbox that counts what each person got.
//!
//! Reads `DATABASE_URL` and `NATS_URL`. Skips without them, unless `REQUIRE_SERVICES` is 1.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream::{self, consumer::pull};
use clinspark_twilio::messenger::MemoryConsentGate;
use clinspark_twilio::outbox::{
    Batch, BatchId, MessageState, NewMessage, Outbox, Pace, Person, ProofKey, RecipientKey,
    SenderKey, resolver_fn,
};
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Template};
use clinspark_twilio::{E164, Settings};
use clinspark_twilio_outbox::PostgresStore;
use outbox_nats::{STREAM, consumer, create_stream, publish_wake_up, subject, work};
use tokio::sync::oneshot;
use tokio_postgres::NoTls;

const PEOPLE: u64 = 200;

/// Returns the servers. `None` without them, which fails if they are required.
fn servers() -> Option<(String, String)> {
    let found = std::env::var("DATABASE_URL").ok();
    let found = found.zip(std::env::var("NATS_URL").ok());
    if found.is_none() {
        let required = std::env::var("REQUIRE_SERVICES").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "REQUIRE_SERVICES is 1, but DATABASE_URL or NATS_URL is not set"
        );
        println!("skipped: set DATABASE_URL and NATS_URL");
    }
    found
}

async fn execute(server: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}

/// Database and consumer of one run, which go with it, also when the test fails.
struct Run {
    server: String,
    nats: String,
    /// Names of this run alone: others may use the same servers.
    name: String,
}

impl Run {
    async fn create(server: String, nats: String) -> Self {
        let started = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let name = format!("outbox_nats_{}_{started}", std::process::id());
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        Self { server, nats, name }
    }

    fn database(&self) -> String {
        let (start, _) = self.server.rsplit_once('/').unwrap();
        format!("{start}/{}", self.name)
    }

    fn sender(&self) -> SenderKey {
        SenderKey::parse(&self.name).unwrap()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let (server, nats) = (self.server.clone(), self.nats.clone());
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let consumer = consumer(&self.sender());
        // The test's own runtime cannot be waited for here.
        let cleaned = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                execute(&server, &drop).await;
                if let Ok(client) = async_nats::connect(&nats).await {
                    let jetstream = jetstream::new(client);
                    // There is none if the test failed before a machine ran.
                    let _ = jetstream
                        .delete_consumer_from_stream(&consumer, STREAM)
                        .await;
                }
            });
        });
        if cleaned.join().is_err() {
            println!("the database {} stays", self.name);
        }
    }
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

/// Outbox of one machine, with connections of its own.
async fn outbox(database: &str, sender: &SenderKey, settings: Settings) -> Outbox {
    let store = PostgresStore::connect(database).await.unwrap();
    let messenger = settings.messenger(MemoryConsentGate::new()).unwrap();
    let resolver = resolver_fn(|recipient: RecipientKey, _| async move {
        let id = recipient.as_str().strip_prefix("volunteer-").unwrap();
        let number = format!("+614{:08}", 91_000_000 + id.parse::<u64>().unwrap());
        Ok(Some(Person::new(number, MergeData::new())))
    });
    Outbox::builder(
        store,
        sender.clone(),
        messenger,
        resolver,
        ProofKey::new([7; 32]),
    )
    .template(template())
    .build()
}

/// Enqueues people from `start` to before `end`.
async fn enqueue(outbox: &Outbox, batch: &BatchId, start: u64, end: u64) {
    let people: Vec<_> = (start..end)
        .map(|id| NewMessage::new(RecipientKey::numbered("volunteer", id).unwrap()))
        .collect();
    assert_eq!(outbox.enqueue(batch, &people).await.unwrap(), end - start);
}

/// Waits until so many texts are sent.
async fn sent(outbox: &Outbox, batch: &BatchId, number: u64) {
    let all = async {
        while outbox
            .progress(batch)
            .await
            .unwrap()
            .counts
            .of(MessageState::Sent)
            < number
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(60), all).await;
    ended.unwrap_or_else(|_| panic!("{number} texts are not sent after a minute"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_person_is_texted_once_with_wake_ups_doubled_and_lost() {
    let Some((server, nats)) = servers() else {
        return;
    };
    let run = Run::create(server, nats).await;
    let (database, sender, nats) = (run.database(), run.sender(), &run.nats);

    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(E164::parse("+61491570006").unwrap());
    let settings = || sandbox.settings().build().unwrap();
    let steering = outbox(&database, &sender, settings()).await;
    // A pace at which no machine can send all before the others have started.
    let pace = Pace::per_second(50.0).unwrap();
    steering.set_pace(pace).await.unwrap();
    let id = BatchId::parse("reminders").unwrap();
    let batch = Batch::new(id.clone(), &template(), sender.clone(), "visit reminder");
    steering.open(&batch).await.unwrap();

    let jetstream = jetstream::new(async_nats::connect(nats).await.unwrap());
    let stream = create_stream(&jetstream).await.unwrap();
    // Before the machines start: ten wake-ups for five parts, half of which are lost.
    for part in 0..5 {
        enqueue(&steering, &id, part * 20, (part + 1) * 20).await;
        publish_wake_up(&jetstream, &sender).await.unwrap();
        publish_wake_up(&jetstream, &sender).await.unwrap();
    }
    let lost = stream.purge().filter(subject(&sender)).keep(5);
    assert_eq!(lost.await.unwrap().purged, 5);

    let mut machines = Vec::new();
    for _ in 0..3 {
        let outbox = outbox(&database, &sender, settings()).await;
        let jetstream = jetstream::new(async_nats::connect(nats).await.unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { stopped.await.unwrap_or_default() };
        let machine = tokio::spawn(async move { work(&jetstream, &outbox, shutdown).await });
        machines.push((stop, machine));
    }
    // While they work: each wake-up twice, for four parts.
    for part in 5..9 {
        enqueue(&steering, &id, part * 20, (part + 1) * 20).await;
        publish_wake_up(&jetstream, &sender).await.unwrap();
        publish_wake_up(&jetstream, &sender).await.unwrap();
    }
    sent(&steering, &id, 180).await;
    // The last part's wake-ups are lost altogether.
    enqueue(&steering, &id, 180, PEOPLE).await;
    sent(&steering, &id, PEOPLE).await;

    let mut by_machine = Vec::new();
    for (stop, machine) in machines {
        stop.send(()).unwrap();
        by_machine.push(machine.await.unwrap().unwrap());
    }
    let mut texts = HashMap::new();
    for message in sandbox.messages() {
        *texts.entry(message.to.phone().unwrap()).or_insert(0) += 1;
    }
    let twice = texts.values().filter(|&&count| count > 1).count();
    let worked = by_machine.iter().filter(|&&sent| sent > 0).count();
    println!(
        "{} people texted, {twice} twice; by machine: {by_machine:?}",
        texts.len()
    );
    assert_eq!((texts.len() as u64, twice), (PEOPLE, 0));
    assert_eq!(by_machine.iter().sum::<u64>(), PEOPLE);
    assert!(worked > 1, "one machine sent all: {by_machine:?}");

    // Thirteen wake-ups reached a machine, and each is acknowledged.
    let consumer_name = consumer(&sender);
    let mut shared = stream
        .get_consumer::<pull::Config>(&consumer_name)
        .await
        .unwrap();
    let info = shared.info().await.unwrap();
    assert_eq!(info.delivered.consumer_sequence, 13);
    assert_eq!((info.num_ack_pending, info.num_pending), (0, 0));
}
