//! Rings a phone.

use std::time::Duration;

use super::active_call::ActiveCall;
use super::commands::Input;
use super::inbound::receive_from;
use super::progress::AcceptedInput;
use super::status_callback::CallProgressEvent;
use crate::phone::Address;
use crate::sandbox::clock::{ClockMode, Timer, TimerEvent};
use crate::sandbox::state::{AnswerBehavior, CallCommand, State, WaitFor};
use crate::types::{CallDirection, CallStatus};

/// Calls to one number of the account, from other numbers of it, that can be in progress.
const LOOP_LIMIT: usize = 20;

impl ActiveCall {
    /// Rings the phone until it answers or the time is over. Returns the behavior that answered.
    /// The error is the final status of a call without an answer.
    pub(super) async fn ring(&mut self, timeout: Duration) -> Result<AnswerBehavior, CallStatus> {
        let mut timer = self
            .context
            .clock
            .timer(timeout, TimerEvent::timeout("end of ringing"));
        let behavior = self.start_ringing()?;
        self.report(CallProgressEvent::Ringing).await;
        self.await_answer(behavior, &mut timer).await
    }

    /// Waits until the ringing phone answers. Returns the behavior that answered.
    pub(super) async fn await_answer(
        &mut self,
        behavior: AnswerBehavior,
        timer: &mut Timer,
    ) -> Result<AnswerBehavior, CallStatus> {
        // The API may cancel the call while its `ringing` event is reported.
        if self.has_ended() {
            return Err(CallStatus::Canceled);
        }
        match behavior {
            AnswerBehavior::Busy => return Err(CallStatus::Busy),
            AnswerBehavior::NoAnswer if self.context.clock.mode() == ClockMode::Instant => {
                return Err(CallStatus::NoAnswer);
            }
            AnswerBehavior::NoAnswer | AnswerBehavior::Ring => {}
            behavior => return Ok(behavior),
        }
        self.accepted_input = AcceptedInput::new(WaitFor::Answer);
        let answer = loop {
            let Input::Command(queued) = self.next_input(timer).await else {
                break Err(CallStatus::NoAnswer);
            };
            match queued.command {
                CallCommand::Answer => break Ok(AnswerBehavior::Answer),
                CallCommand::React(AnswerBehavior::NoAnswer) => break Err(CallStatus::NoAnswer),
                CallCommand::React(AnswerBehavior::Ring) => {}
                CallCommand::HangUp | CallCommand::React(AnswerBehavior::Busy) => {
                    break Err(CallStatus::Busy);
                }
                CallCommand::React(behavior) => break Ok(behavior),
                CallCommand::EndedByApi => break Err(CallStatus::Canceled),
                _ => {}
            }
        };
        self.accepted_input = AcceptedInput::default();
        answer
    }

    /// Starts to ring the phone. Returns its behavior, or the final status of a call that cannot
    /// ring. A number of the account has no phone: the call rings as an inbound call.
    pub(super) fn start_ringing(&mut self) -> Result<AnswerBehavior, CallStatus> {
        let call = self.stored().ok_or(CallStatus::Failed)?;
        let is_own = self
            .context
            .read(|state| state.number_at(&call.to).is_some());
        if is_own && !call.status.is_final() {
            if self.context.read(|state| is_looping(state, &call.to)) {
                return Err(CallStatus::Busy);
            }
            self.set_status(CallStatus::Ringing);
            let peer = receive_from(&self.context, call.from, call.to, self.sid);
            self.peer = Some(peer);
            return Ok(AnswerBehavior::Ring);
        }
        self.context.update(|state| {
            let entry = state.call(self.sid).ok_or(CallStatus::Failed)?;
            if entry.has_ended() {
                return Err(CallStatus::Canceled);
            }
            let callee = entry.call.to.clone();
            let is_engaged = is_engaged(state, self);
            let is_known = state
                .phones
                .get(&callee)
                .is_some_and(|phone| phone.is_in_use);
            let behavior = match state.answer_of(&callee) {
                // A phone that does not exist is in no other call.
                AnswerBehavior::NoAnswer if !is_known => AnswerBehavior::NoAnswer,
                AnswerBehavior::Busy => return Err(CallStatus::Busy),
                _ if is_engaged => return Err(CallStatus::Busy),
                behavior => behavior,
            };
            if behavior != AnswerBehavior::NoAnswer {
                let phone = state.phone_mut(&callee);
                phone.ring(self.sid);
            }
            if let Some(entry) = state.call_mut(self.sid) {
                entry.call.status = CallStatus::Ringing;
            }
            Ok(behavior)
        })
    }
}

/// Reports whether a number of the account is in so many calls that its TwiML seems to call the
/// number itself.
fn is_looping(state: &State, number: &Address) -> bool {
    let calls = state.calls.iter();
    let calls = calls.filter(|entry| entry.call.to == *number && !entry.has_ended());
    calls.take(LOOP_LIMIT + 1).count() > LOOP_LIMIT
}

/// Reports whether the callee of a call is in another call.
fn is_engaged(state: &State, call: &ActiveCall) -> bool {
    let Some(entry) = state.call(call.sid) else {
        return false;
    };
    let callee = &entry.call.to;
    state.calls.iter().any(|other| {
        let other = &other.call;
        let phone = match other.direction {
            CallDirection::Inbound => &other.from,
            _ => &other.to,
        };
        let is_on = matches!(other.status, CallStatus::Ringing | CallStatus::InProgress);
        phone == callee && is_on && other.sid != call.sid
    })
}
