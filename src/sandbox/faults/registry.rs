//! [`Faults`]: the rules in effect, and how often each has applied.

use super::rule::{Fault, FaultRule};
use crate::sandbox::state::{FaultId, WebhookKind};

/// A rule in effect.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ActiveFault {
    /// Identifies the rule.
    pub id: FaultId,
    /// The fault, and the requests that it affects.
    pub rule: FaultRule,
    /// Number of requests or webhooks that matched since the rule was added.
    pub matched: u64,
    /// Number of them that the fault affected.
    pub applied: u64,
}

/// Rules in effect, in the order in which they were added.
#[derive(Default)]
pub(crate) struct Faults {
    next: u64,
    rules: Vec<ActiveFault>,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) -> FaultId {
        let id = FaultId(self.next);
        self.next += 1;
        self.rules.push(ActiveFault {
            id,
            rule,
            matched: 0,
            applied: 0,
        });
        id
    }

    pub(crate) fn remove(&mut self, id: FaultId) {
        self.rules.retain(|active| active.id != id);
    }

    /// Removes the rules that reject requests with this part of a path.
    pub(crate) fn remove_rejection(&mut self, part: &str) {
        self.rules
            .retain(|active| active.rule.rejected_path() != Some(part));
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Reports whether no rule is in effect.
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn list(&self) -> Vec<ActiveFault> {
        self.rules.clone()
    }

    /// Returns the fault of an API request, and its rule. `chance` draws with a probability.
    pub(crate) fn of_request(
        &mut self,
        method: &str,
        path: &str,
        chance: impl Fn(f64) -> bool,
    ) -> Option<(FaultId, Fault)> {
        self.decide(|rule| rule.is_for_request(method, path), chance)
    }

    /// Returns the fault of a webhook, and its rule. `chance` draws with a probability.
    pub(crate) fn of_webhook(
        &mut self,
        kind: WebhookKind,
        chance: impl Fn(f64) -> bool,
    ) -> Option<(FaultId, Fault)> {
        self.decide(|rule| rule.is_for_webhook(kind), chance)
    }

    /// Counts a request for every rule that matches, and applies the first of them.
    fn decide(
        &mut self,
        matches: impl Fn(&FaultRule) -> bool,
        chance: impl Fn(f64) -> bool,
    ) -> Option<(FaultId, Fault)> {
        let mut fault = None;
        for active in &mut self.rules {
            if !matches(&active.rule) {
                continue;
            }
            active.matched += 1;
            if fault.is_none() && active.rule.applies(active.matched, active.applied, &chance) {
                active.applied += 1;
                fault = Some((active.id, active.rule.fault()));
            }
        }
        fault
    }
}
