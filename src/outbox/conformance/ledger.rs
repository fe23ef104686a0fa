//! Cases of ledger entries and of the ends of claims.

use std::sync::Arc;

use super::Checked;
use super::kit::{Kit, conflict, entry, reason, same, second, sid};
use crate::codes::ErrorCode;
use crate::outbox::{
    BatchChange, BatchId, Claim, Decision, Finish, MessageState, OutboxStore, Settlement,
};

/// Ends of a claim, except for the one that sends.
fn other_ends(now: std::time::SystemTime) -> Vec<Finish> {
    vec![
        Finish::Refused {
            code: Some(ErrorCode::from(21_610)),
            reason: reason("the person has opted out"),
        },
        Finish::Requeue {
            not_before: now,
            reason: reason("quiet hours"),
        },
        Finish::Retry {
            not_before: now,
            reason: reason("the resolver failed"),
        },
        Finish::Expired,
        Finish::Held(reason("the template has changed")),
        Finish::Doubt(reason("no answer")),
    ]
}

pub(super) async fn begins_once(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(2).await?;
    let claimed = kit.claim().await?;
    let first = kit.store.begin(&claimed, &entry(2)?).await?;
    let second = kit.store.begin(&claimed, &entry(3)?).await?;
    same("entries of one claim", (first, second), (true, false))?;
    let segments = kit.record(&claimed).await?.segments;
    same("segments of the first entry", segments, Some(2))?;
    kit.finish(&claimed, Finish::Sent(sid(1)?)).await?;
    let third = kit.store.begin(&claimed, &entry(2)?).await?;
    same("entry after the end of the claim", third, false)?;
    // Two tasks that hold the same claim: one of them sends.
    let claimed = kit.claim().await?;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (store, claimed) = (Arc::clone(&kit.store), claimed.clone());
            let entry = entry(1);
            tokio::spawn(
                async move { Ok::<_, super::Violation>(store.begin(&claimed, &entry?).await?) },
            )
        })
        .collect();
    let mut begun = 0;
    for task in tasks {
        let is_begun = task
            .await
            .map_err(|_| super::Violation::new("a task panicked"))??;
        begun += u32::from(is_begun);
    }
    same("entries of 8 tasks with one claim", begun, 1)
}

pub(super) async fn refuses_stale_claims(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let now = second(&*kit.store, -10).await?;
    let stale = kit.begun().await?;
    let requeue = Finish::Requeue {
        not_before: now,
        reason: reason("quiet hours"),
    };
    same("put back", kit.finish(&stale, requeue).await?, true)?;
    let claimed = kit.claim().await?;
    same(
        "row and attempt",
        (claimed.row, claimed.attempt),
        (stale.row, 2),
    )?;
    let begun = kit.store.begin(&stale, &entry(1)?).await?;
    same("entry of a stale claim", begun, false)?;
    for end in other_ends(now) {
        let what = format!("stale {end:?}");
        same(&what, kit.finish(&stale, end).await?, false)?;
    }
    let sent = kit.finish(&stale, Finish::Sent(sid(1)?)).await?;
    same("stale end with a SID", sent, false)?;
    same(
        "owner of that SID",
        kit.store.owner_of(sid(1)?).await?,
        None,
    )?;
    kit.state_is(&claimed, MessageState::Sending).await?;
    let begun = kit.store.begin(&claimed, &entry(1)?).await?;
    same("entry of the second claim", begun, true)?;
    let sent = kit.finish(&claimed, Finish::Sent(sid(2)?)).await?;
    same("end of the second claim", sent, true)
}

