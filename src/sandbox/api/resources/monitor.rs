//! `v1/Alerts` and `v1/Events`: the debugger and the audit log.
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-alert>,
//! <https://www.twilio.com/docs/usage/monitor-events>

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::ApiResult;
use crate::sandbox::state::{Alert, rfc3339};

pub(in crate::sandbox::api) fn alerts(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    check_filters(request, &["LogLevel", "StartDate", "EndDate"])?;
    let alerts: Vec<(u64, Alert)> = context.read(|state| {
        let alerts = state.alerts.iter().rev();
        alerts
            .map(|(serial, alert)| (serial, alert.clone()))
            .collect()
    });
    let mut items = Vec::new();
    for (serial, alert) in &alerts {
        let level = request.query.matches("LogLevel", &alert.level);
        if level && is_between(request, alert.at)? {
            items.push(render(request, *serial, alert));
        }
    }
    page_v1(request, "alerts", &items)
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
            let sid = format!("AE{index:032x}");
            items.push(json!({
                "sid": sid,
                "account_sid": context.account_sid,
                "actor_sid": null,
                "actor_type": "account",
                "description": null,
                "event_data": null,
                // With fractions, so that events within one second keep their order.
                "event_date": rfc3339_with_fraction(*at),
                "event_type": kind,
                "resource_sid": context.account_sid,
                "resource_type": "account-auth-token",
                "source": "api",
                "source_ip_address": null,
                "links": {},
                "url": format!("{}/v1/Events/{sid}", request.base_url),
            }));
        }
    }
    page_v1(request, "events", &items)
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

fn render(request: &ApiRequest<'_>, serial: u64, alert: &Alert) -> Value {
    let context = request.context;
    let sid = format!("NO{serial:032x}");
    let at = rfc3339(alert.at);
    json!({
        "sid": sid,
        "account_sid": context.account_sid,
        "alert_text": alert.message,
        "api_version": "2010-04-01",
        "date_created": at,
        "date_generated": at,
        "date_updated": at,
        "error_code": alert.code.to_string(),
        "log_level": alert.level,
        "more_info": format!("https://www.twilio.com/docs/errors/{}", alert.code),
        "request_method": null,
        "request_url": null,
        // An alert that a test adds is about no resource.
        "resource_sid": Some(&alert.sid).filter(|sid| !sid.is_empty()),
        "service_sid": null,
        "url": format!("{}/v1/Alerts/{sid}", request.base_url),
    })
}
