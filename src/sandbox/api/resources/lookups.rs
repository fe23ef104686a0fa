//! `v2/PhoneNumbers` and `v1/PhoneNumbers`: lookups of numbers in the numbering plan.
//!
//! Source: <https://www.twilio.com/docs/lookup/v2-api>, <https://www.twilio.com/docs/lookup/v1-api>

use serde_json::{Value, json};

use crate::phone::{PhoneErrorKind, PhoneNumber, Region};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::numbers::{is_north_american, line_type, read_typed};
use crate::sandbox::state::{Carrier, formatted};

const PARAMETERS: &[&str] = &[
    "Fields",
    "CountryCode",
    // Data of packages that the sandbox does not have.
    "FirstName",
    "LastName",
    "AddressLine1",
    "AddressLine2",
    "City",
    "State",
    "PostalCode",
    "AddressCountryCode",
    "NationalId",
    "DateOfBirth",
    "LastVerifiedDate",
    "VerificationSid",
    "PartnerSubId",
];
/// Data packages that ask about a person or a carrier. The account is not enabled for any of them.
const OTHER_PACKAGES: [&str; 9] = [
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
];
const LINE_TYPE: &str = "line_type_intelligence";
/// Twilio's error for a package that the account is not enabled for.
const NOT_ENABLED: u32 = 60606;
/// Twilio's error for a Canadian number, whose data need an authorisation.
const NOT_AUTHORIZED: u32 = 60601;
/// Twilio's error for a number about which nothing is known.
const NO_COVERAGE: u32 = 60600;

/// Handles a request to version 2. An invalid number is a result, not an error.
pub(in crate::sandbox::api) fn v2(request: &ApiRequest<'_>, number: &str) -> ApiResult {
    request.require_get()?;
    request.query.allow_only(PARAMETERS)?;
    let fields = fields(request)?;
    let typed = decode(number);
    let url = format!("{}/v2/PhoneNumbers/", request.base_url);
    let mut found = match read_typed(&typed, country(request)?) {
        Ok(number) => json!({
            "calling_country_code": calling_code(number),
            "country_code": number.region().map(|it| it.as_str().to_owned()),
            "phone_number": number.e164().as_str(),
            "national_format": national_format(number),
            "valid": true,
            "validation_errors": null,
            "url": format!("{url}{}", number.e164().as_str()),
            LINE_TYPE: fields.contains(&LINE_TYPE).then(|| line_type_intelligence(request, number)),
        }),
        Err(error) => json!({
            "calling_country_code": null,
            "country_code": null,
            "phone_number": typed,
            "national_format": null,
            "valid": false,
            "validation_errors": [validation_error(error.kind())],
            "url": format!("{url}{number}"),
            LINE_TYPE: null,
        }),
    };
    if let Some(found) = found.as_object_mut() {
        for package in OTHER_PACKAGES {
            let requested = fields.contains(&package);
            found.insert(
                package.to_owned(),
                requested.then(|| disabled(package)).into(),
            );
        }
    }
    Ok(ApiResponse::ok(found))
}

/// Handles a request to version 1. It does not find an invalid number.
pub(in crate::sandbox::api) fn v1(request: &ApiRequest<'_>, number: &str) -> ApiResult {
    request.require_get()?;
    request
        .query
        .allow_only(&["CountryCode", "Type", "AddOns"])?;
    if request.query.one("AddOns").is_some() {
        return Err(ApiError::not_supported("add-ons of lookups"));
    }
    let types = request.query.all("Type");
    let number = read_typed(&decode(number), country(request)?).map_err(|_| request.not_found())?;
    let carrier = types.contains(&"carrier").then(|| {
        let line = line_of(request, number);
        let carrier = line.carrier.as_ref();
        json!({
            "mobile_country_code": carrier.map(|it| &it.mobile_country_code),
            "mobile_network_code": carrier.map(|it| &it.mobile_network_code),
            "name": carrier.map(|it| &it.name),
            "type": line.line_type.as_deref().and_then(line_type_v1),
            "error_code": line.error_code,
        })
    });
    let caller_name = types
        .contains(&"caller-name")
        .then(|| json!({ "caller_name": null, "caller_type": null, "error_code": NO_COVERAGE }));
    Ok(ApiResponse::ok(json!({
        "caller_name": caller_name,
        "carrier": carrier,
        "add_ons": null,
        "country_code": number.region().map(|it| it.as_str().to_owned()),
        "national_format": national_format(number),
        "phone_number": number.e164().as_str(),
        "url": format!("{}/v1/PhoneNumbers/{}", request.base_url, number.e164().as_str()),
    })))
}

