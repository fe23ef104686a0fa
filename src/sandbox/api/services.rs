//! `v1/Services`: Messaging Services and the senders in their pools.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/service-resource>,
//! <https://www.twilio.com/docs/messaging/api/phonenumber-resource>

use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page_of_v1};
use super::rows::{Row, Shape, apply, fields, merge, validate};
use super::{ApiError, Asked, Form, Outcome, a2p};
use crate::sandbox::records::{Settings, StoredService};
use crate::sandbox::store::{World, rfc3339};
use crate::types::{MessagingServiceSid, PhoneNumberSid, ShortCodeSid};

const ROWS: &[Row] = &[
    ("FriendlyName", "friendly_name", Shape::Text),
    ("InboundRequestUrl", "inbound_request_url", Shape::Url),
    ("InboundMethod", "inbound_method", Shape::Method),
    ("FallbackUrl", "fallback_url", Shape::Url),
    ("FallbackMethod", "fallback_method", Shape::Method),
    ("StatusCallback", "status_callback", Shape::Url),
    ("StickySender", "sticky_sender", Shape::On),
    ("MmsConverter", "mms_converter", Shape::On),
    ("SmartEncoding", "smart_encoding", Shape::On),
    (
        "ScanMessageContent",
        "scan_message_content",
        Shape::Word("inherit"),
    ),
    ("FallbackToLongCode", "fallback_to_long_code", Shape::On),
    ("AreaCodeGeomatch", "area_code_geomatch", Shape::On),
    ("ValidityPeriod", "validity_period", Shape::Number(36_000)),
    (
        "SynchronousValidation",
        "synchronous_validation",
        Shape::Flag,
    ),
    ("Usecase", "usecase", Shape::Word("undeclared")),
    (
        "UseInboundWebhookOnNumber",
        "use_inbound_webhook_on_number",
        Shape::Flag,
    ),
];

/// `rest` is what follows `/v1/Services`.
pub(super) fn route(world: &World, asked: &Asked<'_>, rest: &str) -> Outcome {
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let (sid, rest) = match parts.split_first() {
        None => return services(world, asked),
        Some((sid, rest)) => (*sid, rest),
    };
    let service = find(world, sid).ok_or_else(|| ApiError::not_found(asked.path))?;
    match rest {
        [] => one(world, asked, &service),
        ["PhoneNumbers"] => numbers(world, asked, &service),
        ["PhoneNumbers", number] => number_of(world, asked, &service, number),
        ["ShortCodes"] => short_codes(world, asked, &service),
        ["ShortCodes", code] => short_code_of(world, asked, &service, code),
        ["Compliance", "Usa2p"] => a2p::campaigns(world, asked, service.sid, None),
        ["Compliance", "Usa2p", sid] => a2p::campaigns(world, asked, service.sid, Some(sid)),
        _ => Err(ApiError::not_found(asked.path)),
    }
}

fn find(world: &World, sid: &str) -> Option<StoredService> {
    let sid = MessagingServiceSid::parse(sid).ok()?;
    world.read(|state| state.service(sid).cloned())
}

fn services(world: &World, asked: &Asked<'_>) -> Outcome {
    match asked.method {
        Method::GET => {
            check(asked, &[])?;
            let stored = world.read(|state| state.services.clone());
            let items = stored.iter().rev().map(|service| render(world, service));
            let page = page_of_v1(world, asked, "services", items.collect())?;
            Ok((StatusCode::OK, page))
        }
        Method::POST => {
            let service = create(world, &asked.form)?;
            Ok((StatusCode::CREATED, render(world, &service)))
        }
        _ => Err(ApiError::wrong_method()),
    }
}

/// Makes a service as the API would.
pub(in crate::sandbox) fn add_service(
    world: &World,
    fields: &[(&str, &str)],
) -> Result<MessagingServiceSid, ApiError> {
    Ok(create(world, &Form::of(fields))?.sid)
}

