//! `openapi.json`.

use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;

pub(in crate::sandbox::control) fn show(request: &ControlRequest) -> Handled {
    request.no_query()?;
    Ok(Reply::written(request.shared.document.clone()))
}
