//! Opens, fills, pauses and cancels batches, and records status callbacks.

use std::fmt::Write as _;

use super::batch::{Batch, BatchChange};
use super::builder::Outbox;
use super::keys::BatchId;
use super::message::{Decision, DeliveryReport, MessageState, NewMessage, Observed, Reason};
use super::pace::Pace;
use super::store::{StoreError, StoreErrorKind};
use super::trace;
use crate::codes::ErrorCode;
use crate::messenger::MessageId;
use crate::types::MessageStatus;
use crate::webhook::{MessageStatusCallback, Verified};

/// Messages that one statement of a report reads.
const PAGE: u32 = 1_000;

impl DeliveryReport {
    /// Reads a report from a verified status callback. `None` if its URL has no message ID, or if it
    /// is no status callback of a message.
    #[must_use]
    pub fn from_callback<B: AsRef<[u8]>>(callback: &Verified<B>) -> Option<Self> {
        let message_id = MessageId::from_callback(callback)?;
        let payload: MessageStatusCallback = callback.parse().ok()?;
        Some(Self {
            message_id,
            sid: payload.message_sid,
            status: payload.status,
            code: payload.error_code,
        })
    }
}

impl Outbox {
    /// Sets the pace of the sender, for all machines. Nothing can be sent before. A
    /// [shared pace](super::OutboxBuilder::shared_pace) is set likewise, for all that share it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store fails.
    pub async fn set_pace(&self, pace: Pace) -> Result<(), StoreError> {
        let config = &self.config;
        if let Some(shared) = &config.shared_pace {
            config.store.set_pace(shared, pace).await?;
        }
        config.store.set_pace(&config.sender, pace).await
    }

