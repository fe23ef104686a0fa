//! Runs `<Dial>`: rings another phone and puts the two in touch.

use reqwest::Url;

use super::calls::{Command, Event, Leg, Order, Plan, StatusCallback};
use super::phone::AnswerBehavior;
use super::records::{Hook, WebhookKind};
use super::script::Step;
use super::webhooks::{Fields, field};
use crate::phone::E164;
use crate::twiml::Node;
use crate::types::{CallDirection, CallStatus, Method};

/// Who wants something while two phones are in touch, or about to be.
enum Side {
    Parent(Order),
    Child(Order),
}

/// How an attempt to reach a phone ended.
struct Attempt {
    child: Option<Leg>,
    status: CallStatus,
    /// Set when the parent call goes elsewhere because of what happened to it meanwhile.
    parent: Option<Step>,
}

impl Leg {
    /// Runs a `<Dial>`: its numbers are tried one after the other until one is answered.
    pub(super) async fn dial(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let mut last = Attempt {
            child: None,
            status: CallStatus::Failed,
            parent: None,
        };
        for (number, callback) in callees(verb, base) {
            last = self.attempt(&number, callback, verb).await;
            if last.parent.is_some() || last.status == CallStatus::Completed {
                break;
            }
        }
        if let Some(step) = last.parent {
            return step;
        }
        if verb.attribute("action").is_none() {
            return Step::Next;
        }
        let mut fields = Fields::new();
        if let Some(child) = &last.child {
            field(&mut fields, "DialCallSid", child.sid.as_str());
        }
        field(&mut fields, "DialCallStatus", last.status.as_str());
        if last.status == CallStatus::Completed {
            let stored = last.child.as_ref().and_then(Self::stored);
            let seconds = stored.and_then(|call| call.duration).unwrap_or_default();
            field(&mut fields, "DialCallDuration", seconds.to_string());
            field(&mut fields, "DialBridged", "true");
        }
        self.act(WebhookKind::DialAction, verb, base, fields).await
    }

    async fn attempt(
        &mut self,
        number: &str,
        callback: Option<StatusCallback>,
        verb: &Node,
    ) -> Attempt {
        let nobody = |status| Attempt {
            child: None,
            status,
            parent: None,
        };
        let Ok(to) = E164::parse(number) else {
            self.alert(13223, "the <Dial> holds no E.164 number");
            return nobody(CallStatus::Failed);
        };
        let Some(from) = self.caller_id(verb) else {
            self.alert(
                13214,
                "the callerId of the <Dial> is none that this call may show",
            );
            return nobody(CallStatus::Failed);
        };
        let plan = Plan {
            from,
            to,
            direction: CallDirection::OutboundDial,
            parent: Some(self.sid),
            callback,
        };
        let mut child = Self::new(&self.world, plan);
        child.event(Event::Initiated).await;
        let mut parent = None;
        let status = match child.knock() {
            Err(status) => status,
            Ok(pickup) => {
                child.event(Event::Ringing).await;
                match self.await_pickup(&mut child, pickup).await {
                    Ok(()) => {
                        child.answer().await;
                        parent = self.bridge(&mut child, verb).await;
                        self.seconds += child.seconds;
                        CallStatus::Completed
                    }
                    Err((status, step)) => {
                        parent = step;
                        status
                    }
                }
            }
        };
        child.finish(status.clone()).await;
        Attempt {
            child: Some(child),
            status,
            parent,
        }
    }

    /// The number that the dialled phone shows: one of ours, or that of the person in the call.
    fn caller_id(&self, verb: &Node) -> Option<E164> {
        let call = self.stored()?;
        let Some(wanted) = verb.attribute("callerId") else {
            return Some(call.from);
        };
        let wanted = E164::parse(wanted).ok()?;
        let ours = self.world.read(|state| state.number(wanted).is_some());
        (ours || wanted == call.from || wanted == call.to).then_some(wanted)
    }

    /// Lets the dialled phone ring until it or the parent decides.
    async fn await_pickup(
        &mut self,
        child: &mut Self,
        pickup: AnswerBehavior,
    ) -> Result<(), (CallStatus, Option<Step>)> {
        match pickup {
            AnswerBehavior::Answer => return Ok(()),
            AnswerBehavior::Busy => return Err((CallStatus::Busy, None)),
            AnswerBehavior::NoAnswer => return Err((CallStatus::NoAnswer, None)),
            AnswerBehavior::Ring => {}
        }
        loop {
            match self.either(child).await {
                Side::Child(order) => match order.command {
                    Command::Answer => return Ok(()),
                    Command::HangUp => return Err((CallStatus::Busy, None)),
                    Command::Ended => return Err((CallStatus::Canceled, None)),
                    _ => {}
                },
                Side::Parent(order) => {
                    if let Some(step) = self.interrupt(order) {
                        return Err((CallStatus::Canceled, Some(step)));
                    }
                }
            }
        }
    }

    /// Puts two phones in touch until one of them hangs up. What one says, the other hears.
    async fn bridge(&mut self, child: &mut Self, verb: &Node) -> Option<Step> {
        let star = verb.attribute("hangupOnStar") == Some("true");
        loop {
            match self.either(child).await {
                Side::Child(order) => match order.command {
                    Command::HangUp | Command::Ended => return None,
                    Command::Words(_) => {
                        if let Command::Words(words) = order.take() {
                            self.hear(words);
                        }
                    }
                    _ => {}
                },
                Side::Parent(order) => match order.command {
                    Command::Words(_) => {
                        if let Command::Words(words) = order.take() {
                            child.hear(words);
                        }
                    }
                    Command::Keys(ref keys) if star && keys.contains('*') => {
                        order.take();
                        return None;
                    }
                    _ => {
                        if let Some(step) = self.interrupt(order) {
                            return Some(step);
                        }
                    }
                },
            }
        }
    }

    /// The next thing that happens on either side. Both rest until then.
    async fn either(&mut self, child: &mut Self) -> Side {
        if let Some(order) = self.pending.pop_front() {
            return Side::Parent(order);
        }
        child.rest(true);
        self.rest(true);
        self.busy = None;
        // Both senders live as long as the world; a closed line is a phone that has hung up.
        let gone = || Order {
            command: Command::HangUp,
            taken: None,
            busy: None,
        };
        let mut side = tokio::select! {
            order = self.orders.recv() => Side::Parent(order.unwrap_or_else(gone)),
            order = child.orders.recv() => Side::Child(order.unwrap_or_else(gone)),
        };
        let (Side::Parent(order) | Side::Child(order)) = &mut side;
        self.busy = order.busy.take();
        child.rest(false);
        self.rest(false);
        side
    }
}

/// Whom a `<Dial>` names, and where the steps of that leg are reported.
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
    let address = noun.attribute("statusCallback")?;
    let url = base.map_or_else(|| Url::parse(address), |base| base.join(address));
    let method = match noun.attribute("statusCallbackMethod") {
        Some("GET") => Method::Get,
        _ => Method::Post,
    };
    let events = noun
        .attribute("statusCallbackEvent")
        .unwrap_or("completed")
        .split_whitespace()
        .filter_map(Event::read)
        .collect();
    Some(StatusCallback {
        hook: Hook::new(url.ok()?.as_str(), method),
        events,
        plain: false,
    })
}
