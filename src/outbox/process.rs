//! One message, from its claim to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use super::batch::Batch;
use super::builder::Outbox;
use super::deliver::{BatchText, Begin, Undelivered};
use super::drained::Processed;
use super::guarded::{AbortOnDrop, Caught, first_of};
use super::keys::{Occurrence, RecipientKey};
use super::message::{Claimed, DeliveryReport, Finish, Observed, Reason};
use super::resolver::Person;
use super::store::{StoreError, StoreErrorKind};
use super::trace;
use crate::template::Template;
use crate::types::{BoxFuture, MessageSid, MessageStatus};

/// Claims in turn after which a message is held, if its resolver fails or its delivery panics or hangs:
/// half an hour of tries. A claim that ends otherwise, such as in quiet hours, starts from 0 again.
const MAX_FAILED_CLAIMS: u32 = 10;

/// Longest time for which one response of Twilio holds the sender. A hold cannot be shortened.
const LONGEST_HOLD: Duration = Duration::from_secs(3_600);

/// Shortest wait of a message that is put back, so that clocks that differ make no busy loop.
const SHORTEST_WAIT: Duration = Duration::from_secs(5);

/// Time for which the end of a claim is offered to a store that fails.
const FINISH_FOR: Duration = Duration::from_secs(120);

/// What makes the text of a claimed message.
struct Text<'o> {
    batch: Arc<Batch>,
    template: &'o Template,
    person: Person,
}

/// Reason why a claimed message has no text.
enum NoText {
    Finish(Finish),
    Stop(Reason),
}

impl Outbox {
    /// Sends a claimed message, and commits what became of it.
    pub(super) async fn process(&self, claimed: &Claimed) -> Processed {
        let processed = self.process_claim(claimed).await;
        trace::ended(&claimed.batch, processed);
        processed
    }

    async fn process_claim(&self, claimed: &Claimed) -> Processed {
        let sent = match self.text_of(claimed).await {
            Ok(text) => self.deliver(claimed, &text).await,
            Err(no_text) => Err(no_text),
        };
        let finish = match sent {
            Ok(finish) | Err(NoText::Finish(finish)) => finish,
            Err(NoText::Stop(reason)) => return self.stop(claimed, reason).await,
        };
        let processed = match &finish {
            Finish::Sent(_) => Processed::Sent,
            Finish::Refused { .. } => Processed::Refused,
            Finish::Requeue { .. } | Finish::Retry { .. } => Processed::Requeued,
            Finish::Expired => Processed::Expired,
            Finish::Held(_) => Processed::Held,
            Finish::Doubt(_) => Processed::Doubt,
        };
        match (self.finish(claimed, &finish).await, finish) {
            // A status callback may have ended the claim first, or the claim was given up while this
            // process was suspended. The text was sent all the same.
            (Some(false), Finish::Sent(sid)) => self.report_sent(claimed, sid).await,
            (Some(true), _) => processed,
            (Some(false) | None, _) => Processed::Lost,
        }
    }

    /// Records a text that was sent under a claim that is not valid any more. Whatever has become of
    /// the message since, it must not be sent again.
    async fn report_sent(&self, claimed: &Claimed, sid: MessageSid) -> Processed {
        let report = DeliveryReport {
            message_id: claimed.message_id.clone(),
            sid,
            status: MessageStatus::Accepted,
            code: None,
        };
        let offered = self.offer(|| self.config.store.observe(&report)).await;
        match offered {
            Some(Observed::OtherSid) => {
                trace::sent_twice(&report.message_id);
                Processed::SentTwice
            }
            Some(_) => Processed::Sent,
            None => Processed::Lost,
        }
    }

