//! `Calls/{sid}/Streams.json`: media streams that listen to a call.
//!
//! Source: <https://www.twilio.com/docs/voice/api/stream-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::{StreamOptions, listen, stop, stream_url};
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, StoredCall, StreamTrack, rfc2822};
use crate::types::{CallStatus, StreamSid};
use crate::webhook::websocket::CustomParameters;

const CREATE: &[&str] = &[
    "Url",
    "Name",
    "Track",
    "StatusCallback",
    "StatusCallbackMethod",
];
/// Number of the last custom parameter; the first is 1.
const LAST_PARAMETER: u32 = 99;

/// Handles a request. `name` is the SID or name of a stream.
pub(super) fn route(request: &ApiRequest<'_>, call: &StoredCall, name: Option<&str>) -> ApiResult {
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    match name {
        None => create(request.context, &request.form, call),
        Some(name) => end(request, call, name),
    }
}

fn create(context: &std::sync::Arc<Context>, form: &Form, call: &StoredCall) -> ApiResult {
    let fields = form.fields().iter().map(|(name, _)| name.as_str());
    let mut known: Vec<&str> = fields.filter(|name| is_custom(name)).collect();
    known.extend(CREATE);
    form.allow_only(&known)?;
    if call.status != CallStatus::InProgress {
        let message = "The call is not in progress, so it has no audio to stream";
        return Err(ApiError::bad_request(21220, message));
    }
    let options = options(form)?;
    let name = options.name.clone();
    let sid = listen(context, call.sid, options).map_err(refused)?;
    let rendered = render(context, call, sid, name.as_deref(), "in-progress");
    Ok(ApiResponse::ok(rendered))
}

fn options(form: &Form) -> Result<StreamOptions, ApiError> {
    let missing =
        || ApiError::bad_request(20001, "Missing required parameter Url in the post body");
    let url = form.one("Url").ok_or_else(missing)?;
    let invalid = || ApiError::bad_request(31941, "Track is invalid");
    Ok(StreamOptions {
        url: stream_url(url, None).map_err(refused)?,
        name: form.one("Name").map(str::to_owned),
        track: StreamTrack::parse(form.one("Track")).ok_or_else(invalid)?,
        status_callback: form.webhook("StatusCallback", "StatusCallbackMethod", 21609)?,
        parameters: custom_parameters(form),
    })
}

/// Reads `Parameter1.Name` and `Parameter1.Value`, and those of the next numbers.
fn custom_parameters(form: &Form) -> CustomParameters {
    let numbers = 1..=LAST_PARAMETER;
    CustomParameters::new(numbers.filter_map(|number| {
        let name = form.one(&format!("Parameter{number}.Name"))?;
        let value = form.given(&format!("Parameter{number}.Value"));
        Some((name, value.unwrap_or_default()))
    }))
}

fn is_custom(field: &str) -> bool {
    let parts = field
        .strip_prefix("Parameter")
        .and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(number, part)| {
        let number = number.parse().unwrap_or_default();
        (1..=LAST_PARAMETER).contains(&number) && matches!(part, "Name" | "Value")
    })
}

fn end(request: &ApiRequest<'_>, call: &StoredCall, name: &str) -> ApiResult {
    request.form.allow_only(&["Status"])?;
    if request.form.one("Status") != Some("stopped") {
        return Err(ApiError::bad_request(20001, "Status must be stopped"));
    }
    let stopped = stop(request.context, call.sid, name);
    let (sid, name) = stopped.ok_or_else(|| request.not_found())?;
    let rendered = render(request.context, call, sid, name.as_deref(), "stopped");
    Ok(ApiResponse::ok(rendered))
}

fn refused(cause: AlertCause) -> ApiError {
    ApiError::bad_request(cause.code, cause.message)
}

fn render(
    context: &Context,
    call: &StoredCall,
    sid: StreamSid,
    name: Option<&str>,
    status: &str,
) -> Value {
    let account = context.account_sid;
    json!({
        "sid": sid,
        "account_sid": account,
        "call_sid": call.sid,
        "name": name,
        "status": status,
        "date_updated": rfc2822(context.now()),
        "uri": format!("/2010-04-01/Accounts/{account}/Calls/{}/Streams/{sid}.json", call.sid),
    })
}
