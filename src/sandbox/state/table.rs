//! [`Table`]: rows in the order in which they were added, found by key. [`Log`]: entries that are
//! only added.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::Hash;

/// A row of a [`Table`].
pub(crate) trait Row {
    type Key: Copy + Eq + Hash;

    fn key(&self) -> Self::Key;

    /// Reports whether the row is finished, so that it may be removed to save memory.
    fn is_final(&self) -> bool;
}

/// Rows in the order in which they were added. Finding, adding and removing one costs the same in a
/// table of ten rows and of a million.
pub(crate) struct Table<T: Row> {
    rows: BTreeMap<u64, T>,
    serials: HashMap<T::Key, u64>,
    next: u64,
    /// Rows that were added, removed or lent for a change since the last reading.
    changed: Vec<T::Key>,
}

impl<T: Row> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            serials: HashMap::new(),
            next: 0,
            changed: Vec::new(),
        }
    }
}

impl<T: Row> Table<T> {
    /// Adds a row, in place of one with the same key. Above `limit` rows, the oldest final rows are
    /// removed first; they are returned.
    pub(crate) fn insert(&mut self, row: T, limit: usize) -> Vec<T> {
        // A saved state that a person has edited may have a row twice.
        self.remove(row.key());
        let mut removed = Vec::new();
        while self.rows.len() >= limit.max(1) {
            // Unfinished rows are few: each has a task or waits for a time.
            let oldest = self.rows.values().find(|row| row.is_final());
            let Some(key) = oldest.map(Row::key) else {
                break;
            };
            removed.extend(self.remove(key));
        }
        self.note(row.key());
        self.serials.insert(row.key(), self.next);
        self.rows.insert(self.next, row);
        self.next += 1;
        removed
    }

    pub(crate) fn get(&self, key: T::Key) -> Option<&T> {
        self.rows.get(self.serials.get(&key)?)
    }

    pub(crate) fn get_mut(&mut self, key: T::Key) -> Option<&mut T> {
        let row = self.rows.get_mut(self.serials.get(&key)?)?;
        if self.changed.last() != Some(&key) {
            self.changed.push(key);
        }
        Some(row)
    }

    pub(crate) fn remove(&mut self, key: T::Key) -> Option<T> {
        let row = self.rows.remove(&self.serials.remove(&key)?);
        self.note(key);
        row
    }

    /// Returns the rows that have changed since the last call. A row that is missing was removed.
    pub(crate) fn drain_changed(&mut self) -> impl Iterator<Item = T::Key> {
        self.changed.drain(..)
    }

    fn note(&mut self, key: T::Key) {
        if self.changed.last() != Some(&key) {
            self.changed.push(key);
        }
    }

    /// Returns the rows, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values()
    }
}

/// Entries in order, found by serial number. The oldest are removed above a limit.
pub(crate) struct Log<T> {
    entries: VecDeque<T>,
    removed: u64,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            removed: 0,
        }
    }
}

impl<T> Log<T> {
    /// Adds an entry and returns its serial number, counted from 0.
    pub(crate) fn push(&mut self, entry: T, limit: usize) -> u64 {
        while self.entries.len() >= limit.max(1) {
            self.entries.pop_front();
            self.removed += 1;
        }
        self.entries.push_back(entry);
        self.removed + self.entries.len() as u64 - 1
    }

    /// Returns the serial number of the next entry.
    pub(crate) fn next_serial(&self) -> u64 {
        self.removed + self.entries.len() as u64
    }

    /// Returns the entry that the next one evicts, if the log is full.
    pub(crate) fn oldest_of_full(&self, limit: usize) -> Option<(u64, &T)> {
        let is_full = self.entries.len() >= limit.max(1);
        Some((self.removed, self.entries.front().filter(|_| is_full)?))
    }

    pub(crate) fn get(&self, serial: u64) -> Option<&T> {
        let index = serial.checked_sub(self.removed)?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// Removes every entry. Later ones get new serial numbers.
    pub(crate) fn clear(&mut self) {
        self.removed = self.next_serial();
        self.entries.clear();
    }

    pub(crate) fn get_mut(&mut self, serial: u64) -> Option<&mut T> {
        let index = serial.checked_sub(self.removed)?;
        self.entries.get_mut(usize::try_from(index).ok()?)
    }

    /// Returns the entries with their serial numbers, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> + ExactSizeIterator {
        let removed = self.removed;
        let numbered = self.entries.iter().enumerate();
        numbered.map(move |(index, entry)| (removed + index as u64, entry))
    }
}