/// Changes a service as the API would. Gives back whether it exists.
pub(in crate::sandbox) fn configure_service(
    world: &World,
    sid: MessagingServiceSid,
    fields: &[(&str, &str)],
) -> Result<bool, ApiError> {
    Ok(change(world, &Form::of(fields), sid)?.is_some())
}

fn check_form(world: &World, form: &Form) -> Result<(), ApiError> {
    let known: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    form.only(&known)?;
    validate(world, form, ROWS.iter())
}

fn create(world: &World, form: &Form) -> Result<StoredService, ApiError> {
    check_form(world, form)?;
    if form.one("FriendlyName").is_none() {
        return Err(ApiError::refused(20001, "FriendlyName is required"));
    }
    let mut settings = Settings::default();
    apply(form, ROWS.iter(), &mut settings);
    let now = SystemTime::now();
    let service = StoredService {
        sid: world.sid("MG"),
        settings,
        numbers: Vec::new(),
        short_codes: Vec::new(),
        date_created: now,
        date_updated: now,
    };
    world.update(|state| state.services.push(service.clone()));
    Ok(service)
}

fn change(
    world: &World,
    form: &Form,
    sid: MessagingServiceSid,
) -> Result<Option<StoredService>, ApiError> {
    check_form(world, form)?;
    Ok(world.update(|state| {
        let service = state.service_mut(sid)?;
        apply(form, ROWS.iter(), &mut service.settings);
        service.date_updated = SystemTime::now();
        Some(service.clone())
    }))
}

fn one(world: &World, asked: &Asked<'_>, service: &StoredService) -> Outcome {
    match asked.method {
        Method::GET => Ok((StatusCode::OK, render(world, service))),
        Method::POST => {
            let changed = change(world, &asked.form, service.sid)?;
            let changed = changed.ok_or_else(|| ApiError::not_found(asked.path))?;
            Ok((StatusCode::OK, render(world, &changed)))
        }
        Method::DELETE => {
            world.update(|state| {
                state.services.retain(|stored| stored.sid != service.sid);
                state
                    .registrations
                    .campaigns
                    .retain(|c| c.service != service.sid);
            });
            Ok((StatusCode::NO_CONTENT, Value::Null))
        }
        _ => Err(ApiError::wrong_method()),
    }
}

fn numbers(world: &World, asked: &Asked<'_>, service: &StoredService) -> Outcome {
    match asked.method {
        Method::GET => {
            check(asked, &[])?;
            let items = service.numbers.iter();
            let items = items.filter_map(|number| render_number(world, service, *number));
            let page = page_of_v1(world, asked, "phone_numbers", items.collect())?;
            Ok((StatusCode::OK, page))
        }
        Method::POST => {
            asked.form.only(&["PhoneNumberSid"])?;
            let number = asked.form.one("PhoneNumberSid").unwrap_or_default();
            let number = PhoneNumberSid::parse(number)
                .map_err(|_| ApiError::refused(21701, "The PhoneNumberSid is not valid"))?;
            add_number(world, service.sid, number)?;
            let added = render_number(world, service, number);
            let added = added.ok_or_else(|| ApiError::not_found(asked.path))?;
            Ok((StatusCode::CREATED, added))
        }
        _ => Err(ApiError::wrong_method()),
    }
}

/// Puts a number into a pool: it is in one at most.
pub(in crate::sandbox) fn add_number(
    world: &World,
    service: MessagingServiceSid,
    number: PhoneNumberSid,
) -> Result<(), ApiError> {
    world.update(|state| {
        if !state.numbers.iter().any(|owned| owned.sid == number) {
            return Err(ApiError::refused(21701, "The number is not the account's"));
        }
        match state.service_of(number).map(|other| other.sid) {
            Some(other) if other == service => Err(ApiError::refused(
                21710,
                "The number is in the service already",
            )),
            Some(_) => Err(ApiError::refused(21712, "The number is in another service")),
            None => {
                if let Some(service) = state.service_mut(service) {
                    service.numbers.push(number);
                }
                Ok(())
            }
        }
    })
}

