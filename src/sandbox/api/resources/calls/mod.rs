//! `Calls.json`, and the lists of one call.
//!
//! Source: <https://www.twilio.com/docs/voice/api/call-resource>

mod create;
mod instructions;
mod parties;
mod records;
mod render;
mod streams;
mod transcriptions;
mod update;

use http::{Method, StatusCode};

use self::render::render;

pub(super) use self::instructions::status_callback;
pub(super) use self::parties::{check_account, parties};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::resources::recordings;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::StoredCall;
use crate::types::CallSid;

const FILTERS: &[&str] = &[
    "To",
    "From",
    "ParentCallSid",
    "Status",
    "StartTime",
    "StartTime<",
    "StartTime>",
    "EndTime",
    "EndTime<",
    "EndTime>",
];

/// Handles a request. `rest` are the segments of its path after `Calls`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, rest: &[&str]) -> ApiResult {
    let context = request.context;
    let Some((sid, records)) = rest.split_first() else {
        return match request.method {
            Method::GET => list(request),
            Method::POST => create::create(context, &request.form),
            _ => Err(ApiError::method_not_allowed()),
        };
    };
    let call = CallSid::parse(sid)
        .ok()
        .and_then(|sid| context.read(|state| state.call(sid).map(|entry| entry.call.clone())))
        .ok_or_else(|| request.not_found())?;
    match (records, &request.method) {
        (["Events"], _) => records::events(request, &call),
        (["Notifications"], _) => records::notifications(request, &call),
        (["Transcriptions", rest @ ..], _) => transcriptions::route(request, &call, rest),
        (["Siprec", ..], _) => Err(ApiError::not_supported("SIPREC connectors")),
        (
            [
                "UserDefinedMessages" | "UserDefinedMessageSubscriptions",
                ..,
            ],
            _,
        ) => Err(ApiError::not_supported("messages to the Voice SDK")),
        (["Recordings", rest @ ..], _) => recordings::of_call(request, &call, rest),
        (["Streams"], _) => streams::route(request, &call, None),
        (["Streams", name], _) => streams::route(request, &call, Some(name)),
        ([], &Method::GET) => Ok(ApiResponse::ok(render(context, &call))),
        ([], &Method::POST) => update::update(context, &request.form, &call),
        ([], &Method::DELETE) => delete(context, &call),
        ([], _) => Err(ApiError::method_not_allowed()),
        _ => Err(request.not_found()),
    }
}

/// Deletes the record of a call that has ended.
fn delete(context: &Context, call: &StoredCall) -> ApiResult {
    if !call.status.is_final() {
        let text = "Resource not complete: the call has not ended";
        return Err(ApiError::new(StatusCode::CONFLICT, 20009, text));
    }
    context.update(|state| state.calls.remove(call.sid));
    Ok(ApiResponse::no_content())
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    check_filters(request, FILTERS)?;
    let query = &request.query;
    let (started, ended) = (
        query.date_filter("StartTime")?,
        query.date_filter("EndTime")?,
    );
    let page = PageRequest::read(request)?;
    let page = context.read(|state| {
        // Twilio lists the newest first.
        let calls = state.calls.iter().rev().map(|entry| &entry.call);
        let found = calls.filter(|call| {
            let parent = call.parent_call_sid.as_ref().map_or("", |sid| sid.as_str());
            query.matches_address("To", Some(&call.to))
                && query.matches_address("From", Some(&call.from))
                && query.matches("ParentCallSid", parent)
                && query.matches("Status", call.status.as_str())
                && started.admits(call.start_time)
                && ended.admits(call.end_time)
        });
        page.select(found, |call| call.sid.as_str())
    })?;
    Ok(page.render("calls", |call| render(context, call)))
}
