//! Opt-outs: recipients who texted STOP, and whose messages they refuse.

use std::collections::HashSet;

use crate::phone::Address;
use crate::types::MessagingServiceSid;

/// Senders that an opt-out covers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OptOutScope {
    /// One sender.
    Sender(Address),
    /// Every sender of a Messaging Service.
    Service(MessagingServiceSid),
}

/// Recipients who opted out, each with the senders that they refuse.
#[derive(Default)]
pub(crate) struct OptOuts(HashSet<(OptOutScope, Address)>);

impl OptOuts {
    /// Returns `false` if the recipient had opted out before.
    pub(crate) fn add(&mut self, scope: OptOutScope, recipient: Address) -> bool {
        self.0.insert((scope, recipient))
    }

    /// Returns `false` if the recipient had not opted out.
    pub(crate) fn remove(&mut self, scope: OptOutScope, recipient: Address) -> bool {
        self.0.remove(&(scope, recipient))
    }

    pub(crate) fn contains(&self, scope: OptOutScope, recipient: &Address) -> bool {
        self.0.contains(&(scope, recipient.clone()))
    }
}