pub(super) async fn ends_a_claim_once(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let now = second(&*kit.store, 3_600).await?;
    let states = [
        MessageState::Refused,
        MessageState::Queued,
        MessageState::Queued,
        MessageState::Expired,
        MessageState::Held,
    ];
    kit.add(6).await?;
    for (end, state) in other_ends(now).into_iter().zip(states) {
        let claimed = kit.begun().await?;
        let what = format!("{end:?}");
        same(&what, kit.finish(&claimed, end.clone()).await?, true)?;
        let record = kit.record(&claimed).await?;
        same(&what, record.state, state)?;
        let (code, words) = match &end {
            Finish::Refused { code, reason } => (*code, Some(reason)),
            Finish::Requeue { reason, .. }
            | Finish::Retry { reason, .. }
            | Finish::Held(reason) => (None, Some(reason)),
            _ => (None, None),
        };
        same(&what, record.code, code)?;
        same(&what, record.reason.as_ref(), words)?;
        for second in other_ends(now) {
            let what = format!("{second:?} after {end:?}");
            same(&what, kit.finish(&claimed, second).await?, false)?;
        }
        kit.state_is(&claimed, state).await?;
    }
    let claimed = kit.begun().await?;
    same(
        "sent",
        kit.finish(&claimed, Finish::Sent(sid(1)?)).await?,
        true,
    )?;
    let record = kit.record(&claimed).await?;
    same(
        "sent",
        (record.state, record.sid),
        (MessageState::Sent, Some(sid(1)?)),
    )?;
    for second in other_ends(now) {
        let what = format!("{second:?} after it was sent");
        same(&what, kit.finish(&claimed, second).await?, false)?;
    }
    let again = kit.finish(&claimed, Finish::Sent(sid(2)?)).await?;
    same("another SID after it was sent", again, false)?;
    same("SID", kit.record(&claimed).await?.sid, Some(sid(1)?))
}

pub(super) async fn requeues_with_a_time(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.begun().await?;
    let opening = second(&*kit.store, 3_600).await?;
    let requeue = Finish::Requeue {
        not_before: opening,
        reason: reason("quiet hours"),
    };
    kit.finish(&claimed, requeue).await?;
    let claim = kit.store.claim(&kit.sender, &kit.worker).await?;
    same("claim in quiet hours", claim, Claim::Wait(opening))?;
    let doubts = kit.store.doubts(&kit.sender, opening, 10).await?;
    same("doubts", doubts.len(), 0)
}

pub(super) async fn counts_failures_in_turn(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let now = second(&*kit.store, -10).await?;
    for (number, is_failure, expected) in [
        (1, true, 0),
        (2, true, 1),
        (3, false, 2),
        (4, true, 0),
        (5, true, 1),
    ] {
        let claimed = kit.claim().await?;
        let found = (claimed.attempt, claimed.failures);
        same(
            "attempt, and failures in turn before",
            found,
            (number, expected),
        )?;
        let (not_before, reason) = (now, reason("tried"));
        let end = if is_failure {
            Finish::Retry { not_before, reason }
        } else {
            Finish::Requeue { not_before, reason }
        };
        same("put back", kit.finish(&claimed, end).await?, true)?;
    }
    // A person who sends it again starts from 0, too.
    let held = kit.claim().await?;
    same("failures", held.failures, 2)?;
    let later = kit.store.now().await? + std::time::Duration::from_secs(1);
    let doubts = kit.store.doubts(&kit.sender, later, 10).await?;
    let found = doubts.first().map(|doubt| &doubt.claimed);
    same("claim of the doubt", found, Some(&held))?;
    kit.finish(&held, Finish::Held(reason("failed"))).await?;
    let id = &held.message_id;
    let again = kit.store.decide(id, Decision::SendAgain).await?;
    same("decision", again, true)?;
    same("failures", kit.claim().await?.failures, 0)
}

pub(super) async fn requeues_into_the_batch_state(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    for (number, change, state) in [
        (1, Some(BatchChange::Pause), MessageState::Paused),
        (2, None, MessageState::Paused),
        (3, Some(BatchChange::Cancel), MessageState::Cancelled),
    ] {
        let kit = Kit {
            store: Arc::clone(&kit.store),
            sender: kit.sender.clone(),
            worker: kit.worker.clone(),
            batch: BatchId::numbered("batch", number)?,
        };
        kit.open(&kit.batch, &kit.sender).await?;
        kit.add(1).await?;
        let claimed = kit.claim().await?;
        if let Some(change) = change {
            let changed = kit.store.change_batch(&kit.batch, &change).await?;
            same("messages that change while one is claimed", changed, 0)?;
        } else {
            let id = &claimed.message_id;
            let stopped = kit.store.stop_batch(id, &reason("20003")).await?;
            same("stopped while its only message is claimed", stopped, true)?;
        }
        kit.state_is(&claimed, MessageState::Sending).await?;
        let requeue = Finish::Requeue {
            not_before: second(&*kit.store, -10).await?,
            reason: reason("quiet hours"),
        };
        same("put back", kit.finish(&claimed, requeue).await?, true)?;
        kit.state_is(&claimed, state).await?;
        same("claim", kit.next().await?, Claim::Empty)?;
        let resumed = kit
            .store
            .change_batch(&kit.batch, &BatchChange::Resume)
            .await?;
        let expected = u64::from(state == MessageState::Paused);
        same("messages that are resumed", resumed, expected)?;
        if expected == 1 {
            let claimed = kit.claim().await?;
            same("attempt", claimed.attempt, 2)?;
        }
    }
    Ok(())
}

