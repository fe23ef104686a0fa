//! Cases of adding messages.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use super::Checked;
use super::kit::{Kit, Violation, batch, conflict, holds, person, persons, same, sid, visit};
use crate::outbox::{BatchChange, BatchId, Finish, MessageState, OutboxStore};

pub(super) async fn adds_each_message_once(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let store = &*kit.store;
    let twice = [person(1)?, person(1)?, person(2)?];
    let new = store.enqueue(&kit.batch, &twice).await?;
    same("new messages, one of them twice in the call", new, 2)?;
    let again = [person(2)?, person(3)?];
    let new = store.enqueue(&kit.batch, &again).await?;
    same("new messages, one of them known", new, 1)?;
    let visits = [visit(person(1)?, 1)?, visit(person(1)?, 2)?];
    let new = store.enqueue(&kit.batch, &visits).await?;
    same("messages of further occurrences", new, 2)?;
    let other = BatchId::parse("other")?;
    kit.open(&other, &kit.sender).await?;
    let new = store.enqueue(&other, &[person(1)?]).await?;
    same("message of the same person in another batch", new, 1)?;
    same("no messages", store.enqueue(&kit.batch, &[]).await?, 0)?;
    let records = kit.records().await?;
    let ids: HashSet<_> = records.iter().map(|it| it.message_id.as_str()).collect();
    same(
        "message IDs of 5 messages",
        (records.len(), ids.len()),
        (5, 5),
    )
}

pub(super) async fn adds_once_under_concurrency(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let tasks: Vec<_> = (0..8_u64)
        .map(|task| {
            let (store, batch) = (Arc::clone(&kit.store), kit.batch.clone());
            tokio::spawn(async move {
                let mut messages = persons(1..=200)?;
                // Databases that lock row by row must not lock each other out.
                if task % 2 == 1 {
                    messages.reverse();
                }
                Ok::<_, Violation>(store.enqueue(&batch, &messages).await?)
            })
        })
        .collect();
    let mut new = 0;
    for task in tasks {
        new += task
            .await
            .map_err(|_| Violation::new("a task panicked"))??;
    }
    same("new messages of 8 tasks that add the same 200", new, 200)?;
    same("queued", kit.count(MessageState::Queued).await?, 200)
}

pub(super) async fn adds_thousands_at_once(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(12_345).await?;
    same("queued", kit.count(MessageState::Queued).await?, 12_345)?;
    let again = persons(1..=12_346)?;
    let new = kit.store.enqueue(&kit.batch, &again).await?;
    same("new messages of the same call with one more", new, 1)
}

pub(super) async fn adds_all_or_none(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let messages = persons(1..=2_000)?;
    // Others see all of them or none, while they are added and after the caller has given up.
    let mut adding = kit.store.enqueue(&kit.batch, &messages);
    let polled = poll_once(&mut adding).await;
    drop(adding);
    for _ in 0..50 {
        let total = kit.store.counts(&kit.batch).await?.total();
        let is_whole = total == 0 || total == 2_000;
        holds(
            &format!("{total} of 2,000 messages, which is all or none"),
            is_whole,
        )?;
        tokio::task::yield_now().await;
    }
    if let Some(added) = polled {
        same("new messages", added?, 2_000)?;
    }
    // A time that a database cannot hold costs all messages of the call, or none.
    let end_of_time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(1 << 61));
    let odd = BatchId::parse("odd")?;
    kit.open(&odd, &kit.sender).await?;
    let messages = [
        person(1)?,
        person(2)?.not_before(end_of_time),
        person(3)?.not_after(end_of_time),
        person(4)?,
    ];
    let added = kit.store.enqueue(&odd, &messages).await.unwrap_or(0);
    let total = kit.store.counts(&odd).await?.total();
    same("messages, and those that were new", total, added)?;
    holds("all or none", added == 0 || added == 4)
}

async fn poll_once<T: Unpin + Future>(work: &mut T) -> Option<T::Output> {
    std::future::poll_fn(|context| {
        Poll::Ready(match Pin::new(&mut *work).poll(context) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        })
    })
    .await
}

pub(super) async fn refuses_without_an_open_batch(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let store = &*kit.store;
    let unknown = BatchId::parse("unknown")?;
    let messages = [person(1)?];
    conflict("unknown batch", store.enqueue(&unknown, &messages).await)?;
    let canceled = BatchId::parse("canceled")?;
    let batch = batch(&canceled, &kit.sender, 1)?;
    store.open_batch(&batch).await?;
    store.change_batch(&canceled, &BatchChange::Cancel).await?;
    conflict("canceled batch", store.enqueue(&canceled, &messages).await)?;
    same("messages", store.counts(&canceled).await?.total(), 0)
}

pub(super) async fn leaves_known_messages_alone(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(3).await?;
    let sent = kit.begun().await?;
    kit.finish(&sent, Finish::Sent(sid(1)?)).await?;
    let claimed = kit.claim().await?;
    let before = kit.records().await?;
    let new = kit.store.enqueue(&kit.batch, &persons(1..=3)?).await?;
    same("new messages", new, 0)?;
    same("records", kit.records().await?, before)?;
    kit.state_is(&sent, MessageState::Sent).await?;
    kit.state_is(&claimed, MessageState::Sending).await
}
