//! `AvailablePhoneNumbers.json`: countries with numbers for sale, and their numbers.
//!
//! Source: <https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource>

use serde_json::{Map, Value, json};

use super::number_stock::{COUNTRIES, Country, area_code_of, place_of};
use crate::phone::E164;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::check_filters;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{NumberType, formatted};

const FILTERS: &[&str] = &[
    "AreaCode",
    "Contains",
    "SmsEnabled",
    "MmsEnabled",
    "VoiceEnabled",
    "FaxEnabled",
    "ExcludeAllAddressRequired",
    "ExcludeLocalAddressRequired",
    "ExcludeForeignAddressRequired",
    "Beta",
    "NearNumber",
    "NearLatLong",
    "Distance",
    "InPostalCode",
    "InRegion",
    "InRateCenter",
    "InLata",
    "InLocality",
];
const FLAGS: &[&str] = &[
    "SmsEnabled",
    "MmsEnabled",
    "VoiceEnabled",
    "FaxEnabled",
    "ExcludeAllAddressRequired",
    "ExcludeLocalAddressRequired",
    "ExcludeForeignAddressRequired",
    "Beta",
];

/// Digits of a number of North America without its country code.
const NATIONAL_DIGITS: usize = 10;

/// Handles a request for the list of countries.
pub(in crate::sandbox::api) fn countries(request: &ApiRequest<'_>) -> ApiResult {
    request.require_get()?;
    check_filters(request, &[])?;
    let size = page_size(&request.query)?;
    let countries = COUNTRIES.iter().take(size);
    let items: Vec<Value> = countries
        .map(|country| render_country(request, country))
        .collect();
    Ok(ApiResponse::ok(
        json!({ "countries": items, "uri": request.path }),
    ))
}

/// Handles a request for one country.
pub(in crate::sandbox::api) fn country(request: &ApiRequest<'_>, code: &str) -> ApiResult {
    request.require_get()?;
    let country = Country::of(code).ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render_country(request, country)))
}

/// Handles a request for the numbers of one type, such as `Local`.
///
/// Twilio returns one response without links to further pages.
pub(in crate::sandbox::api) fn numbers(
    request: &ApiRequest<'_>,
    country: &str,
    type_name: &str,
) -> ApiResult {
    request.require_get()?;
    let country = Country::of(country).ok_or_else(|| request.not_found())?;
    let number_type = match type_name {
        "Local" => NumberType::Local,
        "Mobile" => NumberType::Mobile,
        "TollFree" => NumberType::TollFree,
        _ => return Err(request.not_found()),
    };
    let query = &request.query;
    check_filters(request, FILTERS)?;
    query.check_flags(FLAGS)?;
    let size = page_size(query)?;
    let filter = Filter::read(query)?;
    let stated = filter.area_code().filter(|_| country.has_area_codes());
    let area_code = query.one("AreaCode").or(stated);
    let mut found = country
        .available(request.context, number_type, area_code)
        .ok_or_else(|| request.not_found())?;
    found.retain(|number| filter.admits(query, *number, number_type));
    let items = found.iter().take(size);
    let items: Vec<Value> = items.map(|number| render(country, *number)).collect();
    Ok(ApiResponse::ok(
        json!({ "available_phone_numbers": items, "uri": request.path }),
    ))
}

fn page_size(query: &Form) -> Result<usize, ApiError> {
    let size = query.number("PageSize", 1..=1000, 20007)?.unwrap_or(50);
    Ok(usize::try_from(size).unwrap_or(usize::MAX))
}

/// Filters that need to be parsed.
struct Filter {
    /// Digits and `*`.
    contains: Option<String>,
    near_area_code: Option<String>,
    /// Latitude, longitude and distance in miles.
    near: Option<(f64, f64, f64)>,
}

impl Filter {
    fn read(query: &Form) -> Result<Self, ApiError> {
        let invalid = |name: &str| {
            let message = format!("{name} is invalid");
            ApiError::bad_request(20422, message)
        };
        let contains = match query.one("Contains") {
            None => None,
            Some(text) if text.chars().count() < 2 => return Err(invalid("Contains")),
            Some(text) => Some(text.chars().map(key_of).collect()),
        };
        let near_area_code = match query.one("NearNumber") {
            None => None,
            Some(text) => {
                let number = E164::parse(text).ok().and_then(area_code_of);
                Some(number.ok_or_else(|| invalid("NearNumber"))?)
            }
        };
        let distance = query.number("Distance", 0..=500, 20422)?.unwrap_or(25);
        let near = match query.one("NearLatLong") {
            None => None,
            Some(text) => {
                let point = text.split_once(',').and_then(|(latitude, longitude)| {
                    Some((
                        latitude.trim().parse().ok()?,
                        longitude.trim().parse().ok()?,
                    ))
                });
                let (latitude, longitude) = point.ok_or_else(|| invalid("NearLatLong"))?;
                let distance = u32::try_from(distance).map_or(25.0, f64::from);
                Some((latitude, longitude, distance))
            }
        };
        Ok(Self {
            contains,
            near_area_code,
            near,
        })
    }

