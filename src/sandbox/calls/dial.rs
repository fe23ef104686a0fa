//! Runs `<Dial>`: rings another phone and connects both calls.

use reqwest::Url;

use super::active_call::{ActiveCall, NewCall};
use super::status_callback::{CallProgressEvent, StatusCallback};
use super::step::Step;
use crate::phone::{Address, E164};
use crate::sandbox::state::{
    AnswerBehavior, CallCommand, QueuedCommand, WebhookKind, WebhookTarget,
};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;
use crate::types::{CallDirection, CallStatus, Method};

/// A command to one of two connected calls.
enum Side {
    Parent(QueuedCommand),
    Child(QueuedCommand),
}

/// Result of an attempt to reach a phone.
struct Attempt {
    child: Option<ActiveCall>,
    status: CallStatus,
    /// Next step of the parent call, if a command interrupts it.
    parent_step: Option<Step>,
}

impl ActiveCall {
    /// Runs a `<Dial>`. Tries its numbers in order until one is answered.
    ///
    /// Twilio rings them all at once; an order makes a test's result predictable.
    pub(super) async fn dial(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let mut last = Attempt {
            child: None,
            status: CallStatus::Failed,
            parent_step: None,
        };
        for (number, status_callback) in callees(verb, base) {
            last = self.attempt(&number, status_callback, verb).await;
            if last.parent_step.is_some() || last.status == CallStatus::Completed {
                break;
            }
        }
        if let Some(step) = last.parent_step {
            return step;
        }
        if verb.attribute("action").is_none() {
            return Step::NextVerb;
        }
        let mut fields = FormFields::new();
        if let Some(child) = &last.child {
            fields.push("DialCallSid", child.sid.as_str());
        }
        fields.push("DialCallStatus", last.status.as_str());
        if last.status == CallStatus::Completed {
            let stored = last.child.as_ref().and_then(Self::stored);
            let seconds = stored.and_then(|call| call.duration).unwrap_or_default();
            fields.push("DialCallDuration", seconds.to_string());
            fields.push("DialBridged", "true");
        }
        self.request_action(WebhookKind::DialAction, verb, base, fields)
            .await
    }

    async fn attempt(
        &mut self,
        number: &str,
        status_callback: Option<StatusCallback>,
        verb: &Node,
    ) -> Attempt {
        let unreached = |status| Attempt {
            child: None,
            status,
            parent_step: None,
        };
        let Ok(to) = E164::parse(number) else {
            self.alert(13223, "the <Dial> names a number that is not E.164");
            return unreached(CallStatus::Failed);
        };
        let Some(from) = self.caller_id(verb) else {
            self.alert(
                13214,
                "the callerId of the <Dial> is neither a number of the account nor of this call",
            );
            return unreached(CallStatus::Failed);
        };
        let new = NewCall {
            from,
            to: to.into(),
            direction: CallDirection::OutboundDial,
            parent_call_sid: Some(self.sid),
            status_callback,
        };
        let mut child = Self::new(&self.context, new);
        child.report(CallProgressEvent::Initiated).await;
        let mut parent_step = None;
        let status = match child.start_ringing() {
            Err(status) => status,
            Ok(behavior) => {
                child.report(CallProgressEvent::Ringing).await;
                match self.await_answer(&mut child, behavior).await {
                    Ok(()) => {
                        child.answer().await;
                        parent_step = self.bridge(&mut child, verb).await;
                        self.counted += child.counted;
                        CallStatus::Completed
                    }
                    Err((status, step)) => {
                        parent_step = step;
                        status
                    }
                }
            }
        };
        child.finish(status.clone()).await;
        Attempt {
            child: Some(child),
            status,
            parent_step,
        }
    }

    /// Returns the caller ID for the dialled phone: a number of the account, or of this call.
    /// Returns `None` if the `<Dial>` names any other.
    fn caller_id(&self, verb: &Node) -> Option<Address> {
        let call = self.stored()?;
        let Some(wanted) = verb.attribute("callerId") else {
            return Some(call.from);
        };
        let wanted = Address::Phone(E164::parse(wanted).ok()?);
        let ours = self
            .context
            .read(|state| state.number_at(&wanted).is_some());
        (ours || wanted == call.from || wanted == call.to).then_some(wanted)
    }

