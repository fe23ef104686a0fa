//! The service against a simulated Twilio, which counts what each volunteer got.
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clinspark_twilio::E164;
use clinspark_twilio::outbox::{BatchId, MessageState, OutboxStore};
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio_outbox::{PostgresStore, SqliteStore};

#[path = "../../../../outbox/tests/common/postgres.rs"]
mod postgres;

const PEOPLE: usize = 300;
const CLINIC: &str = "+61255501234";

struct World {
    twilio: Sandbox,
    folder: PathBuf,
    database: String,
}

impl World {
    async fn start(name: &str) -> Self {
        let twilio = Sandbox::start().await.unwrap();
        twilio.add_number(E164::parse(CLINIC).unwrap());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let mut lines = String::new();
        for person in 0..PEOPLE {
            writeln!(lines, "{person},0491 571 {person:03},Ann").unwrap();
        }
        std::fs::write(folder.join("volunteers"), lines).unwrap();
        let database = folder.join("reminders.db").to_str().unwrap().to_owned();
        Self { twilio, folder, database }
    }

    fn service(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_cohort"))
            .env_clear()
            .env("TWILIO_BASE_URL", self.twilio.base_url())
            .env("TWILIO_ACCOUNT_SID", self.twilio.account_sid().as_str())
            .env("TWILIO_AUTH_TOKEN", self.twilio.auth_token().expose())
            .env("TWILIO_PHONE_NUMBER", CLINIC)
            .env("CLINSPARK_DOMAIN", "demo")
            .env("CLINSPARK_DELIVERY", "live")
            .env("CLINSPARK_DEFAULT_COUNTRY_PREFIX", "61")
            .env("PROOF_SECRET", "0123456789abcdef0123456789abcdef")
            .env("VOLUNTEERS", self.folder.join("volunteers"))
            .env("DATABASE", &self.database)
            .stdin(Stdio::null())
            .spawn()
            .unwrap()
    }

    async fn until_texts(&self, count: usize) {
        let started = Instant::now();
        while self.twilio.messages().len() < count {
            assert!(started.elapsed() < Duration::from_secs(60), "no texts");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until nothing but doubts is left, and checks what each volunteer got.
    ///
    /// What is in doubt is looked for in Twilio's list after five minutes, so a service still runs.
    async fn finishes(&self, store: &impl OutboxStore, in_doubt: u64) {
        let batch = BatchId::parse("reminders-2026-12-01").unwrap();
        let started = Instant::now();
        let counts = loop {
            let counts = store.counts(&batch).await.unwrap();
            let is_sent = counts.of(MessageState::Queued) == 0;
            if is_sent && counts.of(MessageState::Sending) <= in_doubt {
                break counts;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "{counts:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let (texts, sent) = (self.texts(), counts.of(MessageState::Sent));
        println!("{} people have a text; {counts:?}", texts.len());
        assert!(texts.values().all(|count| *count == 1));
        // A text in doubt has arrived or not. Everyone else has one.
        assert_eq!(sent + counts.of(MessageState::Sending), PEOPLE as u64);
        assert!((sent..=PEOPLE as u64).contains(&(texts.len() as u64)));
    }

    /// Returns the number of texts to each number.
    fn texts(&self) -> HashMap<String, usize> {
        let mut texts = HashMap::new();
        for message in self.twilio.messages() {
            *texts.entry(message.to.expose()).or_default() += 1;
        }
        texts
    }
}

/// Waits for a process without blocking the sandbox.
async fn end(mut child: Child) {
    tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_the_next_run_texts_the_others_and_no_one_twice() {
    let world = World::start("killed").await;
    let mut service = world.service();
    world.until_texts(PEOPLE / 3).await;
    service.kill().unwrap();
    end(service).await;
    let before = world.texts().len();
    assert!(before < PEOPLE, "the kill came late");

    let batch = BatchId::parse("reminders-2026-12-01").unwrap();
    let store = SqliteStore::open(&world.database).await.unwrap();
    let in_doubt = store.counts(&batch).await.unwrap().of(MessageState::Sending);
    let mut service = world.service();
    world.finishes(&store, in_doubt).await;
    // Has ended by itself if nothing was in doubt.
    let _ = service.kill();
    end(service).await;
    println!("{before} texts before the kill");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_machines_one_dies_and_the_others_text_the_rest() {
    let Some(database) = postgres::Database::create().await else { return };
    let mut world = World::start("machines").await;
    world.database.clone_from(&database.url);
    let mut machines = [(); 3].map(|()| world.service());
    world.until_texts(PEOPLE / 3).await;
    machines[0].kill().unwrap();
    let store = PostgresStore::connect(&database.url).await.unwrap();
    // A machine has at most ten texts in progress.
    world.finishes(&store, 10).await;
    for mut machine in machines {
        let _ = machine.kill();
        end(machine).await;
    }
}
