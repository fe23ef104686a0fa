//! Calls a phone and connects it with a conference.
//!
//! Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#create-a-participant>

use std::time::Duration;

use super::participants::{coached_call, coaching_needs_a_call};
use super::render::render_participant;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::resources::calls::{check_account, parties, status_callback};
use crate::sandbox::api::resources::recordings;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::{
    ActiveCall, MachineDetection, PlaceParticipant, is_label, place_participant,
};
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    AlertCause, ConferenceCallback, ConferenceStatus, JoinError, NewConference, Participant,
};
use crate::types::{ConferenceSid, RecordingSource};

const CREATE: &[&str] = &[
    "From",
    "To",
    "StatusCallback",
    "StatusCallbackMethod",
    "StatusCallbackEvent",
    "Label",
    "Timeout",
    "TimeLimit",
    "Muted",
    "Beep",
    "StartConferenceOnEnter",
    "EndConferenceOnExit",
    "WaitUrl",
    "WaitMethod",
    "EarlyMedia",
    "MaxParticipants",
    "ConferenceRecord",
    "ConferenceTrim",
    "ConferenceStatusCallback",
    "ConferenceStatusCallbackMethod",
    "ConferenceStatusCallbackEvent",
    "ConferenceRecordingStatusCallback",
    "ConferenceRecordingStatusCallbackMethod",
    "ConferenceRecordingStatusCallbackEvent",
    "Coaching",
    "CallSidToCoach",
    "JitterBufferSize",
    "Region",
    "CallerId",
    "CallReason",
    "CallToken",
    "CallerDisplayName",
    "ClientNotificationUrl",
    "Byoc",
    "SipAuthUsername",
    "SipAuthPassword",
    "Record",
    "RecordingChannels",
    "RecordingTrack",
    "RecordingStatusCallback",
    "RecordingStatusCallbackMethod",
    "RecordingStatusCallbackEvent",
    "Trim",
    "MachineDetection",
    "MachineDetectionTimeout",
    "MachineDetectionSpeechThreshold",
    "MachineDetectionSpeechEndThreshold",
    "MachineDetectionSilenceTimeout",
    "AmdStatusCallback",
    "AmdStatusCallbackMethod",
];
const FLAGS: &[&str] = &[
    "Record",
    "Muted",
    "StartConferenceOnEnter",
    "EndConferenceOnExit",
    "EarlyMedia",
    "Coaching",
];

/// Values of `ConferenceStatusCallbackEvent`.
const EVENTS: &[&str] = &[
    "start",
    "end",
    "join",
    "leave",
    "mute",
    "hold",
    "modify",
    "speaker",
    "announcement",
];

/// Handles a request to add a participant to a conference with this SID or name.
pub(super) fn create(request: &ApiRequest<'_>, segment: &str) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(CREATE)?;
    form.check_flags(FLAGS)?;
    check_account(context)?;
    let name = name_of_conference(request, segment)?;
    let parties = parties(context, form)?;
    let timeout = form.number("Timeout", 5..=600, 21208)?.unwrap_or(60);
    let time_limit = form.number("TimeLimit", 1..=86_400, 20422)?;
    let status_callback = status_callback(form)?;
    let conference = new_conference(form, name)?;
    let mut alerts = Vec::new();
    let machine_detection = machine_detection(form, &mut alerts)?;
    let recording = recordings::options(form, RecordingSource::OutboundApi)?;
    let mut participant = participant(context, form, &conference.name)?;
    let call = ActiveCall::outbound(context, parties, status_callback, time_limit);
    participant.call_sid = call.sid();
    let (sid, stored) = (context.ids.sid("CF"), participant.clone());
    let added = context.update(|state| {
        let limit = state.history_limit;
        let added = state.conferences.add(conference, stored, sid, limit);
        if added.is_err() {
            state.calls.remove(call.sid());
        }
        added
    });
    let sid = added.map_err(refused)?;
    for alert in alerts {
        call.alert(alert.code, alert.message);
    }
    let mut rendered = render_participant(context, sid, &participant);
    if let Some(fields) = rendered.as_object_mut() {
        // Only this response has it: the time in milliseconds until the call is placed.
        fields.insert("queue_time".to_owned(), "0".into());
    }
    let new = PlaceParticipant {
        call,
        conference: sid,
        timeout: Duration::from_secs(timeout),
        machine_detection,
        recording: (form.flag("Record") == Some(true)).then_some(recording),
    };
    context.spawn(|activity| place_participant(new, activity));
    Ok(ApiResponse::created(rendered))
}

