//! `v1/Messaging/GeoPermissions` and `v1/DialingPermissions/Countries`: which countries may be
//! texted and called.
//!
//! Source: <https://www.twilio.com/docs/messaging/guides/sms-geo-permissions>,
//! <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page_of_v1};
use super::{ApiError, Asked, Outcome};
use crate::phone::Region;
use crate::sandbox::store::World;

/// The countries that a list without a filter shows: enough for paging, not all of the world.
const LISTED: [&str; 6] = ["AU", "CA", "DE", "GB", "IN", "US"];

pub(super) fn messaging(world: &World, asked: &Asked<'_>) -> Outcome {
    read_only(asked)?;
    asked.query.only(&["CountryCode"])?;
    let countries = countries(asked, "CountryCode")?;
    let permissions: Vec<Value> = countries
        .into_iter()
        .map(|country| {
            let enabled = world.read(|state| !state.account.not_texted.contains(&country));
            json!({
                "country_code": country.as_str(),
                "type": "country",
                "prefix": format!("+{}", country.calling_code()),
                "enabled": enabled,
                "message": "",
            })
        })
        .collect();
    Ok((StatusCode::OK, json!({ "permissions": permissions })))
}

/// `country` is what follows `/v1/DialingPermissions/Countries`.
pub(super) fn dialing(world: &World, asked: &Asked<'_>, country: Option<&str>) -> Outcome {
    read_only(asked)?;
    let Some(country) = country else {
        check(asked, &["IsoCode"])?;
        let countries = countries(asked, "IsoCode")?.into_iter();
        let items = countries.map(|country| render(world, country)).collect();
        return Ok((StatusCode::OK, page_of_v1(world, asked, "content", items)?));
    };
    let country = Region::parse(country).map_err(|_| ApiError::not_found(asked.path))?;
    Ok((StatusCode::OK, render(world, country)))
}

fn countries(asked: &Asked<'_>, filter: &str) -> Result<Vec<Region>, ApiError> {
    match asked.query.one(filter) {
        None => Ok(LISTED
            .iter()
            .filter_map(|letters| Region::parse(letters).ok())
            .collect()),
        Some(letters) => match Region::parse(letters) {
            Ok(country) => Ok(vec![country]),
            Err(_) => Err(ApiError::refused(20001, format!("{filter} is no country"))),
        },
    }
}

fn read_only(asked: &Asked<'_>) -> Result<(), ApiError> {
    match asked.method {
        Method::GET => Ok(()),
        _ => Err(ApiError::wrong_method()),
    }
}

fn render(world: &World, country: Region) -> Value {
    let enabled = world.read(|state| !state.account.not_called.contains(&country));
    let url = format!(
        "{}/v1/DialingPermissions/Countries/{country}",
        world.base_url
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
