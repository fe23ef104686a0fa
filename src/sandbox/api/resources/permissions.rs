//! `v1/Messaging/GeoPermissions` and `v1/DialingPermissions/Countries`: permissions to text and
//! call countries.
//!
//! Source: <https://www.twilio.com/docs/messaging/guides/sms-geo-permissions>,
//! <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>

use serde_json::{Value, json};

use crate::phone::Region;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};

/// Countries in a list without a filter. Twilio lists all; these are enough to test paging.
const LISTED: [&str; 6] = ["AU", "CA", "DE", "GB", "IN", "US"];

pub(in crate::sandbox::api) fn messaging(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    request.query.allow_only(&["CountryCode"])?;
    let countries = countries(request, "CountryCode")?;
    let permissions: Vec<Value> = countries
        .into_iter()
        .map(|country| {
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

/// Handles a request. `country` is the path after `/v1/DialingPermissions/Countries`.
pub(in crate::sandbox::api) fn dialing(
    request: &ApiRequest<'_>,
    country: Option<&str>,
) -> ApiResult {
    request.require_get()?;
    let Some(country) = country else {
        check_filters(request, &["IsoCode"])?;
        let countries = countries(request, "IsoCode")?.into_iter();
        let items = countries
            .map(|country| render(request, country))
            .collect::<Vec<_>>();
        return page_v1(request, "content", &items);
    };
    let country = Region::parse(country).map_err(|_| request.not_found())?;
    Ok(ApiResponse::ok(render(request, country)))
}

fn countries(request: &ApiRequest<'_>, filter: &str) -> Result<Vec<Region>, ApiError> {
    match request.query.one(filter) {
        None => Ok(LISTED
            .iter()
            .filter_map(|letters| Region::parse(letters).ok())
            .collect()),
        Some(letters) => match Region::parse(letters) {
            Ok(country) => Ok(vec![country]),
            Err(_) => Err(ApiError::bad_request(
                20001,
                format!("{filter} is not a country code"),
            )),
        },
    }
}

fn render(request: &ApiRequest<'_>, country: Region) -> Value {
    let context = request.context;
    let enabled = context.read(|state| !state.account.dialing_disabled.contains(&country));
    let url = format!(
        "{}/v1/DialingPermissions/Countries/{country}",
        request.base_url
    );
    json!({
        "iso_code": country.as_str(),
        "name": country.as_str(),
        "continent": null,
        "country_codes": [format!("+{}", country.calling_code())],
        "low_risk_numbers_enabled": enabled,
        "high_risk_special_numbers_enabled": false,
        "high_risk_tollfraud_numbers_enabled": false,
        "links": {},
        "url": url,
    })
}
