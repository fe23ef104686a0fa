//! Receives commands from the phone and the REST API.

use super::active_call::ActiveCall;
use super::step::Step;
use crate::sandbox::state::{CallCommand, QueuedCommand};

impl ActiveCall {
    /// Waits for the next command. The call is idle in the meantime.
    pub(super) async fn next_command(&mut self) -> QueuedCommand {
        if let Some(queued) = self.pending.pop_front() {
            return queued;
        }
        self.set_idle(true);
        // The call waits for a person now, and `Sandbox::wait_idle` does not wait for people.
        self.activity = None;
        let queued = self.commands.recv().await;
        let mut queued = queued.unwrap_or_else(QueuedCommand::hang_up);
        self.activity = queued.activity.take();
        self.set_idle(false);
        queued
    }

    pub(super) fn set_idle(&self, is_idle: bool) {
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.is_idle = is_idle;
            }
        });
    }

    /// Reads the commands that have arrived. Returns the next step if a command interrupts the
    /// call.
    pub(super) fn interruption(&mut self) -> Option<Step> {
        while let Ok(mut queued) = self.commands.try_recv() {
            queued.activity = None;
            match queued.command {
                CallCommand::HangUp => self.has_hung_up = true,
                CallCommand::Redirect(instructions) => self.redirect = Some(instructions),
                _ => self.pending.push_back(queued),
            }
        }
        if self.has_hung_up || self.has_ended() {
            return Some(Step::End);
        }
        self.redirect.take().map(Step::Follow)
    }

    /// Applies a command that the current verb does not accept. Returns `None` if it has no effect.
    pub(super) fn interrupt(&mut self, queued: QueuedCommand) -> Option<Step> {
        match queued.command {
            CallCommand::HangUp => {
                self.has_hung_up = true;
                Some(Step::End)
            }
            CallCommand::EndedByApi => Some(Step::End),
            CallCommand::Redirect(instructions) => Some(Step::Follow(instructions)),
            // Dropped without `accept`, so that the phone gets an `UnexpectedInput` error.
            CallCommand::PressKeys(_)
            | CallCommand::Speak(_)
            | CallCommand::StaySilent
            | CallCommand::Answer => None,
        }
    }
}
