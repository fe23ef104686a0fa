//! `v1/Alerts` and `v1/Events`: the debugger and the audit log.
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-alert>,
//! <https://www.twilio.com/docs/usage/monitor-events>

use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page_of_v1};
use super::{ApiError, Asked, Outcome};
use crate::sandbox::records::Alert;
use crate::sandbox::store::{World, rfc3339};

pub(super) fn alerts(world: &World, asked: &Asked<'_>) -> Outcome {
    read_only(asked)?;
    check(asked, &["LogLevel", "StartDate", "EndDate"])?;
    let alerts = world.read(|state| state.alerts.clone());
    let mut items = Vec::new();
    for (index, alert) in alerts.iter().enumerate().rev() {
        let level = asked.query.matches("LogLevel", &alert.level);
        if level && is_between(asked, alert.at)? {
            items.push(render(world, index, alert));
        }
    }
    Ok((StatusCode::OK, page_of_v1(world, asked, "alerts", items)?))
}

pub(super) fn events(world: &World, asked: &Asked<'_>) -> Outcome {
    const FILTERS: &[&str] = &[
        "ActorSid",
        "EventType",
        "ResourceSid",
        "SourceIpAddress",
        "StartDate",
        "EndDate",
    ];
    read_only(asked)?;
    check(asked, FILTERS)?;
    let events = world.read(|state| state.account.events.clone());
    let mut items = Vec::new();
    for (index, (kind, at)) in events.iter().enumerate().rev() {
        if asked.query.matches("EventType", kind) && is_between(asked, *at)? {
            let sid = format!("AE{index:032x}");
            items.push(json!({
                "sid": sid,
                "account_sid": world.account_sid,
                "actor_sid": null,
                "actor_type": "account",
                "description": null,
                "event_data": null,
                // Made within a second of each other, they still have an order.
                "event_date": precisely(*at),
                "event_type": kind,
                "resource_sid": world.account_sid,
                "resource_type": "account-auth-token",
                "source": "api",
                "source_ip_address": null,
                "links": {},
                "url": format!("{}/v1/Events/{sid}", world.base_url),
            }));
        }
    }
    Ok((StatusCode::OK, page_of_v1(world, asked, "events", items)?))
}

fn read_only(asked: &Asked<'_>) -> Result<(), ApiError> {
    match asked.method {
        Method::GET => Ok(()),
        _ => Err(ApiError::wrong_method()),
    }
}

/// Whether a time lies within `StartDate` and `EndDate`, both included.
fn is_between(asked: &Asked<'_>, time: SystemTime) -> Result<bool, ApiError> {
    let bound = |name: &str| match asked.query.one(name) {
        None => Ok(None),
        Some(text) => text
            .parse::<jiff::Timestamp>()
            .map(|bound| Some(SystemTime::from(bound)))
            .map_err(|_| ApiError::refused(20001, format!("{name} is not a time"))),
    };
    let (start, end) = (bound("StartDate")?, bound("EndDate")?);
    Ok(start.is_none_or(|start| time >= start) && end.is_none_or(|end| time <= end))
}

fn precisely(time: SystemTime) -> Option<String> {
    Some(jiff::Timestamp::try_from(time).ok()?.to_string())
}

fn render(world: &World, index: usize, alert: &Alert) -> Value {
    let sid = format!("NO{index:032x}");
    let at = rfc3339(alert.at);
    json!({
        "sid": sid,
        "account_sid": world.account_sid,
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
        "resource_sid": alert.sid,
        "service_sid": null,
        "url": format!("{}/v1/Alerts/{sid}", world.base_url),
    })
}
