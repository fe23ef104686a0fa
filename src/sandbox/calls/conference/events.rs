//! Events of a conference, reported to its status callback.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>

use std::sync::Arc;

use crate::sandbox::context::Context;
use crate::sandbox::state::{ConferenceEnd, Participant, WebhookKind, rfc2822};
use crate::sandbox::webhooks::{self, FormFields};
use crate::types::{CallStatus, ConferenceSid};
use crate::webhook::{ConferenceEndReason, ConferenceStatusEvent as Event, ParticipantLeaveReason};

/// Reports an event of a conference.
pub(super) fn report(
    context: &Arc<Context>,
    sid: ConferenceSid,
    event: &Event,
    participant: Option<&Participant>,
    more: FormFields,
) {
    let now = context.now();
    let fired = context.update(|state| {
        let conference = state.conferences.get_mut(sid)?;
        let callback = conference.callback.clone()?;
        let word = subscription(event)?;
        if !callback.events.iter().any(|wanted| wanted == word) {
            return None;
        }
        conference.reported += 1;
        let name = conference.friendly_name.clone();
        Some((callback.target, conference.reported, name))
    });
    let Some((target, sequence_number, name)) = fired else {
        return;
    };
    let mut fields = FormFields::new();
    fields.push("ConferenceSid", sid.as_str());
    fields.push("FriendlyName", name);
    fields.push("AccountSid", context.account_sid.as_str());
    fields.push("SequenceNumber", sequence_number.to_string());
    fields.push("Timestamp", rfc2822(now).unwrap_or_default());
    fields.push("StatusCallbackEvent", event.as_str());
    if let Some(participant) = participant {
        push_participant(&mut fields, participant);
    }
    fields.extend(more);
    let kind = WebhookKind::ConferenceStatus;
    webhooks::notify_in_background(context, kind, sid.as_str(), &target, fields);
}

/// Returns the word of `statusCallbackEvent` that subscribes to an event.
const fn subscription(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Start => "start",
        Event::End => "end",
        Event::ParticipantJoin => "join",
        Event::ParticipantLeave => "leave",
        Event::ParticipantMute | Event::ParticipantUnmute => "mute",
        Event::ParticipantHold | Event::ParticipantUnhold => "hold",
        Event::ParticipantModify => "modify",
        Event::ParticipantSpeechStart | Event::ParticipantSpeechStop => "speaker",
        Event::AnnouncementEnd | Event::AnnouncementFail => "announcement",
        _ => return None,
    })
}

fn push_participant(fields: &mut FormFields, participant: &Participant) {
    fields.push("CallSid", participant.call_sid.as_str());
    if let Some(label) = &participant.label {
        fields.push("ParticipantLabel", label.as_str());
    }
    for (name, flag) in [
        ("Muted", participant.is_muted),
        ("Hold", participant.is_on_hold),
        ("Coaching", participant.is_coaching),
        ("EndConferenceOnExit", participant.ends_on_exit),
        ("StartConferenceOnEnter", participant.starts_on_enter),
    ] {
        fields.push(name, flag.to_string());
    }
    if let Some(coached) = participant.call_sid_to_coach {
        fields.push("CallSidToCoach", coached.as_str());
    }
}

/// Reports that a participant has left.
pub(super) fn report_leave(
    context: &Arc<Context>,
    sid: ConferenceSid,
    participant: &Participant,
    reason: &ParticipantLeaveReason,
) {
    let call = participant.call_sid;
    let status = context.read(|state| state.call(call).map(|entry| entry.call.status.clone()));
    let status = status.unwrap_or(CallStatus::Completed);
    let mut more = FormFields::new();
    more.push("ParticipantCallStatus", status.as_str());
    more.push("ReasonParticipantLeft", reason.as_str());
    report(
        context,
        sid,
        &Event::ParticipantLeave,
        Some(participant),
        more,
    );
}

/// Reports the end of a conference.
pub(super) fn report_end(context: &Arc<Context>, sid: ConferenceSid, end: &ConferenceEnd) {
    let mut fields = FormFields::new();
    if let Some(participant) = &end.ended_by {
        fields.push("CallSidEndingConference", participant.call_sid.as_str());
        if let Some(label) = &participant.label {
            fields.push("ParticipantLabelEndingConference", label.as_str());
        }
    }
    fields.push("ReasonConferenceEnded", end.reason.as_str());
    fields.push("Reason", description(&end.reason));
    report(context, sid, &Event::End, None, fields);
}

/// Returns the description of a reason.
const fn description(reason: &ConferenceEndReason) -> &'static str {
    match reason {
        ConferenceEndReason::EndedViaApi => "Conference ended via API",
        ConferenceEndReason::EndingParticipantLeft => {
            "Participant with endConferenceOnExit left the conference"
        }
        ConferenceEndReason::EndingParticipantKicked => {
            "Participant with endConferenceOnExit was removed from the conference"
        }
        ConferenceEndReason::LastParticipantKicked => "Last participant was removed",
        _ => "Last participant left",
    }
}
