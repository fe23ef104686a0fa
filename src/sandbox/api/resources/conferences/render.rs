//! JSON of a conference and of a participant.

use serde_json::{Value, json};

use crate::sandbox::context::Context;
use crate::sandbox::state::{Conference, Participant, rfc2822};
use crate::types::{CallStatus, ConferenceSid};
use crate::webhook::ConferenceEndReason;

pub(super) fn render(context: &Context, conference: &Conference) -> Value {
    let account = context.account_sid;
    let sid = conference.sid;
    let path = format!("/2010-04-01/Accounts/{account}/Conferences/{sid}");
    let reason = conference
        .end_reason
        .as_ref()
        .map(ConferenceEndReason::as_str);
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "call_sid_ending_conference": conference.call_sid_ending,
        "date_created": rfc2822(conference.date_created),
        "date_updated": rfc2822(conference.date_updated),
        "friendly_name": conference.friendly_name,
        "reason_conference_ended": reason,
        "region": conference.region,
        "sid": sid,
        "status": conference.status.as_str(),
        "subresource_uris": {
            "participants": format!("{path}/Participants.json"),
            "recordings": format!("{path}/Recordings.json"),
        },
        "uri": format!("{path}.json"),
    })
}

pub(super) fn render_participant(
    context: &Context,
    conference: ConferenceSid,
    participant: &Participant,
) -> Value {
    let account = context.account_sid;
    let call = participant.call_sid;
    json!({
        "account_sid": account,
        "call_sid": call,
        "call_sid_to_coach": participant.call_sid_to_coach,
        "coaching": participant.is_coaching,
        "conference_sid": conference,
        "date_created": rfc2822(participant.date_created),
        "date_updated": rfc2822(participant.date_updated),
        "end_conference_on_exit": participant.ends_on_exit,
        "hold": participant.is_on_hold,
        "label": participant.label,
        "muted": participant.is_muted,
        "queue_time": null,
        "start_conference_on_enter": participant.starts_on_enter,
        "status": status(context, participant),
        "uri": format!(
            "/2010-04-01/Accounts/{account}/Conferences/{conference}/Participants/{call}.json"
        ),
    })
}

/// Returns the status of a participant: that of its call, until it is connected.
fn status(context: &Context, participant: &Participant) -> &'static str {
    if participant.is_connected() {
        return "connected";
    }
    let call = participant.call_sid;
    let status = context.read(|state| state.call(call).map(|entry| entry.call.status.clone()));
    match status {
        Some(CallStatus::Queued) => "queued",
        Some(CallStatus::Ringing) => "ringing",
        Some(CallStatus::InProgress) => "connecting",
        Some(CallStatus::Completed) => "complete",
        _ => "failed",
    }
}