/// Reads the settings of answering-machine detection. The participant joins before the result is
/// known. Invalid settings become alerts of the call.
fn machine_detection(
    form: &Form,
    alerts: &mut Vec<AlertCause>,
) -> Result<Option<MachineDetection>, ApiError> {
    let callback = form.webhook("AmdStatusCallback", "AmdStatusCallbackMethod", 21609)?;
    let get = |suffix: &str| form.one(&format!("MachineDetection{suffix}"));
    let detection = MachineDetection::read(get, alerts);
    Ok(detection.map(|detection| detection.with_callback(callback, alerts)))
}

/// Returns the name of the conference to which a path refers, which need not exist.
fn name_of_conference(request: &ApiRequest<'_>, segment: &str) -> Result<String, ApiError> {
    let text = ApiRequest::unescape(segment);
    let Ok(sid) = ConferenceSid::parse(&text) else {
        return Ok(text);
    };
    let name = request.context.read(|state| {
        let conference = state.conferences.get(sid);
        let open = conference.filter(|found| found.status != ConferenceStatus::Completed);
        open.map(|found| found.friendly_name.clone())
    });
    name.ok_or_else(|| request.not_found())
}

fn new_conference(form: &Form, name: String) -> Result<NewConference, ApiError> {
    let max_participants = form
        .number("MaxParticipants", 2..=250, 20422)?
        .unwrap_or(250);
    let (url, method) = ("ConferenceStatusCallback", "ConferenceStatusCallbackMethod");
    let target = form.webhook(url, method, 21609)?;
    let words = form.all("ConferenceStatusCallbackEvent");
    let words = words.iter().flat_map(|words| words.split_whitespace());
    let mut events: Vec<String> = words.map(str::to_owned).collect();
    if events.iter().any(|event| !EVENTS.contains(&event.as_str())) {
        let message = "ConferenceStatusCallbackEvent is invalid";
        return Err(ApiError::bad_request(21626, message));
    }
    if events.is_empty() {
        events = vec!["start".to_owned(), "end".to_owned()];
    }
    Ok(NewConference {
        name,
        region: form.one("Region").unwrap_or("us1").to_owned(),
        max_participants: usize::try_from(max_participants).unwrap_or(usize::MAX),
        callback: target.map(|target| ConferenceCallback { target, events }),
        recording: recordings::conference_options(form)?,
    })
}

/// Reads the properties of the participant, and checks that the conference accepts it.
fn participant(context: &Context, form: &Form, name: &str) -> Result<Participant, ApiError> {
    // Replaced by the SID of the call, which is created only after the checks.
    let mut participant = Participant::new(context.ids.sid("CA"), context.now());
    let flag = |name: &str, default: bool| form.flag(name).unwrap_or(default);
    participant.is_muted = flag("Muted", false);
    participant.starts_on_enter = flag("StartConferenceOnEnter", true);
    participant.ends_on_exit = flag("EndConferenceOnExit", false);
    let beep = form.one("Beep").unwrap_or("true");
    if !matches!(beep, "true" | "false" | "onEnter" | "onExit") {
        let message = "Beep must be true, false, onEnter or onExit";
        return Err(ApiError::bad_request(20422, message));
    }
    participant.set_beep(beep);
    participant.wait_music = form.webhook("WaitUrl", "WaitMethod", 21205)?;
    if let Some(label) = form.one("Label") {
        if !is_label(label) {
            let message = "Label has at most 128 characters, no slash, and is no call SID";
            return Err(ApiError::bad_request(16024, message));
        }
        participant.label = Some(label.to_owned());
    }
    let open = context.read(|state| state.conferences.open(name).cloned());
    participant.call_sid_to_coach = coached_call(form, open.as_ref())?;
    participant.is_coaching = flag("Coaching", participant.call_sid_to_coach.is_some());
    if participant.is_coaching && participant.call_sid_to_coach.is_none() {
        return Err(coaching_needs_a_call());
    }
    if let Some(conference) = open {
        conference.check(&participant).map_err(refused)?;
    }
    Ok(participant)
}

fn refused(error: JoinError) -> ApiError {
    match error {
        JoinError::Full => ApiError::bad_request(16020, "The conference is full"),
        JoinError::LabelInUse => ApiError::bad_request(16026, "The label is in use"),
        JoinError::CoachedCallAbsent => {
            ApiError::bad_request(16028, "The participant to coach is not in the conference")
        }
    }
}
