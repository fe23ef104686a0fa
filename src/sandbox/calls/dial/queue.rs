//! `<Dial><Queue>`: takes the first call out of a queue and talks with it.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/queue>

use std::time::Duration;

use reqwest::Url;

use super::DialEnd;
use super::options::DialOptions;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::enqueue::{NAME_LIMIT, link_fields};
use crate::sandbox::calls::music::PartyEvent;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{Agent, Link, RecordingOptions};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;
use crate::types::{CallStatus, QueueSid};

impl ActiveCall {
    /// Takes the first call out of the queue of a noun, or waits for one.
    pub(super) async fn dial_queue(
        &mut self,
        noun: &Node,
        base: Option<&Url>,
        options: &DialOptions,
        recording: Option<RecordingOptions>,
    ) -> DialEnd {
        let failed = DialEnd::unreached(None, CallStatus::Failed);
        let text = noun.text();
        let name = text.trim();
        if noun.attribute("reservationSid").is_some() {
            self.alert(
                12200,
                "the sandbox has no TaskRouter, so there are no reservations",
            );
            return failed;
        }
        if name.is_empty() {
            self.alert(14212, "the <Queue> has no name");
            return failed;
        }
        if name.chars().count() > NAME_LIMIT {
            self.alert(14213, "the name of the queue is longer than 64 characters");
            return failed;
        }
        let agent = Agent {
            call_sid: self.sid,
            greeting: self.noun_target(noun, base, "url", "method"),
        };
        let now = self.context.clock.passed();
        let found = self.context.update(|state| {
            let queue = state.queue_named(name)?;
            queue.agents.push_back(agent);
            Some((queue.sid, queue.pair(now)))
        });
        let Some((sid, link)) = found else {
            return failed;
        };
        self.set_party(true);
        if let Some(link) = link {
            self.wake(link.member);
        }
        let end = self.serve_queue(sid, options, recording).await;
        self.leave_queue(sid);
        self.set_party(false);
        end
    }

    /// Waits for a member, and talks with it.
    async fn serve_queue(
        &mut self,
        sid: QueueSid,
        options: &DialOptions,
        recording: Option<RecordingOptions>,
    ) -> DialEnd {
        let mut timer = self
            .context
            .clock
            .timer(options.timeout, TimerEvent::timeout("timeout of <Dial>"));
        let mut taken: Option<Link> = None;
        loop {
            self.forget_changes();
            match (self.link_in_queue(sid), &taken) {
                (Some(link), _) if link.is_connected => {
                    let recording = recording.map(|options| self.start_recording(&options, None));
                    let end = self.talk_with_member(sid, link, options).await;
                    if let Some(recording) = recording {
                        self.stop_recording(recording);
                    }
                    return DialEnd { recording, ..end };
                }
                (Some(link), None) => {
                    // The greeting may last longer than a phone rings.
                    timer = self
                        .context
                        .clock
                        .timer(Duration::MAX, TimerEvent::timeout("end of a greeting"));
                    taken = Some(link);
                }
                // The member has left during its greeting.
                (None, Some(_)) => return DialEnd::unreached(None, CallStatus::NoAnswer),
                _ => {}
            }
            match self
                .next_party_event(&mut timer, options.hangup_on_star)
                .await
            {
                PartyEvent::Said(_) | PartyEvent::Changed => {}
                PartyEvent::Interrupted(step) => {
                    let end = DialEnd::unreached(None, CallStatus::Canceled);
                    let step = Some(step);
                    return DialEnd { step, ..end };
                }
                PartyEvent::PressedStar | PartyEvent::TimeOver => {
                    return DialEnd::unreached(None, CallStatus::NoAnswer);
                }
            }
        }
    }

    fn link_in_queue(&self, sid: QueueSid) -> Option<Link> {
        let context = &self.context;
        context.read(|state| state.queue(sid)?.link(self.sid).cloned())
    }

    async fn talk_with_member(
        &mut self,
        sid: QueueSid,
        link: Link,
        options: &DialOptions,
    ) -> DialEnd {
        if !self.is_answered() {
            self.start();
        }
        let started = self.context.clock.passed();
        let mut timer = self.context.clock.timer(
            options.time_limit,
            TimerEvent::timeout("time limit of <Dial>"),
        );
        let mut step = None;
        while self.link_in_queue(sid).is_some() {
            match self
                .next_party_event(&mut timer, options.hangup_on_star)
                .await
            {
                PartyEvent::Said(sound) => self.context.play_to(&[link.member], &sound),
                PartyEvent::Changed => {}
                PartyEvent::Interrupted(interrupted) => {
                    step = Some(interrupted);
                    break;
                }
                PartyEvent::PressedStar | PartyEvent::TimeOver => break,
            }
        }
        let length = self.context.clock.passed().saturating_sub(started);
        let mut fields = FormFields::new();
        fields.push("DialCallSid", link.member.as_str());
        fields.push("DialCallDuration", length.as_secs().max(1).to_string());
        fields.extend(link_fields(sid, &link));
        DialEnd {
            is_bridged: true,
            step,
            fields,
            ..DialEnd::unreached(None, CallStatus::Completed)
        }
    }
}
