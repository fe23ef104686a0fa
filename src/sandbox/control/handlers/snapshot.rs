//! `snapshot`: everything that the page shows.

use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::snapshot::SnapshotView;

pub(in crate::sandbox::control) fn show(request: &ControlRequest) -> Handled {
    request.no_query()?;
    Reply::ok(&SnapshotView::new(request.context(), &request.base_url))
}
