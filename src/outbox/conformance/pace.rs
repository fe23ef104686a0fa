//! Cases of the pace and of holds.

use std::sync::Arc;
use std::time::Duration;

use super::Checked;
use super::kit::{Kit, Violation, ahead, conflict, entry, holds, next, reason, same, second};
use crate::outbox::{Claim, OutboxStore, SenderKey};

/// Milliseconds of error that the rounding of clocks may cause.
const TICK: u64 = 5;

/// Returns the time for which the next claim must wait.
async fn wait(kit: &Kit) -> Result<Duration, Violation> {
    match kit.store.claim(&kit.sender, &kit.worker).await? {
        Claim::Wait(until) => ahead(&*kit.store, until).await,
        other => Err(Violation::new(format!(
            "claim: found {other:?}, expected to wait"
        ))),
    }
}

/// Checks a wait that began a moment ago.
fn about(what: &str, wait: Duration, seconds: u64) -> Checked {
    let longest = Duration::from_millis(seconds * 1_000 + TICK);
    // The test itself takes time, and more of it on a busy machine.
    let shortest = longest.saturating_sub(Duration::from_secs(5));
    holds(
        &format!("{what}: waits {wait:?}, which is about {seconds} s"),
        (shortest..=longest).contains(&wait),
    )
}

pub(super) async fn spaces_claims(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::paced(store, 20.0, 0).await?;
    kit.add(9).await?;
    let mut times = Vec::new();
    for _ in 0..9 {
        kit.claim().await?;
        times.push(kit.store.now().await?);
    }
    let (first, last) = (times.first().copied(), times.last().copied());
    let took = first
        .zip(last)
        .and_then(|(first, last)| last.duration_since(first).ok());
    let minimum = Duration::from_millis(7 * 50 - TICK);
    holds(
        &format!("9 claims at 20 a second took {took:?}, at least {minimum:?}"),
        took.is_some_and(|took| took >= minimum),
    )
}

pub(super) async fn is_shared(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::paced(store, 40.0, 0).await?;
    kit.add(20).await?;
    let began = kit.store.now().await?;
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (store, sender) = (Arc::clone(&kit.store), kit.sender.clone());
            let worker = kit.worker.clone();
            tokio::spawn(async move {
                let mut claims = 0;
                while let Claim::Message(_) = next(&*store, &sender, &worker).await? {
                    claims += 1;
                }
                Ok::<_, Violation>(claims)
            })
        })
        .collect();
    let mut claims = 0;
    for task in tasks {
        claims += task
            .await
            .map_err(|_| Violation::new("a task panicked"))??;
    }
    let took = kit
        .store
        .now()
        .await?
        .duration_since(began)
        .unwrap_or_default();
    same("claims of 4 tasks", claims, 20)?;
    let minimum = Duration::from_millis(19 * 25 - TICK);
    holds(
        &format!("20 claims at 40 a second took {took:?}, at least {minimum:?}"),
        took >= minimum,
    )
}

pub(super) async fn permits_a_burst(store: Arc<dyn OutboxStore>) -> Checked {
    // A segment in 10 seconds, so that the time of the test adds none.
    let kit = Kit::paced(store, 0.1, 50).await?;
    kit.add(10).await?;
    let mut at_once = 0;
    while let Claim::Message(_) = kit.store.claim(&kit.sender, &kit.worker).await? {
        at_once += 1;
    }
    // The burst of 50 seconds is 5 segments, beside the one that is due.
    holds(
        &format!("{at_once} claims at once, which are 5 or 6"),
        (5..=6).contains(&at_once),
    )?;
    about("after the burst", wait(&kit).await?, 10)
}

pub(super) async fn charges_further_segments(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::paced(store, 0.1, 0).await?;
    kit.add(2).await?;
    let claimed = kit.claim().await?;
    about("after the claim", wait(&kit).await?, 10)?;
    let begun = kit.store.begin(&claimed, &entry(5)?).await?;
    same("ledger entry", begun, true)?;
    about("after an entry of 5 segments", wait(&kit).await?, 50)?;
    kit.store.begin(&claimed, &entry(5)?).await?;
    about(
        "after a second entry, which is refused",
        wait(&kit).await?,
        50,
    )
}

