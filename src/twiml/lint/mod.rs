//! Faults that Twilio would refuse or warn about, found before the document is sent.

mod check;
mod finding;
mod rules;
mod value;

#[cfg(feature = "sandbox")]
pub(crate) use check::lint_node;
pub use finding::{LintFinding, LintFindingKind};