fn number_of(world: &World, asked: &Asked<'_>, service: &StoredService, number: &str) -> Outcome {
    let not_found = || ApiError::not_found(asked.path);
    let number = PhoneNumberSid::parse(number).map_err(|_| not_found())?;
    if !service.numbers.contains(&number) {
        return Err(not_found());
    }
    match asked.method {
        Method::GET => {
            let found = render_number(world, service, number).ok_or_else(not_found)?;
            Ok((StatusCode::OK, found))
        }
        Method::DELETE => {
            world.update(|state| {
                if let Some(service) = state.service_mut(service.sid) {
                    service.numbers.retain(|pooled| *pooled != number);
                }
            });
            Ok((StatusCode::NO_CONTENT, Value::Null))
        }
        _ => Err(ApiError::wrong_method()),
    }
}

fn short_codes(world: &World, asked: &Asked<'_>, service: &StoredService) -> Outcome {
    if asked.method != Method::GET {
        return Err(ApiError::wrong_method());
    }
    check(asked, &[])?;
    let items = service.short_codes.iter();
    let items = items.filter_map(|code| render_short_code(world, service, *code));
    let page = page_of_v1(world, asked, "short_codes", items.collect())?;
    Ok((StatusCode::OK, page))
}

fn short_code_of(world: &World, asked: &Asked<'_>, service: &StoredService, sid: &str) -> Outcome {
    if asked.method != Method::GET {
        return Err(ApiError::wrong_method());
    }
    let found = ShortCodeSid::parse(sid)
        .ok()
        .filter(|sid| service.short_codes.contains(sid))
        .and_then(|sid| render_short_code(world, service, sid))
        .ok_or_else(|| ApiError::not_found(asked.path))?;
    Ok((StatusCode::OK, found))
}

fn render(world: &World, service: &StoredService) -> Value {
    let mut map = fields(&service.settings, ROWS.iter());
    let (account, sid) = (world.account_sid, service.sid);
    let registered = world.read(|state| state.registrations.campaign_of(sid).is_some());
    let url = format!("{}/v1/Services/{sid}", world.base_url);
    let more = json!({
        "sid": sid,
        "account_sid": account,
        "date_created": rfc3339(service.date_created),
        "date_updated": rfc3339(service.date_updated),
        "us_app_to_person_registered": registered,
        "links": {
            "phone_numbers": format!("{url}/PhoneNumbers"),
            "short_codes": format!("{url}/ShortCodes"),
            "us_app_to_person": format!("{url}/Compliance/Usa2p"),
        },
        "url": url,
    });
    merge(&mut map, more);
    map.into()
}

fn render_number(world: &World, service: &StoredService, sid: PhoneNumberSid) -> Option<Value> {
    let number = world.read(|state| state.numbers.iter().find(|n| n.sid == sid).cloned())?;
    let able = ["voice", "sms", "mms"].map(|what| (what, number.can(what)));
    let able = able.iter().filter(|(_, can)| *can);
    let able: Vec<String> = able.map(|(what, _)| what.to_uppercase()).collect();
    Some(json!({
        "sid": sid,
        "account_sid": world.account_sid,
        "service_sid": service.sid,
        "phone_number": number.number.as_str(),
        "country_code": number.country(),
        "capabilities": able,
        "date_created": rfc3339(service.date_updated),
        "date_updated": rfc3339(service.date_updated),
        "url": format!("{}/v1/Services/{}/PhoneNumbers/{sid}", world.base_url, service.sid),
    }))
}

fn render_short_code(world: &World, service: &StoredService, sid: ShortCodeSid) -> Option<Value> {
    let code = world.read(|state| state.short_codes.iter().find(|c| c.sid == sid).cloned())?;
    Some(json!({
        "sid": sid,
        "account_sid": world.account_sid,
        "service_sid": service.sid,
        "short_code": code.code,
        "country_code": "US",
        "capabilities": ["SMS"],
        "date_created": rfc3339(code.date_created),
        "date_updated": rfc3339(code.date_created),
        "url": format!("{}/v1/Services/{}/ShortCodes/{sid}", world.base_url, service.sid),
    }))
}
