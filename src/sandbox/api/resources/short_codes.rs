//! `SMS/ShortCodes.json`.
//!
//! Source: <https://www.twilio.com/docs/sms/api/short-code>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::api::settings::{ResourceSchema, SettingSchema, SettingType};
use crate::sandbox::context::Context;
use crate::sandbox::state::{ResourceSettings, StoredShortCode, rfc2822};
use crate::types::ShortCodeSid;

const SCHEMA: ResourceSchema = ResourceSchema(&[&[
    SettingSchema("FriendlyName", "friendly_name", SettingType::FriendlyName),
    SettingSchema("SmsUrl", "sms_url", SettingType::Url),
    SettingSchema("SmsMethod", "sms_method", SettingType::Method),
    SettingSchema("SmsFallbackUrl", "sms_fallback_url", SettingType::Url),
    SettingSchema(
        "SmsFallbackMethod",
        "sms_fallback_method",
        SettingType::Method,
    ),
]]);

/// Parameters that are accepted without effect.
const IGNORED: &[&str] = &["ApiVersion"];

/// Handles a request. `sid` is the path after `SMS/ShortCodes`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    let Some(sid) = sid else {
        return list(request);
    };
    let stored = ShortCodeSid::parse(sid)
        .ok()
        .and_then(|sid| {
            context.read(|state| state.short_codes.iter().find(|c| c.sid == sid).cloned())
        })
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &stored))),
        Method::POST => {
            let changed = change(context, &request.form, stored.sid)?.unwrap_or(stored);
            Ok(ApiResponse::ok(render(context, &changed)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    check_filters(request, &["FriendlyName", "ShortCode"])?;
    let stored = context.read(|state| state.short_codes.clone());
    let items = stored
        .iter()
        .rev()
        .filter(|code| request.query.matches("ShortCode", &code.code))
        .filter(|code| {
            let name = code.settings.get("FriendlyName").unwrap_or_default();
            request.query.matches("FriendlyName", name)
        })
        .map(|code| render(context, code));
    page(request, "short_codes", &items.collect::<Vec<_>>())
}

/// Adds a short code to the account. Twilio's API cannot; only a test does it.
pub(crate) fn add(
    context: &Context,
    code: &str,
    fields: &[(&str, &str)],
) -> Result<ShortCodeSid, ApiError> {
    let form = Form::from_pairs(fields);
    SCHEMA.check(context, &form, &[])?;
    let mut settings = ResourceSettings::default();
    settings.set("FriendlyName", code);
    SCHEMA.apply(&form, &mut settings);
    let sid = context.ids.sid("SC");
    let stored = StoredShortCode {
        sid,
        code: code.to_owned(),
        settings,
        date_created: context.now(),
    };
    context.update(|state| state.short_codes.push(stored));
    Ok(sid)
}

/// Updates a short code as an API request does. Returns `false` if it does not exist.
pub(crate) fn configure(
    context: &Context,
    sid: ShortCodeSid,
    fields: &[(&str, &str)],
) -> Result<bool, ApiError> {
    Ok(change(context, &Form::from_pairs(fields), sid)?.is_some())
}

fn change(
    context: &Context,
    form: &Form,
    sid: ShortCodeSid,
) -> Result<Option<StoredShortCode>, ApiError> {
    SCHEMA.check(context, form, IGNORED)?;
    Ok(context.update(|state| {
        let code = state.short_codes.iter_mut().find(|c| c.sid == sid)?;
        SCHEMA.apply(form, &mut code.settings);
        Some(code.clone())
    }))
}

fn render(context: &Context, code: &StoredShortCode) -> Value {
    let (account, sid) = (context.account_sid, code.sid);
    let more = json!({
        "sid": sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "short_code": code.code,
        "date_created": rfc2822(code.date_created),
        "date_updated": rfc2822(code.date_created),
        "uri": format!("/2010-04-01/Accounts/{account}/SMS/ShortCodes/{sid}.json"),
    });
    SCHEMA.to_json(&code.settings, more)
}
