//! `Messages.json`.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/message-resource>

mod create;
mod media;
mod parties;
mod render;

use http::Method;

use self::render::render;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::StoredMessage;
use crate::types::{MessageSid, MessageStatus, Redacted};

const FILTERS: &[&str] = &["To", "From", "DateSent", "DateSent<", "DateSent>"];

/// Handles a request. `rest` are the segments of its path after `Messages`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, rest: &[&str]) -> ApiResult {
    let context = request.context;
    let Some((sid, rest)) = rest.split_first() else {
        return match request.method {
            Method::GET => list(request),
            Method::POST => create::create(context, &request.form),
            _ => Err(ApiError::method_not_allowed()),
        };
    };
    let message = find(request, sid)?;
    match rest {
        [] => {}
        ["Media"] => return media::list(request, &message),
        ["Media", sid] => return media::one(request, &message, sid),
        ["Feedback"] => return media::feedback(request, &message),
        _ => return Err(request.not_found()),
    }
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &message))),
        Method::POST => update(context, &request.form, message),
        Method::DELETE => delete(context, &message),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Returns a media file itself.
pub(in crate::sandbox::api) fn file(
    request: &ApiRequest<'_>,
    message: &str,
    media: &str,
) -> ApiResult {
    media::file(request, &find(request, message)?, media)
}

fn find(request: &ApiRequest<'_>, sid: &str) -> Result<StoredMessage, ApiError> {
    let sid = MessageSid::parse(sid).ok();
    let message = request.context.read(|state| state.message(sid?).cloned());
    message.ok_or_else(|| request.not_found())
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    check_filters(request, FILTERS)?;
    let query = &request.query;
    let sent = query.date_filter("DateSent")?;
    let page = PageRequest::read(request)?;
    let page = context.read(|state| {
        // Twilio lists the newest first.
        let found = state.messages.iter().rev().filter(|message| {
            query.matches_address("To", Some(&message.to))
                && query.matches_address("From", message.from.as_ref())
                && sent.admits(message.date_sent)
        });
        page.select(found, |message| message.sid.as_str())
    })?;
    Ok(page.render("messages", |message| render(context, message)))
}

fn update(context: &Context, form: &Form, message: StoredMessage) -> ApiResult {
    form.allow_only(&["Body", "Status"])?;
    match (form.given("Body"), form.one("Status")) {
        (None, Some("canceled")) if message.status == MessageStatus::Scheduled => {
            let canceled = context.update(|state| {
                let stored = state.message_mut(message.sid)?;
                stored.status = MessageStatus::Canceled;
                stored.date_updated = context.now();
                Some(stored.clone())
            });
            Ok(ApiResponse::ok(render(
                context,
                &canceled.unwrap_or(message),
            )))
        }
        (None, Some("canceled")) => Err(ApiError::bad_request(
            30409,
            "The message can no longer be canceled",
        )),
        (Some(""), None) if is_under_way(&message) => Err(ApiError::bad_request(
            20009,
            "Cannot redact a message before its final status",
        )),
        (Some(""), None) => {
            let redacted = context.update(|state| {
                let stored = state.message_mut(message.sid)?;
                stored.body = Redacted::default();
                stored.date_updated = context.now();
                Some(stored.clone())
            });
            Ok(ApiResponse::ok(render(
                context,
                &redacted.unwrap_or(message),
            )))
        }
        (Some(_), Some(_)) => Err(ApiError::bad_request(
            30400,
            "A message cannot be redacted and canceled in one request",
        )),
        _ => Err(ApiError::bad_request(
            20422,
            "An empty Body or Status=canceled is required",
        )),
    }
}

fn delete(context: &Context, message: &StoredMessage) -> ApiResult {
    if is_under_way(message) {
        let text = "Resource not complete: the message has no final status yet";
        return Err(ApiError::conflict(20009, text));
    }
    context.update(|state| state.messages.remove(message.sid));
    Ok(ApiResponse::no_content())
}

const fn is_under_way(message: &StoredMessage) -> bool {
    matches!(
        message.status,
        MessageStatus::Accepted
            | MessageStatus::Scheduled
            | MessageStatus::Queued
            | MessageStatus::Sent
    )
}
