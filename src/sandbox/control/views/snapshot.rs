//! Everything that the page shows.

use std::collections::HashMap;

use serde::Serialize;

use super::alert::AlertView;
use super::call::CallView;
use super::connect::ConnectView;
use super::event::Reasons;
use super::group::GroupView;
use super::message::{MessageView, Place};
use super::number::NumberView;
use super::phone::{PhoneView, phone_of_message};
use super::world::WorldView;
use crate::phone::Address;
use crate::sandbox::api::product_hosts;
use crate::sandbox::context::Context;
use crate::sandbox::state::State;

const MESSAGES: usize = 2_000;
const MESSAGES_OF_PHONE: usize = 200;
const CALLS: usize = 100;
const GROUPS: usize = 100;
const ALERTS: usize = 200;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct SnapshotView {
    cursor: String,
    world: WorldView,
    phones: Vec<PhoneView>,
    messages: Vec<MessageView>,
    calls: Vec<CallView>,
    groups: Vec<GroupView>,
    alerts: Vec<AlertView>,
    numbers: Vec<NumberView>,
    connect: ConnectView,
}

impl SnapshotView {
    pub(in crate::sandbox::control) fn new(context: &Context, base_url: &str) -> Self {
        // Read first: a change in between comes again with the events.
        let cursor = context.read(State::cursor);
        let world = WorldView::new(context);
        let connect = ConnectView::new(context, base_url, product_hosts());
        context.read(|state| {
            let place = Place {
                state,
                base_url,
                account: context.account_sid,
            };
            let calls = state.calls.iter().rev().take(CALLS);
            let alerts = state.alerts.iter().rev().take(ALERTS);
            let numbers = state.numbers.iter();
            let groups = state.timeline.groups().rev().take(GROUPS);
            let reasons = Reasons::new(state);
            Self {
                cursor: cursor.to_string(),
                world,
                phones: PhoneView::list(state),
                messages: messages(state, place),
                calls: calls.map(CallView::new).collect(),
                groups: groups
                    .map(|group| GroupView::new(state, &reasons, base_url, group))
                    .collect(),
                alerts: alerts.map(|(_, alert)| AlertView::new(alert)).collect(),
                numbers: numbers
                    .map(|number| NumberView::new(state, number))
                    .collect(),
                connect,
            }
        })
    }
}

/// Returns the newest messages, newest first, of each phone and in all.
fn messages(state: &State, place: Place<'_>) -> Vec<MessageView> {
    let mut counts: HashMap<Option<&Address>, usize> = HashMap::new();
    let newest = state.messages.iter().rev().filter(|message| {
        let count = counts.entry(phone_of_message(message)).or_default();
        *count += 1;
        *count <= MESSAGES_OF_PHONE
    });
    newest
        .take(MESSAGES)
        .map(|message| MessageView::new(place, message))
        .collect()
}
