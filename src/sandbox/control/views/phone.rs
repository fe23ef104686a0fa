//! A phone.

use serde::Serialize;

use super::behavior::{AnswerView, DeliveryView};
use super::time::rfc3339_millis;
use crate::phone::{Address, E164};
use crate::sandbox::numbers::region_of;
use crate::sandbox::state::{OptOutScope, State, StoredMessage, formatted};
use crate::types::{CallDirection, CallSid, CallStatus, MessageDirection};

/// Newest calls that are searched for those of a phone.
const SEARCHED: usize = 1_000;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct PhoneView {
    number: String,
    /// Number as its country writes it.
    national: String,
    country: Option<String>,
    name: Option<String>,
    delivery: DeliveryView,
    answer: AnswerView,
    unread: u32,
    /// Numbers and Messaging Services whose messages the phone refuses.
    opted_out_of: Vec<String>,
    last: Option<LastTextView>,
    /// Call that rings.
    ringing: Option<CallSid>,
    /// Call in progress.
    in_call: Option<CallSid>,
    /// Set while the list of phones leaves this one out.
    hidden: bool,
}

#[derive(Serialize)]
struct LastTextView {
    at: String,
    body: String,
}

impl PhoneView {
    /// Lists the phones, by number.
    pub(in crate::sandbox::control) fn list(state: &State) -> Vec<Self> {
        let listed = state.phones.iter().filter(|(_, phone)| phone.is_listed());
        let mut numbers: Vec<E164> = listed
            .filter_map(|(address, _)| match address {
                Address::Phone(number) => Some(*number),
                _ => None,
            })
            .collect();
        numbers.sort();
        let numbers = numbers.into_iter();
        numbers.map(|number| Self::new(state, number)).collect()
    }

    pub(in crate::sandbox::control) fn new(state: &State, number: E164) -> Self {
        let address = Address::Phone(number);
        let phone = state.phones.get(&address);
        let (ringing, in_call) = calls_of(state, &address);
        Self {
            number: number.as_str().to_owned(),
            national: formatted(&address),
            country: region_of(number).map(|region| region.as_str().to_owned()),
            name: phone
                .and_then(|phone| phone.name.as_ref())
                .map(|name| name.expose().clone()),
            delivery: phone
                .and_then(|phone| phone.delivery)
                .unwrap_or_default()
                .into(),
            answer: state.answer_of(&address).into(),
            unread: phone.map_or(0, |phone| phone.unread),
            opted_out_of: opted_out_of(state, &address),
            last: phone
                .and_then(|phone| phone.last_text.as_ref())
                .map(|(at, body)| LastTextView {
                    at: rfc3339_millis(*at),
                    body: body.expose().clone(),
                }),
            ringing,
            in_call,
            hidden: phone.is_some_and(|phone| phone.is_hidden),
        }
    }
}

/// Returns the address of the phone of a message.
pub(in crate::sandbox::control) fn phone_of_message(message: &StoredMessage) -> Option<&Address> {
    match message.direction {
        MessageDirection::Inbound => message.from.as_ref(),
        _ => Some(&message.to),
    }
}

fn opted_out_of(state: &State, address: &Address) -> Vec<String> {
    let mut scopes: Vec<_> = state
        .opt_outs
        .iter()
        .filter(|(_, recipient)| recipient == address)
        .map(|(scope, _)| match scope {
            OptOutScope::Sender(sender) => sender.expose(),
            OptOutScope::Service(service) => service.to_string(),
        })
        .collect();
    scopes.sort();
    scopes
}

/// Returns the call that rings a phone, and the call that the phone is in.
fn calls_of(state: &State, address: &Address) -> (Option<CallSid>, Option<CallSid>) {
    let (mut ringing, mut in_call) = (None, None);
    for entry in state.calls.iter().rev().take(SEARCHED) {
        let call = &entry.call;
        let is_inbound = call.direction == CallDirection::Inbound;
        let phone = if is_inbound { &call.from } else { &call.to };
        if phone != address {
            continue;
        }
        match call.status {
            // The phone called, and hears the ringing tone.
            CallStatus::Ringing if is_inbound => in_call = in_call.or(Some(call.sid)),
            CallStatus::Ringing => ringing = ringing.or(Some(call.sid)),
            CallStatus::InProgress => in_call = in_call.or(Some(call.sid)),
            _ => {}
        }
    }
    (ringing, in_call)
}
