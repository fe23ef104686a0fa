//! `Conferences.json`, and the participants of each conference.
//!
//! Source: <https://www.twilio.com/docs/voice/api/conference-resource>

mod create_participant;
mod participants;
mod render;

use http::Method;

use self::render::render;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::resources::recordings::of_conference;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls;
use crate::sandbox::state::{Conference, ConferenceStatus};
use crate::types::ConferenceSid;

const FILTERS: &[&str] = &[
    "Status",
    "FriendlyName",
    "DateCreated",
    "DateCreated<",
    "DateCreated>",
    "DateUpdated",
    "DateUpdated<",
    "DateUpdated>",
];

/// Handles a request. `rest` are the segments of its path after `Conferences`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, rest: &[&str]) -> ApiResult {
    match rest {
        [] => list(request),
        [sid] => one(request, &find(request, sid)?),
        // The first participant may create the conference.
        [name, "Participants"] if request.method == Method::POST => {
            create_participant::create(request, name)
        }
        [sid, "Recordings", rest @ ..] => of_conference(request, &find(request, sid)?, rest),
        [sid, "Participants"] => participants::list(request, &find(request, sid)?),
        [sid, "Participants", call] => participants::one(request, &find(request, sid)?, call),
        _ => Err(request.not_found()),
    }
}

/// Returns the conference with a SID, or the one of this name that has not ended.
fn find(request: &ApiRequest<'_>, segment: &str) -> Result<Conference, ApiError> {
    let text = ApiRequest::unescape(segment);
    let sid = ConferenceSid::parse(&text).ok();
    let found = request.context.read(|state| match sid {
        Some(sid) => state.conferences.get(sid).cloned(),
        None => state.conferences.open(&text).cloned(),
    });
    found.ok_or_else(|| request.not_found())
}

fn one(request: &ApiRequest<'_>, conference: &Conference) -> ApiResult {
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request.context, conference))),
        Method::POST => update(request, conference),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn update(request: &ApiRequest<'_>, conference: &Conference) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(&["Status", "AnnounceUrl", "AnnounceMethod"])?;
    let announcement = form.webhook("AnnounceUrl", "AnnounceMethod", 21205)?;
    let is_over = conference.status == ConferenceStatus::Completed;
    match form.one("Status") {
        None => {}
        Some("completed") => calls::complete(context, conference.sid),
        Some(_) => {
            let message = "Status must be completed";
            return Err(ApiError::bad_request(20422, message));
        }
    }
    if let Some(target) = announcement.filter(|_| !is_over) {
        calls::announce_to_all(context, conference.sid, target);
    }
    let updated = context.read(|state| state.conferences.get(conference.sid).cloned());
    let rendered = render(context, updated.as_ref().unwrap_or(conference));
    Ok(ApiResponse::ok(rendered))
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    request.require_get()?;
    check_filters(request, FILTERS)?;
    let (context, query) = (request.context, &request.query);
    let created = query.date_filter("DateCreated")?;
    let updated = query.date_filter("DateUpdated")?;
    let page = PageRequest::read(request)?;
    let page = context.read(|state| {
        // Twilio lists the newest first.
        let found = state.conferences.iter().rev().filter(|conference| {
            query.matches("Status", conference.status.as_str())
                && query.matches("FriendlyName", &conference.friendly_name)
                && created.admits(Some(conference.date_created))
                && updated.admits(Some(conference.date_updated))
        });
        page.select(found, |conference| conference.sid.as_str())
    })?;
    Ok(page.render("conferences", |conference| render(context, conference)))
}