pub(super) async fn charges_bursts_of_long_texts(store: Arc<dyn OutboxStore>) -> Checked {
    // Ten segments in a second, with a burst of a second: ten claims at once.
    let kit = Kit::paced(store, 10.0, 1).await?;
    kit.add(11).await?;
    let mut claims = Vec::new();
    for _ in 0..10 {
        claims.push(kit.claim().await?);
    }
    for claimed in claims {
        let begun = kit.store.begin(&claimed, &entry(10)?).await?;
        same("ledger entry", begun, true)?;
    }
    // 90 further segments.
    about("after 10 texts of 10 segments", wait(&kit).await?, 9)
}

pub(super) async fn charges_without_a_message(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::paced(store, 0.1, 0).await?;
    let permitted = kit.store.charge(&kit.sender, 0).await?;
    same("a sender that has sent nothing", permitted, None)?;
    let unknown = SenderKey::parse("clinic-13")?;
    let refused = kit.store.charge(&unknown, 1).await;
    conflict("a charge of a sender without a pace", refused)?;
    let Some(until) = kit.store.charge(&kit.sender, 3).await? else {
        return Err(Violation::new("3 segments were charged, and none waits"));
    };
    about("after a charge", ahead(&*kit.store, until).await?, 30)?;
    let read = kit.store.charge(&kit.sender, 0).await?;
    same("a charge of no segments", read, Some(until))?;
    kit.add(1).await?;
    about("a claim after a charge", wait(&kit).await?, 30)?;
    let held = second(&*kit.store, 3_600).await?;
    kit.store
        .hold_sender(&kit.sender, held, &reason("429"))
        .await?;
    let read = kit.store.charge(&kit.sender, 0).await?;
    same("a sender that is held", read, Some(held))
}

pub(super) async fn holds_a_sender(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let store = &*kit.store;
    let until = second(store, 3_600).await?;
    store
        .hold_sender(&kit.sender, until, &reason("429"))
        .await?;
    let claim = store.claim(&kit.sender, &kit.worker).await?;
    same("held for an hour", claim, Claim::Wait(until))?;
    let earlier = second(store, 60).await?;
    store
        .hold_sender(&kit.sender, earlier, &reason("429"))
        .await?;
    let claim = store.claim(&kit.sender, &kit.worker).await?;
    same("an earlier hold", claim, Claim::Wait(until))?;
    let later = second(store, 7_200).await?;
    store
        .hold_sender(&kit.sender, later, &reason("429"))
        .await?;
    let claim = store.claim(&kit.sender, &kit.worker).await?;
    same("a later hold", claim, Claim::Wait(later))?;
    let other = SenderKey::parse("clinic-13")?;
    kit.set_pace(&other, 100.0, 1).await?;
    let batch = crate::outbox::BatchId::parse("other")?;
    kit.open(&batch, &other).await?;
    store.enqueue(&batch, &[super::kit::person(1)?]).await?;
    let past = second(store, -60).await?;
    store.hold_sender(&other, past, &reason("429")).await?;
    let claim = next(store, &other, &kit.worker).await?;
    holds("another sender goes on", matches!(claim, Claim::Message(_)))
}

pub(super) async fn can_be_changed(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::paced(store, 0.1, 0).await?;
    kit.add(3).await?;
    kit.claim().await?;
    about("at the first pace", wait(&kit).await?, 10)?;
    kit.set_pace(&kit.sender, 0.1, 0).await?;
    about("at the same pace again", wait(&kit).await?, 10)?;
    // The time of the next segment was that of the old pace.
    kit.set_pace(&kit.sender, 1_000.0, 0).await?;
    kit.claim().await?;
    let until = second(&*kit.store, 3_600).await?;
    kit.store
        .hold_sender(&kit.sender, until, &reason("429"))
        .await?;
    kit.set_pace(&kit.sender, 2_000.0, 0).await?;
    let claim = kit.store.claim(&kit.sender, &kit.worker).await?;
    same("a hold after a new pace", claim, Claim::Wait(until))
}
