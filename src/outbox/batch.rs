//! A batch: one template for many people.

use serde::{Deserialize, Serialize};

use super::keys::{BatchId, SenderKey};
use super::message::Reason;
use crate::template::Template;

/// Definition of a batch: template, sender and purpose.
///
/// ```
/// use clinspark_twilio::outbox::{Batch, BatchId, SenderKey};
/// # use clinspark_twilio::template::{Catalogue, Locale, Template};
/// # let reminder = Template::builder("visit-reminder", 1)
/// #     .variant(Locale::parse("en")?, "Your visit is tomorrow.")
/// #     .build(&Catalogue::new([])?)?;
///
/// let id = BatchId::parse("reminders-2026-12-01")?;
/// let batch = Batch::new(id, &reminder, SenderKey::parse("clinic-12")?, "visit reminder");
/// assert_eq!(batch.template(), "visit-reminder");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    id: BatchId,
    sender: SenderKey,
    definition: Definition,
}

/// Persisted form of a definition. A stored sample of each version is part of the tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "v")]
enum Definition {
    #[serde(rename = "1")]
    V1 {
        template: String,
        version: u32,
        digest: String,
        purpose: String,
    },
}

impl Batch {
    /// Creates a batch. `purpose` is recorded in the audit trail with each text.
    #[must_use]
    pub fn new(
        id: BatchId,
        template: &Template,
        sender: SenderKey,
        purpose: impl Into<String>,
    ) -> Self {
        Self {
            id,
            sender,
            definition: Definition::V1 {
                template: template.name().to_owned(),
                version: template.version(),
                digest: template.digest(),
                purpose: purpose.into(),
            },
        }
    }

    /// Reads a batch from a store. `None` if the definition cannot be read, such as after a change by
    /// hand, or if it is of a newer version of this crate.
    #[must_use]
    pub fn from_persisted(id: BatchId, sender: SenderKey, definition: &str) -> Option<Self> {
        let definition = serde_json::from_str(definition).ok()?;
        Some(Self {
            id,
            sender,
            definition,
        })
    }

    /// Returns the definition as stores persist it: JSON with a version.
    #[must_use]
    pub fn to_persisted(&self) -> String {
        // Strings and one integer: serialization cannot fail.
        serde_json::to_string(&self.definition).unwrap_or_default()
    }

    /// Returns the ID.
    #[must_use]
    pub const fn id(&self) -> &BatchId {
        &self.id
    }

    /// Returns the sender.
    #[must_use]
    pub const fn sender(&self) -> &SenderKey {
        &self.sender
    }

    /// Returns the name of the template.
    #[must_use]
    pub fn template(&self) -> &str {
        let Definition::V1 { template, .. } = &self.definition;
        template
    }

    /// Returns the version of the template.
    #[must_use]
    pub const fn template_version(&self) -> u32 {
        let Definition::V1 { version, .. } = &self.definition;
        *version
    }

    /// Returns the purpose, for the audit trail.
    #[must_use]
    pub fn purpose(&self) -> &str {
        let Definition::V1 { purpose, .. } = &self.definition;
        purpose
    }

    /// Returns `true` if this is the template of the batch, with unchanged texts.
    #[must_use]
    pub fn is_of(&self, template: &Template) -> bool {
        let Definition::V1 { digest, .. } = &self.definition;
        *digest == template.digest()
    }
}

/// State of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the persisted states; a fifth would be a new version of every store"
)]
pub enum BatchState {
    /// Messages are sent when they are due.
    Open,
    /// Paused by a person.
    Paused,
    /// Stopped by an error that would fail for every message, such as a wrong credential.
    Stopped,
    /// Canceled: its queued messages are not sent, and no further ones are accepted.
    Cancelled,
}

impl BatchState {
    /// Returns the name that stores persist.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Cancelled => "cancelled",
        }
    }

    /// Parses a persisted name. `None` for any other text.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Open, Self::Paused, Self::Stopped, Self::Cancelled];
        all.into_iter().find(|state| state.as_str() == name)
    }
}

/// Batch in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "stores construct it; a further field is a new version of every store"
)]
pub struct BatchRecord {
    /// Definition.
    pub batch: Batch,
    /// State.
    pub state: BatchState,
    /// Reason of the state.
    pub reason: Option<Reason>,
}

/// Change of a batch's state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "stores must persist each; a further one is a new version of every store"
)]
pub enum BatchChange {
    /// Queued messages become paused.
    Pause,
    /// Paused messages become queued. Nothing changes if the batch is canceled.
    Resume,
    /// Queued and paused messages become canceled. It cannot be undone.
    Cancel,
}
