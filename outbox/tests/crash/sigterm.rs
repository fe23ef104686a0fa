//! Workers that are asked to end while every slot sends: nothing is in doubt.

use std::time::Duration;

use clinspark_twilio::outbox::MessageState;

use crate::common::{Clinic, Database, Kind, fast, setting, slow_answers, until};
use crate::workers::{Duty, Workers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaves_no_doubt_on_sqlite() {
    terminate(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaves_no_doubt_on_postgres() {
    terminate(Kind::Postgres).await;
}

async fn terminate(kind: Kind) {
    let rounds = setting("SIGTERM_ROUNDS", 1, 10);
    let Some(database) = Database::create(kind).await else {
        return;
    };
    let clinic = Clinic::open(database, 1_000 * rounds, fast()).await;
    let slow = slow_answers(Duration::from_millis(150));
    let fault = clinic.sandbox.add_fault(slow).unwrap();
    let (mut in_progress, mut terminated) = (0, 0);
    for _ in 0..rounds {
        let before = clinic.texts();
        let mut workers = Workers::new(&clinic);
        (0..3).for_each(|_| workers.start(Duty::Run));
        until("the workers send", async || clinic.texts() >= before + 40).await;
        in_progress += clinic.sending().await;
        terminated += workers.terminate().await;
        let counts = clinic.counts().await;
        assert_eq!(counts.of(MessageState::Sending), 0, "{counts:?}");
        assert_eq!(counts.of(MessageState::Sent), clinic.texts());
        assert!(counts.of(MessageState::Queued) > 0, "the batch had ended");
    }
    assert!(in_progress > 0, "no worker was sending");
    clinic.sandbox.remove_fault(fault);
    println!(
        "{kind:?}: SIGTERM to {terminated} workers in {rounds} rounds, {in_progress} texts in progress: 0 in \
         doubt, {} sent",
        clinic.texts()
    );
}
