//! Conformance suite: the rules of [`OutboxStore`], as cases that any store runs.
//!
//! Each case has a fresh store and checks one rule. A store that breaks a rule can text a person
//! twice or forget one, so a store of your own passes all cases first.
//!
//! The suite runs on a Tokio runtime with time enabled. It waits only as long as
//! [`Claim::Wait`](super::Claim::Wait) tells, by the store's own clock, which must run.
//!
//! ```
//! use std::sync::Arc;
//! use clinspark_twilio::outbox::{MemoryStore, OutboxStore, conformance};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), conformance::Failures> {
//! conformance::run(|| async { Arc::new(MemoryStore::new()) as Arc<dyn OutboxStore> }).await
//! # }
//! ```

mod batches;
mod claims;
mod doubts;
mod kit;
mod ledger;
mod pace;
mod queue;
mod reports;

use std::sync::Arc;

use super::store::OutboxStore;
use crate::types::conformance;

pub use crate::types::conformance::{Checked, Violation};

/// Case of the suite: one rule.
pub type Case = conformance::Case<dyn OutboxStore>;

/// Rules that a store breaks. `Debug` and `Display` list them, a line each.
pub type Failures = conformance::Failures<dyn OutboxStore>;

macro_rules! cases {
    ($($module:ident { $($name:ident: $rule:literal;)+ })+) => {
        const CASES: &[Case] = &[$($(
            Case {
                name: concat!(stringify!($module), "::", stringify!($name)),
                rule: $rule,
                run: |store| Box::pin($module::$name(store)),
            },
        )+)+];
    };
}

cases! {
    queue {
        adds_each_message_once: "a recipient and occurrence is added to a batch once";
        adds_once_under_concurrency: "messages that many tasks add at once are added once";
        adds_all_or_none: "one call adds all of its messages or none";
        adds_thousands_at_once: "one call adds thousands of messages";
        refuses_without_an_open_batch: "messages need a batch that is not canceled";
        leaves_known_messages_alone: "a known message that is added again keeps its state";
    }
    claims {
        are_exclusive: "no two tasks claim the same message";
        follow_the_time_due: "the message that is due first is claimed first";
        carry_the_message: "a claim has the message's keys, its ID, its end and its number";
        wait_for_the_time_due: "a message that is not due is waited for";
        end_with_an_empty_queue: "a sender without queued messages is empty";
        expire_late_messages: "a message after its end of validity expires, and nothing is charged";
        need_a_pace: "a sender without a pace is refused";
    }
    pace {
        spaces_claims: "claims without burst are at least an interval apart";
        is_shared: "tasks share the pace of a sender";
        permits_a_burst: "after a pause, the segments of the burst go at once";
        charges_further_segments: "the ledger entry charges the segments beyond the first";
        charges_bursts_of_long_texts: "further segments of texts claimed in one burst are all charged";
        charges_without_a_message: "a charge beside the sender's messages delays the next claim";
        holds_a_sender: "a hold is waited for, and only a later one changes it";
        can_be_changed: "a new pace applies at once, the same one again changes nothing, and a hold outlives both";
    }
    ledger {
        begins_once: "a claim has one ledger entry";
        refuses_stale_claims: "an earlier claim of a message changes nothing";
        ends_a_claim_once: "each end of a claim has its state, and no second one counts";
        requeues_with_a_time: "a message that is put back is due at its new time";
        requeues_into_the_batch_state: "a message that is put back is paused or canceled as its batch";
        counts_failures_in_turn: "failures are counted until a message is put back otherwise";
        sends_what_was_held: "an accepted message is sent, though it was held in the meantime";
        keeps_doubts_sending: "a message in doubt stays sending";
        gives_a_sid_to_one_message: "a SID belongs to one message";
    }
    doubts {
        are_selected: "doubts are old claims and those marked, of one sender";
        are_ordered: "doubts never looked at come first, then the oldest look";
        are_settled: "each settlement has its state, and no second one counts";
        are_put_back_by_their_entry: "a doubt is put back only with the ledger entry that was read";
        settle_known_messages_only: "a settlement of an unknown message changes nothing";
        requeue_into_the_batch_state: "a settled message is paused as its batch";
        are_decided: "each decision has its state, and only held messages are decided";
    }
    reports {
        settle_before_the_answer: "a report before the answer settles the message";
        are_recorded_after_the_answer: "a report after the answer is recorded";
        refuse_another_sid: "a report of another SID changes nothing";
        refuse_unknown_messages: "a report of an unknown message changes nothing";
        arrive_in_any_order: "a report of lower rank does not replace a higher one";
        settle_any_state: "a report proves that the message was sent, whatever its state";
    }
    batches {
        open_once: "a batch is opened once, and another one with its ID is refused";
        pause_and_resume: "a paused batch sends nothing until it is resumed";
        stop_with_a_reason: "a stopped batch keeps its reason until it is resumed";
        stop_once: "a batch is stopped once, and not by claims from before it was resumed";
        cancel_for_good: "a canceled batch cannot be resumed";
        leave_others_alone: "a change of one batch leaves others and claims alone";
        change_only_if_known: "a change of an unknown batch is refused";
        are_counted: "counts are by state, delivery status and segments";
        are_listed_by_page: "records are listed by row, from a row on, of one state or all";
    }
}

/// Returns the cases, to run each as a test of its own.
///
/// ```
/// use clinspark_twilio::outbox::conformance;
///
/// assert!(conformance::cases().iter().any(|case| case.name() == "claims::are_exclusive"));
/// ```
#[must_use]
pub fn cases() -> &'static [Case] {
    CASES
}

/// Runs each case on a store of its own, which `make` creates.
///
/// # Errors
///
/// [`Failures`] lists every rule that the store breaks.
pub async fn run<F, Fut>(make: F) -> Result<(), Failures>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Arc<dyn OutboxStore>>,
{
    conformance::run(CASES, make).await
}
