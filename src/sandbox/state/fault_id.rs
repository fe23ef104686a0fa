//! [`FaultId`]: identifies a fault that was added.

/// Identifies a rule that was added, so that it can be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaultId(pub(crate) u64);
