//! Connects two calls, so that each hears the other.

use super::active_call::ActiveCall;
use super::commands::ended;
use super::step::Step;
use crate::sandbox::clock::Timer;
use crate::sandbox::state::{CallCommand, Instructions, QueuedCommand, TranscriptAction};
use crate::types::CallStatus;

/// Options of a connection.
pub(super) struct BridgeOptions {
    /// The first call ends the connection with `*`.
    pub(super) hangup_on_star: bool,
    /// A SIP endpoint may transfer the connection.
    pub(super) accepts_refer: bool,
}

/// End of a connection.
pub(super) enum BridgeEnd {
    /// The second call hung up or was ended, the first pressed `*`, or the time is over.
    Finished,
    /// A hang-up or the REST API interrupted the first call.
    Interrupted(Step),
    /// The REST API gave the second call new instructions.
    SecondRedirected(Instructions),
    /// A SIP endpoint transfers the call to this SIP URI.
    Referred(String),
}

/// Event of a connection.
enum Event {
    First(QueuedCommand),
    Second(QueuedCommand),
    TimeOver,
}

impl ActiveCall {
    /// Connects this call with another until one of them hangs up, or `timer` ends. Speech and keys
    /// on one side are audio on the other.
    pub(super) async fn bridge(
        &mut self,
        second: &mut Self,
        timer: &mut Timer,
        options: &BridgeOptions,
    ) -> BridgeEnd {
        loop {
            let (queued, is_first) = match self.next_of_both(second, timer).await {
                Event::First(queued) => (queued, true),
                Event::Second(queued) => (queued, false),
                Event::TimeOver => return BridgeEnd::Finished,
            };
            let other = if is_first { &*second } else { &*self };
            match queued.command {
                CallCommand::PressKeys(ref keys)
                    if is_first && options.hangup_on_star && keys.contains('*') =>
                {
                    queued.accept();
                    return BridgeEnd::Finished;
                }
                CallCommand::Speak(_) | CallCommand::PressKeys(_) => match queued.accept() {
                    CallCommand::Speak(speech) => other.push_audio(speech),
                    CallCommand::PressKeys(keys) => {
                        other.push_from_other(TranscriptAction::Keys, keys);
                    }
                    _ => {}
                },
                CallCommand::Refer(_) => {
                    if !options.accepts_refer {
                        self.alert(
                            13802,
                            "a SIP endpoint transferred the call, but the <Dial> has no referUrl",
                        );
                    } else if let CallCommand::Refer(target) = queued.accept() {
                        return BridgeEnd::Referred(target);
                    }
                }
                _ if is_first => {
                    if let Some(step) = self.interrupt(queued) {
                        return BridgeEnd::Interrupted(step);
                    }
                }
                CallCommand::Redirect(instructions) => {
                    return BridgeEnd::SecondRedirected(instructions);
                }
                CallCommand::HangUp | CallCommand::EndedByApi => return BridgeEnd::Finished,
                _ => {}
            }
        }
    }

    /// Waits for the next command to either call. Both are idle in the meantime.
    async fn next_of_both(&mut self, second: &mut Self, timer: &mut Timer) -> Event {
        if let Some(queued) = self.pending.pop_front() {
            return Event::First(queued);
        }
        if let Some(queued) = second.pending.pop_front() {
            return Event::Second(queued);
        }
        second.set_idle(true);
        self.set_idle(true);
        self.activity = None;
        second.activity = None;
        let event = loop {
            // Both senders live as long as the state, so the channels do not close before.
            let event = tokio::select! {
                biased;
                queued = self.commands.recv() => {
                    let queued = queued.unwrap_or_else(QueuedCommand::hang_up);
                    self.apply(queued).map(Event::First)
                }
                queued = second.commands.recv() => {
                    let queued = queued.unwrap_or_else(QueuedCommand::hang_up);
                    second.apply(queued).map(Event::Second)
                }
                guard = ended(&mut self.deadline) => {
                    self.set_status(CallStatus::Completed);
                    Some(Event::First(QueuedCommand { activity: Some(guard), ..QueuedCommand::ended() }))
                }
                guard = ended(&mut second.deadline) => {
                    second.set_status(CallStatus::Completed);
                    Some(Event::Second(QueuedCommand { activity: Some(guard), ..QueuedCommand::ended() }))
                }
                guard = timer.ended() => {
                    self.activity = Some(guard);
                    Some(Event::TimeOver)
                }
            };
            if let Some(event) = event {
                break event;
            }
        };
        let event = match event {
            Event::First(mut queued) => {
                self.activity = queued.activity.take();
                Event::First(queued)
            }
            Event::Second(mut queued) => {
                self.activity = queued.activity.take();
                Event::Second(queued)
            }
            Event::TimeOver => Event::TimeOver,
        };
        second.set_idle(false);
        self.set_idle(false);
        event
    }
}