    /// Stores a batch. The same batch again changes nothing, so that an interrupted job can run again.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is another batch with this ID, if the batch has another
    /// sender, or if its template was not given to the builder.
    pub async fn open(&self, batch: &Batch) -> Result<(), StoreError> {
        let template = self.config.templates.get(batch.template());
        if !template.is_some_and(|template| batch.is_of(template)) {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                "the outbox does not have the template of the batch; give it to the builder",
            ));
        }
        if *batch.sender() != self.config.sender {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                "the batch has another sender than the outbox; open it with the sender's own outbox",
            ));
        }
        self.config.store.open_batch(batch).await
    }

    /// Adds messages to a batch, and returns how many are new. A message with the same recipient and
    /// occurrence is there already.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is no such batch, or it is canceled.
    pub async fn enqueue(
        &self,
        batch: &BatchId,
        messages: &[NewMessage],
    ) -> Result<u64, StoreError> {
        self.config.store.enqueue(batch, messages).await
    }

    /// Pauses a batch, and returns the number of messages that wait in it. Messages in progress are
    /// still sent.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is no such batch.
    pub async fn pause(&self, batch: &BatchId) -> Result<u64, StoreError> {
        self.change(batch, &BatchChange::Pause).await
    }

    /// Resumes a batch that is paused or stopped, and returns the number of messages that are queued.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is no such batch.
    pub async fn resume(&self, batch: &BatchId) -> Result<u64, StoreError> {
        self.change(batch, &BatchChange::Resume).await
    }

    /// Cancels a batch for good, and returns the number of messages that are not sent. Messages in
    /// progress are still sent.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Conflict`] if there is no such batch.
    pub async fn cancel(&self, batch: &BatchId) -> Result<u64, StoreError> {
        self.change(batch, &BatchChange::Cancel).await
    }

    async fn change(&self, batch: &BatchId, change: &BatchChange) -> Result<u64, StoreError> {
        self.config.store.change_batch(batch, change).await
    }

    /// Records a status callback. Call it in the handler of the message status path.
    ///
    /// It records the delivery, and proves that a message in doubt was sent. A callback of another
    /// text is [`Observed::Unknown`]. [`Observed::OtherSid`] means that a second text may have been sent:
    /// tell a person. The outbox logs it at WARN (feature `tracing`), and does no more.
    ///
    /// Some errors that every text of the batch would meet arrive by callback only: suspended account
    /// (30002) or campaign (30033), unregistered sender (30032, 30034), texts switched off for the
    /// account (30037). They stop the batch, as those of the answer do, unless it has been resumed
    /// since the text was sent.
    ///
    /// ```no_run
    /// # use clinspark_twilio::outbox::{Outbox, StoreError};
    /// # use clinspark_twilio::webhook::Verified;
    /// # async fn status(outbox: &Outbox, verified: Verified<bytes::Bytes>) -> http::Response<bytes::Bytes> {
    /// # let answer = |status| { let mut answer = http::Response::new(bytes::Bytes::new()); *answer.status_mut() = status; answer };
    /// match outbox.observe(&verified).await {
    ///     Ok(_) => answer(http::StatusCode::NO_CONTENT),
    ///     Err(_) => answer(http::StatusCode::SERVICE_UNAVAILABLE), // Twilio retries
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store fails. Answer with 503, so that Twilio sends the callback again.
    pub async fn observe<B: AsRef<[u8]> + Sync>(
        &self,
        callback: &Verified<B>,
    ) -> Result<Observed, StoreError> {
        match DeliveryReport::from_callback(callback) {
            Some(report) => self.record(&report).await,
            None => Ok(Observed::Unknown),
        }
    }

    /// Records a delivery report. [`observe`](Self::observe) does so for the webhook; this is for
    /// reports that reach the service otherwise, such as by a queue of its own.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store fails. Record the report again.
    pub async fn record(&self, report: &DeliveryReport) -> Result<Observed, StoreError> {
        let observed = self.config.store.observe(report).await?;
        if observed == Observed::OtherSid {
            trace::sent_twice(&report.message_id);
        }
        let is_known = matches!(observed, Observed::Recorded | Observed::Settled);
        if let Some(code) = report.code.filter(|code| is_known && is_of_batch(*code)) {
            // After the record: if this fails, the callback comes again and stops the batch then.
            let reason = Reason::new(&format!("a text was not delivered: {}", code.explanation()));
            let store = &self.config.store;
            if store.stop_batch(&report.message_id, &reason).await? {
                // A report names its message only.
                trace::stopped(None, &reason);
            }
        }
        Ok(observed)
    }

    /// Carries out a person's decision about a held message. Returns `false` if it is not held.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store fails.
    pub async fn decide(&self, id: &MessageId, decision: Decision) -> Result<bool, StoreError> {
        self.config.store.decide(id, decision).await
    }

    /// Writes the report of a batch as CSV, one line for each message, in the order of enqueuing.
    /// `state` selects those of one state, such as [`MessageState::Held`].
    ///
    /// It contains references, never numbers or texts.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store fails.
    pub async fn report(
        &self,
        batch: &BatchId,
        state: Option<MessageState>,
    ) -> Result<String, StoreError> {
        let mut csv = String::from(
            "recipient,occurrence,state,delivery,code,reason,segments,attempts,sid,message_id\n",
        );
        let mut after = i64::MIN;
        loop {
            let records = self.config.store.records(batch, state, after, PAGE).await?;
            for record in &records {
                let code = record.code.map(|code| ErrorCode::get(code).to_string());
                let segments = record.segments.map(|segments| segments.to_string());
                let attempts = record.attempts.to_string();
                let fields = [
                    record.recipient.as_str(),
                    record.occurrence.as_str(),
                    record.state.as_str(),
                    record.delivery.as_ref().map_or("", MessageStatus::as_str),
                    code.as_deref().unwrap_or_default(),
                    record.reason.as_ref().map_or("", Reason::as_str),
                    segments.as_deref().unwrap_or_default(),
                    &attempts,
                    record.sid.as_ref().map_or("", |sid| sid.as_str()),
                    record.message_id.as_str(),
                ];
                let line = fields.map(csv_field).join(",");
                let _ = writeln!(csv, "{line}");
                after = record.row;
            }
            if records.len() < PAGE as usize {
                return Ok(csv);
            }
        }
    }
}

/// Returns `true` for a failed delivery that every text of the batch would meet.
///
/// Not for errors of one carrier or country, such as 30040: other people of the batch get their text.
fn is_of_batch(code: ErrorCode) -> bool {
    [30_002, 30_032, 30_033, 30_034, 30_037].contains(&code.get())
}

/// Writes a field, quoted where RFC 4180 requires it.
fn csv_field(field: &str) -> String {
    // A spreadsheet would run it as a formula.
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let prefix = if is_formula { "'" } else { "" };
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{prefix}{}\"", field.replace('"', "\"\""))
    } else {
        format!("{prefix}{field}")
    }
}
