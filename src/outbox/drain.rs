//! [`Outbox::drain`] and [`Outbox::run`]: sends what is due.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use tokio::task::JoinSet;

use super::builder::Outbox;
use super::drained::{Drained, Processed};
use super::guarded::{AbortOnDrop, Caught, first_of};
use super::keys::SenderKey;
use super::message::Claim;
use super::store::{StoreError, StoreErrorKind};
use super::trace;
use crate::types::{BoxFuture, all_of};

/// Wait for the pace within [`Outbox::drain`]. For a longer one it returns.
const LONGEST_PACE_WAIT: Duration = Duration::from_secs(2);

/// Time between two reconcilings of [`Outbox::run`].
const BETWEEN_RECONCILINGS: Duration = Duration::from_secs(60);

/// Time between two reports of the counts while messages are sent.
const BETWEEN_COUNTS: Duration = Duration::from_secs(10);

/// Longest wait between two tries of a store that fails.
const LONGEST_STORE_WAIT: Duration = Duration::from_secs(5);

impl Outbox {
    /// Sends what is due, at most `limit` messages, and returns when all of them have ended.
    ///
    /// This is all that a job runner or a message broker calls. Wake-ups may be lost or doubled:
    /// another call finds what one has left, and two at once never get the same message.
    ///
    /// Dropping the future in progress leaves doubts, which [`reconcile`](Self::reconcile) settles.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if nothing can be claimed. What was claimed before has ended.
    pub async fn drain(&self, limit: u64) -> Result<Drained, StoreError> {
        let mut shutdown = Shutdown::new(std::future::pending());
        let mut slots = Slots::default();
        let mut left = limit;
        let ended = loop {
            match self.fill(&mut left, &mut shutdown, &mut slots).await {
                // A message in progress may be put back, and be due at once.
                Ok(None) if left > 0 && !slots.tasks.is_empty() => slots.wait_for_one().await,
                Ok(next) => break Ok(next),
                Err(error) => break Err(error),
            }
        };
        slots.wait_for_all().await;
        slots.count();
        slots.drained.next = ended?;
        Ok(slots.drained)
    }

    /// Sends what is due, and what becomes due, until `shutdown` is ready. Then it waits for the
    /// messages in progress, so that none is in doubt.
    ///
    /// Beside it [reconciles](Self::reconcile), a minute after the last time. A store that cannot be
    /// reached is tried again, for ever. If it fails at the end, the last messages are offered to it
    /// for two minutes.
    ///
    /// Dropping the future in place of `shutdown` leaves doubts.
    ///
    /// ```no_run
    /// # async fn example(outbox: clinspark_twilio::outbox::Outbox) -> Result<(), Box<dyn std::error::Error>> {
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// // Send on `stop` from your handler of SIGTERM.
    /// outbox.run(async { stopped.await.unwrap_or_default() }).await?;
    /// # drop(stop);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store cannot be used at all, such as with a newer schema.
    pub async fn run(
        &self,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<Drained, StoreError> {
        let mut shutdown = Shutdown::new(shutdown);
        let mut slots = Slots::default();
        let mut wait = Duration::from_millis(100);
        let mut reconciling = None;
        let mut left = u64::MAX;
        let ended = loop {
            if shutdown.is_over().await {
                break Ok(());
            }
            // In a task of its own: a slow list of Twilio must not stop the texts, nor the end.
            reconciling
                .get_or_insert_with(|| AbortOnDrop(tokio::spawn(self.clone().keep_reconciling())));
            let pause = match self.fill(&mut left, &mut shutdown, &mut slots).await {
                Ok(next) => {
                    wait = Duration::from_millis(100);
                    slots.drained.next = next;
                    self.config.poll_interval
                }
                Err(error) if is_passing(error.kind()) => {
                    wait = (wait * 2).min(LONGEST_STORE_WAIT);
                    wait
                }
                Err(error) => break Err(error),
            };
            slots.count();
            let sleep = self.config.clock.sleep(pause);
            first_of(&mut shutdown, sleep).await;
        };
        slots.wait_for_all().await;
        slots.count();
        ended.map(|()| slots.drained)
    }

    async fn keep_reconciling(self) {
        loop {
            // What fails now is looked at again in a minute.
            let _ = Caught::new(self.reconcile()).await;
            self.config.clock.sleep(BETWEEN_RECONCILINGS).await;
        }
    }

    /// Claims messages until nothing is due, the limit is reached, or `shutdown` is ready. Returns the
    /// time at which the next message is due.
    async fn fill(
        &self,
        left: &mut u64,
        shutdown: &mut Shutdown<'_>,
        slots: &mut Slots,
    ) -> Result<Option<SystemTime>, StoreError> {
        // Claims at once, which a store commits together. Doubled while each returns a message, so that
        // an empty queue and a slow pace cost one.
        let mut claims = 1;
        loop {
            slots.collect();
            slots.count_if_due(self.config.clock.instant());
            if *left == 0 || shutdown.is_over().await {
                return Ok(None);
            }
            let limit = self.config.concurrency.limit();
            let free = limit.saturating_sub(slots.tasks.len());
            if free == 0 {
                slots.wait_for_some().await;
                continue;
            }
            claims = claims
                .min(free)
                .min(usize::try_from(*left).unwrap_or(usize::MAX));
            let Started { next, is_empty } = self.start(claims, left, slots).await?;
            if let Some(until) = next {
                claims = 1;
                // By the store's clock, which set the time.
                let now = self.config.store.now().await?;
                let wait = until.duration_since(now).unwrap_or_default();
                if wait > LONGEST_PACE_WAIT {
                    return Ok(Some(until));
                }
                slots.drained.pace_waits += 1;
                let sleep = self.config.clock.sleep(wait.max(Duration::from_millis(1)));
                first_of(shutdown, sleep).await;
            } else if is_empty {
                return Ok(None);
            } else {
                claims *= 2;
            }
        }
    }

    /// Claims up to so many messages at once, and starts them.
    async fn start(
        &self,
        claims: usize,
        left: &mut u64,
        slots: &mut Slots,
    ) -> Result<Started, StoreError> {
        let (mut started, mut failed) = (Started::default(), None);
        for claim in self.claim(claims).await {
            match claim {
                Ok(Claim::Message(message)) => {
                    *left -= 1;
                    let outbox = self.clone();
                    let process = async move { outbox.process(&message).await };
                    slots.tasks.spawn(process);
                }
                Ok(Claim::Expired) => {
                    *left -= 1;
                    slots.drained.expired += 1;
                }
                Ok(Claim::Wait(until)) => started.next = Some(until),
                Ok(Claim::Empty) => started.is_empty = true,
                // The messages of the other claims are sent all the same.
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(started), Err)
    }

    /// Claims up to so many messages at once.
    async fn claim(&self, claims: usize) -> Vec<Result<Claim, StoreError>> {
        let config = &self.config;
        if let Some(shared) = &config.shared_pace {
            return vec![self.claim_at_shared_pace(shared).await];
        }
        let claim = |_| config.store.claim(&config.sender, &config.worker);
        all_of((0..claims).map(claim)).await
    }

    /// Claims one message. An empty queue must not be charged, so two outboxes that look at the same
    /// time may claim one each. Both are charged, so that the next one waits longer.
    async fn claim_at_shared_pace(&self, shared: &SenderKey) -> Result<Claim, StoreError> {
        let (store, config) = (&self.config.store, &self.config);
        if let Some(until) = store.charge(shared, 0).await? {
            return Ok(Claim::Wait(until));
        }
        let claim = store.claim(&config.sender, &config.worker).await?;
        if matches!(claim, Claim::Message(_)) {
            // The claim stands, whether or not the charge does.
            let _ = store.charge(shared, 1).await;
        }
        Ok(claim)
    }
}

/// Answers of claims that got no message.
#[derive(Default)]
struct Started {
    /// Time at which the next message is due, or the pace permits it.
    next: Option<SystemTime>,
    is_empty: bool,
}

/// Signal to stop. It stays ready once it was.
struct Shutdown<'a>(Option<BoxFuture<'a, ()>>);

impl<'a> Shutdown<'a> {
    fn new(signal: impl Future<Output = ()> + Send + 'a) -> Self {
        Self(Some(Box::pin(signal)))
    }

