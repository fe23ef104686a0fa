//! `IncomingPhoneNumbers.json`: numbers of the account.
//!
//! Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource>

use http::Method;
use serde_json::{Value, json};

use super::available_phone_numbers::matches_pattern;
use super::empty_lists;
use super::number_stock::Country;
use super::voice_and_messaging::VOICE_AND_MESSAGING;
use crate::phone::{E164, PhoneNumber};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::api::settings::{ResourceSchema, SettingSchema, SettingType};
use crate::sandbox::context::Context;
use crate::sandbox::state::{NumberType, StoredNumber, rfc2822};
use crate::types::PhoneNumberSid;

const SCHEMA: ResourceSchema = ResourceSchema(&[
    VOICE_AND_MESSAGING,
    &[
        SettingSchema(
            "SmsApplicationSid",
            "sms_application_sid",
            SettingType::ApplicationSid,
        ),
        SettingSchema(
            "VoiceApplicationSid",
            "voice_application_sid",
            SettingType::ApplicationSid,
        ),
        SettingSchema("TrunkSid", "trunk_sid", SettingType::Text("")),
        SettingSchema(
            "VoiceReceiveMode",
            "voice_receive_mode",
            SettingType::Text("voice"),
        ),
    ],
]);
/// Further parameters. Only `ApiVersion` has no effect; see [`check_unsupported`] for the others.
const MORE: &[&str] = &[
    "ApiVersion",
    "AccountSid",
    "EmergencyStatus",
    "EmergencyAddressSid",
    "IdentitySid",
    "AddressSid",
    "BundleSid",
];

/// Value of the field `origin` for numbers of Twilio's own.
const ORIGIN: &str = "twilio";