    /// Waits until the dialled phone answers, or either side ends the call.
    async fn await_answer(
        &mut self,
        child: &mut Self,
        behavior: AnswerBehavior,
    ) -> Result<(), (CallStatus, Option<Step>)> {
        match behavior {
            AnswerBehavior::Answer => return Ok(()),
            AnswerBehavior::Busy => return Err((CallStatus::Busy, None)),
            AnswerBehavior::NoAnswer => return Err((CallStatus::NoAnswer, None)),
            AnswerBehavior::Ring => {}
        }
        loop {
            match self.next_command_of_either(child).await {
                Side::Child(queued) => match queued.command {
                    CallCommand::Answer => return Ok(()),
                    CallCommand::HangUp => return Err((CallStatus::Busy, None)),
                    CallCommand::EndedByApi => return Err((CallStatus::Canceled, None)),
                    _ => {}
                },
                Side::Parent(queued) => {
                    if let Some(step) = self.interrupt(queued) {
                        return Err((CallStatus::Canceled, Some(step)));
                    }
                }
            }
        }
    }

    /// Connects two phones until one of them hangs up. Speech on one side is audio on the other.
    async fn bridge(&mut self, child: &mut Self, verb: &Node) -> Option<Step> {
        let hangs_up_on_star = verb.attribute("hangupOnStar") == Some("true");
        loop {
            match self.next_command_of_either(child).await {
                Side::Child(queued) => match queued.command {
                    CallCommand::HangUp | CallCommand::EndedByApi => return None,
                    // Matched without the speech first, because `accept` needs the whole command.
                    CallCommand::Speak(_) => {
                        if let CallCommand::Speak(speech) = queued.accept() {
                            self.push_audio(speech);
                        }
                    }
                    _ => {}
                },
                Side::Parent(queued) => match queued.command {
                    CallCommand::Speak(_) => {
                        if let CallCommand::Speak(speech) = queued.accept() {
                            child.push_audio(speech);
                        }
                    }
                    CallCommand::PressKeys(ref keys) if hangs_up_on_star && keys.contains('*') => {
                        queued.accept();
                        return None;
                    }
                    _ => {
                        if let Some(step) = self.interrupt(queued) {
                            return Some(step);
                        }
                    }
                },
            }
        }
    }

    /// Waits for the next command to either call. Both are idle in the meantime.
    async fn next_command_of_either(&mut self, child: &mut Self) -> Side {
        if let Some(queued) = self.pending.pop_front() {
            return Side::Parent(queued);
        }
        child.set_idle(true);
        self.set_idle(true);
        self.activity = None;
        // Both senders live as long as the state, so the channels do not close while a call runs.
        let gone = QueuedCommand::hang_up;
        let mut side = tokio::select! {
            queued = self.commands.recv() => Side::Parent(queued.unwrap_or_else(gone)),
            queued = child.commands.recv() => Side::Child(queued.unwrap_or_else(gone)),
        };
        let (Side::Parent(queued) | Side::Child(queued)) = &mut side;
        self.activity = queued.activity.take();
        child.set_idle(false);
        self.set_idle(false);
        side
    }
}

/// Returns the numbers of a `<Dial>`, each with its status callback.
fn callees(verb: &Node, base: Option<&Url>) -> Vec<(String, Option<StatusCallback>)> {
    let text = verb.text();
    let text = text.trim();
    let mut callees: Vec<_> = verb
        .children()
        .filter(|noun| noun.name() == "Number")
        .map(|noun| (noun.text().trim().to_owned(), status_callback(noun, base)))
        .collect();
    if !text.is_empty() {
        callees.insert(0, (text.to_owned(), None));
    }
    callees
}

fn status_callback(noun: &Node, base: Option<&Url>) -> Option<StatusCallback> {
    let url = noun.attribute("statusCallback")?;
    let url = base.map_or_else(|| Url::parse(url), |base| base.join(url));
    let method = match noun.attribute("statusCallbackMethod") {
        Some("GET") => Method::Get,
        _ => Method::Post,
    };
    let events = noun
        .attribute("statusCallbackEvent")
        .unwrap_or("completed")
        .split_whitespace()
        .filter_map(CallProgressEvent::parse)
        .collect();
    Some(StatusCallback {
        target: WebhookTarget::new(url.ok()?.as_str(), method),
        events,
        is_of_number: false,
    })
}
