//! Several futures at once in one task.

use std::task::Poll;

use super::BoxFuture;

/// Waits for all futures, which run at once in this task. The results are in their order.
pub(crate) async fn all_of<'a, T>(work: impl Iterator<Item = BoxFuture<'a, T>>) -> Vec<T> {
    let mut open: Vec<_> = work.map(|work| (Some(work), None)).collect();
    std::future::poll_fn(|context| {
        let mut is_over = true;
        for (work, done) in &mut open {
            let Some(future) = work else { continue };
            match future.as_mut().poll(context) {
                Poll::Ready(value) => (*work, *done) = (None, Some(value)),
                Poll::Pending => is_over = false,
            }
        }
        if is_over {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    open.into_iter().filter_map(|(_, done)| done).collect()
}