    async fn text_of(&self, claimed: &Claimed) -> Result<Text<'_>, NoText> {
        let batch = match self.batch_of(claimed).await {
            Ok(Some(batch)) => batch,
            Ok(None) => {
                let reason = Reason::new("the store has no such batch");
                return Err(NoText::Finish(Finish::Held(reason)));
            }
            // Every message of the batch would meet it, so the batch stops and can be resumed.
            Err(error) if error.kind() == StoreErrorKind::Corrupt => {
                return Err(NoText::Stop(Reason::new(
                    "the definition of the batch cannot be read; restore it, or run the version that \
                     wrote it, and resume the batch",
                )));
            }
            Err(_) => {
                let wait = backoff(claimed.attempt);
                let finish = self.requeue(wait, "the store failed").await;
                return Err(NoText::Finish(finish));
            }
        };
        let template = self.config.templates.get(batch.template());
        let Some(template) = template.filter(|template| batch.is_of(template)) else {
            return Err(NoText::Stop(Reason::new(
                "the template is missing or has changed since the batch was opened; run the version \
                 of the batch, or open another batch",
            )));
        };
        match self.resolve(&claimed.recipient, &claimed.occurrence).await {
            Ok(Some(person)) => Ok(Text {
                batch,
                template,
                person,
            }),
            Ok(None) => Err(NoText::Finish(Finish::Held(Reason::new(
                "the resolver has no such person",
            )))),
            Err(failure) => Err(NoText::Finish(self.retry(claimed, failure).await)),
        }
    }

    /// Puts a message back after a failure of the service's own code, or holds it after too many.
    async fn retry(&self, claimed: &Claimed, failure: &str) -> Finish {
        let failures = claimed.failures.saturating_add(1);
        if failures >= MAX_FAILED_CLAIMS {
            return Finish::Held(Reason::new(failure));
        }
        Finish::Retry {
            not_before: self.after(backoff(failures)).await,
            reason: Reason::new(failure),
        }
    }

    async fn batch_of(&self, claimed: &Claimed) -> Result<Option<Arc<Batch>>, StoreError> {
        let known = self.config.batches.lock().ok();
        if let Some(batch) = known.and_then(|batches| batches.get(&claimed.batch).cloned()) {
            return Ok(Some(batch));
        }
        let record = self.config.store.batch(&claimed.batch).await?;
        let batch = record.map(|record| Arc::new(record.batch));
        if let (Some(batch), Ok(mut batches)) = (&batch, self.config.batches.lock()) {
            batches.insert(claimed.batch.clone(), Arc::clone(batch));
        }
        Ok(batch)
    }

    /// Asks the resolver in a task of its own, so that a panic costs one message.
    pub(super) async fn resolve(
        &self,
        recipient: &RecipientKey,
        occurrence: &Occurrence,
    ) -> Result<Option<Person>, &'static str> {
        let resolver = Arc::clone(&self.config.resolver);
        let (recipient, occurrence) = (recipient.clone(), occurrence.clone());
        let mut task = AbortOnDrop(tokio::spawn(async move {
            resolver.resolve(&recipient, &occurrence).await
        }));
        let timeout = self.config.clock.sleep(self.config.resolver_timeout);
        match first_of(&mut task.0, timeout).await {
            Some(Ok(Ok(person))) => Ok(person),
            // The error may quote a number, so it is not kept.
            Some(Ok(Err(_))) => Err("the resolver failed"),
            Some(Err(_)) => Err("the resolver panicked"),
            None => Err("the resolver took too long"),
        }
    }

    /// Runs a call of [`Deliver`](super::Deliver), which may panic or hang. A consent gate has no
    /// timeout of its own, and must not keep a slot for ever.
    pub(super) async fn guarded<T>(
        &self,
        work: impl Future<Output = T> + Send,
    ) -> Result<T, &'static str> {
        let mut work = Caught::new(work);
        let timeout = self.config.clock.sleep(self.config.doubt_after);
        match first_of(&mut work, timeout).await {
            Some(Ok(done)) => Ok(done),
            Some(Err(_)) => Err("the delivery panicked"),
            None => Err("the delivery took too long"),
        }
    }

    async fn deliver(&self, claimed: &Claimed, text: &Text<'_>) -> Result<Finish, NoText> {
        let Text {
            batch,
            template,
            person,
        } = text;
        let text = BatchText {
            message_id: &claimed.message_id,
            number: &person.number,
            template,
            data: &person.data,
            time_zone: person.time_zone.as_ref(),
            purpose: batch.purpose(),
            not_after: claimed.not_after,
        };
        let may_have_begun = AtomicBool::new(false);
        let begin = Begin {
            store: &*self.config.store,
            claimed,
            key: &self.config.key,
            shared_pace: self.config.shared_pace.as_ref(),
            may_have_begun: &may_have_begun,
        };
        let work = async move { self.config.deliver.deliver(text, begin).await };
        match self.guarded(work).await {
            Ok(Ok(sid)) => {
                self.config.concurrency.on_success();
                Ok(Finish::Sent(sid))
            }
            Ok(Err(error)) => self.undelivered(claimed, error).await,
            Err(failure) if may_have_begun.load(Ordering::SeqCst) => {
                Ok(Finish::Doubt(Reason::new(failure)))
            }
            Err(failure) => Ok(self.retry(claimed, failure).await),
        }
    }

    /// Returns what becomes of a message that was not delivered.
    async fn undelivered(&self, claimed: &Claimed, error: Undelivered) -> Result<Finish, NoText> {
        Ok(match error {
            Undelivered::Refused { code, reason } => Finish::Refused { code, reason },
            Undelivered::Later { at, reason } => {
                let wait = at.map_or_else(|| backoff(claimed.attempt), |_| SHORTEST_WAIT);
                let earliest = self.after(wait).await;
                let not_before = at.map_or(earliest, |at| at.max(earliest));
                Finish::Requeue { not_before, reason }
            }
            Undelivered::Throttled { wait, reason } => {
                self.config.concurrency.on_throttled();
                let wait = wait.unwrap_or(Duration::from_secs(10));
                let wait = wait.clamp(Duration::from_secs(1), LONGEST_HOLD);
                let not_before = self.after(wait).await;
                let (store, config) = (&self.config.store, &self.config);
                let sender = config.shared_pace.as_ref().unwrap_or(&config.sender);
                // If the hold cannot be stored, the message itself still waits.
                let _ = store.hold_sender(sender, not_before, &reason).await;
                Finish::Requeue { not_before, reason }
            }
            Undelivered::Configuration(reason) => return Err(NoText::Stop(reason)),
            Undelivered::Expired => Finish::Expired,
            Undelivered::Held(reason) => Finish::Held(reason),
            Undelivered::NotBegun => {
                let wait = backoff(claimed.attempt);
                self.requeue(wait, "the store failed").await
            }
            Undelivered::Unknown { sid: Some(sid), .. } => Finish::Sent(sid),
            Undelivered::Unknown { sid: None, reason } => Finish::Doubt(reason),
        })
    }

    /// Stops the batch of a message, and puts the message back into it. A batch that was resumed in
    /// the meantime goes on, because the error is older.
    async fn stop(&self, claimed: &Claimed, reason: Reason) -> Processed {
        let store = &self.config.store;
        let (wait, processed) = match store.stop_batch(&claimed.message_id, &reason).await {
            Ok(is_first) => {
                if is_first {
                    trace::stopped(Some(&claimed.batch), &reason);
                }
                (Duration::ZERO, Processed::Stopped { is_first })
            }
            // The next message of the batch stops it.
            Err(_) => (backoff(claimed.attempt), Processed::Requeued),
        };
        let finish = self.requeue(wait, reason.as_str()).await;
        match self.finish(claimed, &finish).await {
            Some(true) => processed,
            Some(false) | None => Processed::Lost,
        }
    }

    /// Commits the end of a claim. A store that fails is asked again, because a lost answer of Twilio
    /// would be a doubt. `None` if it fails for two minutes.
    async fn finish(&self, claimed: &Claimed, finish: &Finish) -> Option<bool> {
        self.offer(|| self.config.store.finish(claimed, finish))
            .await
    }

    async fn offer<'s, T>(
        &self,
        statement: impl Fn() -> BoxFuture<'s, Result<T, StoreError>> + Send,
    ) -> Option<T> {
        let started = self.config.clock.instant();
        let mut wait = Duration::from_millis(50);
        loop {
            match statement().await {
                Ok(done) => return Some(done),
                Err(error) if error.kind() == StoreErrorKind::Corrupt => return None,
                Err(_) => {}
            }
            let now = self.config.clock.instant();
            if now.saturating_duration_since(started) > FINISH_FOR {
                return None;
            }
            self.config.clock.sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(5));
        }
    }

    async fn requeue(&self, wait: Duration, reason: &str) -> Finish {
        Finish::Requeue {
            not_before: self.after(wait).await,
            reason: Reason::new(reason),
        }
    }

    /// Returns a time by the store's clock, which decides when it is reached. This machine's clock
    /// may differ, and would hold the messages of all machines.
    async fn after(&self, wait: Duration) -> SystemTime {
        let now = self.config.store.now().await;
        now.unwrap_or_else(|_| self.config.clock.now()) + wait
    }
}

/// Wait before a message is claimed again: 5 seconds, doubled by each try, at most 15 minutes.
fn backoff(tries: u32) -> Duration {
    let doublings = tries.saturating_sub(1).min(8);
    Duration::from_secs(5 << doublings).min(Duration::from_secs(900))
}
