//! Cases of messages in doubt and of decisions.

use std::sync::Arc;
use std::time::Duration;

use super::Checked;
use super::kit::{Kit, Violation, entry, holds, reason, same, second, sid};
use crate::messenger::MessageId;
use crate::outbox::{
    BatchChange, Decision, Doubt, Finish, MessageState, OutboxStore, SenderKey, Settlement,
};

/// Returns the doubts of all claims so far.
async fn doubts(kit: &Kit) -> Result<Vec<Doubt>, Violation> {
    let since = kit.store.now().await? + Duration::from_secs(1);
    Ok(kit.store.doubts(&kit.sender, since, 100).await?)
}

async fn doubt(kit: &Kit) -> Result<Doubt, Violation> {
    let doubts = doubts(kit).await?;
    same("doubts", doubts.len(), 1)?;
    doubts
        .into_iter()
        .next()
        .ok_or_else(|| Violation::new("no message is in doubt"))
}

fn rows(doubts: &[Doubt]) -> Vec<i64> {
    doubts.iter().map(|doubt| doubt.claimed.row).collect()
}

pub(super) async fn are_selected(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(5).await?;
    let before = second(&*kit.store, -60).await?;
    let claimed = kit.claim().await?;
    let begun = kit.begun().await?;
    let sent = kit.begun().await?;
    kit.finish(&sent, Finish::Sent(sid(1)?)).await?;
    let marked = kit.begun().await?;
    kit.finish(&marked, Finish::Doubt(reason("no answer")))
        .await?;
    let found = kit.store.doubts(&kit.sender, before, 10).await?;
    same("doubts since a minute", rows(&found), vec![marked.row])?;
    let found = doubts(&kit).await?;
    let mut all = rows(&found);
    all.sort_unstable();
    let mut expected = vec![claimed.row, begun.row, marked.row];
    expected.sort_unstable();
    same("doubts since now", all, expected)?;
    for doubt in &found {
        let has_entry = doubt.claimed.row != claimed.row;
        let proof = if has_entry {
            Some(entry(1)?.proof)
        } else {
            None
        };
        same("proof", doubt.proof, proof)?;
        same("time of the entry", doubt.began_at.is_some(), has_entry)?;
        same("looks", (doubt.looks, doubt.looked_at), (0, None))?;
    }
    let found = found.into_iter().find(|it| it.claimed.row == begun.row);
    same(
        "claim of the doubt",
        found.map(|it| it.claimed),
        Some(begun),
    )?;
    let since = kit.store.now().await? + Duration::from_secs(1);
    let two = kit.store.doubts(&kit.sender, since, 2).await?;
    same("doubts, two at most", two.len(), 2)?;
    let other = SenderKey::parse("clinic-13")?;
    let others = kit.store.doubts(&other, since, 10).await?;
    same("doubts of another sender", others.len(), 0)
}

pub(super) async fn are_ordered(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(3).await?;
    let (a, b, c) = (
        kit.begun().await?.row,
        kit.begun().await?.row,
        kit.begun().await?.row,
    );
    let found = doubts(&kit).await?;
    same("order of entries", rows(&found), vec![a, b, c])?;
    for (row, expected) in [
        (a, [b, c, a]),
        (c, [b, a, c]),
        (b, [a, c, b]),
        (a, [c, b, a]),
    ] {
        let found = doubts(&kit).await?;
        let target = found.iter().find(|doubt| doubt.claimed.row == row);
        let target = target.ok_or_else(|| Violation::new("a doubt is missing"))?;
        let settled = kit.store.settle(target, &Settlement::Looked).await?;
        same("look", settled, true)?;
        let found = doubts(&kit).await?;
        same("order after a look", rows(&found), expected.to_vec())?;
        // Looks in the same tick of the clock have no order.
        let until = kit.store.now().await? + Duration::from_millis(2);
        while kit.store.now().await? < until {
            tokio::task::yield_now().await;
        }
    }
    let found = doubts(&kit).await?;
    let looks: Vec<_> = found.iter().map(|doubt| doubt.looks).collect();
    same("looks", looks, vec![1, 1, 2])?;
    holds(
        "each look has a time",
        found.iter().all(|doubt| doubt.looked_at.is_some()),
    )
}

pub(super) async fn are_settled(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    kit.claim().await?;
    let requeued = doubt(&kit).await?;
    let carry_out = |doubt: Doubt, settlement: Settlement| {
        let store = Arc::clone(&kit.store);
        async move { store.settle(&doubt, &settlement).await }
    };
    same(
        "put back",
        carry_out(requeued.clone(), Settlement::Requeue).await?,
        true,
    )?;
    same(
        "claim of it",
        kit.record(&requeued.claimed).await?.state,
        MessageState::Queued,
    )?;
    let held = kit.begun().await?;
    same("attempt", held.attempt, 2)?;
    for settlement in [
        Settlement::Requeue,
        Settlement::Looked,
        Settlement::Held(reason("stale")),
        Settlement::Sent(sid(1)?),
    ] {
        let what = format!("{settlement:?} of an earlier claim");
        same(&what, carry_out(requeued.clone(), settlement).await?, false)?;
    }
    let found = doubt(&kit).await?;
    let to_person = Settlement::Held(reason("not found"));
    same(
        "held",
        carry_out(found.clone(), to_person.clone()).await?,
        true,
    )?;
    let record = kit.record(&held).await?;
    same(
        "held",
        (record.state, record.reason),
        (MessageState::Held, Some(reason("not found"))),
    )?;
    for settlement in [
        Settlement::Requeue,
        Settlement::Looked,
        to_person,
        Settlement::Sent(sid(1)?),
    ] {
        let what = format!("{settlement:?} of a held message");
        same(&what, carry_out(found.clone(), settlement).await?, false)?;
    }
    kit.store
        .decide(&held.message_id, Decision::SendAgain)
        .await?;
    let sent = kit.begun().await?;
    let found = doubt(&kit).await?;
    same(
        "sent",
        carry_out(found.clone(), Settlement::Sent(sid(2)?)).await?,
        true,
    )?;
    let record = kit.record(&sent).await?;
    same(
        "sent",
        (record.state, record.sid),
        (MessageState::Sent, Some(sid(2)?)),
    )?;
    same(
        "put back",
        carry_out(found, Settlement::Requeue).await?,
        false,
    )?;
    same("doubts", doubts(&kit).await?.len(), 0)
}