pub(super) async fn sends_what_was_held(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.begun().await?;
    let now = kit.store.now().await?;
    let doubts = kit.store.doubts(&kit.sender, now, 10).await?;
    for doubt in &doubts {
        let held = Settlement::Held(reason("not found"));
        same("held", kit.store.settle(doubt, &held).await?, true)?;
    }
    kit.state_is(&claimed, MessageState::Held).await?;
    for end in other_ends(now) {
        let what = format!("{end:?} of a held message");
        same(&what, kit.finish(&claimed, end).await?, false)?;
    }
    // The answer arrives after all: the message is no secret any more, and must not be sent again.
    let sent = kit.finish(&claimed, Finish::Sent(sid(1)?)).await?;
    same("accepted after all", sent, true)?;
    let record = kit.record(&claimed).await?;
    same(
        "record",
        (record.state, record.sid),
        (MessageState::Sent, Some(sid(1)?)),
    )?;
    let again = kit
        .store
        .decide(&claimed.message_id, Decision::SendAgain)
        .await?;
    same("decision afterwards", again, false)
}

pub(super) async fn keeps_doubts_sending(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.begun().await?;
    let doubt = Finish::Doubt(reason("no answer"));
    same("in doubt", kit.finish(&claimed, doubt).await?, true)?;
    let record = kit.record(&claimed).await?;
    same("state", record.state, MessageState::Sending)?;
    same("reason", record.reason, Some(reason("no answer")))?;
    same("claim", kit.next().await?, Claim::Empty)?;
    let begun = kit.store.begin(&claimed, &entry(1)?).await?;
    same("entry of a claim in doubt", begun, false)?;
    let sent = kit.finish(&claimed, Finish::Sent(sid(1)?)).await?;
    same("accepted after all", sent, true)
}

pub(super) async fn gives_a_sid_to_one_message(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let taken = sid(1)?;
    kit.add(3).await?;
    let first = kit.begun().await?;
    kit.finish(&first, Finish::Sent(taken)).await?;
    let owner = kit.store.owner_of(taken).await?;
    same("owner", owner.as_ref(), Some(&first.message_id))?;
    same(
        "owner of a new SID",
        kit.store.owner_of(sid(9)?).await?,
        None,
    )?;
    let second = kit.begun().await?;
    let sent = kit.finish(&second, Finish::Sent(taken)).await?;
    same("end with a SID that is taken", sent, false)?;
    kit.state_is(&second, MessageState::Sending).await?;
    let now = kit.store.now().await?;
    for doubt in kit.store.doubts(&kit.sender, now, 10).await? {
        let settled = kit.store.settle(&doubt, &Settlement::Sent(taken)).await?;
        same("settled with a SID that is taken", settled, false)?;
    }
    let held = kit.begun().await?;
    kit.finish(&held, Finish::Held(reason("not found"))).await?;
    let decided = kit
        .store
        .decide(&held.message_id, Decision::Sent(taken))
        .await?;
    same("decided with a SID that is taken", decided, false)?;
    kit.state_is(&held, MessageState::Held).await?;
    let owner = kit.store.owner_of(taken).await?;
    same("owner", owner.as_ref(), Some(&first.message_id))?;
    let unknown = BatchId::parse("unknown")?;
    let change = kit.store.change_batch(&unknown, &BatchChange::Pause).await;
    conflict("unknown batch", change)
}
