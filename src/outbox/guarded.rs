//! Calls of the service's own code, which may panic or hang.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::types::BoxFuture;

/// Future whose panic is a value, so that it costs one message and not the worker.
pub(super) struct Caught<'a, T>(BoxFuture<'a, T>);

/// Panic of the future. Its message may quote a number, so it is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Panicked;

impl<'a, T> Caught<'a, T> {
    pub(super) fn new(work: impl Future<Output = T> + Send + 'a) -> Self {
        Self(Box::pin(work))
    }
}

impl<T> Future for Caught<'_, T> {
    type Output = Result<T, Panicked>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let work = self.0.as_mut();
        // After a panic the future is dropped and never polled again, so no broken state is seen.
        match std::panic::catch_unwind(AssertUnwindSafe(|| work.poll(context))) {
            Ok(polled) => polled.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    }
}

/// Task that ends with its owner.
pub(super) struct AbortOnDrop<T>(pub(super) tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for a future or a timeout. `None` if the timeout is first.
pub(super) async fn first_of<T: Unpin + Future>(
    task: &mut T,
    mut timeout: BoxFuture<'_, ()>,
) -> Option<T::Output> {
    std::future::poll_fn(|context| {
        if let Poll::Ready(done) = Pin::new(&mut *task).poll(context) {
            return Poll::Ready(Some(done));
        }
        timeout.as_mut().poll(context).map(|()| None)
    })
    .await
}
