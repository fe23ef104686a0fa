//! Rings a phone.

use std::time::Duration;

use super::active_call::ActiveCall;
use super::commands::Input;
use super::status_callback::CallProgressEvent;
use crate::sandbox::clock::ClockMode;
use crate::sandbox::state::{AnswerBehavior, CallCommand};
use crate::types::{CallDirection, CallStatus};

impl ActiveCall {
    /// Rings the phone until it answers or the time is over. The error is the final status of a call without an answer.
    pub(super) async fn ring(&mut self, timeout: Duration) -> Result<(), CallStatus> {
        let mut timer = self.context.clock.timer(timeout);
        let behavior = self.start_ringing()?;
        self.report(CallProgressEvent::Ringing).await;
        match behavior {
            // The API may cancel the call while its `ringing` event is reported.
            _ if self.has_ended() => Err(CallStatus::Canceled),
            AnswerBehavior::Answer => Ok(()),
            AnswerBehavior::Busy => Err(CallStatus::Busy),
            AnswerBehavior::NoAnswer if self.context.clock.mode() == ClockMode::Instant => {
                Err(CallStatus::NoAnswer)
            }
            AnswerBehavior::NoAnswer | AnswerBehavior::Ring => loop {
                let Input::Command(queued) = self.next_input(&mut timer).await else {
                    return Err(CallStatus::NoAnswer);
                };
                match queued.command {
                    CallCommand::Answer => return Ok(()),
                    CallCommand::HangUp => return Err(CallStatus::Busy),
                    CallCommand::EndedByApi => return Err(CallStatus::Canceled),
                    _ => {}
                }
            },
        }
    }

    /// Starts to ring the phone. Returns its behavior, or the final status of a call that cannot
    /// ring.
    pub(super) fn start_ringing(&self) -> Result<AnswerBehavior, CallStatus> {
        self.context.update(|state| {
            let entry = state.call(self.sid).ok_or(CallStatus::Failed)?;
            if entry.has_ended() {
                return Err(CallStatus::Canceled);
            }
            let callee = entry.call.to.clone();
            let is_engaged = state.calls.iter().any(|other| {
                let call = &other.call;
                let phone = match call.direction {
                    CallDirection::Inbound => &call.from,
                    _ => &call.to,
                };
                let is_on = matches!(call.status, CallStatus::Ringing | CallStatus::InProgress);
                *phone == callee && is_on && call.sid != self.sid
            });
            let phone = state.phone_mut(&callee);
            let behavior = match phone.answer {
                // No test has requested this phone, so no one answers.
                _ if !phone.is_in_use => AnswerBehavior::NoAnswer,
                AnswerBehavior::Busy => return Err(CallStatus::Busy),
                _ if is_engaged => return Err(CallStatus::Busy),
                behavior => behavior,
            };
            if matches!(behavior, AnswerBehavior::Answer | AnswerBehavior::Ring) {
                phone.ringing_calls.push_back(self.sid);
            }
            if let Some(entry) = state.call_mut(self.sid) {
                entry.call.status = CallStatus::Ringing;
            }
            Ok(behavior)
        })
    }
}
