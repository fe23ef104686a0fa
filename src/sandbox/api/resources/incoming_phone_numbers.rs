//! `IncomingPhoneNumbers.json`: numbers of the account.
//!
//! Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource>

use http::Method;
use serde_json::{Value, json};

use super::voice_and_messaging::VOICE_AND_MESSAGING;
use crate::phone::E164;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::api::settings::{ResourceSchema, SettingSchema, SettingType};
use crate::sandbox::context::Context;
use crate::sandbox::state::{ResourceSettings, StoredNumber, formatted, rfc2822};
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
/// Parameters that are accepted without effect: the sandbox does not have their features yet.
const IGNORED: &[&str] = &[
    "ApiVersion",
    "AccountSid",
    "EmergencyStatus",
    "EmergencyAddressSid",
    "IdentitySid",
    "AddressSid",
    "BundleSid",
];

/// Handles a request. `sid` is the path after `IncomingPhoneNumbers`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    let Some(sid) = sid else {
        return match request.method {
            Method::GET => list(request),
            Method::POST => create(context, &request.form),
            _ => Err(ApiError::method_not_allowed()),
        };
    };
    let number = PhoneNumberSid::parse(sid)
        .ok()
        .and_then(|sid| context.read(|state| state.number_by_sid(sid).cloned()))
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &number))),
        Method::POST => {
            let updated = update(context, &request.form, number.sid)?;
            let updated = updated.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::ok(render(context, &updated)))
        }
        Method::DELETE => {
            context.update(|state| state.numbers.retain(|stored| stored.sid != number.sid));
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    check_filters(request, &["FriendlyName", "PhoneNumber", "Beta", "Origin"])?;
    let numbers = context.read(|state| state.numbers.clone());
    let pattern = request.query.one("PhoneNumber");
    // Twilio lists the newest first.
    let items = numbers
        .iter()
        .rev()
        .filter(|number| {
            let name = number.settings.get("FriendlyName").unwrap_or_default();
            request.query.matches("FriendlyName", name)
        })
        .filter(|number| {
            pattern.is_none_or(|pattern| matches_pattern(number.number.as_str(), pattern))
        })
        .map(|number| render(context, number));
    page(
        request,
        "incoming_phone_numbers",
        &items.collect::<Vec<_>>(),
    )
}

/// Reports whether any part of the number matches the pattern, in which `*` matches any digit.
fn matches_pattern(number: &str, pattern: &str) -> bool {
    let pattern = pattern.as_bytes();
    number.as_bytes().windows(pattern.len().max(1)).any(|part| {
        part.iter()
            .zip(pattern)
            .all(|(digit, wanted)| *wanted == b'*' || digit == wanted)
    })
}

/// Buys a number. Every number is available, and none costs money.
fn create(context: &Context, form: &Form) -> ApiResult {
    let mut more = vec!["PhoneNumber", "AreaCode"];
    more.extend(IGNORED);
    SCHEMA.check(context, form, &more)?;
    let number = form
        .one("PhoneNumber")
        .and_then(|text| E164::parse(text).ok())
        .ok_or_else(|| ApiError::bad_request(21421, "PhoneNumber is invalid"))?;
    if context.read(|state| state.number(number).is_some()) {
        return Err(ApiError::bad_request(21422, "PhoneNumber is not available"));
    }
    let mut settings = ResourceSettings::default();
    settings.set("FriendlyName", &formatted(&number.into()));
    SCHEMA.apply(form, &mut settings);
    let now = context.now();
    let number = StoredNumber {
        sid: context.ids.sid("PN"),
        number,
        settings,
        missing_capabilities: Vec::new(),
        date_created: now,
        date_updated: now,
    };
    context.update(|state| state.numbers.push(number.clone()));
    Ok(ApiResponse::created(render(context, &number)))
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
    SCHEMA.check(context, form, IGNORED)?;
    Ok(context.update(|state| {
        let number = state.numbers.iter_mut().find(|number| number.sid == sid)?;
        SCHEMA.apply(form, &mut number.settings);
        number.date_updated = context.now();
        Some(number.clone())
    }))
}

fn render(context: &Context, number: &StoredNumber) -> Value {
    let (account, sid) = (context.account_sid, number.sid);
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
        "uri": format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json"),
        "address_requirements": "none",
        "address_sid": null,
        "beta": false,
        "bundle_sid": null,
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "identity_sid": null,
        "origin": "twilio",
        "status": "in-use",
        "type": "local",
    });
    SCHEMA.to_json(&number.settings, more)
}
