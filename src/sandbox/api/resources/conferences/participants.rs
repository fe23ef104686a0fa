//! `Conferences/{Sid}/Participants.json`: lists, changes and removes participants.
//!
//! Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource>

use http::Method;

use super::render::render_participant;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::{self, ParticipantChange};
use crate::sandbox::state::{Conference, Participant};
use crate::types::{CallSid, Method as WebhookMethod};

const UPDATE: &[&str] = &[
    "Muted",
    "Hold",
    "HoldUrl",
    "HoldMethod",
    "AnnounceUrl",
    "AnnounceMethod",
    "WaitUrl",
    "WaitMethod",
    "BeepOnExit",
    "EndConferenceOnExit",
    "Coaching",
    "CallSidToCoach",
];
const FLAGS: &[&str] = &["Hold", "BeepOnExit", "EndConferenceOnExit", "Coaching"];

pub(super) fn list(request: &ApiRequest<'_>, conference: &Conference) -> ApiResult {
    request.require_get()?;
    check_filters(request, &["Muted", "Hold", "Coaching"])?;
    let (context, query) = (request.context, &request.query);
    query.check_flags(&["Muted", "Hold", "Coaching"])?;
    let matches = |name: &str, flag: bool| query.flag(name).is_none_or(|wanted| wanted == flag);
    // Twilio lists the newest first.
    let found = conference.participants.iter().rev().filter(|participant| {
        matches("Muted", participant.is_muted)
            && matches("Hold", participant.is_on_hold)
            && matches("Coaching", participant.is_coaching)
    });
    let page = PageRequest::read(request)?.select(found, |found| found.call_sid.as_str())?;
    Ok(page.render("participants", |participant| {
        render_participant(context, conference.sid, participant)
    }))
}

/// Handles a request for the participant with a call SID or a label.
pub(super) fn one(request: &ApiRequest<'_>, conference: &Conference, segment: &str) -> ApiResult {
    let text = ApiRequest::unescape(segment);
    let sid = CallSid::parse(&text).ok();
    let mut participants = conference.participants.iter();
    let participant = participants
        .find(|found| match sid {
            Some(sid) => found.call_sid == sid,
            None => found.label.as_ref() == Some(&text),
        })
        .ok_or_else(|| request.not_found())?;
    let context = request.context;
    match request.method {
        Method::GET => {
            let rendered = render_participant(context, conference.sid, participant);
            Ok(ApiResponse::ok(rendered))
        }
        Method::POST => update(request, conference, participant),
        Method::DELETE if calls::kick(context, conference.sid, participant) => {
            Ok(ApiResponse::no_content())
        }
        Method::DELETE => Err(request.not_found()),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn update(
    request: &ApiRequest<'_>,
    conference: &Conference,
    participant: &Participant,
) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(UPDATE)?;
    form.check_flags(FLAGS)?;
    let flag = |name: &str| form.flag(name);
    // Twilio fetches the music of a participant on hold with GET.
    let hold_music = form.webhook_or("HoldUrl", "HoldMethod", 21205, WebhookMethod::Get)?;
    let wait_music = form.webhook("WaitUrl", "WaitMethod", 21205)?;
    let announcement = form.webhook("AnnounceUrl", "AnnounceMethod", 21205)?;
    let new_coached = coached_call(form, Some(conference))?;
    let change = ParticipantChange {
        // Twilio reads any other value as `false`.
        is_muted: form.one("Muted").map(|_| flag("Muted") == Some(true)),
        is_on_hold: flag("Hold"),
        hold_music,
        wait_music,
        beeps_on_exit: flag("BeepOnExit"),
        ends_on_exit: flag("EndConferenceOnExit"),
        is_coaching: flag("Coaching").or(new_coached.map(|_| true)),
        call_sid_to_coach: new_coached,
    };
    let wanted = participant.call_sid_to_coach.or(change.call_sid_to_coach);
    if change.is_coaching == Some(true) && wanted.is_none() {
        return Err(coaching_needs_a_call());
    }
    let changed = calls::change(context, conference.sid, participant.call_sid, change)
        .ok_or_else(|| request.not_found())?;
    if let Some(target) = announcement {
        calls::announce_to_one(context, conference.sid, target, changed.clone());
    }
    let rendered = render_participant(context, conference.sid, &changed);
    Ok(ApiResponse::ok(rendered))
}

/// Returns the call to coach. It must be in the conference.
pub(super) fn coached_call(
    form: &Form,
    conference: Option<&Conference>,
) -> Result<Option<CallSid>, ApiError> {
    let Some(text) = form.one("CallSidToCoach") else {
        return Ok(None);
    };
    let call = CallSid::parse(text).ok();
    let coached = call.and_then(|call| conference?.participant(call));
    match coached {
        Some(coached) if coached.is_on_hold => {
            let message = "The participant to coach is on hold";
            Err(ApiError::bad_request(16027, message))
        }
        Some(coached) => Ok(Some(coached.call_sid)),
        None => {
            let message = "The participant to coach is not in the conference";
            Err(ApiError::bad_request(16028, message))
        }
    }
}

pub(super) fn coaching_needs_a_call() -> ApiError {
    ApiError::bad_request(20422, "Coaching requires CallSidToCoach")
}