    async fn is_over(&mut self) -> bool {
        first_of(self, Box::pin(std::future::ready(())))
            .await
            .is_some()
    }
}

impl Future for Shutdown<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(signal) = &mut self.0 {
            std::task::ready!(signal.as_mut().poll(context));
            self.0 = None;
        }
        Poll::Ready(())
    }
}

/// Messages in progress.
#[derive(Default)]
struct Slots {
    tasks: JoinSet<Processed>,
    drained: Drained,
    /// Counts of the last report, and its time.
    counted: Drained,
    counted_at: Option<Instant>,
}

impl Slots {
    fn add(&mut self, ended: Result<Processed, tokio::task::JoinError>) {
        // The task panicked in the store: its message is in doubt.
        self.drained.add(ended.unwrap_or(Processed::Lost));
    }

    /// Takes what has ended already.
    fn collect(&mut self) {
        while let Some(ended) = self.tasks.try_join_next() {
            self.add(ended);
        }
    }

    /// Reports the counts since the last report.
    fn count(&mut self) {
        trace::counted(&self.drained, &self.counted);
        self.counted = self.drained;
    }

    fn count_if_due(&mut self, now: Instant) {
        let last = *self.counted_at.get_or_insert(now);
        if now.saturating_duration_since(last) >= BETWEEN_COUNTS {
            self.counted_at = Some(now);
            self.count();
        }
    }

    async fn wait_for_one(&mut self) {
        if let Some(ended) = self.tasks.join_next().await {
            self.add(ended);
        }
    }

    /// Waits for a message, and for those that end with it. A store commits several at once; their
    /// slots then share a claim.
    async fn wait_for_some(&mut self) {
        self.wait_for_one().await;
        let mut before = usize::MAX;
        while self.tasks.len() < before {
            before = self.tasks.len();
            tokio::task::yield_now().await;
            self.collect();
        }
    }

    async fn wait_for_all(&mut self) {
        while !self.tasks.is_empty() {
            self.wait_for_one().await;
        }
    }
}

/// Returns `true` for a failure that can pass by itself.
const fn is_passing(kind: StoreErrorKind) -> bool {
    matches!(
        kind,
        StoreErrorKind::Unavailable | StoreErrorKind::NotWritable | StoreErrorKind::Corrupt
    )
}
