//! `phones/{number}/calls`, `answer` and `decline`: the calls of one phone.

use std::time::Duration;

use serde::Deserialize;

use super::calls::{view, wait_for_phone};
use super::phones::require;
use super::texts::check_owned;
use crate::phone::Address;
use crate::sandbox::calls;
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::{ControlRequest, number_of};
use crate::sandbox::control::views::behavior::DeclineView;
use crate::sandbox::state::{AnswerBehavior, CallCommand, State};
use crate::types::{CallDirection, CallSid, CallStatus};

/// Time in which a call that is answered or declined leaves the status `ringing`.
const REACTION: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallInput {
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclineInput {
    #[serde(rename = "as")]
    way: Option<DeclineView>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoInput {}

/// Calls a number of the account. With `wait`, waits until the call waits for the phone.
pub(in crate::sandbox::control) async fn create(request: &ControlRequest) -> Handled {
    let wait = request.wait()?;
    let from = request.number()?;
    let CallInput { to } = request.json()?;
    let to = Address::Phone(number_of("to", &to)?);
    let context = request.context();
    context.update(|state| {
        check_owned(state, &to)?;
        require(state, from)
    })?;
    let sid = calls::receive(context, from.into(), to);
    if let Some(wait) = wait {
        wait_for_phone(request, sid, wait).await;
    }
    Reply::created(&view(request, sid)?)
}

pub(in crate::sandbox::control) async fn answer(request: &ControlRequest) -> Handled {
    let NoInput {} = request.json()?;
    react(request, AnswerBehavior::Answer).await
}

pub(in crate::sandbox::control) async fn decline(request: &ControlRequest) -> Handled {
    let DeclineInput { way } = request.json()?;
    react(request, way.unwrap_or(DeclineView::Busy).into()).await
}

/// Lets the phone react to the call that rings.
async fn react(request: &ControlRequest, behavior: AnswerBehavior) -> Handled {
    let wait = request.wait()?.unwrap_or_default();
    let phone = Address::Phone(request.number()?);
    let context = request.context();
    let ringing = context
        .wait_at_most(wait, |state| ringing_call(state, &phone))
        .await;
    let sid = ringing.ok_or_else(|| {
        let message = "no call rings at this phone; `?wait=5` waits for one";
        ControlError::conflict("no_call_rings", message)
    })?;
    context.command(sid, CallCommand::React(behavior), None);
    let rings = |state: &mut State| {
        let status = state.call(sid).map(|entry| entry.call.status.clone());
        (status != Some(CallStatus::Ringing)).then_some(())
    };
    context.wait_at_most(REACTION, rings).await;
    Reply::ok(&view(request, sid)?)
}

fn ringing_call(state: &State, phone: &Address) -> Option<CallSid> {
    let mut calls = state.calls.iter().rev().map(|entry| &entry.call);
    let ringing = calls.find(|call| {
        call.status == CallStatus::Ringing
            && call.direction != CallDirection::Inbound
            && call.to == *phone
    });
    ringing.map(|call| call.sid)
}
