//! Receives commands from the phone and the REST API.

use std::time::Duration;

use super::active_call::ActiveCall;
use super::input_kinds::InputKinds;
use super::real_time_transcription::is_transcribed;
use super::step::Step;
use crate::sandbox::clock::{ClockMode, Timer, TimerEvent};
use crate::sandbox::state::{ActivityGuard, CallCommand, QueuedCommand};
use crate::types::CallStatus;

/// Event that ends a wait of a call.
pub(super) enum Input {
    Command(QueuedCommand),
    /// The time has passed without a command.
    Timeout,
}

/// End of a verb that takes time.
pub(super) enum Passed {
    /// The time has passed.
    Whole,
    /// The person pressed a key or spoke.
    BargedIn,
    /// A hang-up, the REST API or a failure interrupted the verb.
    Interrupted(Step),
}

impl Passed {
    /// Returns the next step if a command interrupted the call.
    pub(super) fn interruption(self) -> Option<Step> {
        match self {
            Self::Interrupted(step) => Some(step),
            Self::Whole | Self::BargedIn => None,
        }
    }
}

impl ActiveCall {
    /// Waits for the next command, or until the timer ends. The call is idle in the meantime.
    pub(super) async fn next_input(&mut self, timer: &mut Timer) -> Input {
        if let Some(queued) = self.pending.pop_front() {
            return Input::Command(queued);
        }
        self.receive(timer).await
    }

    /// Lets the time of a verb pass, such as that of a pause or of speech. Keys that are pressed
    /// meanwhile are kept for the next `<Gather>`; with `barge_in` the kinds of input in
    /// `barge_in_by` end the wait.
    pub(super) async fn pass(&mut self, length: Duration, barge_in: bool) -> Passed {
        if self.purpose.is_music() {
            self.music_length += length;
        }
        if self.context.clock.mode() == ClockMode::Instant {
            if self.purpose.is_music() {
                return self
                    .interruption()
                    .map_or(Passed::Whole, Passed::Interrupted);
            }
            self.counted += length.min(self.time_left());
            if self.is_answered() && self.time_left().is_zero() {
                self.set_status(CallStatus::Completed);
            }
            return self
                .interruption()
                .map_or(Passed::Whole, Passed::Interrupted);
        }
        self.pass_by_clock(length, barge_in).await
    }

    /// Lets time pass by the clock, as [`pass`](Self::pass) does, also with
    /// [`ClockMode::Instant`].
    pub(super) async fn pass_by_clock(&mut self, length: Duration, barge_in: bool) -> Passed {
        let ended_by = InputKinds {
            keys: barge_in && self.barge_in_by.keys,
            speech: barge_in && self.barge_in_by.speech,
        };
        if ended_by.keys && !self.keys.is_empty() {
            return Passed::BargedIn;
        }
        let mut timer = self
            .context
            .clock
            .timer(length, TimerEvent::end("end of a verb"));
        self.pass_until(&mut timer, ended_by).await
    }

