//! `v1/Deactivations`: numbers of the USA that their owners gave up, day by day.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/deactivations-resource>

use std::time::{Duration, SystemTime};

use jiff::civil::{Date, date};
use serde_json::json;

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::numbers::region_of;

/// First day that has a report.
const FIRST_DAY: Date = date(2020, 8, 27);
/// Time for which the URL of a report is valid.
const VALIDITY: Duration = Duration::from_secs(120);

/// Redirects to the file of one day.
pub(in crate::sandbox::api) fn report(request: &ApiRequest<'_>) -> ApiResult {
    request.require_get()?;
    request.query.allow_only(&["Date"])?;
    let day = request.query.one("Date").and_then(parse_day);
    let day = day
        .ok_or_else(|| ApiError::bad_request(20001, "Date must be a day in the form YYYY-MM-DD"))?;
    if day < FIRST_DAY {
        return Err(ApiError::bad_request(30113, "Specified date is too old"));
    }
    let now = request.context.now();
    // The report of the current day grows during the day.
    if day_of(now).is_none_or(|today| day > today) {
        let message = "Specified date is not available yet";
        return Err(ApiError::bad_request(30114, message));
    }
    let issued = now.duration_since(SystemTime::UNIX_EPOCH);
    let name = file_name(request.context, day, issued.unwrap_or_default().as_secs());
    let url = format!("{}/deactivations/{name}", request.base_url);
    let body = json!({ "redirect_to": url });
    Ok(ApiResponse::redirect_with(url, body))
}

/// Returns the file of one day: one number a line.
pub(in crate::sandbox::api) fn file(request: &ApiRequest<'_>, name: &str) -> ApiResult {
    request.require_get()?;
    let context = request.context;
    let day = report_of(context, name).ok_or_else(|| request.not_found())?;
    let text = context.read(|state| {
        let mut text = String::new();
        for (number, at) in &state.registrations.deactivated {
            let is_american = region_of(*number).is_some_and(|region| region.as_str() == "US");
            if is_american && day_of(*at) == Some(day) {
                text.push_str(number.as_str());
                text.push('\n');
            }
        }
        text
    });
    Ok(ApiResponse::file(
        "text/plain".to_owned(),
        text.into_bytes(),
    ))
}

/// Parses a day in the one form that the API accepts.
fn parse_day(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

fn day_of(time: SystemTime) -> Option<Date> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
}

/// Returns the day whose report has this file name, unless the URL has expired.
fn report_of(context: &Context, name: &str) -> Option<Date> {
    let (day, rest) = name.split_once('_')?;
    let (issued, _) = rest.split_once('_')?;
    let (day, issued) = (parse_day(day)?, issued.parse().ok()?);
    let valid_until = Duration::from_secs(issued).checked_add(VALIDITY)?;
    let expires = SystemTime::UNIX_EPOCH.checked_add(valid_until)?;
    let is_valid = file_name(context, day, issued) == name && context.now() < expires;
    is_valid.then_some(day)
}

/// Returns the name of a day's file, which cannot be guessed. `issued` is the time of the request in
/// seconds.
fn file_name(context: &Context, day: Date, issued: u64) -> String {
    let key = context
        .ids
        .place_of(&format!("deactivations {day} {issued}"));
    let key = key.first_chunk().copied().map_or(0, u128::from_be_bytes);
    format!("{day}_{issued}_{key:032x}.txt")
}
