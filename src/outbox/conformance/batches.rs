//! Cases of batches, counts and records.

use std::sync::Arc;

use super::Checked;
use super::kit::{Kit, batch, conflict, entry, person, reason, same, sid};
use crate::outbox::{
    BatchChange, BatchId, BatchState, Claim, Counts, Finish, MessageState, OutboxStore, Reason,
};
use crate::types::MessageStatus;

async fn state_of(kit: &Kit) -> Result<Option<(BatchState, Option<Reason>)>, super::Violation> {
    let record = kit.store.batch(&kit.batch).await?;
    Ok(record.map(|record| (record.state, record.reason)))
}

pub(super) async fn open_once(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let store = &*kit.store;
    let definition = batch(&kit.batch, &kit.sender, 1)?;
    let record = store.batch(&kit.batch).await?;
    same(
        "batch",
        record.map(|it| it.batch).as_ref(),
        Some(&definition),
    )?;
    kit.add(1).await?;
    store.change_batch(&kit.batch, &BatchChange::Pause).await?;
    store.open_batch(&definition).await?;
    same(
        "state",
        state_of(&kit).await?,
        Some((BatchState::Paused, None)),
    )?;
    let other = batch(&kit.batch, &kit.sender, 2)?;
    conflict(
        "another version of the template",
        store.open_batch(&other).await,
    )?;
    let sender = crate::outbox::SenderKey::parse("clinic-13")?;
    kit.set_pace(&sender, 1.0, 1).await?;
    let other = batch(&kit.batch, &sender, 1)?;
    conflict("another sender", store.open_batch(&other).await)?;
    let record = store.batch(&kit.batch).await?;
    same("batch", record.map(|it| it.batch), Some(definition))?;
    let unknown = BatchId::parse("unknown")?;
    same("unknown batch", store.batch(&unknown).await?, None)
}

pub(super) async fn pause_and_resume(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let store = &*kit.store;
    kit.add(3).await?;
    let change = |change| async move {
        store
            .change_batch(&BatchId::parse("reminders")?, &change)
            .await
            .map_err(super::Violation::from)
    };
    same("paused messages", change(BatchChange::Pause).await?, 3)?;
    same(
        "state",
        state_of(&kit).await?,
        Some((BatchState::Paused, None)),
    )?;
    same("claim", kit.next().await?, Claim::Empty)?;
    same("paused again", change(BatchChange::Pause).await?, 0)?;
    same(
        "new message",
        store.enqueue(&kit.batch, &[person(4)?]).await?,
        1,
    )?;
    same("paused", kit.count(MessageState::Paused).await?, 4)?;
    same("claim", kit.next().await?, Claim::Empty)?;
    same("resumed messages", change(BatchChange::Resume).await?, 4)?;
    same(
        "state",
        state_of(&kit).await?,
        Some((BatchState::Open, None)),
    )?;
    same("resumed again", change(BatchChange::Resume).await?, 0)?;
    kit.claim().await?;
    same("queued", kit.count(MessageState::Queued).await?, 3)
}

pub(super) async fn stop_with_a_reason(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(3).await?;
    let why = reason("Twilio error 20003 (the credentials are wrong)");
    let claimed = kit.claim().await?;
    let id = &claimed.message_id;
    same("stopped", kit.store.stop_batch(id, &why).await?, true)?;
    same(
        "state",
        state_of(&kit).await?,
        Some((BatchState::Stopped, Some(why))),
    )?;
    kit.state_is(&claimed, MessageState::Sending).await?;
    same("claim", kit.next().await?, Claim::Empty)?;
    same(
        "new message",
        kit.store.enqueue(&kit.batch, &[person(4)?]).await?,
        1,
    )?;
    same("paused", kit.count(MessageState::Paused).await?, 3)?;
    let resumed = kit
        .store
        .change_batch(&kit.batch, &BatchChange::Resume)
        .await?;
    same("resumed messages", resumed, 3)?;
    same(
        "state",
        state_of(&kit).await?,
        Some((BatchState::Open, None)),
    )
}

/// Several claims meet the error that stops the batch, some of them after a person has resumed it.
pub(super) async fn stop_once(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let store = &*kit.store;
    kit.add(5).await?;
    let (first, second) = (kit.begun().await?, kit.begun().await?);
    let (why, late) = (reason("20003"), reason("20003 again"));
    let stop = |claimed: &crate::outbox::Claimed, why: &Reason| {
        let (id, why) = (claimed.message_id.clone(), why.clone());
        async move { store.stop_batch(&id, &why).await }
    };
    same("first stop", stop(&first, &why).await?, true)?;
    same("second stop", stop(&second, &late).await?, false)?;
    let stopped = Some((BatchState::Stopped, Some(why)));
    same("state", state_of(&kit).await?, stopped)?;
    store.change_batch(&kit.batch, &BatchChange::Resume).await?;
    let open = Some((BatchState::Open, None));
    for claimed in [&first, &second] {
        same(
            "stop after it was resumed",
            stop(claimed, &late).await?,
            false,
        )?;
    }
    same("state", state_of(&kit).await?, open.clone())?;
    same("queued", kit.count(MessageState::Queued).await?, 3)?;
    // Resuming what is open is no new beginning.
    let third = kit.begun().await?;
    store.change_batch(&kit.batch, &BatchChange::Resume).await?;
    same("stop by a later claim", stop(&third, &late).await?, true)?;
    same("paused", kit.count(MessageState::Paused).await?, 2)?;
    store.change_batch(&kit.batch, &BatchChange::Resume).await?;
    let fourth = kit.begun().await?;
    store.change_batch(&kit.batch, &BatchChange::Pause).await?;
    same("stop of a paused batch", stop(&fourth, &late).await?, true)?;
    let unknown = super::reports::unknown_message()?;
    let stopped = store.stop_batch(&unknown, &late).await?;
    same("stop by an unknown message", stopped, false)
}

