//! Instructions and status callback in a request.

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::calls::{CallProgressEvent, StatusCallback};
use crate::sandbox::context::Context;
use crate::sandbox::state::{Document, Instructions};
use crate::types::ApplicationSid;

/// Twilio's limit for the TwiML in an API request: 4000 characters.
const TWIML_LIMIT: usize = 4000;

/// Returns the instructions of a new call, and its status callback.
pub(super) fn instructions(
    context: &Context,
    form: &Form,
) -> Result<(Instructions, Option<StatusCallback>), ApiError> {
    if let Some(text) = form.one("ApplicationSid") {
        return of_application(context, text);
    }
    let callback = status_callback(form)?;
    let fallback = form.webhook("FallbackUrl", "FallbackMethod", 21205)?;
    // Twilio uses `Url` if the request has both `Url` and `Twiml`.
    let instructions = if let Some(target) = form.webhook("Url", "Method", 21205)? {
        Instructions::Webhook { target, fallback }
    } else {
        let missing = || ApiError::bad_request(21205, "Url, Twiml or ApplicationSid is required");
        Instructions::Inline(inline(form.one("Twiml").ok_or_else(missing)?)?)
    };
    Ok((instructions, callback))
}

/// Returns the instructions of a TwiML App. Twilio then ignores the URLs in the request.
fn of_application(
    context: &Context,
    sid: &str,
) -> Result<(Instructions, Option<StatusCallback>), ApiError> {
    let app = ApplicationSid::parse(sid).ok();
    let settings = context
        .read(|state| Some(state.application(app?)?.settings.clone()))
        .ok_or_else(|| ApiError::bad_request(21218, "The ApplicationSid is invalid"))?;
    let target = settings
        .webhook("VoiceUrl", "VoiceMethod")
        .ok_or_else(|| ApiError::bad_request(21205, "The application has no VoiceUrl"))?;
    let fallback = settings.webhook("VoiceFallbackUrl", "VoiceFallbackMethod");
    let callback = settings.webhook("StatusCallback", "StatusCallbackMethod");
    let callback = callback.map(|target| StatusCallback {
        target,
        events: vec![CallProgressEvent::Completed],
        is_of_number: false,
    });
    Ok((Instructions::Webhook { target, fallback }, callback))
}

pub(in crate::sandbox::api) fn status_callback(
    form: &Form,
) -> Result<Option<StatusCallback>, ApiError> {
    let target = form.webhook("StatusCallback", "StatusCallbackMethod", 21609)?;
    let mut events = Vec::new();
    // Events are sent as repeated parameters, or as one value separated by spaces.
    for word in form
        .all("StatusCallbackEvent")
        .iter()
        .flat_map(|words| words.split_whitespace())
    {
        let event = CallProgressEvent::parse(word);
        events.push(
            event.ok_or_else(|| ApiError::bad_request(21626, "StatusCallbackEvent is invalid"))?,
        );
    }
    if events.is_empty() {
        events.push(CallProgressEvent::Completed);
    }
    Ok(target.map(|target| StatusCallback {
        target,
        events,
        is_of_number: false,
    }))
}

pub(super) fn inline(xml: &str) -> Result<Document, ApiError> {
    if xml.chars().count() > TWIML_LIMIT {
        return Err(ApiError::bad_request(
            32018,
            "Twiml is longer than 4000 characters",
        ));
    }
    Document::read_twiml(xml, None)
        .map_err(|cause| ApiError::bad_request(cause.code, cause.message))
}
