//! `v1/Alerts` and `v1/Events`: the debugger and the audit log.
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-alert>,
//! <https://www.twilio.com/docs/usage/monitor-events>

use std::cmp::Ordering;
use std::time::SystemTime;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{Alert, rfc3339};

pub(in crate::sandbox::api) fn alerts(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    check_filters(request, &["LogLevel", "StartDate", "EndDate"])?;
    let (query, page) = (&request.query, PageRequest::read(request)?);
    let period = Period::read(query)?;
    let page = context.read(|state| {
        let alerts = state.alerts.iter().rev().map(|(_, alert)| alert);
        let found = alerts.filter(|alert| {
            query.matches("LogLevel", &alert.level) && period.contains(alert.date_generated)
        });
        page.select(found, |alert| alert.sid.as_str())
    })?;
    Ok(page.render_v1("alerts", |alert| render(request, alert, false)))
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
    let period = Period::read(&request.query)?;
    let items: Vec<Value> = context.read(|state| {
        let events = state.account.events.iter().rev();
        let found = events.filter(|(_, (kind, at))| {
            request.query.matches("EventType", kind) && period.contains(*at)
        });
        found
            .map(|(serial, (kind, at))| render_event(request, &event_sid(serial), kind, *at))
            .collect()
    });
    page_v1(request, "events", &items)
}

pub(in crate::sandbox::api) fn event(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    request.require_get()?;
    let found = request.context.read(|state| {
        let mut events = state.account.events.iter();
        let found = events.find(|(serial, _)| event_sid(*serial) == sid);
        found.map(|(_, event)| *event)
    });
    let (kind, at) = found.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render_event(request, sid, kind, at)))
}

/// Returns the SID of an event by its place in the log.
fn event_sid(serial: u64) -> String {
    format!("AE{serial:032x}")
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

/// Time between `StartDate` and `EndDate`, both inclusive.
struct Period(Option<DateBound>, Option<DateBound>);

impl Period {
    /// Reads the two filters of a list: each is a day in GMT, or a time.
    fn read(query: &Form) -> Result<Self, ApiError> {
        let bound = |name: &str| {
            let text = query.one(name);
            text.map(|text| {
                let message = || format!("{name} is not an ISO 8601 date or time");
                DateBound::parse(text).ok_or_else(|| ApiError::bad_request(20001, message()))
            })
            .transpose()
        };
        Ok(Self(bound("StartDate")?, bound("EndDate")?))
    }

    fn contains(&self, time: SystemTime) -> bool {
        let Self(start, end) = self;
        start.is_none_or(|start| start.compare(time).is_some_and(Ordering::is_ge))
            && end.is_none_or(|end| end.compare(time).is_some_and(Ordering::is_le))
    }
}

/// First or last moment of a period: a time, or a day in GMT.
#[derive(Clone, Copy)]
enum DateBound {
    Time(SystemTime),
    Day(Date),
}

impl DateBound {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return SystemTime::try_from(time).ok().map(Self::Time);
        }
        let day: Date = text.parse().ok()?;
        // Other spellings of a day, and times without an offset, are not accepted.
        (day.to_string() == text).then_some(Self::Day(day))
    }

    /// Compares a time with the bound.
    fn compare(self, time: SystemTime) -> Option<Ordering> {
        match self {
            Self::Time(bound) => Some(time.cmp(&bound)),
            Self::Day(bound) => {
                let time = jiff::Timestamp::try_from(time).ok()?;
                let day = time.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
                Some(day.cmp(&bound))
            }
        }
    }
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
