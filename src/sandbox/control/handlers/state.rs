//! `state`: the saved state, for export and import.

use bytes::Bytes;

use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::world::WorldView;
use crate::sandbox::saved::SavedState;

pub(in crate::sandbox::control) fn show(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let saved = request.context().save_state().write();
    Ok(Reply::written(Bytes::from(saved)))
}

/// Replaces the state by a saved one.
pub(in crate::sandbox::control) async fn load(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let text = std::str::from_utf8(&request.body).map_err(|_| {
        let message = "the body is not JSON: it is not text in UTF-8";
        ControlError::bad_request("malformed_json", message)
    })?;
    let saved = SavedState::read(text).map_err(|error| {
        let message = format!("the body is no saved state, so nothing was changed: {error}");
        ControlError::invalid("invalid_state", message)
    })?;
    let context = std::sync::Arc::clone(request.context());
    // A task of its own: the state is whole even if the client goes away.
    let loaded = tokio::spawn(async move { context.load_state(saved).await });
    loaded.await.map_err(|_| {
        let message = "the state could not be loaded; please report this";
        ControlError::new(http::StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    })?;
    Reply::ok(&WorldView::new(request.context()))
}
