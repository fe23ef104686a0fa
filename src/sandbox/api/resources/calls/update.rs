//! Changes a call in progress: ends it, or gives it new instructions.

use std::sync::Arc;
use std::time::Duration;

use super::instructions::inline;
use super::render::render;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{CallCommand, Instructions, StoredCall};
use crate::types::CallStatus;

const UPDATE: &[&str] = &[
    "Status",
    "Url",
    "Method",
    "Twiml",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
    "TimeLimit",
];
/// Parameters that have an effect only beside `Url` or `Twiml`.
const DEPENDENT: [&str; 5] = [
    "Method",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
];

pub(super) fn update(context: &Arc<Context>, form: &Form, call: &StoredCall) -> ApiResult {
    form.allow_only(UPDATE)?;
    if call.status.is_final() {
        return Err(wrong_state());
    }
    if let Some(seconds) = form.number("TimeLimit", 1..=86_400, 20422)? {
        let limit = CallCommand::LimitTime(Duration::from_secs(seconds));
        context.command(call.sid, limit, None);
    }
    match form.one("Status") {
        Some(status) => end(context, call, status)?,
        None => redirect(context, form, call)?,
    }
    let updated = context.read(|state| state.call(call.sid).map(|entry| entry.call.clone()));
    let rendered = render(context, updated.as_ref().unwrap_or(call));
    Ok(ApiResponse::ok(rendered))
}

fn wrong_state() -> ApiError {
    ApiError::bad_request(21220, "The call is not in a state that allows this update")
}

fn is_unanswered(call: &StoredCall) -> bool {
    matches!(call.status, CallStatus::Queued | CallStatus::Ringing)
}

/// Ends a call. Twilio cancels only calls that were not answered.
fn end(context: &Context, call: &StoredCall, status: &str) -> Result<(), ApiError> {
    let final_status = match (status, is_unanswered(call)) {
        ("canceled" | "completed", true) => CallStatus::Canceled,
        ("completed", false) => CallStatus::Completed,
        ("canceled", false) => return Err(wrong_state()),
        _ => {
            let message = "Status must be canceled or completed";
            return Err(ApiError::bad_request(20422, message));
        }
    };
    context.end_call(call.sid, final_status);
    Ok(())
}

/// Gives a call new instructions. Twilio redirects only calls that were answered.
fn redirect(context: &Context, form: &Form, call: &StoredCall) -> Result<(), ApiError> {
    let target = form.webhook("Url", "Method", 21205)?;
    let fallback = form.webhook("FallbackUrl", "FallbackMethod", 21205)?;
    let callback = form.webhook("StatusCallback", "StatusCallbackMethod", 21609)?;
    let instructions = match (target, form.one("Twiml")) {
        (Some(target), _) => Instructions::Webhook { target, fallback },
        (None, Some(xml)) => Instructions::Inline(inline(xml)?),
        // Accepted without an effect, as reported in twilio-python issue 884.
        (None, None) if DEPENDENT.iter().any(|name| form.one(name).is_some()) => return Ok(()),
        (None, None) if form.one("TimeLimit").is_some() => return Ok(()),
        (None, None) => {
            let message = "Status, Url or Twiml is required";
            return Err(ApiError::bad_request(20422, message));
        }
    };
    if is_unanswered(call) {
        return Err(wrong_state());
    }
    if let Some(callback) = callback {
        context.command(call.sid, CallCommand::ReportTo(callback), None);
    }
    context.command(call.sid, CallCommand::Redirect(instructions), None);
    Ok(())
}