    /// Waits for a timer, as [`pass`](Self::pass) does.
    pub(super) async fn pass_until(&mut self, timer: &mut Timer, ended_by: InputKinds) -> Passed {
        loop {
            let Input::Command(mut queued) = self.receive(timer).await else {
                return Passed::Whole;
            };
            match queued.command {
                CallCommand::PressKeys(_) => {
                    if let CallCommand::PressKeys(keys) = queued.accept() {
                        self.keys.extend(keys.chars());
                    }
                    if ended_by.keys {
                        return Passed::BargedIn;
                    }
                }
                // Music hears no one.
                CallCommand::Speak(_) if self.purpose.is_music() && !ended_by.speech => {
                    queued.accept();
                }
                CallCommand::Speak(_) => {
                    if self.has_listeners() {
                        queued.acknowledge();
                    }
                    self.pending.push_back(queued);
                    if ended_by.speech {
                        return Passed::BargedIn;
                    }
                }
                // The person was about to be silent anyway.
                CallCommand::StaySilent => {
                    queued.accept();
                }
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return Passed::Interrupted(step);
                    }
                }
            }
        }
    }

    /// Reports whether a media stream hears the phone.
    fn has_listeners(&self) -> bool {
        self.context.read(|state| {
            let entry = state.call(self.sid);
            entry.is_some_and(|entry| {
                entry
                    .streams
                    .iter()
                    .any(|stream| stream.track.has_inbound())
            })
        })
    }

    async fn receive(&mut self, timer: &mut Timer) -> Input {
        let wait = self.wait_until(timer);
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.is_idle = true;
                entry.wait = Some(wait);
            }
        });
        // The call waits for a person or for a time now, and `Sandbox::wait_idle` waits for neither.
        self.activity = None;
        let input = loop {
            let received = tokio::select! {
                biased;
                queued = self.commands.recv() => {
                    queued.unwrap_or_else(QueuedCommand::hang_up)
                }
                guard = ended(&mut self.deadline) => {
                    self.set_status(CallStatus::Completed);
                    QueuedCommand { activity: Some(guard), ..QueuedCommand::ended() }
                }
                guard = timer.ended() => {
                    self.activity = Some(guard);
                    break Input::Timeout;
                }
            };
            if let Some(mut queued) = self.apply(received) {
                self.activity = queued.activity.take();
                break Input::Command(queued);
            }
        };
        self.set_idle(false);
        input
    }

    /// Applies a command that changes a setting of the call. Returns any other command, and adds
    /// input to the transcript.
    pub(super) fn apply(&mut self, queued: QueuedCommand) -> Option<QueuedCommand> {
        match queued.command {
            CallCommand::ReportTo(target) => self.report_to(target),
            CallCommand::LimitTime(limit) => self.limit_time(limit),
            CallCommand::Hear(sound) => self.hear(sound),
            // The call has left the conference or queue.
            CallCommand::Changed if !self.is_in_party => {}
            CallCommand::StartRecording(sid) => self.add_recording(sid),
            CallCommand::ChangeRecording(sid, change) => self.change_recording(sid, change),
            CallCommand::SendAudio(_) if self.has_listeners() => {
                self.note_input(&queued.command);
                let mut queued = queued;
                queued.acknowledge();
                return Some(queued);
            }
            _ => {
                // A person takes part, so the documents are no loop.
                self.documents = 0;
                self.note_input(&queued.command);
                return Some(queued);
            }
        }
        None
    }

    pub(super) fn set_idle(&self, is_idle: bool) {
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.is_idle = is_idle;
                entry.wait = None;
            }
        });
    }

    /// Reads the commands that have arrived. Returns the next step if a command interrupts the
    /// call.
    pub(super) fn interruption(&mut self) -> Option<Step> {
        while let Ok(received) = self.commands.try_recv() {
            let Some(mut queued) = self.apply(received) else {
                continue;
            };
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
        if let Some(instructions) = self.redirect.take() {
            return Some(Step::Follow(instructions));
        }
        let mut pending = self.pending.iter();
        let has_changed = pending.any(|queued| matches!(queued.command, CallCommand::Changed));
        has_changed.then_some(Step::Changed)
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
            // Kept for the verb that waits.
            CallCommand::Changed => {
                self.pending.push_front(queued);
                Some(Step::Changed)
            }
            // The transcription has it, though no verb waits for it.
            CallCommand::Speak(_) if is_transcribed(&self.context, self.sid) => {
                queued.accept();
                None
            }
            // Dropped without `accept`, so that the phone gets an `UnexpectedInput` error.
            CallCommand::PressKeys(_)
            | CallCommand::Speak(_)
            | CallCommand::SendAudio(_)
            | CallCommand::StaySilent
            | CallCommand::Refer(_)
            | CallCommand::ReportTo(_)
            | CallCommand::LimitTime(_)
            | CallCommand::Hear(_)
            | CallCommand::StartRecording(_)
            | CallCommand::ChangeRecording(..)
            | CallCommand::Answer
            | CallCommand::React(_) => None,
        }
    }
}

/// Waits for the end of a timer, if there is one.
pub(super) async fn ended(timer: &mut Option<Timer>) -> ActivityGuard {
    match timer {
        Some(timer) => timer.ended().await,
        None => std::future::pending().await,
    }
}
