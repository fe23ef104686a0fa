//! The life of a call: rung, answered, followed through its TwiML, and reported.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::{mpsc, oneshot};

use super::phone::AnswerBehavior;
use super::records::{Hook, StoredCall, WebhookKind};
use super::script::Step;
use super::store::{Busy, CallEntry, World, rfc2822};
use super::webhooks::{self, Document, Fields, field};
use crate::phone::E164;
use crate::types::{CallDirection, CallSid, CallStatus};

/// What somebody wants of a call under way.
pub(super) enum Command {
    /// The phone presses keys.
    Keys(String),
    /// The person speaks.
    Words(String),
    /// The person lets the time run out.
    Silence,
    /// The phone is picked up.
    Answer,
    /// The phone hangs up.
    HangUp,
    /// The REST API ended the call: its status says how.
    Ended,
    /// The REST API gave new instructions.
    Redirect(Instructions),
}

/// A command on its way to a call.
pub(super) struct Order {
    pub(super) command: Command,
    /// Told when the call takes what it was given.
    pub(super) taken: Option<oneshot::Sender<()>>,
    /// Keeps the sandbox from settling while the order is on its way.
    pub(super) busy: Option<Busy>,
}

impl Order {
    /// Tells the phone that the call asked for this.
    pub(super) fn take(self) -> Command {
        if let Some(taken) = self.taken {
            // The phone may have stopped waiting.
            let _ = taken.send(());
        }
        self.command
    }
}

/// Where a call finds what to do.
pub(super) enum Instructions {
    Inline(Document),
    Ask(Hook, Option<Hook>),
}

/// A step of a call that a status callback may report.
///
/// Source: <https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Initiated,
    Ringing,
    Answered,
    Completed,
}

impl Event {
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "initiated" => Some(Self::Initiated),
            "ringing" => Some(Self::Ringing),
            "answered" => Some(Self::Answered),
            "completed" => Some(Self::Completed),
            _ => None,
        }
    }
}

/// Where and when the steps of a call are reported.
pub(super) struct StatusCallback {
    pub(super) hook: Hook,
    pub(super) events: Vec<Event>,
    /// A number's own callback tells the end only, without sequence and time.
    pub(super) plain: bool,
}

/// One leg of a call while it lives.
pub(super) struct Leg {
    pub(super) world: Arc<World>,
    pub(super) sid: CallSid,
    pub(super) callback: Option<StatusCallback>,
    pub(super) fallback: Option<Hook>,
    pub(super) busy: Option<Busy>,
    pub(super) orders: mpsc::UnboundedReceiver<Order>,
    /// Orders that came while the call had no ear for them.
    pub(super) pending: VecDeque<Order>,
    /// Keys pressed and not gathered yet.
    pub(super) keys: VecDeque<char>,
    pub(super) seconds: u64,
    pub(super) documents: u32,
    pub(super) hung_up: bool,
    pub(super) redirected: Option<Instructions>,
    sequence: u32,
}

/// A call that is about to be.
pub(super) struct Plan {
    pub(super) from: E164,
    pub(super) to: E164,
    pub(super) direction: CallDirection,
    pub(super) parent: Option<CallSid>,
    pub(super) callback: Option<StatusCallback>,
}

/// How a phone takes a call.
enum Rung {
    Answered,
    Refused(CallStatus),
}

/// Places a call: rings the phone, and once it is answered follows the instructions.
pub(super) async fn place(mut leg: Leg, instructions: Instructions, busy: Busy) {
    leg.busy = Some(busy);
    leg.event(Event::Initiated).await;
    match leg.ring().await {
        Rung::Refused(status) => leg.finish(status).await,
        Rung::Answered => {
            leg.answer().await;
            let first = leg.obey(instructions).await;
            leg.follow(first).await;
            leg.finish(CallStatus::Completed).await;
        }
    }
}

/// Starts a call from a phone to one of our numbers, instructed by the URLs that are really
/// configured: those of the TwiML App when the number is bound to one, else the number's own.
pub(super) fn receive(world: &Arc<World>, from: E164, to: E164) -> CallSid {
    let configured = world.read(|state| {
        let number = state.number(to)?;
        if number.setting("TrunkSid").is_some() {
            // A trunk takes the calls; neither app nor URLs hear of them.
            return None;
        }
        let settings = match number.voice_application_sid() {
            Some(app) => &state.application(app)?.settings,
            None => &number.settings,
        };
        let end = settings.hook("StatusCallback", "StatusCallbackMethod");
        let hook = settings.hook("VoiceUrl", "VoiceMethod")?;
        Some((
            hook,
            settings.hook("VoiceFallbackUrl", "VoiceFallbackMethod"),
            end,
        ))
    });
    let (hook, fallback, end) = match configured {
        Some((hook, fallback, end)) => (Some(hook), fallback, end),
        None => (None, None, None),
    };
    let plan = Plan {
        from,
        to,
        direction: CallDirection::Inbound,
        parent: None,
        callback: end.map(|hook| StatusCallback {
            hook,
            events: vec![Event::Completed],
            plain: true,
        }),
    };
    let mut leg = Leg::new(world, plan);
    let sid = leg.sid;
    world.spawn(|busy| async move {
        if let Some(hook) = hook {
            take(leg, hook, fallback, busy).await;
        } else {
            leg.alert(11100, "the number that was called has no voice URL");
            leg.finish(CallStatus::Failed).await;
        }
    });
    sid
}

