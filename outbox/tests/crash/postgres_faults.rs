//! A `PostgreSQL` server that crashes twice, and cuts its connections twice, while one process sends.

use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::outbox::{MessageState, StoreErrorKind};

use crate::common::{
    Clinic, Cluster, Database, Probed, client, fast, setting, slow_answers, until,
};
use crate::workers::SLOTS;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_process_finishes_after_crashes_and_cuts() {
    let people = setting("FAULTS_PEOPLE", 200, 4_000);
    let Some(cluster) = Cluster::start(|_| ()) else {
        return;
    };
    let database = Database::Url(cluster.url());
    let clinic = Clinic::open(database, people, fast()).await;
    let slow = slow_answers(Duration::from_millis(10));
    let fault = clinic.sandbox.add_fault(slow).unwrap();
    let store = Probed::counting(Arc::clone(&clinic.store));
    let outbox = clinic.outbox(store.clone());
    let outbox = outbox.concurrency(usize::try_from(SLOTS).unwrap()).build();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let run = tokio::spawn(async move { outbox.run(async { stopped.await.unwrap() }).await });
    let mut cuts = 0;
    for incident in 1..=4 {
        let mark = people * incident / 5;
        until("the worker sends", async || clinic.texts() >= mark).await;
        if incident % 2 == 1 {
            cluster.crash();
            let texts = clinic.texts();
            cluster.resume();
            println!("the server crashed after {texts} texts, and started again");
        } else {
            let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
            let admin = client(&cluster.url()).await;
            let row = admin.query_one(cut, &[]).await.unwrap();
            cuts += row.get::<_, i64>(0);
        }
    }
    until("the queue is empty", async || {
        let counts = clinic.store.counts(&clinic.batch).await;
        counts.is_ok_and(|counts| counts.of(MessageState::Queued) == 0)
    })
    .await;
    stop.send(()).unwrap();
    let drained = run.await.unwrap().unwrap();
    clinic.sandbox.remove_fault(fault);
    let failures = store.failures(StoreErrorKind::Unavailable);
    assert!(failures > 0 && cuts > 0, "{failures} {cuts}");
    let doubts = clinic.sending().await;
    // Those of whose claim or ledger entry the answer was lost.
    assert!(doubts <= 4 * SLOTS, "{doubts} in doubt");
    let listed = clinic.reconcile().await;
    let ended = clinic.ended().await;
    println!(
        "PostgreSQL crashed twice and cut {cuts} connections: {failures} calls failed, {} sent by the same \
         process, {doubts} in doubt, {listed} found in the list; sent {}, held {}, 0 twice",
        drained.sent, ended.sent, ended.held
    );
}
