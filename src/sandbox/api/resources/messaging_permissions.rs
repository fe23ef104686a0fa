//! `v1/Messaging/GeoPermissions`: permissions to text countries.
//!
//! Source: <https://www.twilio.com/docs/messaging/guides/sms-geo-permissions>

use http::Method;
use serde_json::{Value, json};

use crate::phone::Region;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::countries::Country;

/// Handles a request.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>) -> ApiResult {
    match request.method {
        Method::GET => list(request),
        Method::PATCH => update(request),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    request.query.allow_only(&["CountryCode"])?;
    let countries = countries(request, "CountryCode")?;
    let permissions: Vec<Value> = countries
        .into_iter()
        .map(|country| {
            let country = country.region;
            let enabled =
                context.read(|state| !state.account.messaging_disabled.contains(&country));
            json!({
                "country_code": country.as_str(),
                "type": "country",
                "prefix": format!("+{}", country.calling_code()),
                "enabled": enabled,
                "message": "",
            })
        })
        .collect();
    Ok(ApiResponse::ok(json!({ "permissions": permissions })))
}

/// Changes permissions. Each is an object in a parameter of its own.
fn update(request: &ApiRequest<'_>) -> ApiResult {
    request.form.allow_only(&["Permissions"])?;
    let changes: Vec<(Region, bool)> = request
        .form
        .all("Permissions")
        .into_iter()
        .map(|text| read_change(text).ok_or_else(invalid_change))
        .collect::<Result<_, _>>()?;
    if changes.is_empty() {
        return Err(invalid_change());
    }
    request.context.update(|state| {
        for (country, enabled) in &changes {
            state.account.set_messaging_permission(*country, *enabled);
        }
    });
    let permissions: Vec<Value> = changes
        .into_iter()
        .map(|(country, enabled)| {
            json!({
                "country_code": country.as_str(),
                "type": "country",
                "enabled": enabled,
                "error_code": 0,
                "error_messages": [],
            })
        })
        .collect();
    Ok(ApiResponse::ok(json!({ "permissions": permissions })))
}

fn read_change(text: &str) -> Option<(Region, bool)> {
    let change: Value = serde_json::from_str(text).ok()?;
    let country = Region::parse(change.get("country_code")?.as_str()?).ok()?;
    let is_country = change.get("type")?.as_str()? == "country";
    let enabled = change.get("enabled")?.as_bool()?;
    is_country.then_some((country, enabled))
}

fn invalid_change() -> ApiError {
    let message = "Permissions must be objects with `country_code`, `type` and `enabled`";
    ApiError::bad_request(20001, message)
}

/// Returns the country of a filter, or all.
pub(super) fn countries(request: &ApiRequest<'_>, filter: &str) -> Result<Vec<Country>, ApiError> {
    let Some(letters) = request.query.one(filter) else {
        return Ok(Country::all());
    };
    let country = Country::find(letters)
        .ok_or_else(|| ApiError::bad_request(20001, format!("{filter} is not a country code")))?;
    Ok(vec![country])
}
