//! Faults that a test adds: of the API's responses, and of webhooks.

mod registry;
mod rule;

pub use registry::ActiveFault;
pub(crate) use registry::Faults;
pub use rule::{Fault, FaultRule};