/// A worker that was slow begins its claim after the doubt was read: it sends at this moment.
pub(super) async fn are_put_back_by_their_entry(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.claim().await?;
    let without_entry = doubt(&kit).await?;
    same("entry", without_entry.proof, None)?;
    let begun = kit.store.begin(&claimed, &entry(1)?).await?;
    same("late ledger entry", begun, true)?;
    let put_back = Settlement::Requeue;
    let settled = kit.store.settle(&without_entry, &put_back).await?;
    same("put back by a doubt without the entry", settled, false)?;
    kit.state_is(&claimed, MessageState::Sending).await?;
    let mut other = doubt(&kit).await?;
    let with_entry = other.clone();
    other.proof = crate::outbox::Proof::from_bytes(&[8; 32]);
    let settled = kit.store.settle(&other, &put_back).await?;
    same("put back by a doubt with another entry", settled, false)?;
    kit.state_is(&claimed, MessageState::Sending).await?;
    let settled = kit.store.settle(&with_entry, &put_back).await?;
    same("put back by the doubt with the entry", settled, true)?;
    kit.state_is(&claimed, MessageState::Queued).await
}

pub(super) async fn settle_known_messages_only(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    kit.begun().await?;
    let mut unknown = doubt(&kit).await?;
    for row in [i64::MIN, -1, 0, unknown.claimed.row + 1, i64::MAX] {
        unknown.claimed.row = row;
        for settlement in [
            Settlement::Sent(sid(1)?),
            Settlement::Looked,
            Settlement::Requeue,
            Settlement::Held(reason("not found")),
        ] {
            let what = format!("{settlement:?} of row {row}, which does not exist");
            same(&what, kit.store.settle(&unknown, &settlement).await?, false)?;
        }
        let begun = kit.store.begin(&unknown.claimed, &entry(1)?).await?;
        same("ledger entry of an unknown row", begun, false)?;
    }
    same("owner", kit.store.owner_of(sid(1)?).await?, None)?;
    same("sending", kit.count(MessageState::Sending).await?, 1)
}

pub(super) async fn requeue_into_the_batch_state(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.claim().await?;
    kit.store
        .change_batch(&kit.batch, &BatchChange::Pause)
        .await?;
    let found = doubt(&kit).await?;
    let settled = kit.store.settle(&found, &Settlement::Requeue).await?;
    same("put back", settled, true)?;
    kit.state_is(&claimed, MessageState::Paused).await?;
    kit.store
        .change_batch(&kit.batch, &BatchChange::Resume)
        .await?;
    let held = kit.begun().await?;
    kit.finish(&held, Finish::Held(reason("not found"))).await?;
    kit.store
        .change_batch(&kit.batch, &BatchChange::Cancel)
        .await?;
    kit.state_is(&held, MessageState::Held).await?;
    let again = kit
        .store
        .decide(&held.message_id, Decision::SendAgain)
        .await?;
    same("decision to send again", again, true)?;
    kit.state_is(&held, MessageState::Cancelled).await
}

pub(super) async fn are_decided(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    for (number, decision, state) in [
        (1, Decision::Sent(sid(1)?), MessageState::Sent),
        (2, Decision::Refuse, MessageState::Refused),
        (3, Decision::SendAgain, MessageState::Queued),
    ] {
        let message = super::kit::person(number)?;
        kit.store.enqueue(&kit.batch, &[message]).await?;
        let claimed = kit.begun().await?;
        let early = kit.store.decide(&claimed.message_id, decision).await?;
        same("decision about a message that is not held", early, false)?;
        kit.finish(&claimed, Finish::Held(reason("not found")))
            .await?;
        let decided = kit.store.decide(&claimed.message_id, decision).await?;
        same(&format!("{decision:?}"), decided, true)?;
        kit.state_is(&claimed, state).await?;
        let again = kit.store.decide(&claimed.message_id, decision).await?;
        same(&format!("{decision:?} again"), again, false)?;
    }
    let again = kit.begun().await?;
    same("attempt", again.attempt, 2)?;
    let unknown =
        MessageId::parse("m-unknown").map_err(|error| Violation::new(error.to_string()))?;
    let decided = kit.store.decide(&unknown, Decision::Refuse).await?;
    same("decision about an unknown message", decided, false)
}
