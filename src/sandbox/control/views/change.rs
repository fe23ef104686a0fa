//! A change, as an event of the stream: its kind, and the newest value of what changed.

use serde::Serialize;

use super::alert::AlertView;
use super::call::CallView;
use super::event::Reasons;
use super::group::GroupView;
use super::message::{MessageView, Place};
use super::number::NumberView;
use super::phone::PhoneView;
use super::world::WorldView;
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{ChangedKey, State};

/// Kind and JSON of an event.
pub(in crate::sandbox::control) type Change = (&'static str, String);

/// Returns the events for a key. What was removed has none.
pub(in crate::sandbox::control) fn changes(
    context: &Context,
    base_url: &str,
    key: &ChangedKey,
) -> Vec<Change> {
    if *key == ChangedKey::World {
        return written("world", Some(WorldView::new(context)));
    }
    context.read(|state| match key {
        ChangedKey::Phone(address) => written("phone", phone(state, address)),
        ChangedKey::Message(sid) => {
            let place = Place {
                state,
                base_url,
                account: context.account_sid,
            };
            let message = state.message(*sid);
            written("message", message.map(|it| MessageView::new(place, it)))
        }
        ChangedKey::Call(sid) => written("call", state.call(*sid).map(CallView::new)),
        ChangedKey::Group(id) => {
            let group = state.timeline.group(*id);
            let view = |group| GroupView::new(state, &Reasons::new(state), base_url, group);
            written("group", group.map(view))
        }
        ChangedKey::Alert(serial) => {
            written("alert", state.alerts.get(*serial).map(AlertView::new))
        }
        ChangedKey::Numbers => {
            let numbers = state.numbers.iter();
            written(
                "number",
                numbers.map(|number| NumberView::new(state, number)),
            )
        }
        ChangedKey::World => Vec::new(),
    })
}

/// Returns a phone that was added, or that texted, called or was reached.
fn phone(state: &State, address: &Address) -> Option<PhoneView> {
    let Address::Phone(number) = address else {
        return None;
    };
    let phone = state.phones.get(address)?;
    (phone.is_in_use || phone.is_known).then(|| PhoneView::new(state, *number))
}

fn written(kind: &'static str, views: impl IntoIterator<Item = impl Serialize>) -> Vec<Change> {
    let views = views.into_iter();
    views
        .filter_map(|view| Some((kind, serde_json::to_string(&view).ok()?)))
        .collect()
}
