//! State of a call in progress, and its reports to the status callback.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::input_kinds::InputKinds;
use super::progress::{AcceptedInput, DocumentProgress};
use super::purpose::Purpose;
use super::real_time_transcription::stop_transcriptions;
use super::recording::{ActiveRecording, recording_fields};
use super::status_callback::{CallProgressEvent, StatusCallback};
use crate::phone::Address;
use crate::sandbox::clock::{Timer, TimerEvent};
use crate::sandbox::context::Context;
use crate::sandbox::places::push_place;
use crate::sandbox::state::{
    ActivityGuard, CallCommand, CallEntry, Instructions, QueuedCommand, State, StoredCall,
    WebhookKind, WebhookTarget, rfc2822,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::types::{CallDirection, CallSid, CallStatus, RecordingSid};

/// Longest duration of a call without a `TimeLimit`: 4 hours.
///
/// Source: <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
const TIME_LIMIT: Duration = Duration::from_secs(14_400);

/// Properties of a call to create.
pub(crate) struct NewCall {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) direction: CallDirection,
    pub(crate) parent_call_sid: Option<CallSid>,
    pub(crate) status_callback: Option<StatusCallback>,
}

/// A call in progress: one leg, with its own SID.
pub(crate) struct ActiveCall {
    pub(super) context: Arc<Context>,
    pub(super) sid: CallSid,
    status_callback: Option<StatusCallback>,
    pub(super) fallback: Option<WebhookTarget>,
    /// `None` while the call waits for its phone, so that the sandbox counts as idle.
    pub(super) activity: Option<ActivityGuard>,
    pub(super) commands: mpsc::UnboundedReceiver<QueuedCommand>,
    /// Commands that arrived while no verb waited for them.
    pub(super) pending: VecDeque<QueuedCommand>,
    /// Keys pressed that no `<Gather>` has collected yet.
    pub(super) keys: VecDeque<char>,
    /// Kinds of input that end the prompt of the current `<Gather>`.
    pub(super) barge_in_by: InputKinds,
    /// Time of verbs that passed at once, with [`ClockMode::Instant`].
    ///
    /// [`ClockMode::Instant`]: crate::sandbox::ClockMode::Instant
    pub(super) counted: Duration,
    /// Reading of the clock at the answer.
    answered_at: Option<Duration>,
    /// Verb of the TwiML that runs, or ran last.
    pub(super) verb: Option<String>,
    /// Document that runs.
    pub(super) document: Option<DocumentProgress>,
    /// Input that the current verb accepts.
    pub(super) accepted_input: AcceptedInput,
    /// Documents since the last input of the person.
    pub(super) documents: u32,
    /// Reading at the last document.
    pub(super) document_at: Duration,
    pub(super) has_hung_up: bool,
    pub(super) redirect: Option<Instructions>,
    /// Longest duration of the call after its answer.
    time_limit: Duration,
    /// Timer of `time_limit`; `None` before the answer.
    pub(super) deadline: Option<Timer>,
    /// Fields that only the first request for instructions has, such as `AnsweredBy`.
    pub(super) first_fields: FormFields,
    /// Fields that every request has beside the standard ones, such as `ApplicationSid`.
    pub(super) own_fields: FormFields,
    /// Purpose of the document that the call runs.
    pub(super) purpose: Purpose,
    /// Time of the music since the last request for it.
    pub(super) music_length: Duration,
    /// Set while the call is in a conference or queue, whose changes then concern it.
    pub(super) is_in_party: bool,
    /// Recordings in progress beside the verbs.
    pub(super) recordings: Vec<ActiveRecording>,
    /// Recording that the status callback reports with the end of the call.
    pub(super) reported_recording: Option<RecordingSid>,
    /// Other leg of a call from one number of the account to another.
    pub(super) peer: Option<CallSid>,
    sequence_number: u32,
}

