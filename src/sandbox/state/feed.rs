//! [`Feed`]: keys of what has changed, for readers that show the state as it is now.

use std::collections::{BTreeMap, HashMap};

use super::timeline::GroupId;
use crate::phone::Address;
use crate::types::{CallSid, MessageSid};

/// Number of keys that the feed keeps. A reader that is further behind reads everything again.
const FEED_LIMIT: usize = 10_000;

/// Something of the sandbox that has changed. Its value is read from the state; one that is missing
/// there was removed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ChangedKey {
    Phone(Address),
    Message(MessageSid),
    Call(CallSid),
    /// A group of the timeline: its title, or one of its events.
    Group(GroupId),
    /// Serial number of an alert.
    Alert(u64),
    /// Numbers, TwiML Apps, Messaging Services or short codes, and so the routes of every number.
    Numbers,
    /// Clock, faults or timeout.
    World,
}

/// A cursor before the oldest change that the feed keeps, or before a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooOld;

/// Keys that have changed, by the cursor of their last change.
#[derive(Default)]
pub(crate) struct Feed {
    /// Cursor of the last change.
    cursor: u64,
    /// Cursor before which changes are missing.
    oldest: u64,
    changes: BTreeMap<u64, ChangedKey>,
    latest: HashMap<ChangedKey, u64>,
}

impl Feed {
    /// Notes a change. An earlier change of the same key is dropped.
    pub(crate) fn note(&mut self, key: ChangedKey) {
        self.cursor += 1;
        if let Some(earlier) = self.latest.insert(key.clone(), self.cursor) {
            self.changes.remove(&earlier);
        }
        self.changes.insert(self.cursor, key);
        while self.changes.len() > FEED_LIMIT
            && let Some((cursor, key)) = self.changes.pop_first()
        {
            self.latest.remove(&key);
            self.oldest = cursor;
        }
    }

    /// Returns the cursor of the last change.
    pub(crate) const fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Returns what has changed after a cursor, in the order of the last changes, and the cursor of
    /// the next reading.
    pub(crate) fn changes_after(&self, cursor: u64) -> Result<(Vec<ChangedKey>, u64), TooOld> {
        // A cursor of the future belongs to another sandbox.
        if cursor < self.oldest || cursor > self.cursor {
            return Err(TooOld);
        }
        let changes = self.changes.range(cursor + 1..);
        Ok((changes.map(|(_, key)| key.clone()).collect(), self.cursor))
    }

    /// Drops every change, so that each reader reads everything again.
    pub(crate) fn restart(&mut self) {
        self.cursor += 1;
        self.oldest = self.cursor;
        self.changes.clear();
        self.latest.clear();
    }
}
