//! `v1/Alerts` and `v1/Events`: the debugger and the audit log.
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-alert>,
//! <https://www.twilio.com/docs/usage/monitor-events>

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{Alert, rfc3339};

pub(in crate::sandbox::api) fn alerts(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    check_filters(request, &["LogLevel", "StartDate", "EndDate"])?;
    let alerts: Vec<Alert> = context.read(|state| {
        let alerts = state.alerts.iter().rev();
        alerts.map(|(_, alert)| alert.clone()).collect()
    });
    let mut items = Vec::new();
    for alert in &alerts {
        let level = request.query.matches("LogLevel", &alert.level);
        if level && is_between(request, alert.date_generated)? {
            items.push(render(request, alert, false));
        }
    }
    page_v1(request, "alerts", &items)
}

pub(in crate::sandbox::api) fn alert(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    request.require_get()?;
    let alert = request.context.read(|state| {
        let mut alerts = state.alerts.iter();
        alerts.find_map(|(_, alert)| (alert.sid == sid).then(|| alert.clone()))
    });
    let alert = alert.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render(request, &alert, true)))
}

pub(in crate::sandbox::api) fn events(request: &ApiRequest<'_>) -> ApiResult {
    const FILTERS: &[&str] = &[
        "ActorSid",
        "EventType",
        "ResourceSid",
        "SourceIpAddress",
        "StartDate",
        "EndDate",
    ];
    let context = request.context;
    request.require_get()?;
    check_filters(request, FILTERS)?;
    let events = context.read(|state| state.account.events.clone());
    let mut items = Vec::new();
    for (index, (kind, at)) in events.iter().enumerate().rev() {
        if request.query.matches("EventType", kind) && is_between(request, *at)? {
            items.push(render_event(request, &event_sid(index), kind, *at));
        }
    }
    page_v1(request, "events", &items)
}

pub(in crate::sandbox::api) fn event(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    request.require_get()?;
    let events = request.context.read(|state| state.account.events.clone());
    let mut events = events.iter().enumerate();
    let found = events.find(|(index, _)| event_sid(*index) == sid);
    let (_, (kind, at)) = found.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render_event(request, sid, kind, *at)))
}

/// Returns the SID of an event by its place in the log.
fn event_sid(index: usize) -> String {
    format!("AE{index:032x}")
}

fn render_event(request: &ApiRequest<'_>, sid: &str, kind: &str, at: SystemTime) -> Value {
    let account = request.context.account_sid;
    json!({
        "sid": sid,
        "account_sid": account,
        "actor_sid": null,
        "actor_type": "account",
        "description": null,
        "event_data": null,
        // With fractions, so that events within one second keep their order.
        "event_date": rfc3339_with_fraction(at),
        "event_type": kind,
        "resource_sid": account,
        "resource_type": "account-auth-token",
        "source": "api",
        "source_ip_address": null,
        "links": {},
        "url": format!("{}/v1/Events/{sid}", request.base_url),
    })
}

/// Reports whether a time is between `StartDate` and `EndDate`, both inclusive.
fn is_between(request: &ApiRequest<'_>, time: SystemTime) -> Result<bool, ApiError> {
    let bound = |name: &str| match request.query.one(name) {
        None => Ok(None),
        Some(text) => text
            .parse::<jiff::Timestamp>()
            .and_then(SystemTime::try_from)
            .map(Some)
            .map_err(|_| ApiError::bad_request(20001, format!("{name} is not an ISO 8601 time"))),
    };
    let (start, end) = (bound("StartDate")?, bound("EndDate")?);
    Ok(start.is_none_or(|start| time >= start) && end.is_none_or(|end| time <= end))
}

fn rfc3339_with_fraction(time: SystemTime) -> Option<String> {
    Some(jiff::Timestamp::try_from(time).ok()?.to_string())
}

/// Renders an alert. The instance has more fields than an item of the list.
fn render(request: &ApiRequest<'_>, alert: &Alert, is_instance: bool) -> Value {
    let at = rfc3339(alert.date_generated);
    let about = alert.request.as_ref();
    let mut rendered = json!({
        "sid": alert.sid,
        "account_sid": request.context.account_sid,
        "alert_text": alert.text(),
        "api_version": "2010-04-01",
        "date_created": at,
        "date_generated": at,
        "date_updated": at,
        "error_code": alert.code.to_string(),
        "log_level": alert.level,
        "more_info": format!("https://www.twilio.com/docs/errors/{}", alert.code),
        "request_method": about.map(|about| about.method.as_str()),
        "request_url": about.map(|about| about.url.expose()),
        // An alert that a test adds is about no resource.
        "resource_sid": Some(&alert.resource_sid).filter(|sid| !sid.is_empty()),
        "service_sid": null,
        "url": format!("{}/v1/Alerts/{}", request.base_url, alert.sid),
    });
    if is_instance && let Some(fields) = rendered.as_object_mut() {
        // Twilio writes the parameters as a form.
        let variables = about.map(|about| serde_urlencoded::to_string(about.parameters.expose()));
        let variables = variables.and_then(Result::ok).unwrap_or_default();
        let body = about.map(|about| about.response_body.expose().clone());
        fields.insert("request_variables".to_owned(), variables.into());
        fields.insert("request_headers".to_owned(), Value::Null);
        fields.insert("response_headers".to_owned(), Value::Null);
        fields.insert("response_body".to_owned(), body.into());
    }
    rendered
}
