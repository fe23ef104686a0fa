//! Departure of participants, and the end of a conference.

use std::sync::Arc;

use super::events::{report_end, report_leave};
use super::recording;
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    CallCommand, Conference, ConferenceEnd, Participant, Sound, TranscriptAction,
};
use crate::types::{CallSid, CallStatus, ConferenceSid};
use crate::webhook::{ConferenceEndReason, ParticipantLeaveReason};

/// Removes a participant from a conference, and ends the conference if this was the last one, or one
/// whose departure ends it. Has no effect on a call that is no longer in the conference.
pub(super) fn depart(
    context: &Arc<Context>,
    sid: ConferenceSid,
    call: CallSid,
    reason: &ParticipantLeaveReason,
    is_kicked: bool,
) -> bool {
    let now = context.now();
    let departure = context.update(|state| state.conferences.leave(sid, call, is_kicked, now));
    let Some(departure) = departure else {
        return false;
    };
    let participant = departure.participant;
    let has_joined = participant.is_connected();
    if has_joined || *reason == ParticipantLeaveReason::AddFailed {
        report_leave(context, sid, &participant, reason);
    }
    if has_joined && participant.beeps_on_exit {
        beep(context, sid, call);
    }
    if let Some(end) = departure.end {
        finish(context, sid, &end);
    }
    true
}

/// Removes a participant at the request of the REST API. Its call goes on with its TwiML.
///
/// Returns `false` if the call is not in the conference.
pub(crate) fn kick(context: &Arc<Context>, sid: ConferenceSid, participant: &Participant) -> bool {
    let call = participant.call_sid;
    let reason = ParticipantLeaveReason::UpdatedViaApi;
    let has_left = depart(context, sid, call, &reason, true);
    if has_left {
        dismiss(context, participant);
    }
    has_left
}

/// Ends a conference at the request of the REST API.
pub(crate) fn complete(context: &Arc<Context>, sid: ConferenceSid) {
    let (now, reason) = (context.now(), ConferenceEndReason::EndedViaApi);
    let end = context.update(|state| state.conferences.end(sid, reason, None, now));
    if let Some(end) = end {
        finish(context, sid, &end);
    }
}

/// Reports the end of a conference, and lets the calls in it go on.
fn finish(context: &Arc<Context>, sid: ConferenceSid, end: &ConferenceEnd) {
    for participant in end.others.iter().filter(|p| p.is_connected()) {
        report_leave(context, sid, participant, &end.others_left);
    }
    report_end(context, sid, end);
    if let Some(recording) = &end.recording {
        recording::finish(context, recording);
    }
    for participant in &end.others {
        dismiss(context, participant);
    }
}

/// Tells the call of a participant that it is in the conference no more. A phone that still rings is
/// not needed.
fn dismiss(context: &Context, participant: &Participant) {
    let call = participant.call_sid;
    if participant.is_connected() {
        context.command(call, CallCommand::Changed, None);
    } else {
        let status = context.read(|state| state.call(call).map(|entry| entry.call.status.clone()));
        // The phone may have answered, and be about to join.
        let is_answered = status == Some(CallStatus::InProgress);
        let status = if is_answered {
            CallStatus::Completed
        } else {
            CallStatus::Canceled
        };
        context.end_call(call, status);
    }
}

/// Lets everyone in a conference that has started hear a beep, except for one call.
pub(super) fn beep(context: &Context, sid: ConferenceSid, except: CallSid) {
    let audience: Vec<CallSid> = context.read(|state| {
        let conference = state.conferences.get(sid);
        let started = conference.filter(|conference| conference.has_started());
        let audience = started.into_iter().flat_map(Conference::audience);
        audience.filter(|call| *call != except).collect()
    });
    let beep = Sound::of_application(TranscriptAction::Audio, "beep".to_owned());
    context.play_to(&audience, &beep);
}
