//! Two machines on one outbox, and a sandbox that counts what each person got: jobs that are lost or
//! doubled, workers that end with an error, machines that stop or die.
//!
//! Reads `DATABASE_URL`. Skips without it, unless `REQUIRE_SERVICES` is 1. Set `SQLX_OFFLINE` to true:
//! apalis is then compiled against the description of its tables, not against this database.

mod kit;

use clinspark_twilio::outbox::MessageState;
use outbox_apalis::push_job;

use self::kit::{Clinic, eventually};

/// Lets each job fail to start: apalis's worker ends with an error, while the handler runs.
const BREAK: &str = "
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON apalis.jobs
    FOR EACH ROW WHEN (NEW.status = 'Running') EXECUTE FUNCTION refuse()";

const UNBREAK: &str = "DROP TRIGGER refuse ON apalis.jobs";

/// Of two jobs, the first was taken by a machine that died an hour ago, and the last ended before.
const LEFT_BEHIND: &str = "
INSERT INTO apalis.workers (id, worker_type, storage_name, layers, last_seen)
    VALUES ('dead', 'outbox-clinic-12', 'PgStorage', '', now() - interval '1 hour');
UPDATE apalis.jobs SET lock_by = 'dead', attempts = 1, run_at = now() - interval '2 hours';
UPDATE apalis.jobs SET status = 'Running', lock_at = now() - interval '1 hour'
    WHERE id = (SELECT min(id) FROM apalis.jobs);
UPDATE apalis.jobs SET status = 'Done', done_at = now() - interval '2 hours'
    WHERE id = (SELECT max(id) FROM apalis.jobs)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_person_is_texted_once_with_jobs_doubled_and_lost() {
    let Some(clinic) = Clinic::start().await else {
        return;
    };
    // Before the machines start: ten jobs for five parts, half of which are lost.
    for part in 0..5 {
        clinic.enqueue(part * 20, (part + 1) * 20).await;
        push_job(&clinic.pool, &clinic.sender).await.unwrap();
        push_job(&clinic.pool, &clinic.sender).await.unwrap();
    }
    clinic
        .execute("DELETE FROM apalis.jobs WHERE id IN (SELECT id FROM apalis.jobs LIMIT 5)")
        .await;
    let machines = [clinic.machine().await, clinic.machine().await];
    // While they work: two jobs for each of four parts.
    for part in 5..9 {
        clinic.enqueue(part * 20, (part + 1) * 20).await;
        push_job(&clinic.pool, &clinic.sender).await.unwrap();
        push_job(&clinic.pool, &clinic.sender).await.unwrap();
    }
    clinic.reached(MessageState::Sent, 180).await;
    // Each job that was not lost has run, and ended well.
    eventually("13 jobs are done", async || clinic.jobs("Done").await == 13).await;
    // The last part's jobs are lost altogether.
    clinic.enqueue(180, 200).await;
    clinic.reached(MessageState::Sent, 200).await;

    let mut by_machine = Vec::new();
    for machine in machines {
        by_machine.push(machine.stopped().await);
    }
    let (people, twice) = clinic.texted();
    println!("{people} people texted, {twice} twice; by machine: {by_machine:?}");
    assert_eq!((people, twice), (200, 0));
    assert_eq!(by_machine.iter().sum::<u64>(), 200);
    assert!(
        by_machine.iter().all(|&sent| sent > 0),
        "one machine sent all: {by_machine:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_ends_with_an_error_leaves_no_doubt_and_starts_again() {
    let Some(clinic) = Clinic::start().await else {
        return;
    };
    let machines = [clinic.machine().await, clinic.machine().await];
    eventually("two workers have started", async || {
        clinic.worker_starts().await == 2
    })
    .await;
    // Each job that is taken ends its worker. Texts of its handler are in progress by then.
    clinic.execute(BREAK).await;
    clinic.open.send_replace(false);
    for part in 0..4 {
        clinic.enqueue(part * 20, (part + 1) * 20).await;
        push_job(&clinic.pool, &clinic.sender).await.unwrap();
    }
    eventually("four workers have ended and started again", async || {
        clinic.worker_starts().await >= 6
    })
    .await;
    assert!(clinic.count(MessageState::Sending).await > 0);
    assert_eq!(clinic.texted(), (0, 0));
    clinic.open.send_replace(true);
    clinic.reached(MessageState::Sent, 80).await;
    assert_eq!(clinic.jobs("Done").await, 0, "the jobs are lost");

    clinic.execute(UNBREAK).await;
    clinic.enqueue(80, 100).await;
    push_job(&clinic.pool, &clinic.sender).await.unwrap();
    clinic.reached(MessageState::Sent, 100).await;
    eventually("the job is done", async || clinic.jobs("Done").await == 1).await;
    let mut sent = 0;
    for machine in machines {
        sent += machine.stopped().await;
    }
    // A `drain` that was dropped would be missing here.
    assert_eq!(sent, 100);
    assert_eq!(clinic.texted(), (100, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_stops_finishes_the_messages_in_progress() {
    let Some(clinic) = Clinic::start().await else {
        return;
    };
    clinic.open.send_replace(false);
    clinic.enqueue(0, 100).await;
    push_job(&clinic.pool, &clinic.sender).await.unwrap();
    let machine = clinic.machine().await;
    clinic.reached(MessageState::Sending, 10).await;
    let stopping = machine.stop();
    assert!(!stopping.is_finished());
    clinic.open.send_replace(true);
    let sent = stopping.await.unwrap().unwrap();

    assert!((10..100).contains(&sent), "sent {sent}");
    assert_eq!(clinic.count(MessageState::Sent).await, sent);
    assert_eq!(clinic.count(MessageState::Queued).await, 100 - sent);
    assert_eq!(clinic.texted(), (sent, 0));
    // The next machine finds the rest.
    let next = clinic.machine().await;
    clinic.reached(MessageState::Sent, 100).await;
    assert_eq!(next.stopped().await, 100 - sent);
    assert_eq!(clinic.texted(), (100, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_of_a_machine_that_died_runs_on_another_and_old_jobs_are_deleted() {
    let Some(clinic) = Clinic::start().await else {
        return;
    };
    push_job(&clinic.pool, &clinic.sender).await.unwrap();
    push_job(&clinic.pool, &clinic.sender).await.unwrap();
    clinic.execute(LEFT_BEHIND).await;
    assert_eq!(clinic.jobs("Running").await, 1);
    assert_eq!(clinic.jobs("Done").await, 1);
    let machine = clinic.machine().await;
    eventually("one job has run, and the other is deleted", async || {
        let left = "SELECT done_at > now() - interval '1 minute' FROM apalis.jobs";
        let left: Vec<Option<bool>> = sqlx::query_scalar(left)
            .fetch_all(&clinic.pool)
            .await
            .unwrap();
        left == [Some(true)]
    })
    .await;
    assert_eq!(machine.stopped().await, 0);
}
