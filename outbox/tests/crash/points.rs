//! Workers that die at each point of a text, alone and among others.

use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use crate::common::{Clinic, Database, Kind, Point, Random, fast, slow_answers, until};
use crate::workers::{Duty, SLOTS, Workers};

/// More than the workers reach before all of them have died.
const PEOPLE: u64 = 40;

/// Times that a worker reaches its point, at most.
const TIMES: u64 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_worker_on_sqlite() {
    die_at_each_point(Kind::Sqlite, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_workers_on_sqlite() {
    die_at_each_point(Kind::Sqlite, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_worker_on_postgres() {
    die_at_each_point(Kind::Postgres, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_workers_on_postgres() {
    die_at_each_point(Kind::Postgres, 3).await;
}

async fn die_at_each_point(kind: Kind, workers: u64) {
    let mut random = Random::new(workers);
    for point in Point::ALL {
        let Some(database) = Database::create(kind).await else {
            return;
        };
        let clinic = Clinic::open(database, PEOPLE, fast()).await;
        die_at(&clinic, point, workers, &mut random).await;
        let texts = clinic.texts();
        let mut restarted = Workers::new(&clinic);
        for _ in 0..workers {
            restarted.start(Duty::Drain);
        }
        assert!(
            restarted
                .wait()
                .await
                .iter()
                .all(std::process::ExitStatus::success)
        );
        // Counted now: a server may carry out the last statement of a worker after its death.
        let doubts = clinic.sending().await;
        assert!(doubts <= workers * SLOTS, "{doubts} in doubt");
        if matches!(point, Point::Posted | Point::Answered) {
            // Each worker left the text behind whose answer it had not recorded.
            assert!(doubts >= workers, "{doubts} in doubt");
        }
        let listed = clinic.reconcile().await;
        let ended = clinic.ended().await;
        println!(
            "{kind:?}, {workers} died at {point:?} after {texts} texts: {doubts} in doubt, {listed} found in \
             the list; sent {}, held {}, 0 twice",
            ended.sent, ended.held
        );
        match point {
            // The request has not left, which no one but a person can know.
            Point::Begun => assert!(ended.held >= 1 && ended.held <= doubts),
            Point::Posted => assert_eq!((listed, ended.held), (doubts, 0)),
            Point::Answered => assert!(ended.held <= doubts - workers),
            _ => assert!(ended.held <= doubts),
        }
    }
}

/// Starts workers, and returns when all of them have died at the point.
async fn die_at(clinic: &Clinic, point: Point, workers: u64, random: &mut Random) {
    let mut processes = Workers::new(clinic);
    if point == Point::Posted {
        let unanswered = slow_answers(Duration::from_secs(3_600));
        let fault = clinic.sandbox.add_fault(unanswered).unwrap();
        (0..workers).for_each(|_| processes.start(Duty::Run));
        until("each slot waits for an answer", async || {
            clinic.texts() == workers * SLOTS
        })
        .await;
        processes.kill().await;
        clinic.sandbox.remove_fault(fault);
        return;
    }
    // Other texts are in progress when a worker dies.
    let slow = slow_answers(Duration::from_millis(20));
    let fault = clinic.sandbox.add_fault(slow).unwrap();
    for _ in 0..workers {
        processes.start(Duty::Crash(point, 1 + random.below(TIMES)));
    }
    for status in processes.wait().await {
        assert!(status.signal().is_some(), "{status} is no crash");
    }
    clinic.sandbox.remove_fault(fault);
}
