//! Cases of claiming messages.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::Checked;
use super::kit::{Kit, Violation, conflict, holds, next, person, same, second, visit};
use crate::outbox::{Claim, Finish, MessageState, OutboxStore, Reason, SenderKey, WorkerId};

pub(super) async fn are_exclusive(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(300).await?;
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let (store, sender) = (Arc::clone(&kit.store), kit.sender.clone());
            tokio::spawn(async move {
                let worker = WorkerId::numbered("worker", task)?;
                let mut rows = Vec::new();
                while let Claim::Message(claimed) = next(&*store, &sender, &worker).await? {
                    rows.push(claimed.row);
                }
                Ok::<_, Violation>(rows)
            })
        })
        .collect();
    let mut rows = Vec::new();
    for task in tasks {
        rows.extend(
            task.await
                .map_err(|_| Violation::new("a task panicked"))??,
        );
    }
    let distinct = rows.iter().collect::<HashSet<_>>().len();
    same(
        "claims of 16 tasks, and distinct",
        (rows.len(), distinct),
        (300, 300),
    )?;
    same("sending", kit.count(MessageState::Sending).await?, 300)
}

pub(super) async fn follow_the_time_due(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let mut messages = Vec::new();
    for (number, later) in [(1, -30), (2, -50), (3, -40), (4, -50)] {
        messages.push(person(number)?.not_before(second(&*kit.store, later).await?));
    }
    kit.store.enqueue(&kit.batch, &messages).await?;
    kit.store.enqueue(&kit.batch, &[person(5)?]).await?;
    let mut order = Vec::new();
    while let Claim::Message(claimed) = kit.next().await? {
        order.push(claimed.recipient.as_str().to_owned());
    }
    // Of equal time, the message that was added first.
    let expected = [2, 4, 3, 1, 5].map(|number| format!("volunteer-{number}"));
    same("order", order, expected.to_vec())
}

pub(super) async fn carry_the_message(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let end = second(&*kit.store, 3_600).await?;
    let message = visit(person(7)?, 3)?.not_after(end);
    kit.store
        .enqueue(&kit.batch, std::slice::from_ref(&message))
        .await?;
    let claimed = kit.claim().await?;
    let record = kit.record(&claimed).await?;
    same("batch", &claimed.batch, &kit.batch)?;
    same("recipient", &claimed.recipient, &message.recipient)?;
    same("occurrence", &claimed.occurrence, &message.occurrence)?;
    same("end of validity", claimed.not_after, Some(end))?;
    same("attempt", (claimed.attempt, record.attempts), (1, 1))?;
    same("message ID", &claimed.message_id, &record.message_id)?;
    same("state", record.state, MessageState::Sending)
}

pub(super) async fn wait_for_the_time_due(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let due = second(&*kit.store, 3_600).await?;
    let late = person(1)?.not_before(due);
    kit.store.enqueue(&kit.batch, &[late]).await?;
    let claim = kit.store.claim(&kit.sender, &kit.worker).await?;
    same("message due in an hour", claim, Claim::Wait(due))?;
    let soon = kit.store.now().await? + Duration::from_millis(300);
    let message = person(2)?.not_before(soon);
    kit.store.enqueue(&kit.batch, &[message]).await?;
    let claimed = kit.claim().await?;
    same("recipient", claimed.recipient.as_str(), "volunteer-2")?;
    let early = soon - Duration::from_millis(2);
    holds("not before its time", kit.store.now().await? >= early)?;
    let claim = kit.store.claim(&kit.sender, &kit.worker).await?;
    same("message due in an hour", claim, Claim::Wait(due))
}

pub(super) async fn end_with_an_empty_queue(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let other = SenderKey::parse("clinic-13")?;
    kit.set_pace(&other, 100.0, 1).await?;
    same("sender without messages", kit.next().await?, Claim::Empty)?;
    kit.add(1).await?;
    let claim = next(&*kit.store, &other, &kit.worker).await?;
    same("sender beside one with a message", claim, Claim::Empty)?;
    kit.claim().await?;
    same(
        "sender whose message is claimed",
        kit.next().await?,
        Claim::Empty,
    )
}

pub(super) async fn expire_late_messages(store: Arc<dyn OutboxStore>) -> Checked {
    // One claim in 1,000 seconds: an expired message must not use it up.
    let kit = Kit::paced(store, 0.001, 0).await?;
    let past = second(&*kit.store, -10).await?;
    let earlier = second(&*kit.store, -20).await?;
    let late = |number| Ok::<_, Violation>(person(number)?.not_before(earlier).not_after(past));
    let messages = [late(1)?, late(2)?, person(3)?];
    kit.store.enqueue(&kit.batch, &messages).await?;
    for _ in 0..2 {
        let claim = kit.store.claim(&kit.sender, &kit.worker).await?;
        same("message after its end", claim, Claim::Expired)?;
    }
    let claimed = kit.claim().await?;
    same("recipient", claimed.recipient.as_str(), "volunteer-3")?;
    same("expired", kit.count(MessageState::Expired).await?, 2)?;
    let requeue = Finish::Requeue {
        not_before: earlier,
        reason: Reason::new("quiet hours"),
    };
    let stale = kit.records().await?;
    let stale = stale.iter().find(|it| it.state == MessageState::Expired);
    let stale = stale.ok_or_else(|| Violation::new("no record is expired"))?;
    let mut forged = claimed.clone();
    (forged.row, forged.attempt) = (stale.row, stale.attempts);
    let ended = kit.finish(&forged, requeue).await?;
    same("end of a claim that expired", ended, false)
}

pub(super) async fn need_a_pace(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let unknown = SenderKey::parse("unknown")?;
    conflict("claim", kit.store.claim(&unknown, &kit.worker).await)?;
    let until = second(&*kit.store, 60).await?;
    let reason = Reason::new("429");
    let held = kit.store.hold_sender(&unknown, until, &reason).await;
    conflict("hold", held)?;
    let batch = super::kit::batch(&kit.batch, &unknown, 1)?;
    conflict("batch", kit.store.open_batch(&batch).await)
}
