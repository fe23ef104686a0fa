//! `v1/Deactivations`: numbers of the USA that their owners gave up, day by day.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/deactivations-resource>

use jiff::civil::Date;
use serde_json::json;

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;

/// Redirects to the file of one day.
pub(in crate::sandbox::api) fn report(request: &ApiRequest<'_>) -> ApiResult {
    request.require_get()?;
    request.query.allow_only(&["Date"])?;
    let invalid = || ApiError::bad_request(20001, "Date must be a day in the form YYYY-MM-DD");
    let day = request.query.one("Date").ok_or_else(invalid)?;
    let day: Date = day.parse().map_err(|_| invalid())?;
    let url = format!(
        "{}/deactivations/{}",
        request.base_url,
        file_name(request.context, day)
    );
    let body = json!({ "redirect_to": url });
    Ok(ApiResponse::redirect_with(url, body))
}

/// Returns the file of one day: one number a line.
pub(in crate::sandbox::api) fn file(request: &ApiRequest<'_>, name: &str) -> ApiResult {
    request.require_get()?;
    let context = request.context;
    let day = name.get(..10).and_then(|day| day.parse::<Date>().ok());
    let day = day.filter(|day| file_name(context, *day) == name);
    let day = day.ok_or_else(|| request.not_found())?;
    let text = context.read(|state| {
        let reported = state.registrations.deactivated.iter();
        let of_day = reported.filter(|(_, at)| {
            let at = jiff::Timestamp::try_from(*at).ok();
            at.is_some_and(|at| at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date() == day)
        });
        of_day.fold(String::new(), |text, (number, _)| {
            text + number.as_str() + "\n"
        })
    });
    Ok(ApiResponse::file(
        "text/plain".to_owned(),
        text.into_bytes(),
    ))
}

/// Returns the name of a day's file, which cannot be guessed.
fn file_name(context: &Context, day: Date) -> String {
    let key = context.ids.place_of(&format!("deactivations {day}"));
    let key = key.first_chunk().copied().map_or(0, u128::from_be_bytes);
    format!("{day}-{key:032x}.txt")
}
