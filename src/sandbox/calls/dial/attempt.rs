//! Rings the phones of a `<Dial>` at once, until the first is ready to be connected.

use std::time::Duration;

use tokio::sync::mpsc;

use super::leg::{Leg, LegNews};
use super::nouns::Callee;
use crate::sandbox::calls::active_call::{ActiveCall, NewCall};
use crate::sandbox::calls::commands::ended;
use crate::sandbox::calls::step::Step;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{AnswerBehavior, CallCommand, QueuedCommand};
use crate::types::{CallDirection, CallSid, CallStatus, Redacted};

/// Result of ringing.
pub(super) enum Attempt {
    /// A phone is ready to be connected.
    Ready(Box<ActiveCall>),
    /// No phone was reached. The SID is that of the leg with this status.
    Unreached(Option<CallSid>, CallStatus),
    /// A hang-up or the REST API interrupted the call that dials.
    Interrupted(Option<CallSid>, Step),
}

/// Event while phones ring.
enum Event {
    Command(QueuedCommand),
    News(LegNews),
}

impl ActiveCall {
    /// Rings phones at once. The first that is ready wins, and the other legs are ended.
    pub(super) async fn ring_all(&mut self, callees: Vec<Callee>, timeout: Duration) -> Attempt {
        let (sender, mut news) = mpsc::unbounded_channel();
        let legs = self.start_legs(callees, timeout, &sender);
        let mut open = legs.len();
        let mut worst = (None, CallStatus::Failed);
        let mut early = Vec::new();
        let attempt = loop {
            // Counted, because the channel closes only after the last leg's task has ended.
            if open == 0 {
                break Attempt::Unreached(worst.0, worst.1);
            }
            match self.next_of_legs(&mut news).await {
                Event::Command(queued) if self.is_connecting(&legs, &queued) => early.push(queued),
                Event::Command(queued) => {
                    if let Some(step) = self.interrupt(queued) {
                        break Attempt::Interrupted(legs.last().copied(), step);
                    }
                }
                Event::News(LegNews { sid, result, .. }) => match result {
                    Ok(child) => {
                        self.pending.extend(early);
                        break Attempt::Ready(child);
                    }
                    Err(status) => {
                        open -= 1;
                        if rank(&status) >= rank(&worst.1) {
                            worst = (Some(sid), status);
                        }
                    }
                },
            }
        };
        let winner = match &attempt {
            Attempt::Ready(child) => Some(child.sid),
            _ => None,
        };
        self.end_legs(&legs, winner, news);
        attempt
    }

    /// Creates the legs and rings their phones, in order.
    fn start_legs(
        &self,
        callees: Vec<Callee>,
        timeout: Duration,
        news: &mpsc::UnboundedSender<LegNews>,
    ) -> Vec<CallSid> {
        let mut legs = Vec::new();
        let mut has_winner = false;
        for callee in callees {
            let mut leg = self.leg(callee, timeout, news.clone());
            // Of the phones that answer at once, the first is the first to answer. The others ring
            // until they are canceled.
            if leg.screening.is_none() && leg.behavior.as_ref().is_ok_and(|b| b.answers_at_once()) {
                if has_winner {
                    leg.behavior = Ok(AnswerBehavior::Ring);
                }
                has_winner = true;
            }
            legs.push(leg);
        }
        let sids: Vec<CallSid> = legs.iter().map(|leg| leg.call.sid).collect();
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.legs.clone_from(&sids);
            }
        });
        legs.into_iter().for_each(Leg::start);
        sids
    }

    fn leg(&self, callee: Callee, timeout: Duration, news: mpsc::UnboundedSender<LegNews>) -> Leg {
        let new = NewCall {
            from: callee.from,
            to: callee.to,
            direction: CallDirection::OutboundDial,
            parent_call_sid: Some(self.sid),
            status_callback: callee.status_callback,
        };
        let mut call = Self::new(&self.context, new);
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(call.sid) {
                entry.parameters = Redacted::new(callee.parameters);
            }
        });
        Leg {
            behavior: call.start_ringing(),
            timer: self
                .context
                .clock
                .timer(timeout, TimerEvent::timeout("timeout of <Dial>")),
            call,
            screening: callee.screening,
            send_digits: callee.send_digits,
            machine_detection: callee.machine_detection,
            news,
        }
    }

    /// Waits for a command to this call, or for news of a leg. The call is idle in the meantime.
    async fn next_of_legs(&mut self, news: &mut mpsc::UnboundedReceiver<LegNews>) -> Event {
        if let Some(queued) = self.pending.pop_front() {
            return Event::Command(queued);
        }
        self.set_idle(true);
        self.activity = None;
        let event = loop {
            let received = tokio::select! {
                biased;
                queued = self.commands.recv() => queued.unwrap_or_else(QueuedCommand::hang_up),
                // The sender lives as long as `ring_all`, so the channel stays open.
                Some(mut received) = news.recv() => {
                    self.activity = received.activity.take();
                    break Event::News(received);
                }
                guard = ended(&mut self.deadline) => {
                    self.set_status(CallStatus::Completed);
                    QueuedCommand { activity: Some(guard), ..QueuedCommand::ended() }
                }
            };
            if let Some(mut queued) = self.apply(received) {
                self.activity = queued.activity.take();
                break Event::Command(queued);
            }
        };
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.is_idle = false;
                if let Event::News(news) = &event {
                    entry.legs.retain(|leg| *leg != news.sid);
                }
            }
        });
        event
    }

    /// Reports whether a command is speech or keys, and a leg that has answered is about to hear
    /// them.
    fn is_connecting(&self, legs: &[CallSid], queued: &QueuedCommand) -> bool {
        let is_input = matches!(
            queued.command,
            CallCommand::Speak(_) | CallCommand::PressKeys(_) | CallCommand::Refer(_)
        );
        let is_connecting = |leg: &CallSid| {
            self.context.read(|state| {
                let leg = state.call(*leg);
                leg.is_some_and(|leg| leg.call.status == CallStatus::InProgress && !leg.is_idle)
            })
        };
        is_input && legs.iter().any(is_connecting)
    }

    /// Ends every leg but the one that is connected.
    fn end_legs(
        &self,
        legs: &[CallSid],
        winner: Option<CallSid>,
        mut news: mpsc::UnboundedReceiver<LegNews>,
    ) {
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.legs.clear();
            }
        });
        // A leg that becomes ready from now on ends itself.
        news.close();
        while let Ok(late) = news.try_recv() {
            if let Ok(child) = late.result {
                child.hang_up_later();
            }
        }
        for leg in legs.iter().filter(|leg| Some(**leg) != winner) {
            let status = self.context.read(|state| {
                let status = &state.call(*leg)?.call.status;
                Some(match status {
                    CallStatus::InProgress => CallStatus::Completed,
                    _ => CallStatus::Canceled,
                })
            });
            if let Some(status) = status {
                self.context.end_call(*leg, status);
            }
        }
    }
}

/// Order of the statuses of legs without an answer: the `<Dial>` reports the highest.
const fn rank(status: &CallStatus) -> u8 {
    match status {
        CallStatus::NoAnswer => 3,
        CallStatus::Busy => 2,
        CallStatus::Canceled => 1,
        _ => 0,
    }
}
