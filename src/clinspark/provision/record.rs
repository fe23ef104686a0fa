//! Record of the changes made by set-up.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::state::{AppState, Binding};
use crate::types::{AccountSid, ApplicationSid, MessagingServiceSid, PhoneNumberSid};

/// Record of the changes made by [`Setup::apply`](super::Setup::apply), which
/// [`Setup::undo`](super::Setup::undo) reverts.
///
/// Store it as JSON or in another format with field names. The serialised form has a version.
///
/// **The serialised form is secret.** It contains the previous URLs of the account with user names
/// and passwords, so store it like the settings. `Display`, `Debug` and the error of an invalid
/// record leave them out. [`Setup`](super::Setup) shows an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Written")]
pub struct Undo {
    pub(super) account: AccountSid,
    pub(super) changes: Vec<AppliedChange>,
}

/// Version of the serialised form that is written. Every earlier version stays readable.
const VERSION: u8 = 1;

/// Serialised form of a record.
#[derive(Serialize)]
struct Written {
    version: u8,
    account: AccountSid,
    changes: Vec<AppliedChange>,
}

/// Serialised form of any version. The other fields are parsed after the version, which may come
/// last, because databases reorder fields.
#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    version: Value,
    #[serde(default)]
    account: Value,
    #[serde(default)]
    changes: Value,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

impl From<Undo> for Written {
    fn from(Undo { account, changes }: Undo) -> Self {
        Self {
            version: VERSION,
            account,
            changes,
        }
    }
}

impl TryFrom<Stored> for Undo {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let remedy = format!(
            "this version of the library reads version {VERSION}; undo with the version of the \
             library that wrote it"
        );
        match stored.version {
            Value::Number(version) if version.as_u64() == Some(VERSION.into()) => {}
            Value::Number(version) => {
                return Err(format!("the record has version {version}, and {remedy}"));
            }
            Value::Null => return Err(format!("the record has no version, and {remedy}")),
            // The message does not quote the value, which may be a secret.
            _ => {
                return Err(format!(
                    "the version of the record is not a number, and {remedy}"
                ));
            }
        }
        let account = serde_json::from_value(stored.account).ok();
        let changes = serde_json::from_value(stored.changes).ok();
        // The message of the cause would quote the record.
        match (account, changes) {
            (Some(account), Some(changes)) if stored.unknown.is_empty() => {
                Ok(Self { account, changes })
            }
            _ => Err(
                "the record is damaged: a field is missing, unknown or malformed; restore it as \
                 it was written"
                    .to_owned(),
            ),
        }
    }
}

/// Change that was applied, with the data for reverting it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum AppliedChange {
    Created {
        sid: ApplicationSid,
        made: AppState,
    },
    Updated {
        sid: ApplicationSid,
        from: AppState,
        to: AppState,
    },
    Bound {
        sid: PhoneNumberSid,
        from: Binding,
        to: Binding,
    },
    Deferred {
        sid: MessagingServiceSid,
    },
}

impl Undo {
    pub(super) const fn new(account: AccountSid) -> Self {
        Self {
            account,
            changes: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, change: AppliedChange) {
        self.changes.push(change);
    }

    /// Returns `true` if there is nothing to revert.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

impl fmt::Display for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return write!(f, "nothing to revert in account {}", self.account);
        }
        write!(f, "to revert in account {}:", self.account)?;
        for (index, change) in self.changes.iter().rev().enumerate() {
            write!(f, "\n{:>3}. {change}", index + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for AppliedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created { sid, .. } => write!(f, "delete the TwiML App {sid}"),
            Self::Updated { sid, from, to } => {
                write!(f, "change the TwiML App {sid}")?;
                to.changes(from)
                    .try_for_each(|(name, now, then)| write!(f, "\n       {name}: {now} -> {then}"))
            }
            Self::Bound { sid, from, .. } => write!(f, "bind the number {sid} to {from}"),
            Self::Deferred { sid } => write!(
                f,
                "let the Messaging Service {sid} send replies to its own URL instead of deferring"
            ),
        }
    }
}
