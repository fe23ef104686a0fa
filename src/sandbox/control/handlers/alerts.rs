//! `alerts`.

use super::page::{LimitQuery, limit_of};
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::alert::AlertView;

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    let LimitQuery { limit } = request.query()?;
    let limit = limit_of(limit)?;
    let alerts: Vec<AlertView> = request.context().read(|state| {
        let newest = state.alerts.iter().rev().take(limit);
        newest.map(|(_, alert)| AlertView::new(alert)).collect()
    });
    Reply::ok(&alerts)
}
