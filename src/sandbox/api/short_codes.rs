//! `SMS/ShortCodes.json`.
//!
//! Source: <https://www.twilio.com/docs/sms/api/short-code>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page};
use super::rows::{Row, Shape, apply, fields, merge, validate};
use super::{ApiError, Asked, Form, Outcome};
use crate::sandbox::records::{Settings, StoredShortCode};
use crate::sandbox::store::{World, rfc2822};
use crate::types::ShortCodeSid;

const ROWS: &[Row] = &[
    ("FriendlyName", "friendly_name", Shape::Text),
    ("SmsUrl", "sms_url", Shape::Url),
    ("SmsMethod", "sms_method", Shape::Method),
    ("SmsFallbackUrl", "sms_fallback_url", Shape::Url),
    ("SmsFallbackMethod", "sms_fallback_method", Shape::Method),
];

/// `sid` is what follows `SMS/ShortCodes`.
pub(super) fn route(world: &World, asked: &Asked<'_>, sid: Option<&str>) -> Outcome {
    let Some(sid) = sid else {
        return list(world, asked);
    };
    let stored = ShortCodeSid::parse(sid)
        .ok()
        .and_then(|sid| {
            world.read(|state| state.short_codes.iter().find(|c| c.sid == sid).cloned())
        })
        .ok_or_else(|| ApiError::not_found(asked.path))?;
    match asked.method {
        Method::GET => Ok((StatusCode::OK, render(world, &stored))),
        Method::POST => {
            let changed = change(world, &asked.form, stored.sid)?.unwrap_or(stored);
            Ok((StatusCode::OK, render(world, &changed)))
        }
        _ => Err(ApiError::wrong_method()),
    }
}

fn list(world: &World, asked: &Asked<'_>) -> Outcome {
    if asked.method != Method::GET {
        return Err(ApiError::wrong_method());
    }
    check(asked, &["FriendlyName", "ShortCode"])?;
    let stored = world.read(|state| state.short_codes.clone());
    let items = stored
        .iter()
        .rev()
        .filter(|code| asked.query.matches("ShortCode", &code.code))
        .filter(|code| {
            let name = code.settings.text("FriendlyName").unwrap_or_default();
            asked.query.matches("FriendlyName", name)
        })
        .map(|code| render(world, code));
    let page = page(asked, "short_codes", items.collect())?;
    Ok((StatusCode::OK, page))
}

/// Gives the account a short code.
pub(in crate::sandbox) fn add_short_code(
    world: &World,
    code: &str,
    fields: &[(&str, &str)],
) -> Result<ShortCodeSid, ApiError> {
    let form = Form::of(fields);
    check_form(world, &form)?;
    let mut settings = Settings::default();
    settings.set("FriendlyName", code);
    apply(&form, ROWS.iter(), &mut settings);
    let sid = world.sid("SC");
    let stored = StoredShortCode {
        sid,
        code: code.to_owned(),
        settings,
        date_created: std::time::SystemTime::now(),
    };
    world.update(|state| state.short_codes.push(stored));
    Ok(sid)
}

/// Changes a short code as the API would. Gives back whether it exists.
pub(in crate::sandbox) fn configure_short_code(
    world: &World,
    sid: ShortCodeSid,
    fields: &[(&str, &str)],
) -> Result<bool, ApiError> {
    Ok(change(world, &Form::of(fields), sid)?.is_some())
}

fn change(
    world: &World,
    form: &Form,
    sid: ShortCodeSid,
) -> Result<Option<StoredShortCode>, ApiError> {
    check_form(world, form)?;
    Ok(world.update(|state| {
        let code = state.short_codes.iter_mut().find(|c| c.sid == sid)?;
        apply(form, ROWS.iter(), &mut code.settings);
        Some(code.clone())
    }))
}

fn check_form(world: &World, form: &Form) -> Result<(), ApiError> {
    let known: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    form.only(&known)?;
    validate(world, form, ROWS.iter())
}

fn render(world: &World, code: &StoredShortCode) -> Value {
    let mut map = fields(&code.settings, ROWS.iter());
    let (account, sid) = (world.account_sid, code.sid);
    let more = json!({
        "sid": sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "short_code": code.code,
        "date_created": rfc2822(code.date_created),
        "date_updated": rfc2822(code.date_created),
        "uri": format!("/2010-04-01/Accounts/{account}/SMS/ShortCodes/{sid}.json"),
    });
    merge(&mut map, more);
    map.into()
}
