//! Queues, the calls that wait in them, and the calls that take them out.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use super::settings::WebhookTarget;
use crate::types::{CallSid, QueueSid};

/// Largest number of waiting calls, unless the API sets another.
pub(crate) const QUEUE_SIZE: usize = 1000;

/// A queue of the account.
#[derive(Clone)]
pub(crate) struct Queue {
    pub(crate) sid: QueueSid,
    pub(crate) friendly_name: String,
    pub(crate) max_size: usize,
    /// Calls that wait, first in line first.
    pub(crate) members: Vec<Member>,
    /// Calls whose `<Dial>` waits for a member, first in line first.
    pub(crate) agents: VecDeque<Agent>,
    /// Members that were taken out, with the calls that took them.
    pub(crate) links: Vec<Link>,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

/// Call that waits in a queue.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) call_sid: CallSid,
    pub(crate) date_enqueued: SystemTime,
    /// Reading of the clock at the beginning.
    pub(crate) since: Duration,
}

/// Call whose `<Dial><Queue>` takes a member out.
#[derive(Clone)]
pub(crate) struct Agent {
    pub(crate) call_sid: CallSid,
    /// Document that the member hears before it is connected.
    pub(crate) greeting: Option<WebhookTarget>,
}

/// Connection of a member with an agent.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) member: CallSid,
    pub(crate) agent: Agent,
    /// Time that the member waited.
    pub(crate) waited: Duration,
    /// Set after the member has heard the greeting.
    pub(crate) is_connected: bool,
}

impl Queue {
    pub(crate) fn new(sid: QueueSid, name: &str, max_size: usize, now: SystemTime) -> Self {
        Self {
            sid,
            friendly_name: name.to_owned(),
            max_size,
            members: Vec::new(),
            agents: VecDeque::new(),
            links: Vec::new(),
            date_created: now,
            date_updated: now,
        }
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.members.len() >= self.max_size
    }

    /// Reports whether no call is in the queue or waits for one.
    pub(crate) fn is_unused(&self) -> bool {
        self.members.is_empty() && self.agents.is_empty() && self.links.is_empty()
    }

    /// Returns a member with its position, counted from 1.
    pub(crate) fn member(&self, call: CallSid) -> Option<(usize, &Member)> {
        let mut members = self.members.iter().zip(1..);
        let found = members.find(|(member, _)| member.call_sid == call);
        found.map(|(member, position)| (position, member))
    }

    /// Returns the average time that the members have waited, in seconds.
    pub(crate) fn average_wait(&self, now: Duration) -> u64 {
        let total: u64 = self.members.iter().map(|member| member.waited(now)).sum();
        total
            .checked_div(self.members.len() as u64)
            .unwrap_or_default()
    }

    /// Returns the connection of a member or an agent.
    pub(crate) fn link(&self, call: CallSid) -> Option<&Link> {
        let mut links = self.links.iter();
        links.find(|link| link.member == call || link.agent.call_sid == call)
    }

    /// Connects the first member with the first agent. Returns both, if there are both.
    pub(crate) fn pair(&mut self, now: Duration) -> Option<Link> {
        if self.members.is_empty() {
            return None;
        }
        let agent = self.agents.pop_front()?;
        let member = self.members.remove(0);
        let link = Link {
            member: member.call_sid,
            agent,
            waited: Duration::from_secs(member.waited(now)),
            is_connected: false,
        };
        self.links.push(link.clone());
        Some(link)
    }

    /// Removes a call from the queue, wherever it is. Returns the other call of its connection.
    pub(crate) fn remove(&mut self, call: CallSid) -> Option<CallSid> {
        self.members.retain(|member| member.call_sid != call);
        self.agents.retain(|agent| agent.call_sid != call);
        let link = self.link(call)?;
        let other = if link.member == call {
            link.agent.call_sid
        } else {
            link.member
        };
        self.links
            .retain(|link| link.member != call && link.agent.call_sid != call);
        Some(other)
    }
}

impl Member {
    /// Returns the time that the member has waited, in seconds.
    pub(crate) const fn waited(&self, now: Duration) -> u64 {
        now.saturating_sub(self.since).as_secs()
    }
}
