//! `IncomingPhoneNumbers.json` and `Applications.json`: which URL answers what.
//!
//! Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource>,
//! <https://www.twilio.com/docs/usage/api/applications>

use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::page::{check, page};
use super::rows::{Row, Shape, apply, fields, merge, validate};
use super::{ApiError, Asked, Form, Outcome};
use crate::phone::E164;
use crate::sandbox::records::{Settings, StoredApplication, StoredNumber, formatted};
use crate::sandbox::store::{State, World, rfc2822};
use crate::types::{ApplicationSid, PhoneNumberSid};

/// What is bound: a number or a TwiML App. The two share most of their parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Kind {
    Number,
    Application,
}

/// The settings that numbers and apps share.
const SHARED: &[Row] = &[
    ("FriendlyName", "friendly_name", Shape::Text),
    ("VoiceUrl", "voice_url", Shape::Url),
    ("VoiceMethod", "voice_method", Shape::Method),
    ("VoiceFallbackUrl", "voice_fallback_url", Shape::Url),
    (
        "VoiceFallbackMethod",
        "voice_fallback_method",
        Shape::Method,
    ),
    ("VoiceCallerIdLookup", "voice_caller_id_lookup", Shape::Flag),
    ("SmsUrl", "sms_url", Shape::Url),
    ("SmsMethod", "sms_method", Shape::Method),
    ("SmsFallbackUrl", "sms_fallback_url", Shape::Url),
    ("SmsFallbackMethod", "sms_fallback_method", Shape::Method),
    ("StatusCallback", "status_callback", Shape::Url),
    (
        "StatusCallbackMethod",
        "status_callback_method",
        Shape::Method,
    ),
];
const OF_NUMBERS: &[Row] = &[
    (
        "SmsApplicationSid",
        "sms_application_sid",
        Shape::Application,
    ),
    (
        "VoiceApplicationSid",
        "voice_application_sid",
        Shape::Application,
    ),
    ("TrunkSid", "trunk_sid", Shape::Word("")),
    (
        "VoiceReceiveMode",
        "voice_receive_mode",
        Shape::Word("voice"),
    ),
];
const OF_APPLICATIONS: &[Row] = &[
    ("SmsStatusCallback", "sms_status_callback", Shape::Url),
    (
        "MessageStatusCallback",
        "message_status_callback",
        Shape::Url,
    ),
    (
        "PublicApplicationConnectEnabled",
        "public_application_connect_enabled",
        Shape::Flag,
    ),
];
/// Taken without effect: what they set does not exist in the sandbox yet.
const PASSED_OVER: &[&str] = &[
    "ApiVersion",
    "AccountSid",
    "EmergencyStatus",
    "EmergencyAddressSid",
    "IdentitySid",
    "AddressSid",
    "BundleSid",
];

impl Kind {
    fn rows(self) -> impl Iterator<Item = &'static Row> {
        let own = match self {
            Self::Number => OF_NUMBERS,
            Self::Application => OF_APPLICATIONS,
        };
        SHARED.iter().chain(own)
    }

    fn check(self, form: &Form, more: &[&str]) -> Result<(), ApiError> {
        let mut known: Vec<&str> = self.rows().map(|row| row.0).collect();
        known.extend(more);
        known.push("ApiVersion");
        if self == Self::Number {
            known.extend(PASSED_OVER);
        }
        form.only(&known)
    }
}

pub(super) fn route(world: &World, asked: &Asked<'_>, kind: Kind, sid: Option<&str>) -> Outcome {
    let Some(sid) = sid else {
        return match asked.method {
            Method::GET => list(world, asked, kind),
            Method::POST => create(world, &asked.form, kind),
            _ => Err(ApiError::wrong_method()),
        };
    };
    let exists = world.read(|state| exists(state, kind, sid));
    if !exists {
        return Err(ApiError::not_found(asked.path));
    }
    match asked.method {
        Method::GET => {}
        Method::POST => change(world, &asked.form, kind, sid)?,
        Method::DELETE => {
            world.update(|state| match kind {
                Kind::Number => state.numbers.retain(|number| number.sid.as_str() != sid),
                Kind::Application => state.applications.retain(|app| app.sid.as_str() != sid),
            });
            return Ok((StatusCode::NO_CONTENT, Value::Null));
        }
        _ => return Err(ApiError::wrong_method()),
    }
    let found = all(world, kind)
        .into_iter()
        .find(|item| item.get("sid") == Some(&json!(sid)));
    let found = found.ok_or_else(|| ApiError::not_found(asked.path))?;
    Ok((StatusCode::OK, found))
}

/// Changes a number or an app as the API would. Gives back whether it exists.
pub(in crate::sandbox) fn configure(
    world: &World,
    kind: Kind,
    sid: &str,
    fields: &[(&str, &str)],
) -> Result<bool, ApiError> {
    change(world, &Form::of(fields), kind, sid)?;
    Ok(world.read(|state| exists(state, kind, sid)))
}

/// Makes a TwiML App as the API would.
pub(in crate::sandbox) fn add_application(
    world: &World,
    fields: &[(&str, &str)],
) -> Result<ApplicationSid, ApiError> {
    let form = Form::of(fields);
    Kind::Application.check(&form, &[])?;
    validate(world, &form, Kind::Application.rows())?;
    let mut settings = Settings::default();
    apply(&form, Kind::Application.rows(), &mut settings);
    Ok(store_application(world, settings).sid)
}

fn store_application(world: &World, settings: Settings) -> StoredApplication {
    let now = SystemTime::now();
    let app = StoredApplication {
        sid: world.sid("AP"),
        settings,
        date_created: now,
        date_updated: now,
    };
    world.update(|state| state.applications.push(app.clone()));
    app
}

