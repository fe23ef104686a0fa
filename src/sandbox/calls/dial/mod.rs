//! Runs `<Dial>`: rings other phones and connects one of them.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/dial>

mod attempt;
mod conference;
mod leg;
mod nouns;
mod options;
mod queue;

use reqwest::Url;

use self::attempt::Attempt;
use self::options::DialOptions;
use super::active_call::{ActiveCall, sip_code};
use super::bridge::{BridgeEnd, BridgeOptions};
use super::recording::{recording_fields, recording_track};
use super::step::Step;
use crate::phone::Address;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{RecordingOptions, WebhookKind, WebhookTarget};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;
use crate::types::{CallSid, CallStatus, RecordingSid, RecordingSource};
use crate::webhook::DialCallStatus;

pub(crate) use conference::is_label;
pub(super) use options::answers_on_bridge;

/// Result of a `<Dial>`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each decides about one field or step after the `<Dial>`"
)]
struct DialEnd {
    /// Leg that was connected, or whose status counts.
    leg: Option<CallSid>,
    status: CallStatus,
    is_bridged: bool,
    /// Set if the leg goes on with other instructions, so that it has no duration yet.
    is_leg_redirected: bool,
    /// Next step of the call, if a command interrupted it.
    step: Option<Step>,
    /// SIP URI to which an endpoint transfers the call.
    transfer_target: Option<String>,
    /// Set if the call was in a conference.
    is_of_conference: bool,
    /// Set if the call goes on with the next verb, even with an `action`.
    skips_action: bool,
    /// Fields about the queue from which the call was taken.
    fields: FormFields,
    /// Recording of the connection.
    recording: Option<RecordingSid>,
}

impl DialEnd {
    fn unreached(leg: Option<CallSid>, status: CallStatus) -> Self {
        Self {
            leg,
            status,
            is_bridged: false,
            is_leg_redirected: false,
            step: None,
            transfer_target: None,
            is_of_conference: false,
            skips_action: false,
            fields: FormFields::new(),
            recording: None,
        }
    }

    /// Creates the result of a conference. `step` is set if a command interrupted the call.
    fn answered(step: Option<Step>) -> Self {
        Self {
            is_bridged: true,
            is_of_conference: true,
            step,
            ..Self::unreached(None, CallStatus::Completed)
        }
    }
}

impl ActiveCall {
    /// Runs a `<Dial>`, and then its `action`.
    pub(super) async fn dial(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let options = DialOptions::read(verb);
        let recording = self.dial_recording(verb, base, &options);
        let mut end = self.connect(verb, base, &options, recording).await;
        if let (Some(target), Some(url)) = (&end.transfer_target, &options.refer_url) {
            let mut fields = FormFields::new();
            fields.push("ReferTransferTarget", target.clone());
            return match self.target_of(Some(url), verb.attribute("referMethod"), base) {
                Some(target) => self.request(WebhookKind::Refer, &target, fields).await,
                None => Step::End,
            };
        }
        match end.step.take() {
            None if end.skips_action || verb.attribute("action").is_none() => Step::NextVerb,
            None => {
                let fields = self.dial_fields(&end);
                self.request_action(WebhookKind::DialAction, verb, base, fields)
                    .await
            }
            Some(Step::Follow(instructions)) => {
                // Twilio reports the end to the `action` first, and drops its TwiML.
                if verb.attribute("action").is_some()
                    && let Some(target) = self.target(verb.attribute("action"), verb, base)
                {
                    self.report_dial(&target, &end).await;
                }
                Step::Follow(instructions)
            }
            Some(step) => step,
        }
    }

    /// Rings the phones and connects one.
    async fn connect(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        options: &DialOptions,
        recording: Option<RecordingOptions>,
    ) -> DialEnd {
        if let Some(party) = self.party_noun(verb) {
            return match party.name() {
                "Queue" => self.dial_queue(party, base, options, recording).await,
                _ => self.dial_conference(party, base, options, recording).await,
            };
        }
        let ringing_since = self.reading();
        let callees = self.callees(verb, base);
        let groups: Vec<_> = if options.sequential {
            callees.into_iter().map(|callee| vec![callee]).collect()
        } else if callees.is_empty() {
            Vec::new()
        } else {
            vec![callees]
        };
        let mut end = DialEnd::unreached(None, CallStatus::Failed);
        for group in groups {
            match self.ring_all(group, options.timeout).await {
                Attempt::Ready(mut child) => {
                    let recording = recording.map(|mut recording| {
                        if options.record.is_some_and(|record| record.from_ringing) {
                            recording.lead = self.reading().saturating_sub(ringing_since);
                        }
                        let sid = self.start_recording(&recording, None);
                        child.reported_recording = Some(sid);
                        sid
                    });
                    let end = self.talk(*child, options, recording).await;
                    return DialEnd { recording, ..end };
                }
                Attempt::Unreached(leg, status) => end = DialEnd::unreached(leg, status),
                Attempt::Interrupted(leg, step) => {
                    let end = DialEnd::unreached(leg, CallStatus::Canceled);
                    return DialEnd {
                        step: Some(step),
                        ..end
                    };
                }
            }
        }
        end
    }

