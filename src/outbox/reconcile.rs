//! [`Outbox::reconcile`]: settles messages in doubt.

use std::time::{Duration, SystemTime};

use super::builder::Outbox;
use super::deliver::{ListedText, Listing, Undelivered};
use super::message::{Doubt, LedgerEntry, MessageState, Reason, Settlement};
use super::proof::Proof;
use super::store::StoreError;
use super::trace;

/// Time between two looks at Twilio's list.
const BETWEEN_LOOKS: Duration = Duration::from_secs(60);

/// Difference from Twilio's clock at which an entry still counts as in time.
const SKEW: Duration = Duration::from_secs(60);

/// Time after the ledger entry in which the request must have arrived.
const ARRIVAL: Duration = Duration::from_secs(15 * 60);

/// Time before the ledger entry in which an equal text makes the result unclear. A store whose clock
/// is wrong by the hours of a time zone must not make a text look like another.
const DRIFT: Duration = Duration::from_secs(26 * 3_600);

/// Doubts that one call looks at.
const MOST: u32 = 1_000;

/// Counts of [`Outbox::reconcile`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReconcileReport {
    /// Messages that Twilio's list shows: they were sent.
    pub sent: u64,
    /// Messages without ledger entry, or not found twice where that is permitted: queued again.
    pub requeued: u64,
    /// Messages that a person must decide.
    pub held: u64,
    /// Messages that are looked at again later.
    pub open: u64,
}

impl Outbox {
    /// Settles messages whose outcome is unknown, such as after a crash.
    ///
    /// - A claim without ledger entry was never sent, and goes back into the queue.
    /// - A status callback proves that the message was sent; see
    ///   [`OutboxStore::observe`](super::OutboxStore::observe). It needs no call of this function.
    /// - Otherwise Twilio's list is searched for the number and the text, by their proof. A text that
    ///   is not found in two looks, a minute apart, is held for a person. So is one that Twilio's list
    ///   cannot show, because of the retention of texts or numbers.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store fails. Doubts that were settled before stay so.
    pub async fn reconcile(&self) -> Result<ReconcileReport, StoreError> {
        let store = &self.config.store;
        let now = store.now().await?;
        let since = now.checked_sub(self.config.doubt_after);
        let since = since.unwrap_or(SystemTime::UNIX_EPOCH);
        let mut report = ReconcileReport::default();
        for mut doubt in store.doubts(&self.config.sender, since, MOST).await? {
            let settlement = self.judge(&mut doubt, now).await?;
            let is_settled = match &settlement {
                Some(settlement) => store.settle(&doubt, settlement).await?,
                None => true,
            };
            let state = match &settlement {
                Some(Settlement::Sent(_)) => Some(MessageState::Sent),
                Some(Settlement::Requeue) => Some(MessageState::Queued),
                Some(Settlement::Held(_)) => Some(MessageState::Held),
                Some(Settlement::Looked) | None => None,
            };
            if let Some(state) = state.filter(|_| is_settled) {
                trace::settled(&doubt.claimed.batch, state);
            }
            match settlement {
                // Settled otherwise in the meantime, such as by a status callback.
                Some(_) if !is_settled => report.open += 1,
                Some(Settlement::Sent(_)) => report.sent += 1,
                Some(Settlement::Requeue) => report.requeued += 1,
                Some(Settlement::Held(_)) => report.held += 1,
                Some(Settlement::Looked) | None => report.open += 1,
            }
        }
        Ok(report)
    }