    /// Returns the area code of North America that the numbers must have, as far as a pattern for
    /// whole numbers or a number nearby tells it.
    fn area_code(&self) -> Option<&str> {
        let pattern = self.contains.as_deref().and_then(|pattern| {
            let national = pattern.strip_prefix("+1");
            let whole = (pattern.len() == NATIONAL_DIGITS).then_some(pattern);
            national.or(whole)?.get(..3)
        });
        let stated =
            pattern.filter(|area_code| area_code.bytes().all(|digit| digit.is_ascii_digit()));
        stated.or(self.near_area_code.as_deref())
    }

    fn admits(&self, query: &Form, number: E164, number_type: NumberType) -> bool {
        let missing = number_type.missing_capabilities(number);
        let flag = |name: &str, capability: &str| {
            let can = capability != "fax" && !missing.iter().any(|missing| missing == capability);
            query.flag(name).is_none_or(|wanted| wanted == can)
        };
        let place = place_of(number);
        let is_in =
            |name: &str, value: Option<&str>| query.matches(name, value.unwrap_or_default());
        let is_near = self.near.is_none_or(|(latitude, longitude, distance)| {
            place.is_some_and(|place| place.miles_to(latitude, longitude) <= distance)
        });
        flag("SmsEnabled", "sms")
            && flag("MmsEnabled", "mms")
            && flag("VoiceEnabled", "voice")
            && flag("FaxEnabled", "fax")
            && is_near
            && is_in("InPostalCode", place.map(|place| place.postal_code))
            && is_in("InRegion", place.map(|place| place.region))
            && is_in("InRateCenter", place.map(|place| place.rate_center))
            && is_in("InLata", place.map(|place| place.lata))
            && is_in("InLocality", place.map(|place| place.locality))
            && (self.contains.as_ref())
                .is_none_or(|pattern| matches_pattern(number.as_str(), pattern))
            && (self.near_area_code.as_ref())
                .is_none_or(|near| area_code_of(number).as_ref() == Some(near))
    }
}

/// Returns the key of a telephone on which a letter is printed. Other characters are unchanged.
const fn key_of(letter: char) -> char {
    match letter.to_ascii_uppercase() {
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        'W'..='Z' => '9',
        _ => letter,
    }
}

/// Reports whether any part of the number matches the pattern, in which `*` matches any digit.
pub(super) fn matches_pattern(number: &str, pattern: &str) -> bool {
    let pattern = pattern.as_bytes();
    number.as_bytes().windows(pattern.len().max(1)).any(|part| {
        part.iter()
            .zip(pattern)
            .all(|(digit, wanted)| *wanted == b'*' || digit == wanted)
    })
}

fn render_country(request: &ApiRequest<'_>, country: &Country) -> Value {
    let account = request.context.account_sid;
    let code = country.code;
    let path = format!("/2010-04-01/Accounts/{account}/AvailablePhoneNumbers/{code}");
    let links = country.blocks.iter().map(|(number_type, _)| {
        let (field, name) = match number_type {
            NumberType::Local => ("local", "Local"),
            NumberType::Mobile => ("mobile", "Mobile"),
            NumberType::TollFree => ("toll_free", "TollFree"),
        };
        (field.to_owned(), json!(format!("{path}/{name}.json")))
    });
    json!({
        "beta": false,
        "country": country.name,
        "country_code": code,
        "subresource_uris": links.collect::<Map<_, _>>(),
        "uri": format!("{path}.json"),
    })
}

fn render(country: &Country, number: E164) -> Value {
    let place = place_of(number);
    let missing = NumberType::of(number).missing_capabilities(number);
    let has = |capability: &str| !missing.iter().any(|missing| missing == capability);
    json!({
        "address_requirements": "none",
        "beta": false,
        "capabilities": {
            "voice": true,
            "sms": has("sms"),
            "mms": has("mms"),
        },
        "friendly_name": formatted(&number.into()),
        "iso_country": country.code,
        "lata": place.map(|place| place.lata),
        "latitude": place.map(|place| format!("{:.6}", place.latitude)),
        "locality": place.map(|place| place.locality),
        "longitude": place.map(|place| format!("{:.6}", place.longitude)),
        "phone_number": number.as_str(),
        "postal_code": place.map(|place| place.postal_code),
        "rate_center": place.map(|place| place.rate_center),
        "region": place.map(|place| place.region),
    })
}