impl ActiveCall {
    /// Creates a call with the status `ringing` if it is inbound, else `queued`.
    pub(crate) fn new(context: &Arc<Context>, new: NewCall) -> Self {
        let (sender, commands) = mpsc::unbounded_channel();
        let sid = context.ids.sid("CA");
        let call = StoredCall {
            sid,
            parent_call_sid: new.parent_call_sid,
            from: new.from,
            to: new.to,
            status: if new.direction == CallDirection::Inbound {
                CallStatus::Ringing
            } else {
                CallStatus::Queued
            },
            direction: new.direction,
            duration: None,
            date_created: context.now(),
            start_time: None,
            end_time: None,
            answered_by: None,
        };
        context.update(|state| {
            let entry = CallEntry::new(call, sender, Context::cause());
            note_subject(state, &entry);
            state.add_call(entry);
        });
        Self {
            context: Arc::clone(context),
            sid,
            status_callback: new.status_callback,
            fallback: None,
            activity: None,
            commands,
            pending: VecDeque::new(),
            keys: VecDeque::new(),
            barge_in_by: InputKinds::BOTH,
            counted: Duration::ZERO,
            answered_at: None,
            verb: None,
            document: None,
            accepted_input: AcceptedInput::default(),
            documents: 0,
            document_at: Duration::ZERO,
            has_hung_up: false,
            redirect: None,
            time_limit: TIME_LIMIT,
            deadline: None,
            first_fields: FormFields::new(),
            own_fields: FormFields::new(),
            purpose: Purpose::Call,
            music_length: Duration::ZERO,
            is_in_party: false,
            recordings: Vec::new(),
            reported_recording: None,
            peer: None,
            sequence_number: 0,
        }
    }

    pub(crate) const fn sid(&self) -> CallSid {
        self.sid
    }

    pub(crate) fn stored(&self) -> Option<StoredCall> {
        self.context
            .read(|state| state.call(self.sid).map(|entry| entry.call.clone()))
    }

    pub(super) fn has_ended(&self) -> bool {
        self.stored().is_none_or(|call| call.status.is_final())
    }

    pub(crate) fn alert(&self, code: u32, message: &'static str) {
        self.context.alert(code, message, self.sid.as_str());
    }

    /// Connects the call after the phone has answered, and reports it.
    pub(super) async fn answer(&mut self) {
        self.start();
        self.report(CallProgressEvent::Answered).await;
    }

    /// Starts to count the duration of the call.
    pub(super) fn start(&mut self) {
        self.answered_at = Some(self.context.clock.passed());
        self.limit_time(self.time_limit);
        self.set_status(CallStatus::InProgress);
        self.tell_peer(CallCommand::Answer);
    }

    pub(super) const fn is_answered(&self) -> bool {
        self.answered_at.is_some()
    }

    /// Sets the longest duration of the call.
    pub(crate) fn limit_time(&mut self, limit: Duration) {
        self.time_limit = limit;
        if self.is_answered() {
            self.deadline = Some(self.context.clock.timer(
                self.time_left(),
                TimerEvent::timeout("time limit of a call"),
            ));
        }
    }

    /// Returns the time until the call reaches its longest duration.
    pub(super) fn time_left(&self) -> Duration {
        self.time_limit.saturating_sub(self.duration())
    }

    /// Replaces the target of the status callback, and keeps its events.
    pub(super) fn report_to(&mut self, target: WebhookTarget) {
        if let Some(callback) = &mut self.status_callback {
            callback.target = target;
        } else {
            self.status_callback = Some(StatusCallback {
                target,
                events: vec![CallProgressEvent::Completed],
                is_of_number: false,
            });
        }
    }

    /// Sends a command to the other leg of a call between two numbers of the account.
    fn tell_peer(&self, command: CallCommand) {
        if let Some(peer) = self.peer {
            self.context.command(peer, command, None);
        }
    }

    /// Returns the duration of the call so far.
    pub(super) fn duration(&self) -> Duration {
        let answered = self.answered_at;
        let passed = answered.map(|at| self.context.clock.passed().saturating_sub(at));
        passed.unwrap_or_default() + self.counted
    }

    /// Sets the status, unless the call has ended.
    pub(super) fn set_status(&self, status: CallStatus) {
        let now = self.context.now();
        self.context.update(|state| {
            let Some(entry) = state.call_mut(self.sid) else {
                return;
            };
            if !entry.has_ended() {
                if status == CallStatus::InProgress {
                    entry.call.start_time = Some(now);
                }
                entry.call.status = status;
            }
        });
    }

