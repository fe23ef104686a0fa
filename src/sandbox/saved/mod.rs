//! Saved state: what a sandbox writes into a file, and another reads.
//!
//! `values` (times, addresses, behaviors), `resources`, `registrations`, `messages`, `calls`,
//! `recordings`, `alerts`: the parts of [`SavedState`]. `transfer`: reads and replaces the state of a sandbox.

mod alerts;
mod calls;
mod messages;
mod recordings;
mod registrations;
mod resources;
mod transfer;
mod values;

use serde::{Deserialize, Serialize};

use self::alerts::SavedAlert;
use self::calls::SavedCall;
use self::messages::{SavedMessage, SavedOptOut, SavedPhone};
use self::recordings::SavedRecording;
use self::registrations::SavedRegistrations;
use self::resources::{SavedApplication, SavedCallerId, SavedNumber, SavedService, SavedShortCode};
use super::error::{SandboxError, SandboxErrorKind};

/// Version of the format. A change that older releases would misread raises it.
const VERSION: u32 = 1;

/// State of a sandbox, in the order of the fields of its JSON.
#[derive(Deserialize, Serialize)]
pub(crate) struct SavedState {
    version: u32,
    /// Time of the sandbox's clock.
    #[serde(with = "values::time")]
    now: std::time::SystemTime,
    /// Number of identifiers that were drawn, so that a seed does not repeat one.
    ids_used: u64,
    numbers: Vec<SavedNumber>,
    applications: Vec<SavedApplication>,
    services: Vec<SavedService>,
    short_codes: Vec<SavedShortCode>,
    caller_ids: Vec<SavedCallerId>,
    registrations: SavedRegistrations,
    phones: Vec<SavedPhone>,
    opt_outs: Vec<SavedOptOut>,
    messages: Vec<SavedMessage>,
    calls: Vec<SavedCall>,
    /// Missing in the files of earlier builds.
    #[serde(default)]
    recordings: Vec<SavedRecording>,
    alerts: Vec<SavedAlert>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl SavedState {
    /// Reads the state from JSON.
    pub(crate) fn read(json: &str) -> Result<Self, SandboxError> {
        let refused = |message| SandboxError::new(SandboxErrorKind::InvalidState, message);
        let version: Versioned = serde_json::from_str(json)
            .map_err(|_| refused("the saved state is no JSON object with a `version`"))?;
        if version.version > VERSION {
            return Err(refused(
                "the saved state is of a newer version than this release reads; use a newer release of \
                 clinspark-twilio",
            ));
        }
        // The error of the reader may quote a value, and so a phone number or a text.
        serde_json::from_str(json)
            .map_err(|_| refused("a field of the saved state is missing, or has no valid value"))
    }

    /// Returns the state as JSON. Its fields always have the same order.
    pub(crate) fn write(&self) -> String {
        // Neither a map with keys that are no text nor a value that cannot be written is in it.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
