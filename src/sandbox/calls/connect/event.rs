//! Waits for the phone, the application and a time, whichever comes first.

use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::commands::ended;
use crate::sandbox::clock::Timer;
use crate::sandbox::state::QueuedCommand;
use crate::sandbox::webhooks::{Frame, WebSocket};
use crate::types::CallStatus;

/// Event of a call that is connected to a WebSocket.
pub(super) enum Event {
    /// The phone or the REST API.
    Command(QueuedCommand),
    /// The application.
    Frame(Frame),
    /// The timer has ended.
    TimeOver,
    /// The next sound of the phone is due.
    SoundDue,
}

impl ActiveCall {
    /// Waits for the next event. `pace` is the time of the phone's sound. The call is idle in the
    /// meantime.
    pub(super) async fn next_event(
        &mut self,
        socket: &mut WebSocket,
        timer: &mut Option<Timer>,
        pace: &mut Option<Timer>,
    ) -> Event {
        if let Some(queued) = self.pending.pop_front() {
            return Event::Command(queued);
        }
        self.set_idle(true);
        self.activity = None;
        let event = loop {
            let queued = tokio::select! {
                biased;
                queued = self.commands.recv() => queued.unwrap_or_else(QueuedCommand::hang_up),
                guard = ended(&mut self.deadline) => {
                    self.set_status(CallStatus::Completed);
                    QueuedCommand { activity: Some(guard), ..QueuedCommand::ended() }
                }
                guard = ended(timer) => {
                    self.activity = Some(guard);
                    break Event::TimeOver;
                }
                guard = ended(pace) => {
                    self.activity = Some(guard);
                    break Event::SoundDue;
                }
                frame = socket.next() => {
                    self.activity = Some(self.context.begin_activity());
                    break Event::Frame(frame);
                }
            };
            if let Some(mut queued) = self.apply(queued) {
                self.activity = queued.activity.take();
                break Event::Command(queued);
            }
        };
        self.set_idle(false);
        event
    }
}
