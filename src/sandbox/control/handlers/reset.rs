//! `reset`.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::world::WorldView;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetInput {
    #[serde(rename = "keep")]
    _keep: Option<Keep>,
}

/// Size of a state that the answer of a reset returns, in bytes: 1 MiB.
const UNDO_LIMIT: usize = 1024 * 1024;

/// World after a reset.
#[derive(Serialize)]
struct ResetView {
    #[serde(flatten)]
    world: WorldView,
    /// Saved state before the reset, unless it is large. `PUT /_sandbox/state` brings it back.
    undo: Option<Box<RawValue>>,
}

/// What a reset keeps. Numbers, TwiML Apps and Messaging Services always stay.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Keep {
    Configuration,
}

/// Removes what has happened. Completes even if the client goes away.
pub(in crate::sandbox::control) async fn reset(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let ResetInput { .. } = request.json()?;
    let saved = request.context().save_state().write();
    request.context().reset().await;
    Reply::ok(&ResetView {
        world: WorldView::new(request.context()),
        undo: Some(saved)
            .filter(|saved| saved.len() < UNDO_LIMIT)
            .and_then(|saved| RawValue::from_string(saved).ok()),
    })
}
