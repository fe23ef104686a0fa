//! `phones`.

use serde::Deserialize;

use crate::phone::{Address, E164};
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::{ControlRequest, check_length, number_of};
use crate::sandbox::control::views::behavior::{AnswerView, DeliveryView};
use crate::sandbox::control::views::phone::PhoneView;
use crate::sandbox::state::{AnswerBehavior, State};
use crate::types::Redacted;

/// Phones that the control API can add.
const LIMIT: usize = 10_000;

/// Longest name, in characters.
const NAME_LIMIT: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhoneInput {
    number: String,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeInput {
    delivery: Option<DeliveryView>,
    answer: Option<AnswerView>,
    /// An empty name clears it.
    name: Option<String>,
    unread: Option<u32>,
}

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let phones = request.context().read(PhoneView::list);
    Reply::ok(&phones)
}

pub(in crate::sandbox::control) fn show(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let number = request.number()?;
    let view = request.context().read(|state| find(state, number))?;
    Reply::ok(&view)
}

/// Adds a phone. One that exists already is returned as it is.
pub(in crate::sandbox::control) fn create(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let input: PhoneInput = request.json()?;
    let number = number_of("number", &input.number)?;
    check_name(input.name.as_deref())?;
    let view = request.context().update(|state| {
        require(state, number)?;
        let phone = state.phone_mut(&Address::Phone(number));
        phone.is_hidden = false;
        if let Some(name) = input.name {
            phone.name = named(name);
        }
        Ok(PhoneView::new(state, number))
    })?;
    Reply::created(&view)
}

pub(in crate::sandbox::control) fn update(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let number = request.number()?;
    let change: ChangeInput = request.json()?;
    check_name(change.name.as_deref())?;
    if change.unread.is_some_and(|unread| unread != 0) {
        let message = "`unread` can only be set to 0, after the texts were read";
        return Err(ControlError::invalid("invalid_body", message));
    }
    let view = request.context().update(|state| {
        find(state, number)?;
        let phone = state.phone_mut(&Address::Phone(number));
        if let Some(name) = change.name {
            phone.name = named(name);
        }
        if change.unread.is_some() {
            phone.unread = 0;
        }
        if let Some(delivery) = change.delivery {
            phone.delivery = Some(delivery.into());
        }
        if let Some(answer) = change.answer {
            phone.is_in_use = true;
            phone.answer = answer.into();
            phone.default_answer = phone.answer;
        }
        find(state, number)
    })?;
    Reply::ok(&view)
}

/// Hides a phone from the list until it texts, calls, or is reached.
pub(in crate::sandbox::control) fn hide(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let number = request.number()?;
    request.context().update(|state| {
        find(state, number)?;
        state.phone_mut(&Address::Phone(number)).is_hidden = true;
        Ok(())
    })?;
    Ok(Reply::no_content())
}

fn check_name(name: Option<&str>) -> Result<(), ControlError> {
    name.map_or(Ok(()), |name| check_length("name", name, NAME_LIMIT))
}

fn named(name: String) -> Option<Redacted<String>> {
    Some(Redacted::new(name)).filter(|name| !name.expose().trim().is_empty())
}

fn find(state: &State, number: E164) -> Result<PhoneView, ControlError> {
    let phone = state.phones.get(&Address::Phone(number));
    if phone.is_some_and(|phone| phone.is_in_use || phone.is_known) {
        return Ok(PhoneView::new(state, number));
    }
    let message = format!(
        "no phone has the number {}; add it with `POST /_sandbox/phones`",
        number.as_str()
    );
    Err(ControlError::not_found("unknown_phone", message))
}

/// Adds a phone unless it exists. A new one rings when it is called.
pub(super) fn require(state: &mut State, number: E164) -> Result<(), ControlError> {
    let address = Address::Phone(number);
    let is_known = state
        .phones
        .get(&address)
        .is_some_and(|phone| phone.is_in_use);
    if is_known {
        return Ok(());
    }
    if state.phones.iter().count() >= LIMIT {
        let message = format!("there are {LIMIT} phones already; reset the sandbox first");
        return Err(ControlError::conflict("too_many_phones", message));
    }
    let phone = state.phone_mut(&address);
    phone.is_in_use = true;
    phone.answer = AnswerBehavior::Ring;
    phone.default_answer = AnswerBehavior::Ring;
    Ok(())
}
