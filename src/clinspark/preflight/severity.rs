//! Severity of a finding, and the party that fixes it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Volunteers are not reached, their replies are lost, or forged webhooks are accepted.
    Blocker,
    /// A function fails sometimes, or will fail.
    Warning,
    /// Information that needs no action, or one that can wait.
    Note,
}

impl Severity {
    /// Returns the name: `blocker`, `warning` or `note`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Party that fixes a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Owner {
    /// The customer, who owns the Twilio account.
    Customer,
    /// The support team, in the account or in the instance's settings.
    Support,
    /// This program, by [`Setup`](crate::clinspark::Setup).
    Program,
}

impl Owner {
    /// Returns the name: `customer`, `support` or `this program`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Support => "support",
            Self::Program => "this program",
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
