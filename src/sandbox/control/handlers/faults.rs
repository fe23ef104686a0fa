//! `faults`.

use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::fault::{FaultView, RuleView};
use crate::sandbox::faults::{ActiveFault, Faults};

/// Faults in effect at once.
const LIMIT: usize = 100;

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let faults = request.context().faults(Faults::list);
    let faults: Vec<FaultView> = faults.iter().map(FaultView::new).collect();
    Reply::ok(&faults)
}

pub(in crate::sandbox::control) fn create(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let rule: RuleView = request.json()?;
    let rule = rule
        .read()
        .map_err(|problem| ControlError::invalid("invalid_fault", problem))?;
    let added = request.context().change_faults(|faults| {
        if faults.list().len() >= LIMIT {
            return None;
        }
        let id = faults.add(rule);
        faults.list().into_iter().find(|active| active.id == id)
    });
    let added = added.ok_or_else(|| {
        let message = format!("there are {LIMIT} faults already; remove some first");
        ControlError::conflict("too_many_faults", message)
    })?;
    Reply::created(&FaultView::new(&added))
}

pub(in crate::sandbox::control) fn remove(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let id = request.path_value();
    let removed = request.context().change_faults(|faults| {
        let mut active = faults.list().into_iter();
        let found: Option<ActiveFault> = active.find(|active| active.id.0.to_string() == id);
        if let Some(found) = &found {
            faults.remove(found.id);
        }
        found
    });
    if removed.is_some() {
        return Ok(Reply::no_content());
    }
    let message = "no fault in effect has this id; `GET /_sandbox/faults` lists them";
    Err(ControlError::not_found("unknown_fault", message))
}

pub(in crate::sandbox::control) fn remove_all(request: &ControlRequest) -> Handled {
    request.no_query()?;
    request.context().change_faults(Faults::clear);
    Ok(Reply::no_content())
}
