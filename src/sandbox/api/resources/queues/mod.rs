//! `Queues.json`, and the members of each queue.
//!
//! Source: <https://www.twilio.com/docs/voice/api/queue-resource>

mod members;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{QUEUE_SIZE, Queue, rfc2822};
use crate::types::QueueSid;

const PARAMETERS: &[&str] = &["FriendlyName", "MaxSize"];
/// Twilio's limit for the size of a queue.
const SIZE_LIMIT: u64 = 5000;

/// Handles a request. `rest` are the segments of its path after `Queues`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, rest: &[&str]) -> ApiResult {
    let Some((sid, rest)) = rest.split_first() else {
        return match request.method {
            Method::GET => list(request),
            Method::POST => create(request),
            _ => Err(ApiError::method_not_allowed()),
        };
    };
    let queue = QueueSid::parse(sid)
        .ok()
        .and_then(|sid| request.context.read(|state| state.queue(sid).cloned()))
        .ok_or_else(|| request.not_found())?;
    match (rest, &request.method) {
        (["Members"], _) => members::list(request, &queue),
        (["Members", call], _) => members::one(request, &queue, call),
        ([], &Method::GET) => Ok(ApiResponse::ok(render(request.context, &queue))),
        ([], &Method::POST) => update(request, queue),
        ([], &Method::DELETE) => delete(request.context, &queue),
        ([], _) => Err(ApiError::method_not_allowed()),
        _ => Err(request.not_found()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    check_filters(request, &[])?;
    let context = request.context;
    let page = PageRequest::read(request)?;
    let page = context.read(|state| page.select(state.queues.iter().rev(), |q| q.sid.as_str()))?;
    Ok(page.render("queues", |queue| render(context, queue)))
}

fn create(request: &ApiRequest<'_>) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(PARAMETERS)?;
    let name = form.friendly_name()?.ok_or_else(|| {
        let message = "FriendlyName is required";
        ApiError::bad_request(20001, message)
    })?;
    let size = size(request)?.unwrap_or(QUEUE_SIZE);
    let queue = Queue::new(context.ids.sid("QU"), name, size, context.now());
    let stored = queue.clone();
    context.update(|state| {
        ApiError::check_limit(state.queues.len())?;
        if state.queue_named(name).is_some() {
            return Err(name_in_use());
        }
        state.queues.push(stored);
        Ok(())
    })?;
    Ok(ApiResponse::created(render(context, &queue)))
}

fn update(request: &ApiRequest<'_>, mut queue: Queue) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(PARAMETERS)?;
    if let Some(name) = form.friendly_name()? {
        name.clone_into(&mut queue.friendly_name);
    }
    if let Some(size) = size(request)? {
        queue.max_size = size;
    }
    let now = context.now();
    let updated = context.update(|state| {
        let other = state.queue_named(&queue.friendly_name);
        if other.is_some_and(|other| other.sid != queue.sid) {
            return Err(name_in_use());
        }
        let stored = state.queue_mut(queue.sid);
        let stored = stored.ok_or_else(|| request.not_found())?;
        // Only the settings: calls may have come and gone in the meantime.
        stored.friendly_name.clone_from(&queue.friendly_name);
        stored.max_size = queue.max_size;
        stored.date_updated = now;
        Ok(stored.clone())
    })?;
    Ok(ApiResponse::ok(render(context, &updated)))
}

/// Deletes a queue in which no call waits.
fn delete(context: &Context, queue: &Queue) -> ApiResult {
    context.update(|state| {
        let stored = state.queue(queue.sid);
        if stored.is_some_and(|queue| !queue.members.is_empty() || !queue.links.is_empty()) {
            let message = "Calls wait in the queue";
            return Err(ApiError::new(StatusCode::CONFLICT, 20409, message));
        }
        state.queues.retain(|stored| stored.sid != queue.sid);
        Ok(ApiResponse::no_content())
    })
}

fn size(request: &ApiRequest<'_>) -> Result<Option<usize>, ApiError> {
    let size = request.form.number("MaxSize", 1..=SIZE_LIMIT, 20422)?;
    Ok(size.map(|size| usize::try_from(size).unwrap_or(usize::MAX)))
}

fn name_in_use() -> ApiError {
    ApiError::bad_request(20422, "The account has a queue of this FriendlyName")
}

fn render(context: &Context, queue: &Queue) -> Value {
    let (account, sid) = (context.account_sid, queue.sid);
    json!({
        "account_sid": account,
        "average_wait_time": queue.average_wait(context.clock.passed()),
        "current_size": queue.members.len(),
        "date_created": rfc2822(queue.date_created),
        "date_updated": rfc2822(queue.date_updated),
        "friendly_name": queue.friendly_name,
        "max_size": queue.max_size,
        "sid": sid,
        "uri": format!("/2010-04-01/Accounts/{account}/Queues/{sid}.json"),
    })
}