/// Handles a request. `sid` is the path after `IncomingPhoneNumbers`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    let Some(sid) = sid else {
        return list_or_create(request, None);
    };
    let number = find(request, sid)?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &number))),
        Method::POST => {
            let updated = update(context, &request.form, number.sid)?;
            let updated = updated.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::ok(render(context, &updated)))
        }
        Method::DELETE => {
            context.update(|state| state.remove_number(number.sid));
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Handles a request for the numbers of one type.
pub(in crate::sandbox::api) fn of_type(
    request: &ApiRequest<'_>,
    number_type: NumberType,
) -> ApiResult {
    list_or_create(request, Some(number_type))
}

/// Handles a request for the add-ons of a number. The sandbox has none.
pub(in crate::sandbox::api) fn add_ons(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    find(request, sid)?;
    empty_lists::route(request, "assigned_add_ons")
}

fn find(request: &ApiRequest<'_>, sid: &str) -> Result<StoredNumber, ApiError> {
    let context = request.context;
    PhoneNumberSid::parse(sid)
        .ok()
        .and_then(|sid| context.read(|state| state.number_by_sid(sid).cloned()))
        .ok_or_else(|| request.not_found())
}

fn list_or_create(request: &ApiRequest<'_>, number_type: Option<NumberType>) -> ApiResult {
    match request.method {
        Method::GET => list(request, number_type),
        Method::POST => create(request.context, &request.form, number_type),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>, number_type: Option<NumberType>) -> ApiResult {
    let context = request.context;
    check_filters(request, &["FriendlyName", "PhoneNumber", "Beta", "Origin"])?;
    let query = &request.query;
    let pattern = query.one("PhoneNumber");
    let page = PageRequest::read(request)?;
    let page = context.read(|state| {
        // Twilio lists the newest first.
        let found = state.numbers.iter().rev().filter(|stored| {
            let (name, number) = (stored.settings.get("FriendlyName"), stored.number);
            query.matches("FriendlyName", name.unwrap_or_default())
                && query.matches("Origin", ORIGIN)
                && number_type.is_none_or(|wanted| NumberType::of(number) == wanted)
                && pattern.is_none_or(|pattern| matches_pattern(number.as_str(), pattern))
        });
        page.select(found, |number| number.sid.as_str())
    })?;
    Ok(page.render("incoming_phone_numbers", |number| render(context, number)))
}

/// Buys a number. None costs money.
fn create(context: &Context, form: &Form, number_type: Option<NumberType>) -> ApiResult {
    let mut more = vec!["PhoneNumber", "AreaCode"];
    more.extend(MORE);
    SCHEMA.check(context, form, &more)?;
    check_unsupported(context, form)?;
    ApiError::check_limit(context.read(|state| state.numbers.len()))?;
    let number = match (form.one("PhoneNumber"), form.one("AreaCode")) {
        (Some(text), _) => number_for_sale(context, text)?,
        (None, Some(area_code)) => number_of_area(context, area_code, number_type)?,
        (None, None) => {
            let message = "PhoneNumber or AreaCode is required";
            return Err(ApiError::bad_request(21421, message));
        }
    };
    let found = NumberType::of(number);
    if number_type.is_some_and(|wanted| wanted != found) {
        let message = "PhoneNumber is not of the type in the path";
        return Err(ApiError::bad_request(21458, message));
    }
    let mut number = StoredNumber::new(context.ids.sid("PN"), number, context.now());
    number.missing_capabilities = found.missing_capabilities(number.number);
    apply(form, &mut number);
    context.update(|state| state.numbers.push(number.clone()));
    Ok(ApiResponse::created(render(context, &number)))
}

/// Reads the number to buy. Every number of the numbering plan is for sale.
fn number_for_sale(context: &Context, text: &str) -> Result<E164, ApiError> {
    let invalid = || ApiError::bad_request(21421, "PhoneNumber is invalid");
    // Two of Twilio's magic numbers stand for failures.
    if text == "+15005550001" {
        return Err(invalid());
    }
    let number = E164::parse(text).map_err(|_| invalid())?;
    PhoneNumber::try_from(number).map_err(|_| invalid())?;
    let is_owned = context.read(|state| state.number(number).is_some());
    if is_owned || text == "+15005550000" {
        return Err(ApiError::bad_request(21422, "PhoneNumber is not available"));
    }
    Ok(number)
}

/// Chooses a number of an area code in North America.
fn number_of_area(
    context: &Context,
    area_code: &str,
    number_type: Option<NumberType>,
) -> Result<E164, ApiError> {
    if area_code.len() != 3 || !area_code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(ApiError::bad_request(21451, "AreaCode is invalid"));
    }
    let unavailable = || ApiError::bad_request(21452, "No numbers of this AreaCode are available");
    // Twilio's magic area code.
    if area_code == "500" {
        return number_for_sale(context, "+15005550006").map_err(|_| unavailable());
    }
    let number_type = number_type.unwrap_or(NumberType::Local);
    let countries = ["US", "CA"].into_iter().filter_map(Country::of);
    let mut numbers = countries
        .filter_map(|country| country.available(context, number_type, Some(area_code)))
        .flatten();
    numbers.next().ok_or_else(unavailable)
}

/// Updates a number as an API request does. Returns `false` if it does not exist.
pub(crate) fn configure(
    context: &Context,
    sid: PhoneNumberSid,
    fields: &[(&str, &str)],
) -> Result<bool, ApiError> {
    Ok(update(context, &Form::from_pairs(fields), sid)?.is_some())
}

fn update(
    context: &Context,
    form: &Form,
    sid: PhoneNumberSid,
) -> Result<Option<StoredNumber>, ApiError> {
    SCHEMA.check(context, form, MORE)?;
    check_unsupported(context, form)?;
    Ok(context.update(|state| {
        let number = state.numbers.iter_mut().find(|number| number.sid == sid)?;
        apply(form, number);
        number.date_updated = context.now();
        Some(number.clone())
    }))
}

/// Rejects parameters whose features the sandbox does not have. An empty value changes nothing.
fn check_unsupported(context: &Context, form: &Form) -> Result<(), ApiError> {
    if form
        .one("AccountSid")
        .is_some_and(|sid| sid != context.account_sid.as_str())
    {
        return Err(ApiError::not_supported(
            "the transfer of a number to another account",
        ));
    }
    let resources = [
        "AddressSid",
        "BundleSid",
        "EmergencyAddressSid",
        "IdentitySid",
    ];
    if resources.iter().any(|name| form.one(name).is_some()) {
        let what = "addresses, identities and regulatory bundles of numbers";
        return Err(ApiError::not_supported(what));
    }
    match form.one("EmergencyStatus") {
        None | Some("Inactive") => Ok(()),
        Some(_) => Err(ApiError::not_supported("emergency calls from numbers")),
    }
}

/// Applies the parameters of a form. A trunk replaces the TwiML App for calls, and the other way
/// round.
fn apply(form: &Form, number: &mut StoredNumber) {
    SCHEMA.apply(form, &mut number.settings);
    if form.one("TrunkSid").is_some() {
        number.settings.set("VoiceApplicationSid", "");
    } else if form.one("VoiceApplicationSid").is_some() {
        number.settings.set("TrunkSid", "");
    }
}

fn render(context: &Context, number: &StoredNumber) -> Value {
    let (account, sid) = (context.account_sid, number.sid);
    let path = format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}");
    let more = json!({
        "sid": sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "phone_number": number.number.as_str(),
        "capabilities": {
            "voice": number.has_capability("voice"),
            "sms": number.has_capability("sms"),
            "mms": number.has_capability("mms"),
            "fax": false,
        },
        "date_created": rfc2822(number.date_created),
        "date_updated": rfc2822(number.date_updated),
        "uri": format!("{path}.json"),
        "address_requirements": "none",
        "address_sid": null,
        "beta": false,
        "bundle_sid": null,
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "identity_sid": null,
        "origin": ORIGIN,
        "status": "in-use",
        "type": NumberType::of(number.number).as_str(),
    });
    SCHEMA.to_json(&number.settings, more)
}
