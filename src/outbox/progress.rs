//! Progress of a batch.

use std::time::{Duration, Instant};

use super::batch::BatchState;
use super::builder::Outbox;
use super::keys::BatchId;
use super::message::{MessageState, Reason};
use super::store::{Counts, StoreError, StoreErrorKind};

/// Progress of a batch at one time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BatchProgress {
    /// State of the batch.
    pub state: BatchState,
    /// Reason of the state, such as the error that stopped the batch.
    pub reason: Option<Reason>,
    /// Counts by state and delivery.
    pub counts: Counts,
    /// Messages sent a second, over the last interval. `None` at first.
    pub per_second: Option<f64>,
    /// Estimate of the time until all queued messages are sent. `None` while nothing is sent.
    pub time_left: Option<Duration>,
}

impl BatchProgress {
    /// Returns `true` if no message is queued, paused or being sent.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.counts.is_finished()
    }
}

/// Progress of a batch as a stream: [`next`](Self::next) returns it at each interval.
///
/// Created by [`Outbox::watch`].
#[derive(Debug)]
pub struct ProgressWatch<'o> {
    outbox: &'o Outbox,
    batch: BatchId,
    interval: Duration,
    last: Option<(Instant, u64)>,
    is_started: bool,
    is_over: bool,
}

impl Outbox {
    /// Returns the progress of a batch.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is no such batch.
    pub async fn progress(&self, batch: &BatchId) -> Result<BatchProgress, StoreError> {
        let record = self.config.store.batch(batch).await?.ok_or_else(|| {
            StoreError::new(
                StoreErrorKind::Conflict,
                "there is no such batch; open it first",
            )
        })?;
        Ok(BatchProgress {
            state: record.state,
            reason: record.reason,
            counts: self.config.store.counts(batch).await?,
            per_second: None,
            time_left: None,
        })
    }

    /// Watches the progress of a batch.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # use clinspark_twilio::outbox::{BatchId, MessageState, Outbox, StoreError};
    /// # async fn example(outbox: &Outbox, batch: BatchId) -> Result<(), StoreError> {
    /// let mut watch = outbox.watch(batch, Duration::from_secs(1));
    /// while let Some(progress) = watch.next().await {
    ///     let progress = progress?;
    ///     let sent = progress.counts.of(MessageState::Sent);
    ///     println!("{sent} of {}", progress.counts.total());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn watch(&self, batch: BatchId, interval: Duration) -> ProgressWatch<'_> {
        ProgressWatch {
            outbox: self,
            batch,
            interval,
            last: None,
            is_started: false,
            is_over: false,
        }
    }
}

impl ProgressWatch<'_> {
    /// Returns the progress at once, and then after each interval. `None` after the batch has
    /// finished.
    ///
    /// An error does not end the stream: the next call asks the store again.
    pub async fn next(&mut self) -> Option<Result<BatchProgress, StoreError>> {
        if self.is_over {
            return None;
        }
        let clock = &self.outbox.config.clock;
        if self.is_started {
            clock.sleep(self.interval).await;
        }
        self.is_started = true;
        let mut progress = match self.outbox.progress(&self.batch).await {
            Ok(progress) => progress,
            Err(error) => return Some(Err(error)),
        };
        let (now, sent) = (clock.instant(), progress.counts.of(MessageState::Sent));
        if let Some((then, before)) = self.last.replace((now, sent)) {
            let seconds = now.saturating_duration_since(then).as_secs_f64();
            let rate = precise(sent.saturating_sub(before)) / seconds.max(f64::EPSILON);
            let queued = progress.counts.of(MessageState::Queued);
            progress.per_second = Some(rate);
            progress.time_left = (rate > 0.0)
                .then(|| Duration::try_from_secs_f64(precise(queued) / rate).ok())
                .flatten();
        }
        self.is_over = progress.is_finished();
        Some(Ok(progress))
    }
}

/// Counts of messages are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts of messages are small")]
const fn precise(count: u64) -> f64 {
    count as f64
}
