//! A group of the timeline: a cause, and what followed from it.

use serde::Serialize;

use super::event::{EventView, Reasons};
use super::time::rfc3339_millis;
use crate::phone::Address;
use crate::sandbox::state::{Group, State};

/// Events of a group that are shown: the newest.
const EVENTS: usize = 100;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct GroupView {
    id: String,
    at: String,
    title: String,
    /// Phone that acted, or that was reached.
    phone: Option<String>,
    /// SID of the message or call.
    resource: Option<String>,
    /// Events, oldest first.
    events: Vec<EventView>,
    /// Number of older events, which are left out.
    omitted: usize,
}

impl GroupView {
    pub(in crate::sandbox::control) fn new(
        state: &State,
        reasons: &Reasons<'_>,
        base_url: &str,
        group: &Group,
    ) -> Self {
        let omitted = group.events.len().saturating_sub(EVENTS);
        let events = group.events.iter().skip(omitted);
        Self {
            id: group.id.to_string(),
            at: rfc3339_millis(group.at),
            title: group.title.expose().clone(),
            phone: group.phone.as_ref().map(Address::expose),
            resource: group.resource.clone(),
            events: events
                .filter_map(|event| EventView::new(state, reasons, base_url, *event))
                .collect(),
            omitted,
        }
    }
}
