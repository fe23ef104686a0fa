//! Runs `<Enqueue>`: the call waits in a queue until another call takes it out.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/enqueue>

use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::music::PartyEvent;
use super::purpose::Purpose;
use super::step::Step;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{
    CallCommand, Link, Member, QUEUE_SIZE, Queue, WebhookKind, WebhookTarget,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;
use crate::types::{CallSid, CallStatus, QueueSid};
use crate::webhook::QueueResult;

/// Twilio's limit for the name of a queue.
pub(super) const NAME_LIMIT: usize = 64;

/// End of the wait in a queue.
struct QueueEnd {
    result: QueueResult,
    /// Next step of the call, if a command interrupted it.
    step: Option<Step>,
}

impl QueueEnd {
    const fn new(result: QueueResult) -> Self {
        Self { result, step: None }
    }

    /// Creates the end by a hang-up or by new instructions.
    fn interrupted(step: Step, hangup: QueueResult, redirect: QueueResult) -> Self {
        Self {
            result: match step {
                Step::Follow(_) => redirect,
                _ => hangup,
            },
            step: Some(step),
        }
    }
}

/// Place of a call in a queue.
enum Place {
    Waiting,
    Taken(Link),
    Gone,
}

impl ActiveCall {
    /// Waits in a queue, and then requests the `action`.
    pub(super) async fn enqueue(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let sid = match self.enter_queue(verb) {
            Ok(sid) => sid,
            Err(result) => {
                let end = QueueEnd::new(result);
                return self.follow_queue(verb, base, end, FormFields::new()).await;
            }
        };
        let since = self.context.clock.passed();
        self.set_party(true);
        let has_music = verb
            .attribute("waitUrl")
            .is_some_and(|url| !url.trim().is_empty());
        // Without a `waitUrl` Twilio plays its own music, and an empty one is silence.
        let music = has_music.then(|| {
            let method = verb.attribute("waitUrlMethod");
            self.target_of(verb.attribute("waitUrl"), method, base)
        });
        let (end, waited) = self.wait_in_queue(sid, music.flatten().as_ref()).await;
        self.leave_queue(sid);
        self.set_party(false);
        let waited = waited.unwrap_or_else(|| self.context.clock.passed().saturating_sub(since));
        let mut fields = FormFields::new();
        fields.push("QueueSid", sid.as_str());
        fields.push("QueueTime", waited.as_secs().to_string());
        self.follow_queue(verb, base, end, fields).await
    }

    /// Adds the call to the queue, which is created if there is none of this name.
    fn enter_queue(&self, verb: &Node) -> Result<QueueSid, QueueResult> {
        let text = verb.text();
        let name = text.trim();
        if verb.attribute("workflowSid").is_some() {
            self.alert(
                12200,
                "the sandbox has no TaskRouter, so no workflow takes the call",
            );
            return Err(QueueResult::Error);
        }
        if name.is_empty() {
            self.alert(14204, "the <Enqueue> names no queue");
            return Err(QueueResult::Error);
        }
        if name.chars().count() > NAME_LIMIT {
            self.alert(14205, "the name of the queue is longer than 64 characters");
            return Err(QueueResult::Error);
        }
        let (now, since) = (self.context.now(), self.context.clock.passed());
        let new_sid = self.context.ids.sid("QU");
        let entered = self.context.update(|state| {
            if state.queue_named(name).is_none() {
                state.add_queue(Queue::new(new_sid, name, QUEUE_SIZE, now));
            }
            let queue = state.queue_named(name)?;
            if queue.is_full() {
                return None;
            }
            queue.members.push(Member {
                call_sid: self.sid,
                date_enqueued: now,
                since,
            });
            Some((queue.sid, queue.pair(since)))
        });
        let Some((sid, link)) = entered else {
            self.alert(14207, "the queue is full");
            return Err(QueueResult::QueueFull);
        };
        if let Some(link) = link {
            self.wake(link.agent.call_sid);
        }
        Ok(sid)
    }

    /// Waits until the call leaves the queue. Returns the end, and the time that the call waited
    /// before it was taken out.
    async fn wait_in_queue(
        &mut self,
        sid: QueueSid,
        music: Option<&WebhookTarget>,
    ) -> (QueueEnd, Option<Duration>) {
        let mut forever = self
            .context
            .clock
            .timer(Duration::MAX, TimerEvent::timeout("end of a queue"));
        loop {
            self.forget_changes();
            match self.place_in_queue(sid) {
                Place::Waiting => {}
                Place::Taken(link) => {
                    let waited = link.waited;
                    return (self.meet_agent(sid, link).await, Some(waited));
                }
                Place::Gone => return (QueueEnd::new(QueueResult::SystemError), None),
            }
            let step = match music {
                Some(target) => self.play_in_queue(sid, target).await,
                None => match self.next_party_event(&mut forever, false).await {
                    PartyEvent::Interrupted(step) => step,
                    _ => Step::Changed,
                },
            };
            let end = match step {
                Step::NextVerb | Step::Changed | Step::Run(_) => continue,
                Step::Leave => QueueEnd::new(QueueResult::Leave),
                Step::Failed => QueueEnd::new(QueueResult::Error),
                step => QueueEnd::interrupted(step, QueueResult::Hangup, QueueResult::Redirected),
            };
            return (end, None);
        }
    }

    fn place_in_queue(&self, sid: QueueSid) -> Place {
        self.context.read(|state| {
            let Some(queue) = state.queue(sid) else {
                return Place::Gone;
            };
            match queue.link(self.sid) {
                Some(link) => Place::Taken(link.clone()),
                None if queue.member(self.sid).is_some() => Place::Waiting,
                None => Place::Gone,
            }
        })
    }

    /// Plays the music of the queue once, and lets its time pass.
    async fn play_in_queue(&mut self, sid: QueueSid, target: &WebhookTarget) -> Step {
        let fields = self.queue_fields(sid);
        let kind = WebhookKind::QueueMusic;
        match self
            .play_document(Purpose::Queue, kind, target, fields)
            .await
        {
            Step::NextVerb => {
                let before = std::mem::replace(&mut self.purpose, Purpose::Queue);
                let interrupted = self.pace_music().await;
                self.purpose = before;
                interrupted.unwrap_or(Step::NextVerb)
            }
            step => step,
        }
    }

    /// Returns the fields of a request for music.
    fn queue_fields(&self, sid: QueueSid) -> FormFields {
        let mut fields = FormFields::new();
        let now = self.context.clock.passed();
        self.context.read(|state| {
            let queue = state.queue(sid)?;
            let (position, member) = queue.member(self.sid)?;
            fields.push("QueuePosition", position.to_string());
            fields.push("QueueSid", sid.as_str());
            fields.push("QueueTime", member.waited(now).to_string());
            fields.push("AvgQueueTime", queue.average_wait(now).to_string());
            fields.push("CurrentQueueSize", queue.members.len().to_string());
            fields.push("MaxQueueSize", queue.max_size.to_string());
            Some(())
        });
        fields
    }

    /// Hears the greeting of the call that took this one out, and talks with it.
    async fn meet_agent(&mut self, sid: QueueSid, link: Link) -> QueueEnd {
        if let Some(target) = &link.agent.greeting {
            let fields = link_fields(sid, &link);
            let kind = WebhookKind::QueueGreeting;
            match self
                .play_document(Purpose::Greeting, kind, target, fields)
                .await
            {
                // Without a usable greeting the calls are connected all the same.
                Step::NextVerb | Step::Changed | Step::Failed => {}
                step => {
                    let hangup = QueueResult::BridgingInProcess;
                    return QueueEnd::interrupted(step, hangup, QueueResult::Redirected);
                }
            }
        }
        self.forget_changes();
        let is_connected = self.context.update(|state| {
            let links = state.queue_mut(sid)?.links.iter_mut();
            let mut links = links.filter(|link| link.member == self.sid);
            links.next()?.is_connected = true;
            Some(())
        });
        if is_connected.is_none() {
            return QueueEnd::new(QueueResult::BridgingInProcess);
        }
        self.wake(link.agent.call_sid);
        self.talk_with_agent(sid, link.agent.call_sid).await
    }

    async fn talk_with_agent(&mut self, sid: QueueSid, agent: CallSid) -> QueueEnd {
        let mut forever = self
            .context
            .clock
            .timer(Duration::MAX, TimerEvent::timeout("end of a queue"));
        loop {
            self.forget_changes();
            if !matches!(self.place_in_queue(sid), Place::Taken(_)) {
                return QueueEnd::new(QueueResult::Bridged);
            }
            match self.next_party_event(&mut forever, false).await {
                PartyEvent::Said(sound) => self.context.play_to(&[agent], &sound),
                PartyEvent::Interrupted(step) => {
                    let redirect = QueueResult::RedirectedFromBridged;
                    return QueueEnd::interrupted(step, QueueResult::Bridged, redirect);
                }
                PartyEvent::Changed | PartyEvent::PressedStar | PartyEvent::TimeOver => {}
            }
        }
    }

    /// Removes the call from a queue, and tells the call with which it was connected.
    pub(super) fn leave_queue(&self, sid: QueueSid) {
        let other = self.context.update(|state| {
            let queue = state.queue_mut(sid)?;
            queue.remove(self.sid)
        });
        if let Some(other) = other {
            self.wake(other);
        }
    }

    /// Tells another call that its place in the queue has changed.
    pub(super) fn wake(&self, call: CallSid) {
        self.context.command(call, CallCommand::Changed, None);
    }

    /// Requests the `action`. The response counts only if no command interrupted the call.
    async fn follow_queue(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        end: QueueEnd,
        more: FormFields,
    ) -> Step {
        if verb.attribute("action").is_none() {
            return end.step.unwrap_or(Step::NextVerb);
        }
        let mut fields = FormFields::new();
        fields.push("QueueResult", end.result.as_str());
        fields.extend(more);
        let kind = WebhookKind::EnqueueAction;
        let Some(step) = end.step else {
            return self.request_action(kind, verb, base, fields).await;
        };
        if self.has_hung_up {
            // Ended before the request, so that it shows the final status.
            self.end(CallStatus::Completed);
        }
        if let Some(target) = self.target(verb.attribute("action"), verb, base) {
            let mut all = self.fields();
            all.extend(fields);
            let (context, sid) = (&self.context, self.sid.as_str());
            let fallback = self.fallback.as_ref();
            webhooks::fetch_document(context, kind, sid, &target, fallback, all).await;
        }
        step
    }
}

/// Returns the fields that tell which call took which out of the queue.
pub(super) fn link_fields(sid: QueueSid, link: &Link) -> FormFields {
    let mut fields = FormFields::new();
    fields.push("QueueSid", sid.as_str());
    fields.push("QueueTime", link.waited.as_secs().to_string());
    // Twilio's name of the field has one `u`.
    fields.push("DequeingCallSid", link.agent.call_sid.as_str());
    fields
}