fn exists(state: &State, kind: Kind, sid: &str) -> bool {
    match kind {
        Kind::Number => state.numbers.iter().any(|n| n.sid.as_str() == sid),
        Kind::Application => state.applications.iter().any(|a| a.sid.as_str() == sid),
    }
}

fn change(world: &World, form: &Form, kind: Kind, sid: &str) -> Result<(), ApiError> {
    kind.check(form, &[])?;
    validate(world, form, kind.rows())?;
    world.update(|state| match kind {
        Kind::Number => {
            for number in state.numbers.iter_mut().filter(|n| n.sid.as_str() == sid) {
                apply(form, kind.rows(), &mut number.settings);
                number.date_updated = SystemTime::now();
            }
        }
        Kind::Application => {
            for app in state
                .applications
                .iter_mut()
                .filter(|a| a.sid.as_str() == sid)
            {
                apply(form, kind.rows(), &mut app.settings);
                app.date_updated = SystemTime::now();
            }
        }
    });
    Ok(())
}

fn list(world: &World, asked: &Asked<'_>, kind: Kind) -> Outcome {
    let (filters, name): (&[&str], _) = match kind {
        Kind::Number => (
            &["FriendlyName", "PhoneNumber", "Beta", "Origin"],
            "incoming_phone_numbers",
        ),
        Kind::Application => (&["FriendlyName"], "applications"),
    };
    check(asked, filters)?;
    let text = |item: &Value, field| {
        item.get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    // `PhoneNumber` matches a part of the number; `*` stands for any digit.
    let items = all(world, kind)
        .into_iter()
        .filter(|item| {
            asked
                .query
                .matches("FriendlyName", &text(item, "friendly_name"))
        })
        .filter(|item| {
            asked
                .query
                .one("PhoneNumber")
                .is_none_or(|wanted| matches_pattern(&text(item, "phone_number"), wanted))
        })
        .collect();
    Ok((StatusCode::OK, page(asked, name, items)?))
}

fn matches_pattern(number: &str, pattern: &str) -> bool {
    let pattern = pattern.as_bytes();
    number.as_bytes().windows(pattern.len().max(1)).any(|part| {
        part.iter()
            .zip(pattern)
            .all(|(digit, wanted)| *wanted == b'*' || digit == wanted)
    })
}

fn create(world: &World, form: &Form, kind: Kind) -> Outcome {
    let more: &[&str] = match kind {
        Kind::Number => &["PhoneNumber", "AreaCode"],
        Kind::Application => &[],
    };
    kind.check(form, more)?;
    validate(world, form, kind.rows())?;
    let now = SystemTime::now();
    let mut settings = Settings::default();
    let created = match kind {
        Kind::Number => {
            let number = bought(world, form)?;
            settings.set("FriendlyName", &formatted(number));
            apply(form, kind.rows(), &mut settings);
            let number = StoredNumber {
                sid: world.sid("PN"),
                number,
                settings,
                lacks: Vec::new(),
                date_created: now,
                date_updated: now,
            };
            world.update(|state| state.numbers.push(number.clone()));
            render_number(world, &number)
        }
        Kind::Application => {
            apply(form, kind.rows(), &mut settings);
            render_application(world, &store_application(world, settings))
        }
    };
    Ok((StatusCode::CREATED, created))
}

/// The number to be bought. The sandbox sells every number, for nothing.
fn bought(world: &World, form: &Form) -> Result<E164, ApiError> {
    let number = form
        .one("PhoneNumber")
        .and_then(|text| E164::parse(text).ok())
        .ok_or_else(|| ApiError::refused(21421, "PhoneNumber is invalid"))?;
    if world.read(|state| state.number(number).is_some()) {
        return Err(ApiError::refused(21422, "PhoneNumber is not available"));
    }
    Ok(number)
}

/// Every item of a kind, newest first.
fn all(world: &World, kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Number => {
            let numbers = world.read(|state| state.numbers.clone());
            numbers
                .iter()
                .rev()
                .map(|number| render_number(world, number))
                .collect()
        }
        Kind::Application => {
            let apps = world.read(|state| state.applications.clone());
            apps.iter()
                .rev()
                .map(|app| render_application(world, app))
                .collect()
        }
    }
}

fn render_number(world: &World, number: &StoredNumber) -> Value {
    let mut map = common(world, Kind::Number, &number.settings);
    let sid: PhoneNumberSid = number.sid;
    let account = world.account_sid;
    let more = json!({
        "sid": sid,
        "phone_number": number.number.as_str(),
        "capabilities": {
            "voice": number.can("voice"),
            "sms": number.can("sms"),
            "mms": number.can("mms"),
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
    merge(&mut map, more);
    map.into()
}

fn render_application(world: &World, app: &StoredApplication) -> Value {
    let mut map = common(world, Kind::Application, &app.settings);
    let (account, sid) = (world.account_sid, app.sid);
    let more = json!({
        "sid": sid,
        "date_created": rfc2822(app.date_created),
        "date_updated": rfc2822(app.date_updated),
        "uri": format!("/2010-04-01/Accounts/{account}/Applications/{sid}.json"),
    });
    merge(&mut map, more);
    map.into()
}

fn common(world: &World, kind: Kind, settings: &Settings) -> Map<String, Value> {
    let mut map = fields(settings, kind.rows());
    let account = json!({ "account_sid": world.account_sid, "api_version": "2010-04-01" });
    merge(&mut map, account);
    map
}