    /// Connects the call with a leg until one of them ends.
    async fn talk(
        &mut self,
        mut child: Self,
        options: &DialOptions,
        recording: Option<RecordingSid>,
    ) -> DialEnd {
        if !self.is_answered() {
            self.start();
        }
        // The TwiML that the phone ran took as long for this call.
        self.counted += child.counted;
        let mut end = DialEnd {
            is_bridged: true,
            ..DialEnd::unreached(Some(child.sid), CallStatus::Completed)
        };
        let mut timer = self.context.clock.timer(
            options.time_limit,
            TimerEvent::timeout("time limit of <Dial>"),
        );
        let bridge_options = BridgeOptions {
            hangup_on_star: options.hangup_on_star,
            accepts_refer: options.refer_url.is_some(),
        };
        let bridge_end = match child.redirect.take() {
            Some(instructions) => BridgeEnd::SecondRedirected(instructions),
            None => self.bridge(&mut child, &mut timer, &bridge_options).await,
        };
        // Ended before the leg, whose status callback reports it.
        if let Some(recording) = recording {
            self.stop_recording(recording);
        }
        match bridge_end {
            BridgeEnd::SecondRedirected(instructions) => {
                end.is_leg_redirected = true;
                child.run_alone(instructions);
                return end;
            }
            BridgeEnd::Finished => {}
            BridgeEnd::Interrupted(step) => end.step = Some(step),
            BridgeEnd::Referred(target) => end.transfer_target = Some(target),
        }
        child.finish(CallStatus::Completed).await;
        end
    }

    /// Returns the options of the recording, if the `<Dial>` has one.
    fn dial_recording(
        &self,
        verb: &Node,
        base: Option<&Url>,
        options: &DialOptions,
    ) -> Option<RecordingOptions> {
        let record = options.record?;
        let recording = RecordingOptions {
            channels: record.channels,
            callback: self.recording_callback(verb, base),
            ..RecordingOptions::new(RecordingSource::DialVerb)
        };
        Some(recording.with_track(recording_track(verb.attribute("recordingTrack"))))
    }

    /// Reports the end of a `<Dial>` to its `action`, and ignores the response.
    async fn report_dial(&self, target: &WebhookTarget, end: &DialEnd) {
        let mut fields = self.fields();
        fields.extend(self.dial_fields(end));
        let (context, sid) = (&self.context, self.sid.as_str());
        let kind = WebhookKind::DialAction;
        let fallback = self.fallback.as_ref();
        webhooks::fetch_document(context, kind, sid, target, fallback, fields).await;
    }

    /// Returns the fields of the `action`.
    fn dial_fields(&self, end: &DialEnd) -> FormFields {
        let mut fields = FormFields::new();
        let status = if end.is_of_conference {
            DialCallStatus::Answered.as_str()
        } else {
            end.status.as_str()
        };
        fields.push("DialCallStatus", status);
        fields.push("DialBridged", end.is_bridged.to_string());
        fields.extend(end.fields.clone());
        if let Some(recording) = end.recording {
            fields.extend(recording_fields(&self.context, recording));
        }
        let Some(sid) = end.leg else { return fields };
        fields.push("DialCallSid", sid.as_str());
        let leg = self
            .context
            .read(|state| state.call(sid).map(|entry| entry.call.clone()));
        let Some(leg) = leg else { return fields };
        if end.is_bridged && !end.is_leg_redirected {
            let seconds = leg.duration.unwrap_or_default();
            fields.push("DialCallDuration", seconds.to_string());
        }
        if matches!(leg.to, Address::Sip(_)) {
            fields.push("DialSipCallId", sid.as_str().to_ascii_lowercase());
            fields.push("DialSipResponseCode", sip_code(&end.status));
        }
        fields
    }
}
