//! Faults that a test adds: of the API's responses, and of webhooks.

mod registry;
mod rule;

pub(crate) use registry::Faults;
pub use registry::{ActiveFault, FaultId};
pub use rule::{Fault, FaultRule};
