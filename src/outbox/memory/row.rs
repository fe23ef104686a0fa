//! Row of a [`MemoryStore`](super::MemoryStore).

use std::time::SystemTime;

use crate::codes::ErrorCode;
use crate::messenger::MessageId;
use crate::outbox::keys::{BatchId, SenderKey};
use crate::outbox::message::{
    Claimed, DeliveryReport, Doubt, MessageRecord, MessageState, NewMessage, Reason,
};
use crate::outbox::proof::Proof;
use crate::types::{MessageSid, MessageStatus};

pub(super) struct Row {
    pub(super) key: i64,
    pub(super) batch: BatchId,
    pub(super) sender: SenderKey,
    message: NewMessage,
    pub(super) message_id: MessageId,
    pub(super) state: MessageState,
    pub(super) not_before: SystemTime,
    pub(super) not_after: Option<SystemTime>,
    pub(super) attempts: u32,
    pub(super) failures: u32,
    /// Epoch of the batch at the last claim.
    pub(super) epoch: u32,
    pub(super) claimed_at: Option<SystemTime>,
    pub(super) began_at: Option<SystemTime>,
    pub(super) proof: Option<Proof>,
    pub(super) segments: Option<u16>,
    pub(super) is_doubtful: bool,
    pub(super) looks: u32,
    pub(super) looked_at: Option<SystemTime>,
    pub(super) sid: Option<MessageSid>,
    pub(super) delivery: Option<MessageStatus>,
    pub(super) code: Option<ErrorCode>,
    pub(super) reason: Option<Reason>,
    pub(super) changed_at: SystemTime,
}

impl Row {
    /// Creates a row outside of the queue.
    pub(super) fn new(
        key: i64,
        batch: &BatchId,
        sender: &SenderKey,
        message: &NewMessage,
        message_id: MessageId,
        now: SystemTime,
    ) -> Self {
        Self {
            key,
            batch: batch.clone(),
            sender: sender.clone(),
            message: message.clone(),
            message_id,
            state: MessageState::Paused,
            not_before: message.not_before.unwrap_or(now),
            not_after: message.not_after,
            attempts: 0,
            failures: 0,
            epoch: 0,
            claimed_at: None,
            began_at: None,
            proof: None,
            segments: None,
            is_doubtful: false,
            looks: 0,
            looked_at: None,
            sid: None,
            delivery: None,
            code: None,
            reason: None,
            changed_at: now,
        }
    }

    /// Forgets the claim and its ledger entry, because nothing was sent.
    pub(super) fn clear_claim(&mut self) {
        self.claimed_at = None;
        self.began_at = None;
        self.proof = None;
        self.is_doubtful = false;
        self.looks = 0;
        self.looked_at = None;
    }

    pub(super) fn claimed(&self) -> Claimed {
        Claimed {
            row: self.key,
            batch: self.batch.clone(),
            recipient: self.message.recipient.clone(),
            occurrence: self.message.occurrence.clone(),
            message_id: self.message_id.clone(),
            attempt: self.attempts,
            failures: self.failures,
            not_after: self.not_after,
        }
    }

    pub(super) fn is_in_doubt(&self, since: SystemTime) -> bool {
        let is_old = self.claimed_at.is_some_and(|at| at <= since);
        self.state == MessageState::Sending && (is_old || self.is_doubtful)
    }

    pub(super) fn doubt(&self) -> Doubt {
        Doubt {
            claimed: self.claimed(),
            began_at: self.began_at,
            proof: self.proof,
            looks: self.looks,
            looked_at: self.looked_at,
        }
    }

    /// Records a delivery status, unless a later one is known.
    pub(super) fn report(&mut self, report: &DeliveryReport) {
        let known = self.delivery.as_ref().map_or(0, MessageStatus::rank);
        if report.status.rank() > known {
            self.delivery = Some(report.status.clone());
        }
        self.code = report.code.or(self.code);
    }

    pub(super) fn record(&self) -> MessageRecord {
        MessageRecord {
            row: self.key,
            recipient: self.message.recipient.clone(),
            occurrence: self.message.occurrence.clone(),
            message_id: self.message_id.clone(),
            state: self.state,
            attempts: self.attempts,
            segments: self.segments,
            sid: self.sid,
            delivery: self.delivery.clone(),
            code: self.code,
            reason: self.reason.clone(),
            changed_at: self.changed_at,
        }
    }
}
