//! `events`: stream of what changes, as server-sent events.
//!
//! Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html>

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_core::Stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, timeout, timeout_at};

use crate::sandbox::context::Context;
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::shared::STREAM_LIMIT;
use crate::sandbox::control::views::change::{Change, changes};
use crate::sandbox::state::State;

/// Time between two batches of events.
const BATCH_PAUSE: Duration = Duration::from_millis(50);

/// Time after which a comment keeps the connection.
const COMMENT_INTERVAL: Duration = Duration::from_secs(15);

/// Time in which the client must read. A stream that stands still for longer ends.
const READ_TIME: Duration = Duration::from_secs(30);

/// Events that wait for the client.
const QUEUED: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamQuery {
    /// Cursor of a snapshot, or id of an event.
    after: Option<u64>,
}

/// Body of the response.
struct EventStream(mpsc::Receiver<Bytes>);

impl Stream for EventStream {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}

/// Writes the events of one stream.
struct Writer {
    context: Arc<Context>,
    base_url: String,
    cursor: u64,
    events: mpsc::Sender<Bytes>,
    /// Counts the stream until its writer ends. A client that does not read keeps the body, but not
    /// the place of another.
    _permit: OwnedSemaphorePermit,
}

/// The client is gone, or does not read.
struct Ended;

pub(in crate::sandbox::control) fn stream(request: &ControlRequest) -> Handled {
    let StreamQuery { after } = request.query()?;
    let context = request.context();
    let last = request.headers.get("last-event-id");
    // A browser that connects again repeats the query, and adds the header.
    let after = match last {
        Some(last) => Some(read_cursor(last.to_str().unwrap_or_default())?),
        None => after,
    };
    let permit = Arc::clone(&request.shared.streams).try_acquire_owned();
    let permit = permit.map_err(|_| {
        let message = format!("{STREAM_LIMIT} streams are open; close some, and try again");
        ControlError::busy(message)
    })?;
    let (sender, events) = mpsc::channel(QUEUED);
    let mut writer = Writer {
        context: Arc::clone(context),
        base_url: request.base_url.clone(),
        cursor: after.unwrap_or_else(|| context.read(State::cursor)),
        events: sender,
        _permit: permit,
    };
    let shared = Arc::clone(&request.shared);
    // Not a task of the context: a stream is no work that anyone waits for, and it outlives a reset.
    tokio::spawn(async move {
        tokio::select! {
            Err(Ended) = writer.run() => {}
            () = shared.stopped() => {}
        }
    });
    Ok(Reply::events(Body::from_stream(EventStream(events))))
}

fn read_cursor(text: &str) -> Result<u64, ControlError> {
    text.parse().map_err(|_| {
        let message = "the header Last-Event-ID is no id of an event of this stream; leave it out";
        ControlError::bad_request("invalid_cursor", message)
    })
}

impl Writer {
    async fn run(&mut self) -> Result<std::convert::Infallible, Ended> {
        let mut notices = self.context.subscribe();
        self.send("retry: 1000\n\n".to_owned()).await?;
        let mut comment_at = Instant::now() + COMMENT_INTERVAL;
        loop {
            // Marked as seen before the reading, so that no later change is missed.
            notices.mark_unchanged();
            if self.write_batch().await? {
                comment_at = Instant::now() + COMMENT_INTERVAL;
                self.context.clock.sleep(BATCH_PAUSE).await;
            }
            let changed = tokio::select! {
                () = self.events.closed() => return Err(Ended),
                changed = timeout_at(comment_at, notices.changed()) => changed,
            };
            if changed.is_err() {
                self.send(": still connected\n\n".to_owned()).await?;
                comment_at = Instant::now() + COMMENT_INTERVAL;
            }
        }
    }

    /// Writes what has changed since the cursor. Returns `false` if nothing has.
    async fn write_batch(&mut self) -> Result<bool, Ended> {
        let Ok((keys, next)) = self.context.changes_after(self.cursor) else {
            self.cursor = self.context.read(State::cursor);
            self.send(event(self.cursor, &("reset", "{}".to_owned())))
                .await?;
            return Ok(true);
        };
        let has_changed = !keys.is_empty();
        for (index, key) in keys.iter().enumerate() {
            // A client that has only a part of the batch asks for all of it again.
            let is_last = index + 1 == keys.len();
            let changes = changes(&self.context, &self.base_url, key);
            let count = changes.len();
            for (place, change) in changes.iter().enumerate() {
                let is_end = is_last && place + 1 == count;
                let id = if is_end { next } else { self.cursor };
                self.send(event(id, change)).await?;
            }
        }
        self.cursor = next;
        Ok(has_changed)
    }

    async fn send(&self, text: String) -> Result<(), Ended> {
        let sent = timeout(READ_TIME, self.events.send(Bytes::from(text))).await;
        sent.map_err(|_| Ended)?.map_err(|_| Ended)
    }
}

/// Writes one event. JSON has no line breaks.
fn event(id: u64, (kind, json): &Change) -> String {
    let mut text = String::with_capacity(json.len() + 64);
    // Writing to a `String` cannot fail.
    let _ = write!(text, "id: {id}\nevent: {kind}\ndata: {json}\n\n");
    text
}
