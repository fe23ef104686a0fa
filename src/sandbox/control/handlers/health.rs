//! `health`.

use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::health::HealthView;

pub(in crate::sandbox::control) fn show(request: &ControlRequest) -> Handled {
    request.no_query()?;
    Reply::ok(&HealthView::new())
}
