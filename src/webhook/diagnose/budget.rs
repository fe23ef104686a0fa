//! Limits of a diagnosis.

use std::cell::Cell;

/// Size of URL and body, in bytes, above which mistakes are tried one at a time and values not at
/// all.
///
/// Twilio's requests are smaller, and each attempt hashes all of it.
pub(super) const MAX_BYTES: usize = 16 * 1024;

/// Remaining signatures and bytes of a diagnosis. The sender of a request must not decide how long
/// it takes.
pub(super) struct Budget {
    /// Number of signatures computed.
    pub(super) attempts: Cell<usize>,
    attempts_left: Cell<usize>,
    bytes_left: Cell<usize>,
}

impl Budget {
    /// Limit of signatures computed for spellings of the URL.
    pub(super) const URLS: usize = 32 * 1024;
    /// Limit of signatures computed for earlier states of the form.
    pub(super) const FORMS: usize = 4 * 1024;
    /// Limit of signatures computed for everything else.
    pub(super) const OTHERS: usize = 256;
    /// Limit of bytes hashed for spellings of the URL, which takes less than a second.
    pub(super) const URL_BYTES: usize = 32 << 20;
    /// Limit of bytes of forms. They cost several times as much, because each form is also written
    /// and sorted.
    pub(super) const FORM_BYTES: usize = 2 << 20;

    pub(super) const fn new(attempts: usize, bytes: usize) -> Self {
        Self {
            attempts: Cell::new(0),
            attempts_left: Cell::new(attempts),
            bytes_left: Cell::new(bytes),
        }
    }

    /// Starts a part of the search that has its own budget.
    pub(super) fn allow(&self, attempts: usize, bytes: usize) {
        self.attempts_left.set(attempts);
        self.bytes_left.set(bytes);
    }

    /// Takes a number of bytes. Returns `false` if too few are left.
    pub(super) fn take_bytes(&self, bytes: usize) -> bool {
        let left = self.bytes_left.get().checked_sub(bytes);
        self.bytes_left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Takes one signature. Returns `false` if none is left.
    pub(super) fn take_attempt(&self) -> bool {
        let left = self.attempts_left.get().checked_sub(1);
        self.attempts_left.set(left.unwrap_or_default());
        self.attempts
            .set(self.attempts.get() + usize::from(left.is_some()));
        left.is_some()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.attempts_left.get() == 0 || self.bytes_left.get() == 0
    }
}
