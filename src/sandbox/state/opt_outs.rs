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
pub(crate) struct OptOuts {
    opt_outs: HashSet<(OptOutScope, Address)>,
    /// Recipients whose opt-outs have changed since the last reading.
    changed: Vec<Address>,
}

impl OptOuts {
    /// Returns `false` if the recipient had opted out before.
    pub(crate) fn add(&mut self, scope: OptOutScope, recipient: Address) -> bool {
        self.changed.push(recipient.clone());
        self.opt_outs.insert((scope, recipient))
    }

    /// Returns `false` if the recipient had not opted out.
    pub(crate) fn remove(&mut self, scope: OptOutScope, recipient: Address) -> bool {
        let opt_out = (scope, recipient);
        let is_removed = self.opt_outs.remove(&opt_out);
        self.changed.push(opt_out.1);
        is_removed
    }

    pub(crate) fn contains(&self, scope: OptOutScope, recipient: &Address) -> bool {
        self.opt_outs.contains(&(scope, recipient.clone()))
    }

    /// Returns every opt-out.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(OptOutScope, Address)> {
        self.opt_outs.iter()
    }

    /// Returns the recipients whose opt-outs have changed since the last call.
    pub(crate) fn drain_changed(&mut self) -> impl Iterator<Item = Address> {
        self.changed.drain(..)
    }
}