/// Takes a call from a phone: asks the application, and answers unless it says `<Reject>`.
async fn take(mut leg: Leg, hook: Hook, fallback: Option<Hook>, busy: Busy) {
    leg.busy = Some(busy);
    let first = leg.obey(Instructions::Ask(hook, fallback)).await;
    if let Some(status) = first.rejection() {
        leg.finish(status).await;
        return;
    }
    if leg.hung_up {
        leg.finish(CallStatus::NoAnswer).await;
        return;
    }
    leg.set_status(CallStatus::InProgress);
    leg.follow(first).await;
    leg.finish(CallStatus::Completed).await;
}

impl Leg {
    /// Stores a call: `queued` on its way out, `ringing` on its way in.
    pub(super) fn new(world: &Arc<World>, plan: Plan) -> Self {
        let (line, orders) = mpsc::unbounded_channel();
        let sid = world.sid("CA");
        let call = StoredCall {
            sid,
            parent_call_sid: plan.parent,
            from: plan.from,
            to: plan.to,
            status: if plan.direction == CallDirection::Inbound {
                CallStatus::Ringing
            } else {
                CallStatus::Queued
            },
            direction: plan.direction,
            duration: None,
            date_created: SystemTime::now(),
            start_time: None,
            end_time: None,
        };
        world.update(|state| {
            state.calls.push(CallEntry {
                call,
                heard: VecDeque::new(),
                at_rest: false,
                over: false,
                line,
            });
        });
        Self {
            world: Arc::clone(world),
            sid,
            callback: plan.callback,
            fallback: None,
            busy: None,
            orders,
            pending: VecDeque::new(),
            keys: VecDeque::new(),
            seconds: 0,
            documents: 0,
            hung_up: false,
            redirected: None,
            sequence: 0,
        }
    }

    /// Rings the phone until somebody decides.
    async fn ring(&mut self) -> Rung {
        let pickup = match self.knock() {
            Ok(pickup) => pickup,
            Err(status) => return Rung::Refused(status),
        };
        self.event(Event::Ringing).await;
        match pickup {
            _ if self.has_ended() => Rung::Refused(CallStatus::Canceled),
            AnswerBehavior::Answer => Rung::Answered,
            AnswerBehavior::Busy => Rung::Refused(CallStatus::Busy),
            AnswerBehavior::NoAnswer => Rung::Refused(CallStatus::NoAnswer),
            AnswerBehavior::Ring => loop {
                match self.next_order().await.command {
                    Command::Answer => return Rung::Answered,
                    Command::HangUp => return Rung::Refused(CallStatus::Busy),
                    Command::Ended => return Rung::Refused(CallStatus::Canceled),
                    _ => {}
                }
            },
        }
    }

    /// Makes the phone ring, and tells what it does about it; or why it does not ring.
    pub(super) fn knock(&self) -> Result<AnswerBehavior, CallStatus> {
        self.world.update(|state| {
            let entry = state.call(self.sid).ok_or(CallStatus::Failed)?;
            if entry.has_ended() {
                return Err(CallStatus::Canceled);
            }
            let callee = entry.call.to;
            let engaged = state.calls.iter().any(|other| {
                let call = &other.call;
                let phone = match call.direction {
                    CallDirection::Inbound => call.from,
                    _ => call.to,
                };
                let on = matches!(call.status, CallStatus::Ringing | CallStatus::InProgress);
                phone == callee && on && call.sid != self.sid
            });
            let phone = state.phone_mut(callee);
            let pickup = match phone.pickup {
                // Nobody holds this phone: it rings in an empty room.
                _ if !phone.held => AnswerBehavior::NoAnswer,
                AnswerBehavior::Busy => return Err(CallStatus::Busy),
                _ if engaged => return Err(CallStatus::Busy),
                pickup => pickup,
            };
            if matches!(pickup, AnswerBehavior::Answer | AnswerBehavior::Ring) {
                phone.rings.push_back(self.sid);
            }
            if let Some(entry) = state.call_mut(self.sid) {
                entry.call.status = CallStatus::Ringing;
            }
            Ok(pickup)
        })
    }

    /// The phone was picked up.
    pub(super) async fn answer(&mut self) {
        self.set_status(CallStatus::InProgress);
        self.event(Event::Answered).await;
    }

