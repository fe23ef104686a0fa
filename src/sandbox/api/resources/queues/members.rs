//! `Queues/{Sid}/Members.json`: the calls that wait in a queue.
//!
//! Source: <https://www.twilio.com/docs/voice/api/member-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{CallCommand, Instructions, Member, Queue, rfc2822};
use crate::types::CallSid;

/// Lists the members, the longest wait first.
pub(super) fn list(request: &ApiRequest<'_>, queue: &Queue) -> ApiResult {
    request.require_get()?;
    check_filters(request, &[])?;
    let page = PageRequest::read(request)?;
    let page = page.select(queue.members.iter(), |member| member.call_sid.as_str())?;
    Ok(page.render("queue_members", |member| {
        let position = queue.member(member.call_sid).map_or(0, |(place, _)| place);
        render(request.context, queue, position, member)
    }))
}

/// Handles a request for the member with a call SID, or for `Front`.
pub(super) fn one(request: &ApiRequest<'_>, queue: &Queue, call: &str) -> ApiResult {
    let found = match call {
        "Front" => queue.members.first().map(|member| (1, member)),
        call => CallSid::parse(call)
            .ok()
            .and_then(|call| queue.member(call)),
    };
    let (position, member) = found.ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => {}
        Method::POST => dequeue(request, queue, member)?,
        _ => return Err(ApiError::method_not_allowed()),
    }
    let rendered = render(request.context, queue, position, member);
    Ok(ApiResponse::ok(rendered))
}

/// Takes a member out of the queue and gives it new instructions.
fn dequeue(request: &ApiRequest<'_>, queue: &Queue, member: &Member) -> Result<(), ApiError> {
    let (context, form) = (request.context, &request.form);
    form.allow_only(&["Url", "Method"])?;
    let missing = || ApiError::bad_request(21205, "Url is required");
    let target = form.webhook("Url", "Method", 21205)?.ok_or_else(missing)?;
    let call = member.call_sid;
    let is_waiting = context.update(|state| {
        let queue = state.queue_mut(queue.sid)?;
        queue.member(call)?;
        queue.remove(call);
        Some(())
    });
    is_waiting.ok_or_else(|| request.not_found())?;
    let instructions = Instructions::Webhook {
        target,
        fallback: None,
    };
    context.command(call, CallCommand::Redirect(instructions), None);
    Ok(())
}

fn render(context: &Context, queue: &Queue, position: usize, member: &Member) -> Value {
    let account = context.account_sid;
    let (sid, call) = (queue.sid, member.call_sid);
    json!({
        "call_sid": call,
        "date_enqueued": rfc2822(member.date_enqueued),
        "position": position,
        "queue_sid": sid,
        "uri": format!("/2010-04-01/Accounts/{account}/Queues/{sid}/Members/{call}.json"),
        "wait_time": member.waited(context.clock.passed()),
    })
}
