//! Data that the requests of the control API share.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{Mutex, Semaphore, watch};

use crate::sandbox::context::Context;

/// Streams of events at once.
pub(super) const STREAM_LIMIT: usize = 64;

/// Requests at once, without streams. A request that waits counts.
pub(super) const REQUEST_LIMIT: usize = 256;

/// Requests with large bodies at once, so that they do not fill the memory.
const LARGE_LIMIT: usize = 4;

pub(super) struct Shared {
    pub(super) context: Arc<Context>,
    pub(super) requests: Semaphore,
    pub(super) large_requests: Semaphore,
    pub(super) streams: Arc<Semaphore>,
    /// Held while the clock is advanced, so that two requests add up.
    pub(super) advance: Mutex<()>,
    /// Becomes `true` when the server stops: streams and waits then end.
    pub(super) stopping: watch::Sender<bool>,
    /// OpenAPI document.
    pub(super) document: Bytes,
}

impl Shared {
    pub(super) fn new(context: Arc<Context>, document: Bytes) -> Self {
        Self {
            context,
            requests: Semaphore::new(REQUEST_LIMIT),
            large_requests: Semaphore::new(LARGE_LIMIT),
            streams: Arc::new(Semaphore::new(STREAM_LIMIT)),
            advance: Mutex::const_new(()),
            stopping: watch::Sender::new(false),
            document,
        }
    }

    /// Waits until the server stops.
    pub(super) async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        // The sender is a field of `self`, so it outlives this wait.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}
