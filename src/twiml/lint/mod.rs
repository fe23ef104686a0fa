//! What Twilio would refuse or warn about, found before it is sent.

mod check;
mod finding;
mod rules;
mod value;

pub use finding::{LintFinding, LintFindingKind};