    /// Ends the call and reports it. A final status that the API has set replaces `status`.
    pub(super) async fn finish(&mut self, status: CallStatus) {
        // Applies what the REST API has sent in the meantime, such as the start of a recording.
        self.interruption();
        self.end(status);
        self.deadline = None;
        self.tell_peer(CallCommand::HangUp);
        self.context.stop_streams(self.sid);
        self.report(CallProgressEvent::Completed).await;
        // A recording that was started while the end was reported.
        self.interruption();
        self.stop_recordings();
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.is_idle = false;
                entry.is_finished = true;
            }
        });
    }

    /// Ends the recordings and transcriptions, and sets the final status, the end time and the duration.
    pub(super) fn end(&mut self, status: CallStatus) {
        self.set_status(status);
        self.stop_recordings();
        stop_transcriptions(&self.context, self.sid);
        let (now, seconds) = (self.context.now(), self.duration().as_secs().max(1));
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                let call = &mut entry.call;
                call.end_time.get_or_insert(now);
                // An answered call lasts at least one second, a call without an answer none.
                call.duration = Some(call.start_time.map_or(0, |_| seconds));
            }
        });
    }

    /// Sends an event to the status callback, if the callback is subscribed to it.
    pub(super) async fn report(&mut self, event: CallProgressEvent) {
        let Some(callback) = &self.status_callback else {
            return;
        };
        if !callback.events.contains(&event) {
            return;
        }
        let Some(call) = self.stored() else { return };
        let mut fields = self.fields();
        if event == CallProgressEvent::Initiated {
            // The call itself is still `queued`; only its callback shows `initiated`.
            fields.replace("CallStatus", CallStatus::Initiated.as_str());
        }
        if event == CallProgressEvent::Completed {
            let seconds = call.duration.unwrap_or_default();
            fields.push("CallDuration", seconds.to_string());
            // `Duration` is in minutes, rounded up.
            fields.push("Duration", seconds.div_ceil(60).to_string());
            if call.direction != CallDirection::Inbound {
                fields.push("SipResponseCode", sip_code(&call.status));
            }
            if let Some(recording) = self.reported_recording {
                fields.extend(recording_fields(&self.context, recording));
            }
        }
        if let Some(answered_by) = &call.answered_by {
            fields.push("AnsweredBy", answered_by.as_str());
        }
        if !callback.is_of_number {
            fields.push("CallbackSource", "call-progress-events");
            fields.push("SequenceNumber", self.sequence_number.to_string());
            let now = rfc2822(self.context.now()).unwrap_or_default();
            fields.push("Timestamp", now);
        }
        self.sequence_number += 1;
        let (context, sid) = (&self.context, self.sid.as_str());
        let kind = WebhookKind::CallStatus;
        webhooks::notify(context, kind, sid, &callback.target, fields).await;
    }

    /// Returns the parameters of every voice request.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml#request-parameters>
    pub(super) fn fields(&self) -> FormFields {
        let mut fields = FormFields::new();
        let Some(call) = self.stored() else {
            return fields;
        };
        let (from, to) = (call.from.expose(), call.to.expose());
        fields.push("CallSid", call.sid.as_str());
        fields.push("AccountSid", self.context.account_sid.as_str());
        fields.push("ApiVersion", "2010-04-01");
        fields.push("From", from.clone());
        fields.push("To", to.clone());
        fields.push("Caller", from);
        fields.push("Called", to);
        fields.push("CallStatus", call.status.as_str());
        fields.push("Direction", call.direction.as_str());
        if let Some(parent) = call.parent_call_sid {
            fields.push("ParentCallSid", parent.as_str());
        }
        fields.extend(self.own_fields.clone());
        for (side, address) in [
            ("From", &call.from),
            ("To", &call.to),
            ("Caller", &call.from),
            ("Called", &call.to),
        ] {
            push_place(&mut fields, side, address);
        }
        fields
    }
}

/// Names the call in its group, and lets its phone appear.
fn note_subject(state: &mut State, entry: &CallEntry) {
    let call = &entry.call;
    let is_inbound = call.direction == CallDirection::Inbound;
    let phone = if is_inbound { &call.from } else { &call.to };
    if let Some(group) = entry.group {
        let title = || {
            let word = if is_inbound { "from" } else { "to" };
            format!("Call {word} {}", phone.expose())
        };
        let timeline = &mut state.timeline;
        timeline.set_subject(group, call.sid.as_str(), title, phone);
    }
    state.phone_mut(phone).appear();
}

/// Returns the SIP status code with which a carrier reports the end of such a call.
pub(super) const fn sip_code(status: &CallStatus) -> &'static str {
    match status {
        CallStatus::Busy => "486",
        CallStatus::NoAnswer => "480",
        CallStatus::Canceled => "487",
        CallStatus::Failed => "404",
        _ => "200",
    }
}
