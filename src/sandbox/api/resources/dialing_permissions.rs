//! `v1/DialingPermissions` and `v1/Settings`: permissions to call countries.
//!
//! Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>,
//! <https://www.twilio.com/docs/voice/api/dialingpermissions-bulkcountryupdate-resource>,
//! <https://www.twilio.com/docs/voice/api/dialingpermissions-settings-resource>

use http::Method;
use serde_json::{Value, json};

use super::messaging_permissions::countries;
use crate::phone::Region;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::countries::Country;

/// Filters of the list that are flags.
const FLAGS: [&str; 3] = [
    "LowRiskNumbersEnabled",
    "HighRiskSpecialNumbersEnabled",
    "HighRiskTollfraudNumbersEnabled",
];
/// Filters of the list, beside the country, each with its field.
const FILTERS: [(&str, &str); 5] = [
    ("Continent", "continent"),
    ("CountryCode", "country_codes"),
    (FLAGS[0], "low_risk_numbers_enabled"),
    (FLAGS[1], "high_risk_special_numbers_enabled"),
    (FLAGS[2], "high_risk_tollfraud_numbers_enabled"),
];
/// Change of a country's permissions. `None` leaves a permission as it is.
struct Change {
    country: Region,
    low_risk: Option<bool>,
    high_risk_special: Option<bool>,
    high_risk_toll_fraud: Option<bool>,
}

/// Handles a request. `country` is the path after `/v1/DialingPermissions/Countries`.
pub(in crate::sandbox::api) fn list_or_fetch(
    request: &ApiRequest<'_>,
    country: Option<&str>,
) -> ApiResult {
    request.require_get()?;
    let Some(country) = country else {
        check_filters(
            request,
            &[&["IsoCode"], FILTERS.map(|filter| filter.0).as_slice()].concat(),
        )?;
        request.query.check_flags(&FLAGS)?;
        let countries = countries(request, "IsoCode")?.into_iter();
        let items = countries
            .map(|country| render(request, &country))
            .filter(|item| matches(request, item))
            .collect::<Vec<_>>();
        return page_v1(request, "content", &items);
    };
    let country = Country::find(country).ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render(request, &country)))
}

/// Reports whether a rendered country matches the filters of a list.
fn matches(request: &ApiRequest<'_>, item: &Value) -> bool {
    FILTERS.iter().all(|(filter, field)| {
        let Some(wanted) = request.query.one(filter) else {
            return true;
        };
        match item.get(field) {
            Some(Value::Bool(flag)) => request.query.flag(filter) == Some(*flag),
            Some(Value::Array(codes)) => codes.contains(&wanted.into()),
            Some(Value::String(text)) => text == wanted,
            _ => false,
        }
    })
}

/// Changes the permissions of countries. They are one list in one parameter.
pub(in crate::sandbox::api) fn update(request: &ApiRequest<'_>) -> ApiResult {
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    request.form.allow_only(&["UpdateRequest"])?;
    let changes = request.form.one("UpdateRequest").and_then(read_changes);
    let changes = changes.ok_or_else(|| {
        let message = "UpdateRequest must be a list of objects with `iso_code` and permissions";
        ApiError::bad_request(20001, message)
    })?;
    request.context.update(|state| {
        let account = &mut state.account;
        for change in &changes {
            if let Some(enabled) = change.low_risk {
                account.set_dialing_permission(change.country, enabled);
            }
            let high_risk = [
                (&mut account.high_risk_special, change.high_risk_special),
                (
                    &mut account.high_risk_toll_fraud,
                    change.high_risk_toll_fraud,
                ),
            ];
            for (countries, enabled) in high_risk {
                match enabled {
                    Some(true) => countries.insert(change.country),
                    Some(false) => countries.remove(&change.country),
                    None => false,
                };
            }
        }
    });
    Ok(ApiResponse::created(json!({
        "update_count": changes.len(),
        "update_request": "accepted",
    })))
}

fn read_changes(text: &str) -> Option<Vec<Change>> {
    let changes: Vec<Value> = serde_json::from_str(text).ok()?;
    changes.iter().map(read_change).collect()
}

/// Reads a change. Twilio writes its flags as texts.
fn read_change(change: &Value) -> Option<Change> {
    let flag = |name: &str| match change.get(name) {
        None => Some(None),
        Some(Value::Bool(flag)) => Some(Some(*flag)),
        Some(Value::String(text)) => text.parse().ok().map(Some),
        Some(_) => None,
    };
    Some(Change {
        country: Region::parse(change.get("iso_code")?.as_str()?).ok()?,
        low_risk: flag("low_risk_numbers_enabled")?,
        high_risk_special: flag("high_risk_special_numbers_enabled")?,
        high_risk_toll_fraud: flag("high_risk_tollfraud_numbers_enabled")?,
    })
}

/// Handles a request for the setting that subaccounts inherit the permissions.
pub(in crate::sandbox::api) fn settings(request: &ApiRequest<'_>) -> ApiResult {
    const INHERITANCE: &str = "DialingPermissionsInheritance";
    let context = request.context;
    let render = |inherits: bool| {
        json!({
            "dialing_permissions_inheritance": inherits,
            "url": format!("{}/v1/Settings", request.base_url),
        })
    };
    match request.method {
        Method::GET => {
            let inherits = context.read(|state| state.account.dialing_inheritance);
            Ok(ApiResponse::ok(render(inherits)))
        }
        Method::POST => {
            request.form.allow_only(&[INHERITANCE])?;
            request.form.check_flags(&[INHERITANCE])?;
            let inherits = context.update(|state| {
                if let Some(inherits) = request.form.flag(INHERITANCE) {
                    state.account.dialing_inheritance = inherits;
                }
                state.account.dialing_inheritance
            });
            Ok(ApiResponse::accepted(render(inherits)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn render(request: &ApiRequest<'_>, country: &Country) -> Value {
    let (context, region) = (request.context, country.region);
    let [low, special, toll_fraud] = context.read(|state| {
        let account = &state.account;
        [
            !account.dialing_disabled.contains(&region),
            account.high_risk_special.contains(&region),
            account.high_risk_toll_fraud.contains(&region),
        ]
    });
    let url = format!(
        "{}/v1/DialingPermissions/Countries/{region}",
        request.base_url
    );
    json!({
        "iso_code": region.as_str(),
        "name": country.name,
        "continent": country.continent,
        "country_codes": country.codes(),
        "low_risk_numbers_enabled": low,
        "high_risk_special_numbers_enabled": special,
        "high_risk_tollfraud_numbers_enabled": toll_fraud,
        "links": { "highrisk_special_prefixes": format!("{url}/HighRiskSpecialPrefixes") },
        "url": url,
    })
}
