//! Slots that block for minutes, at each point of a text, while another worker goes on.

use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::outbox::{MessageState, Outbox, ReconcileReport};
use clinspark_twilio::types::BoxFuture;
use tokio::sync::{mpsc, watch};

use crate::common::{Clinic, Database, Kind, Point, Probed, fast, slow_answers, until};

const PEOPLE: u64 = 20;

/// Points at which a slot blocks: the first two texts each.
const POINTS: [Point; 3] = [Point::Passed, Point::Begun, Point::Answered];

/// Texts that are blocked.
const BLOCKED: u64 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_is_taken_twice_on_sqlite() {
    hang_in_the_transport(Kind::Sqlite).await;
    block_for_two_minutes(Kind::Sqlite).await;
    block_for_longer_than_the_limit(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_is_taken_twice_on_postgres() {
    hang_in_the_transport(Kind::Postgres).await;
    block_for_two_minutes(Kind::Postgres).await;
    block_for_longer_than_the_limit(Kind::Postgres).await;
}

/// Worker whose slots are all blocked.
struct Blocked {
    release: watch::Sender<bool>,
    drained: tokio::task::JoinHandle<u64>,
}

impl Blocked {
    /// Starts a worker, and returns when all its slots are blocked.
    async fn start(clinic: &Clinic) -> Self {
        let (release, released) = watch::channel(false);
        let (report, mut reports) = mpsc::unbounded_channel();
        let left = Arc::new(std::sync::Mutex::new(POINTS.map(|_| 2)));
        let store = Probed::new(Arc::clone(&clinic.store), move |at| {
            let mut released = released.clone();
            let mut left = left.lock().unwrap();
            // A text blocks at its first point that still has room, so two block at each.
            let point = POINTS.iter().position(|point| *point == at);
            let Some(left) = point.map(|point| &mut left[point]).filter(|it| **it > 0) else {
                return Box::pin(std::future::ready(())) as BoxFuture<'static, ()>;
            };
            *left -= 1;
            report.send(at).unwrap();
            Box::pin(async move {
                released.wait_for(|is_released| *is_released).await.unwrap();
            })
        });
        let slots = usize::try_from(BLOCKED).unwrap();
        let outbox = clinic.outbox(store).concurrency(slots).build();
        let drained = tokio::spawn(async move { outbox.drain(BLOCKED).await.unwrap().total() });
        for _ in 0..BLOCKED {
            let waited = tokio::time::timeout(Duration::from_secs(60), reports.recv()).await;
            waited.unwrap().unwrap();
        }
        assert_eq!(clinic.sending().await, BLOCKED);
        Self { release, drained }
    }

    async fn release(self) {
        self.release.send(true).unwrap();
        assert_eq!(self.drained.await.unwrap(), BLOCKED);
    }
}

async fn open(kind: Kind) -> Option<(Clinic, Outbox)> {
    let database = Database::create(kind).await?;
    let clinic = Clinic::open(database, PEOPLE, fast()).await;
    let other = clinic.plain_outbox();
    Some((clinic, other))
}

/// A worker to which Twilio answers nothing, and which dies after two minutes.
async fn hang_in_the_transport(kind: Kind) {
    let Some((clinic, other)) = open(kind).await else {
        return;
    };
    let unanswered = slow_answers(Duration::from_secs(3_600)).times(BLOCKED);
    clinic.sandbox.add_fault(unanswered).unwrap();
    let slots = usize::try_from(BLOCKED).unwrap();
    let store = Probed::counting(Arc::clone(&clinic.store));
    let hung = clinic.outbox(store).concurrency(slots).build();
    let hung = tokio::spawn(async move { hung.drain(BLOCKED).await });
    until("each slot waits for an answer", async || {
        clinic.texts() == BLOCKED
    })
    .await;
    clinic.database.age(Duration::from_secs(120)).await;
    assert_eq!(other.reconcile().await.unwrap(), ReconcileReport::default());
    assert_eq!(other.drain(u64::MAX).await.unwrap().sent, PEOPLE - BLOCKED);
    assert_eq!(clinic.sending().await, BLOCKED);
    hung.abort();
    assert_eq!(clinic.reconcile().await, BLOCKED);
    let ended = clinic.ended().await;
    assert_eq!((ended.sent, ended.held), (PEOPLE, 0));
    println!(
        "{kind:?}: {BLOCKED} slots without answer for 120 s: 0 taken by the other worker, then found in the list; \
         {} sent once each",
        ended.sent
    );
}

async fn block_for_two_minutes(kind: Kind) {
    let Some((clinic, other)) = open(kind).await else {
        return;
    };
    let blocked = Blocked::start(&clinic).await;
    clinic.database.age(Duration::from_secs(120)).await;
    let report = other.reconcile().await.unwrap();
    assert_eq!(report, ReconcileReport::default());
    let drained = other.drain(u64::MAX).await.unwrap();
    // All but the blocked ones, none of which is taken.
    assert_eq!(drained.sent, PEOPLE - BLOCKED);
    assert_eq!(clinic.sending().await, BLOCKED);
    assert_eq!(clinic.texts(), PEOPLE - BLOCKED + 2);
    blocked.release().await;
    let ended = clinic.ended().await;
    assert_eq!((ended.sent, ended.held), (PEOPLE, 0));
    println!(
        "{kind:?}: {BLOCKED} slots blocked for 120 s: 0 taken by the other worker, {} sent once each",
        ended.sent
    );
}

/// A worker that is suspended for longer than the time after which a message is in doubt.
async fn block_for_longer_than_the_limit(kind: Kind) {
    let Some((clinic, other)) = open(kind).await else {
        return;
    };
    let blocked = Blocked::start(&clinic).await;
    clinic.database.age(Duration::from_secs(400)).await;
    let report = other.reconcile().await.unwrap();
    // Claims without ledger entry are fenced, and texts that the list shows are settled.
    assert_eq!((report.requeued, report.sent, report.open), (2, 2, 2));
    until("the second worker has sent", async || {
        other.drain(u64::MAX).await.unwrap();
        clinic.counts().await.of(MessageState::Queued) == 0
    })
    .await;
    clinic.database.age(Duration::from_secs(120)).await;
    assert_eq!(other.reconcile().await.unwrap().held, 2);
    let before = clinic.texts();
    assert_eq!(before, PEOPLE - 2);
    // The first worker continues: its fenced claims send nothing, its ledger entries do.
    blocked.release().await;
    assert_eq!(clinic.texts(), PEOPLE);
    let ended = clinic.ended().await;
    assert_eq!((ended.sent, ended.held), (PEOPLE, 0));
    println!(
        "{kind:?}: {BLOCKED} slots blocked for 520 s: 2 fenced and sent by the other worker, 2 found in \
         the list, 2 held until the first worker sent them; {} sent once each",
        ended.sent
    );
}
