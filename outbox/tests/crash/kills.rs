//! Worker processes that are killed at random while one answer in twenty is lost.
//!
//! `CRASH_PEOPLE`, `CRASH_KILLS` and `CRASH_SEED` set the size.

use std::time::{Duration, Instant};

use clinspark_twilio::outbox::{DeliveryReport, MessageState};
use clinspark_twilio::sandbox::{Fault, FaultRule};
use clinspark_twilio::types::MessageStatus;

use crate::common::{Clinic, Database, Kind, Random, fast, setting, until};
use crate::workers::{Duty, SLOTS, Workers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_one_is_texted_twice_on_sqlite() {
    kill_at_random(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_one_is_texted_twice_on_postgres() {
    kill_at_random(Kind::Postgres).await;
}

async fn kill_at_random(kind: Kind) {
    let people = setting("CRASH_PEOPLE", 200, 5_000);
    let kills = setting("CRASH_KILLS", 6, 20);
    let seed = setting("CRASH_SEED", 17, 17);
    let Some(database) = Database::create(kind).await else {
        return;
    };
    let clinic = Clinic::open(database, people, fast()).await;
    let lost = FaultRule::new(Fault::ResetAfter)
        .method("POST")
        .path("/Messages.json")
        .share(0.05);
    let fault = clinic.sandbox.add_fault(lost).unwrap();
    let started = Instant::now();
    let mut random = Random::new(seed);
    let mut workers = Workers::new(&clinic);
    workers.start(Duty::Run);
    workers.start(Duty::Run);
    for kill in 0..kills {
        // The kills are spread over the run, each at a random moment.
        until("the workers send", async || {
            clinic.counts().await.of(MessageState::Queued) <= people - people * kill / kills
        })
        .await;
        tokio::time::sleep(Duration::from_millis(random.below(60))).await;
        workers
            .replace(usize::try_from(random.below(2)).unwrap())
            .await;
    }
    until("the queue is empty", async || {
        clinic.counts().await.of(MessageState::Queued) == 0
    })
    .await;
    assert!(workers.terminate().await > 0);
    let lost = clinic.sandbox.faults()[0].applied;
    clinic.sandbox.remove_fault(fault);
    let sent_in = started.elapsed();

    let doubts = clinic.sending().await;
    assert!(doubts <= lost + kills * SLOTS, "{doubts} in doubt");
    let callbacks = report_half(&clinic).await;
    let listed = clinic.reconcile().await;
    let ended = clinic.ended().await;
    println!(
        "{kind:?}, seed {seed}: {people} people, {kills} kills, {lost} answers lost: 0 twice; {doubts} in \
         doubt, {callbacks} settled by callbacks, {listed} by the list; sent {}, held {}, in {sent_in:.1?}",
        ended.sent, ended.held
    );
}

/// Settles each second doubt by a status callback.
async fn report_half(clinic: &Clinic) -> u64 {
    let mut callbacks = 0;
    let sending = Some(MessageState::Sending);
    let records = clinic
        .store
        .records(&clinic.batch, sending, i64::MIN, 100_000);
    for record in records.await.unwrap().iter().step_by(2) {
        let Some(sid) = clinic.sid_of(&record.recipient) else {
            continue;
        };
        let report = DeliveryReport {
            message_id: record.message_id.clone(),
            sid,
            status: MessageStatus::Delivered,
            code: None,
        };
        clinic.store.observe(&report).await.unwrap();
        callbacks += 1;
    }
    callbacks
}