/// Decodes the percent escapes of a path segment. A plus sign stays.
fn decode(segment: &str) -> String {
    let query = format!("number={}", segment.replace('+', "%2B"));
    let form = Form::read(query.as_bytes());
    form.one("number").unwrap_or_default().to_owned()
}

/// Returns the country of numbers in a national format. Default: the USA.
fn country(request: &ApiRequest<'_>) -> Result<Region, ApiError> {
    let letters = request.query.one("CountryCode").unwrap_or("US");
    Region::parse(letters)
        .map_err(|_| ApiError::bad_request(20001, "CountryCode is not a country code"))
}

/// Returns the data packages of a request.
fn fields<'a>(request: &'a ApiRequest<'_>) -> Result<Vec<&'a str>, ApiError> {
    let fields = request.query.one("Fields").unwrap_or_default();
    let fields: Vec<&str> = fields
        .split([',', ' '])
        .filter(|field| !field.is_empty())
        .collect();
    let is_known =
        |field: &str| matches!(field, "validation" | LINE_TYPE) || OTHER_PACKAGES.contains(&field);
    match fields.iter().find(|field| !is_known(field)) {
        None => Ok(fields),
        Some(field) => Err(ApiError::bad_request(
            60618,
            format!("Fields has no package named {field}"),
        )),
    }
}

fn calling_code(number: PhoneNumber) -> Option<String> {
    Some(number.region()?.calling_code().to_string())
}

/// Returns the number as people of its country write it. The numbering plan has no formats, so only
/// that of North America is known.
fn national_format(number: PhoneNumber) -> Option<String> {
    is_north_american(number.e164()).then(|| formatted(&number.e164().into()))
}

fn line_type_intelligence(request: &ApiRequest<'_>, number: PhoneNumber) -> Value {
    let line = line_of(request, number);
    let carrier = line.carrier.as_ref();
    json!({
        "mobile_country_code": carrier.map(|it| &it.mobile_country_code),
        "mobile_network_code": carrier.map(|it| &it.mobile_network_code),
        "carrier_name": carrier.map(|it| &it.name),
        "type": line.line_type,
        "error_code": line.error_code,
    })
}

/// What is known about the line of a number.
#[derive(Default)]
struct PhoneLine {
    line_type: Option<String>,
    carrier: Option<Carrier>,
    error_code: Option<u32>,
}

/// Returns the line type and carrier that the test set, or else the type in the numbering plan.
/// Canadian numbers have an error code instead, because the account has no authorisation.
fn line_of(request: &ApiRequest<'_>, number: PhoneNumber) -> PhoneLine {
    if number
        .region()
        .is_some_and(|region| region.as_str() == "CA")
    {
        return PhoneLine {
            error_code: Some(NOT_AUTHORIZED),
            ..PhoneLine::default()
        };
    }
    let (set_by_test, carrier) = request.context.read(|state| {
        let phone = state.phones.get(&number.e164().into());
        phone.map_or((None, None), |phone| {
            (phone.line_type.clone(), phone.carrier.clone())
        })
    });
    let by_plan = || line_type(number.kind()).to_owned();
    PhoneLine {
        line_type: Some(set_by_test.unwrap_or_else(by_plan)),
        carrier,
        error_code: None,
    }
}

/// Returns the line type that version 1 has for a type of version 2. It has three.
fn line_type_v1(line_type: &str) -> Option<&'static str> {
    match line_type {
        "mobile" => Some("mobile"),
        "landline" => Some("landline"),
        "voip" | "fixedVoip" | "nonFixedVoip" => Some("voip"),
        _ => None,
    }
}

/// Returns a package without data. Its error code is a text in one package only.
fn disabled(package: &str) -> Value {
    match package {
        "reassigned_number" => json!({ "error_code": NOT_ENABLED.to_string() }),
        _ => json!({ "error_code": NOT_ENABLED }),
    }
}

const fn validation_error(kind: PhoneErrorKind) -> &'static str {
    match kind {
        PhoneErrorKind::TooShort | PhoneErrorKind::ShortCode | PhoneErrorKind::LocalOnly => {
            "TOO_SHORT"
        }
        PhoneErrorKind::TooLong | PhoneErrorKind::TooLongInput => "TOO_LONG",
        PhoneErrorKind::InvalidLength => "INVALID_LENGTH",
        PhoneErrorKind::UnknownCallingCode | PhoneErrorKind::MissingCountry => {
            "INVALID_COUNTRY_CODE"
        }
        PhoneErrorKind::NotInNumberingPlan | PhoneErrorKind::Ambiguous => "INVALID_BUT_POSSIBLE",
        _ => "NOT_A_NUMBER",
    }
}