    fn set_status(&self, status: CallStatus) {
        self.world.update(|state| {
            let Some(entry) = state.call_mut(self.sid) else {
                return;
            };
            if !entry.has_ended() {
                if status == CallStatus::InProgress {
                    entry.call.start_time = Some(SystemTime::now());
                }
                entry.call.status = status;
            }
        });
    }

    /// Ends the call, with this status unless the API has set another, and reports it.
    pub(super) async fn finish(&mut self, status: CallStatus) {
        self.close(status);
        self.event(Event::Completed).await;
        self.world.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.at_rest = false;
                entry.over = true;
            }
        });
    }

    /// Gives the call its last status.
    pub(super) fn close(&self, status: CallStatus) {
        self.set_status(status);
        self.world.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                let call = &mut entry.call;
                call.end_time.get_or_insert_with(SystemTime::now);
                call.duration = Some(call.start_time.map_or(0, |_| self.seconds.max(1)));
            }
        });
    }

    pub(super) fn has_ended(&self) -> bool {
        self.stored().is_none_or(|call| call.status.is_final())
    }

    pub(super) fn stored(&self) -> Option<StoredCall> {
        self.world
            .read(|state| state.call(self.sid).map(|entry| entry.call.clone()))
    }

    /// The next thing that somebody wants of this call. Until then it rests.
    pub(super) async fn next_order(&mut self) -> Order {
        if let Some(order) = self.pending.pop_front() {
            return order;
        }
        self.rest(true);
        self.busy = None;
        let mut order = self.orders.recv().await.unwrap_or(Order {
            command: Command::HangUp,
            taken: None,
            busy: None,
        });
        self.busy = order.busy.take();
        self.rest(false);
        order
    }

    pub(super) fn rest(&self, at_rest: bool) {
        self.world.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.at_rest = at_rest;
            }
        });
    }

    /// Finds the first document of some instructions.
    pub(super) async fn obey(&mut self, instructions: Instructions) -> Step {
        match instructions {
            Instructions::Inline(document) => Step::Go(document),
            Instructions::Ask(hook, fallback) => {
                self.fallback = fallback;
                self.request(WebhookKind::Voice, &hook, Fields::new()).await
            }
        }
    }

    /// Reports a step to the status callback, if it asked for it.
    pub(super) async fn event(&mut self, event: Event) {
        let Some(callback) = &self.callback else {
            return;
        };
        if !callback.events.contains(&event) {
            return;
        }
        let Some(call) = self.stored() else { return };
        let mut fields = self.fields();
        if event == Event::Initiated {
            replace(&mut fields, "CallStatus", CallStatus::Initiated.as_str());
        }
        if event == Event::Completed {
            let seconds = call.duration.unwrap_or_default();
            field(&mut fields, "CallDuration", seconds.to_string());
            field(&mut fields, "Duration", seconds.div_ceil(60).to_string());
            if call.direction != CallDirection::Inbound {
                field(&mut fields, "SipResponseCode", sip_code(&call.status));
            }
        }
        if !callback.plain {
            field(&mut fields, "CallbackSource", "call-progress-events");
            field(&mut fields, "SequenceNumber", self.sequence.to_string());
            let now = rfc2822(SystemTime::now()).unwrap_or_default();
            field(&mut fields, "Timestamp", now);
        }
        self.sequence += 1;
        let (world, sid) = (&self.world, self.sid.as_str());
        webhooks::notify(world, WebhookKind::CallStatus, sid, &callback.hook, fields).await;
    }

    /// The parameters of every voice request.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml#request-parameters>
    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        let Some(call) = self.stored() else {
            return fields;
        };
        let (from, to) = (call.from.as_str(), call.to.as_str());
        field(&mut fields, "CallSid", call.sid.as_str());
        field(&mut fields, "AccountSid", self.world.account_sid.as_str());
        field(&mut fields, "ApiVersion", "2010-04-01");
        field(&mut fields, "From", from);
        field(&mut fields, "To", to);
        field(&mut fields, "Caller", from);
        field(&mut fields, "Called", to);
        field(&mut fields, "CallStatus", call.status.as_str());
        field(&mut fields, "Direction", call.direction.as_str());
        if let Some(parent) = call.parent_call_sid {
            field(&mut fields, "ParentCallSid", parent.as_str());
        }
        for side in ["From", "To", "Caller", "Called"] {
            for place in ["City", "State", "Zip", "Country"] {
                // Twilio sends them empty when it does not know.
                field(&mut fields, &format!("{side}{place}"), "");
            }
        }
        fields
    }
}

fn replace(fields: &mut Fields, name: &str, value: &str) {
    for (key, old) in fields.iter_mut() {
        if key == name {
            value.clone_into(old);
        }
    }
}

const fn sip_code(status: &CallStatus) -> &'static str {
    match status {
        CallStatus::Busy => "486",
        CallStatus::NoAnswer => "480",
        CallStatus::Canceled => "487",
        CallStatus::Failed => "404",
        _ => "200",
    }
}
