//! Changes of the state: what readers of the feed learn, and the log of webhooks.

use super::feed::{ChangedKey, TooOld};
use super::log::SentWebhook;
use super::timeline::{EventId, GroupId};
use super::{Alert, State};
use crate::types::{CallSid, MessageSid};

impl State {
    /// Moves what has changed into the feed.
    pub(crate) fn collect_changes(&mut self) {
        // Their feed has no recordings.
        self.recordings.drain_changed().for_each(drop);
        for sid in self.messages.drain_changed() {
            self.feed.note(ChangedKey::Message(sid));
        }
        // A call shows at both of its ends.
        let calls: Vec<CallSid> = self.calls.drain_changed().collect();
        for sid in calls {
            if let Some(entry) = self.calls.get(sid) {
                self.phones.note(&entry.call.from);
                self.phones.note(&entry.call.to);
            }
            self.feed.note(ChangedKey::Call(sid));
        }
        let phones = self.phones.drain_changed();
        for address in phones.chain(self.opt_outs.drain_changed()) {
            self.feed.note(ChangedKey::Phone(address));
        }
        for group in self.timeline.drain_changed() {
            self.feed.note(ChangedKey::Group(group));
        }
        // Without `||`, which would leave marks behind.
        if self.numbers.take_change()
            | self.applications.take_change()
            | self.services.take_change()
            | self.short_codes.take_change()
        {
            self.feed.note(ChangedKey::Numbers);
        }
    }

    /// Notes a change of the clock, the faults or the timeout.
    pub(crate) fn note_world(&mut self) {
        self.feed.note(ChangedKey::World);
    }

    /// Returns what has changed after a cursor, and the cursor of the next reading.
    pub(crate) fn changes_after(&self, cursor: u64) -> Result<(Vec<ChangedKey>, u64), TooOld> {
        self.feed.changes_after(cursor)
    }

    /// Returns the cursor of the last change.
    pub(crate) const fn cursor(&self) -> u64 {
        self.feed.cursor()
    }

    /// Makes each reader of the feed read everything again.
    pub(crate) fn restart_feed(&mut self) {
        self.collect_changes();
        self.feed.restart();
    }

    /// Adds an alert to the debugger.
    pub(crate) fn add_alert(&mut self, alert: Alert) {
        if let Some((oldest, _)) = self.alerts.oldest_of_full(self.history_limit) {
            self.feed.note(ChangedKey::Alert(oldest));
        }
        let serial = self.alerts.push(alert, self.history_limit);
        self.feed.note(ChangedKey::Alert(serial));
    }

    /// Adds a webhook to the log and to its group. Returns its serial number.
    pub(crate) fn log_webhook(&mut self, mut webhook: SentWebhook) -> u64 {
        let serial = self.webhooks.next_serial();
        webhook.id = serial;
        let group = webhook.group;
        let oldest = self.webhooks.oldest_of_full(self.history_limit);
        if let Some(group) = oldest.and_then(|(_, oldest)| oldest.group) {
            self.timeline.touch(group);
        }
        self.webhooks.push(webhook, self.history_limit);
        if let Some(group) = group {
            self.timeline.add_event(group, EventId::Webhook(serial));
        }
        serial
    }

    /// Returns a webhook to which its response is added.
    pub(crate) fn webhook_mut(&mut self, serial: u64) -> Option<&mut SentWebhook> {
        let webhook = self.webhooks.get_mut(serial)?;
        if let Some(group) = webhook.group {
            self.timeline.touch(group);
        }
        Some(webhook)
    }

    /// Returns the group in which a message or call was created.
    pub(crate) fn group_of(&self, sid: &str) -> Option<GroupId> {
        if let Ok(sid) = MessageSid::parse(sid) {
            return self.message(sid)?.group;
        }
        self.call(CallSid::parse(sid).ok()?)?.group
    }
}
