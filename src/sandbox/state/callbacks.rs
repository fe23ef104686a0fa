//! Order of the status callbacks of each message and call.

use std::collections::HashMap;

use tokio::sync::oneshot;

use super::activity::ActivityGuard;

/// Status callbacks that wait for another one, by the SID that they are about.
#[derive(Default)]
pub(crate) struct Callbacks {
    next: u64,
    /// The last callback in the queue of each SID: its serial number, and the signal of its end.
    queued: HashMap<String, (u64, oneshot::Receiver<()>)>,
    /// Callbacks that a fault of the test sends after the next one.
    held: HashMap<String, Vec<oneshot::Sender<ActivityGuard>>>,
}

impl Callbacks {
    /// Appends a callback to the queue of a SID. Returns its serial number, and the signal of the
    /// end of the callback before it.
    pub(crate) fn queue(
        &mut self,
        sid: &str,
        ended: oneshot::Receiver<()>,
    ) -> (u64, Option<oneshot::Receiver<()>>) {
        let serial = self.next;
        self.next += 1;
        let previous = self.queued.insert(sid.to_owned(), (serial, ended));
        (serial, previous.map(|(_, ended)| ended))
    }

    /// Removes the queue of a SID, if this callback was the last in it.
    pub(crate) fn end(&mut self, sid: &str, serial: u64) {
        if self
            .queued
            .get(sid)
            .is_some_and(|(last, _)| *last == serial)
        {
            self.queued.remove(sid);
        }
    }

    /// Keeps a callback until the next one of its SID was sent.
    pub(crate) fn hold(&mut self, sid: &str, next: oneshot::Sender<ActivityGuard>) {
        // A callback that was sent after its time no longer waits.
        self.held.retain(|_, waiting| {
            waiting.retain(|sender| !sender.is_closed());
            !waiting.is_empty()
        });
        self.held.entry(sid.to_owned()).or_default().push(next);
    }

    /// Returns the callbacks that waited for the next one of this SID.
    pub(crate) fn release(&mut self, sid: &str) -> Vec<oneshot::Sender<ActivityGuard>> {
        self.held.remove(sid).unwrap_or_default()
    }
}