    /// Returns the decision about a doubt. `None` to look again later.
    async fn judge(
        &self,
        doubt: &mut Doubt,
        now: SystemTime,
    ) -> Result<Option<Settlement>, StoreError> {
        let held = |reason: &str| Ok(Some(Settlement::Held(Reason::new(reason))));
        let (Some(began_at), Some(proof)) = (doubt.began_at, doubt.proof) else {
            return self.fence(doubt).await;
        };
        if proof == Proof::FENCE {
            return Ok(Some(Settlement::Requeue));
        }
        let since_look = doubt.looked_at.and_then(|at| now.duration_since(at).ok());
        if doubt.looked_at.is_some() && since_look.is_none_or(|since| since < BETWEEN_LOOKS) {
            return Ok(None);
        }
        let (recipient, occurrence) = (&doubt.claimed.recipient, &doubt.claimed.occurrence);
        let person = match self.resolve(recipient, occurrence).await {
            Ok(Some(person)) => person,
            Ok(None) => return held("in doubt, and the resolver has no such person"),
            Err(_) => return Ok(None),
        };
        let list = async { self.config.deliver.list(&person.number).await };
        let listing = match self.guarded(list).await {
            Ok(Ok(listing)) => listing,
            Ok(Err(Undelivered::Refused { .. } | Undelivered::Held(_))) => {
                return held("in doubt, and the person's number is refused now");
            }
            Ok(Err(_)) | Err(_) => return Ok(None),
        };
        let Some(to) = listing.to else {
            return Ok(None);
        };
        if !self.config.key.proof(to, "").has_same_number(&proof) {
            return held("in doubt, and the person's number has changed since");
        }
        let found = self.search(&listing, &proof, began_at).await?;
        match (found, &listing.incomplete) {
            (Found::One(text), _) => Ok(Some(Settlement::Sent(text.sid))),
            (Found::Unclear(reason), _) => held(reason),
            (Found::None, Some(reason)) => held(&format!("in doubt: {}", reason.as_str())),
            (Found::None, None) if doubt.looks == 0 => Ok(Some(Settlement::Looked)),
            (Found::None, None) if self.config.resends => {
                // Until then a slow worker may still send it.
                let age = now.duration_since(began_at).unwrap_or_default();
                Ok((age >= self.config.doubt_after).then_some(Settlement::Requeue))
            }
            (Found::None, None) => held("in doubt: Twilio's list did not show it in two looks"),
        }
    }

    /// Makes sure that no worker can begin a claim any more, and returns the decision to put its
    /// message back. A worker may have been slow and begin it at this moment.
    async fn fence(&self, doubt: &mut Doubt) -> Result<Option<Settlement>, StoreError> {
        let entry = LedgerEntry {
            proof: Proof::FENCE,
            segments: 1,
        };
        let is_fenced = self.config.store.begin(&doubt.claimed, &entry).await?;
        doubt.proof = is_fenced.then_some(entry.proof);
        Ok(is_fenced.then_some(Settlement::Requeue))
    }

    async fn search<'l>(
        &self,
        listing: &'l Listing,
        proof: &Proof,
        began_at: SystemTime,
    ) -> Result<Found<'l>, StoreError> {
        let mut matches = Vec::new();
        let mut unclear = None;
        for text in &listing.texts {
            let timing = timing(text.created, began_at);
            if timing == Timing::Other {
                continue;
            }
            // A text of another message is not this one.
            if self.config.store.owner_of(text.sid).await?.is_some() {
                continue;
            }
            let to = listing.to;
            let body = text.body.as_ref();
            let Some((to, body)) = to.zip(body) else {
                unclear = Some("in doubt: Twilio keeps no text of a message to this number");
                continue;
            };
            if self.config.key.proof(to, body.expose()) != *proof {
                continue;
            }
            if timing == Timing::Same {
                matches.push(text);
            } else {
                unclear = Some("in doubt: an equal text was sent at another time");
            }
        }
        Ok(match (matches.as_slice(), unclear) {
            ([text], None) => Found::One(text),
            ([], None) => Found::None,
            (_, Some(reason)) => Found::Unclear(reason),
            (_, None) => Found::Unclear("in doubt: Twilio's list shows several equal texts"),
        })
    }
}

enum Found<'l> {
    One(&'l ListedText),
    None,
    Unclear(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Timing {
    Same,
    Near,
    Other,
}

/// Compares the time of an entry with the time of the ledger entry, after which the request left.
fn timing(created: Option<SystemTime>, began_at: SystemTime) -> Timing {
    let Some(created) = created else {
        return Timing::Near;
    };
    match began_at.duration_since(created) {
        Err(later) if later.duration() <= ARRIVAL => Timing::Same,
        Err(_) => Timing::Near,
        Ok(before) if before <= SKEW => Timing::Same,
        Ok(before) if before <= DRIFT => Timing::Near,
        Ok(_) => Timing::Other,
    }
}