pub(super) async fn cancel_for_good(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(3).await?;
    let claimed = kit.begun().await?;
    let pause = kit
        .store
        .change_batch(&kit.batch, &BatchChange::Pause)
        .await?;
    same("paused messages", pause, 2)?;
    let canceled = kit
        .store
        .change_batch(&kit.batch, &BatchChange::Cancel)
        .await?;
    same("canceled messages", canceled, 2)?;
    let stop = kit
        .store
        .stop_batch(&claimed.message_id, &reason("20003"))
        .await?;
    same("stop of a canceled batch", stop, false)?;
    for change in [BatchChange::Resume, BatchChange::Pause, BatchChange::Cancel] {
        let what = format!("{change:?} of a canceled batch");
        same(&what, kit.store.change_batch(&kit.batch, &change).await?, 0)?;
        same(
            &what,
            state_of(&kit).await?,
            Some((BatchState::Cancelled, None)),
        )?;
    }
    same("claim", kit.next().await?, Claim::Empty)?;
    same("canceled", kit.count(MessageState::Cancelled).await?, 2)?;
    // What has left is sent, whatever became of its batch.
    let sent = kit.finish(&claimed, Finish::Sent(sid(1)?)).await?;
    same("answer to a request of a canceled batch", sent, true)?;
    kit.state_is(&claimed, MessageState::Sent).await
}

pub(super) async fn leave_others_alone(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let other = BatchId::parse("other")?;
    kit.open(&other, &kit.sender).await?;
    kit.add(2).await?;
    let claimed = kit.claim().await?;
    kit.store.enqueue(&other, &[person(1)?]).await?;
    let paused = kit
        .store
        .change_batch(&kit.batch, &BatchChange::Pause)
        .await?;
    same("paused messages", paused, 1)?;
    kit.state_is(&claimed, MessageState::Sending).await?;
    let begun = kit.store.begin(&claimed, &entry(1)?).await?;
    same("entry of a claim in a paused batch", begun, true)?;
    let claim = kit.claim().await?;
    same("batch of the next claim", claim.batch, other)
}

pub(super) async fn change_only_if_known(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let unknown = BatchId::parse("unknown")?;
    for change in [BatchChange::Pause, BatchChange::Resume, BatchChange::Cancel] {
        let what = format!("{change:?}");
        conflict(&what, kit.store.change_batch(&unknown, &change).await)?;
    }
    same(
        "counts",
        kit.store.counts(&unknown).await?,
        Counts::default(),
    )?;
    let records = kit.store.records(&unknown, None, 0, 10).await?;
    same("records", records, Vec::new())
}

pub(super) async fn are_counted(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(6).await?;
    for (number, segments) in [(1, 2), (2, 3)] {
        let claimed = kit.claim().await?;
        kit.store.begin(&claimed, &entry(segments)?).await?;
        kit.finish(&claimed, Finish::Sent(sid(number)?)).await?;
        let id = &claimed.message_id;
        kit.observe(id, sid(number)?, MessageStatus::Delivered)
            .await?;
    }
    let refused = kit.begun().await?;
    let end = Finish::Refused {
        code: None,
        reason: reason("opted out"),
    };
    kit.finish(&refused, end).await?;
    kit.begun().await?;
    kit.add_to_another_batch().await?;
    let counts = kit.store.counts(&kit.batch).await?;
    for state in MessageState::ALL {
        let expected = match state {
            MessageState::Sent | MessageState::Queued => 2,
            MessageState::Refused | MessageState::Sending => 1,
            _ => 0,
        };
        same(state.as_str(), counts.of(state), expected)?;
    }
    same("total", counts.total(), 6)?;
    same("delivered", counts.delivery(&MessageStatus::Delivered), 2)?;
    same("segments of what was sent", counts.segments, 5)?;
    same("finished", counts.is_finished(), false)
}

pub(super) async fn are_listed_by_page(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(25).await?;
    let held = [kit.begun().await?, kit.begun().await?, kit.begun().await?];
    for claimed in &held {
        kit.finish(claimed, Finish::Held(reason("not found")))
            .await?;
    }
    kit.add_to_another_batch().await?;
    let (mut rows, mut after) = (Vec::new(), i64::MIN);
    for expected in [10, 10, 5, 0] {
        let page = kit.store.records(&kit.batch, None, after, 10).await?;
        same("records of a page", page.len(), expected)?;
        rows.extend(page.iter().map(|record| record.row));
        after = rows.last().copied().unwrap_or(after);
    }
    let mut sorted = rows.clone();
    sorted.sort_unstable();
    sorted.dedup();
    same("distinct rows in order", &rows, &sorted)?;
    let state = Some(MessageState::Held);
    let first = kit.store.records(&kit.batch, state, i64::MIN, 2).await?;
    same("held records, two at most", first.len(), 2)?;
    let after = first.last().map_or(i64::MIN, |record| record.row);
    let second = kit.store.records(&kit.batch, state, after, 2).await?;
    same("held records of the second page", second.len(), 1)?;
    let mut found: Vec<_> = first.iter().chain(&second).map(|it| it.row).collect();
    let mut expected: Vec<_> = held.iter().map(|claimed| claimed.row).collect();
    found.sort_unstable();
    expected.sort_unstable();
    same("held rows", found, expected)
}
