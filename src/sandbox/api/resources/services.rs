//! `v1/Services`: Messaging Services and their sender pools.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/service-resource>,
//! <https://www.twilio.com/docs/messaging/api/phonenumber-resource>

use http::Method;
use serde_json::{Value, json};

use super::a2p;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::api::settings::{ResourceSchema, SettingSchema, SettingType};
use crate::sandbox::context::Context;
use crate::sandbox::state::{ResourceSettings, StoredService, rfc3339};
use crate::types::{MessagingServiceSid, PhoneNumberSid, ShortCodeSid};

const SCHEMA: ResourceSchema = ResourceSchema(&[&[
    SettingSchema("FriendlyName", "friendly_name", SettingType::FriendlyName),
    SettingSchema("InboundRequestUrl", "inbound_request_url", SettingType::Url),
    SettingSchema("InboundMethod", "inbound_method", SettingType::Method),
    SettingSchema("FallbackUrl", "fallback_url", SettingType::Url),
    SettingSchema("FallbackMethod", "fallback_method", SettingType::Method),
    SettingSchema("StatusCallback", "status_callback", SettingType::Url),
    SettingSchema("StickySender", "sticky_sender", SettingType::OnByDefault),
    SettingSchema("MmsConverter", "mms_converter", SettingType::OnByDefault),
    SettingSchema("SmartEncoding", "smart_encoding", SettingType::OnByDefault),
    SettingSchema(
        "ScanMessageContent",
        "scan_message_content",
        SettingType::Text("inherit"),
    ),
    SettingSchema(
        "FallbackToLongCode",
        "fallback_to_long_code",
        SettingType::OnByDefault,
    ),
    SettingSchema(
        "AreaCodeGeomatch",
        "area_code_geomatch",
        SettingType::OnByDefault,
    ),
    SettingSchema(
        "ValidityPeriod",
        "validity_period",
        SettingType::Number(36_000),
    ),
    SettingSchema(
        "SynchronousValidation",
        "synchronous_validation",
        SettingType::OffByDefault,
    ),
    SettingSchema("Usecase", "usecase", SettingType::Text("undeclared")),
    SettingSchema(
        "UseInboundWebhookOnNumber",
        "use_inbound_webhook_on_number",
        SettingType::OffByDefault,
    ),
]]);

/// Handles a request. `segments` is the path after `/v1/Services`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    let context = request.context;
    let (sid, rest) = match segments.split_first() {
        None => return services(request),
        Some((sid, rest)) => (*sid, rest),
    };
    let service = find(context, sid).ok_or_else(|| request.not_found())?;
    match rest {
        [] => one(request, &service),
        ["PhoneNumbers"] => numbers(request, &service),
        ["PhoneNumbers", number] => number_of(request, &service, number),
        ["ShortCodes"] => short_codes(request, &service),
        ["ShortCodes", code] => short_code_of(request, &service, code),
        ["Compliance", "Usa2p"] => a2p::campaigns(request, service.sid, None),
        ["Compliance", "Usa2p", sid] => a2p::campaigns(request, service.sid, Some(sid)),
        _ => Err(request.not_found()),
    }
}

fn find(context: &Context, sid: &str) -> Option<StoredService> {
    let sid = MessagingServiceSid::parse(sid).ok()?;
    context.read(|state| state.service(sid).cloned())
}

fn services(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let stored = context.read(|state| state.services.clone());
            let items = stored.iter().rev().map(|service| render(request, service));
            page_v1(request, "services", &items.collect::<Vec<_>>())
        }
        Method::POST => {
            let service = create(context, &request.form)?;
            Ok(ApiResponse::created(render(request, &service)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Creates a Messaging Service as an API request does.
pub(crate) fn add(
    context: &Context,
    fields: &[(&str, &str)],
) -> Result<MessagingServiceSid, ApiError> {
    Ok(create(context, &Form::from_pairs(fields))?.sid)
}

/// Updates a Messaging Service as an API request does. Returns `false` if it does not exist.
pub(crate) fn configure(
    context: &Context,
    sid: MessagingServiceSid,
    fields: &[(&str, &str)],
) -> Result<bool, ApiError> {
    Ok(change(context, &Form::from_pairs(fields), sid)?.is_some())
}

fn create(context: &Context, form: &Form) -> Result<StoredService, ApiError> {
    SCHEMA.check(context, form, &[])?;
    if form.one("FriendlyName").is_none() {
        return Err(ApiError::bad_request(20001, "FriendlyName is required"));
    }
    let mut settings = ResourceSettings::default();
    SCHEMA.apply(form, &mut settings);
    let now = context.now();
    let service = StoredService {
        sid: context.ids.sid("MG"),
        settings,
        numbers: Vec::new(),
        short_codes: Vec::new(),
        date_created: now,
        date_updated: now,
    };
    context.update(|state| state.services.push(service.clone()));
    Ok(service)
}

fn change(
    context: &Context,
    form: &Form,
    sid: MessagingServiceSid,
) -> Result<Option<StoredService>, ApiError> {
    SCHEMA.check(context, form, &[])?;
    Ok(context.update(|state| {
        let service = state.service_mut(sid)?;
        SCHEMA.apply(form, &mut service.settings);
        service.date_updated = context.now();
        Some(service.clone())
    }))
}

fn one(request: &ApiRequest<'_>, service: &StoredService) -> ApiResult {
    let context = request.context;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request, service))),
        Method::POST => {
            let changed = change(context, &request.form, service.sid)?;
            let changed = changed.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::ok(render(request, &changed)))
        }
        Method::DELETE => {
            context.update(|state| {
                state.services.retain(|stored| stored.sid != service.sid);
                state
                    .registrations
                    .campaigns
                    .retain(|c| c.service != service.sid);
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn numbers(request: &ApiRequest<'_>, service: &StoredService) -> ApiResult {
    let context = request.context;
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let items = service.numbers.iter();
            let items = items.filter_map(|number| render_number(request, service, *number));
            page_v1(request, "phone_numbers", &items.collect::<Vec<_>>())
        }
        Method::POST => {
            request.form.allow_only(&["PhoneNumberSid"])?;
            let number = request.form.one("PhoneNumberSid").unwrap_or_default();
            let number = PhoneNumberSid::parse(number)
                .map_err(|_| ApiError::bad_request(21701, "The PhoneNumberSid is not valid"))?;
            add_number(context, service.sid, number)?;
            let added = render_number(request, service, number);
            let added = added.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::created(added))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Adds a number to a sender pool. A number can be in at most one pool.
pub(crate) fn add_number(
    context: &Context,
    service: MessagingServiceSid,
    number: PhoneNumberSid,
) -> Result<(), ApiError> {
    context.update(|state| {
        if !state.numbers.iter().any(|owned| owned.sid == number) {
            return Err(ApiError::bad_request(
                21701,
                "The account does not own the number",
            ));
        }
        match state.service_of(number).map(|other| other.sid) {
            Some(other) if other == service => Err(ApiError::conflict(
                21710,
                "The number is already in the Messaging Service",
            )),
            Some(_) => Err(ApiError::conflict(
                21712,
                "The number is in another Messaging Service",
            )),
            None => {
                if let Some(service) = state.service_mut(service) {
                    service.numbers.push(number);
                }
                Ok(())
            }
        }
    })
}

fn number_of(request: &ApiRequest<'_>, service: &StoredService, number: &str) -> ApiResult {
    let context = request.context;
    let not_found = || request.not_found();
    let number = PhoneNumberSid::parse(number).map_err(|_| not_found())?;
    if !service.numbers.contains(&number) {
        return Err(not_found());
    }
    match request.method {
        Method::GET => {
            let found = render_number(request, service, number).ok_or_else(not_found)?;
            Ok(ApiResponse::ok(found))
        }
        Method::DELETE => {
            context.update(|state| {
                if let Some(service) = state.service_mut(service.sid) {
                    service.numbers.retain(|pooled| *pooled != number);
                }
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn short_codes(request: &ApiRequest<'_>, service: &StoredService) -> ApiResult {
    request.require_get()?;
    check_filters(request, &[])?;
    let items = service.short_codes.iter();
    let items = items.filter_map(|code| render_short_code(request, service, *code));
    page_v1(request, "short_codes", &items.collect::<Vec<_>>())
}

fn short_code_of(request: &ApiRequest<'_>, service: &StoredService, sid: &str) -> ApiResult {
    request.require_get()?;
    let found = ShortCodeSid::parse(sid)
        .ok()
        .filter(|sid| service.short_codes.contains(sid))
        .and_then(|sid| render_short_code(request, service, sid))
        .ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(found))
}

fn render(request: &ApiRequest<'_>, service: &StoredService) -> Value {
    let context = request.context;
    let (account, sid) = (context.account_sid, service.sid);
    let registered = context.read(|state| state.registrations.campaign_of(sid).is_some());
    let url = format!("{}/v1/Services/{sid}", request.base_url);
    let more = json!({
        "sid": sid,
        "account_sid": account,
        "date_created": rfc3339(service.date_created),
        "date_updated": rfc3339(service.date_updated),
        "us_app_to_person_registered": registered,
        "links": {
            "alpha_senders": format!("{url}/AlphaSenders"),
            "channel_senders": format!("{url}/ChannelSenders"),
            "destination_alpha_senders": format!("{url}/DestinationAlphaSenders"),
            "messages": format!("{url}/Messages"),
            "phone_numbers": format!("{url}/PhoneNumbers"),
            "short_codes": format!("{url}/ShortCodes"),
            "us_app_to_person": format!("{url}/Compliance/Usa2p"),
            "us_app_to_person_usecases": format!("{url}/Compliance/Usa2p/Usecases"),
        },
        "url": url,
    });
    SCHEMA.to_json(&service.settings, more)
}

fn render_number(
    request: &ApiRequest<'_>,
    service: &StoredService,
    sid: PhoneNumberSid,
) -> Option<Value> {
    let context = request.context;
    let number = context.read(|state| state.number_by_sid(sid).cloned())?;
    let capabilities = ["voice", "sms", "mms"].map(|what| (what, number.has_capability(what)));
    let capabilities = capabilities.iter().filter(|(_, can)| *can);
    let capabilities: Vec<String> = capabilities.map(|(what, _)| what.to_uppercase()).collect();
    Some(json!({
        "sid": sid,
        "account_sid": context.account_sid,
        "service_sid": service.sid,
        "phone_number": number.number.as_str(),
        "country_code": number.country(),
        "capabilities": capabilities,
        "date_created": rfc3339(service.date_updated),
        "date_updated": rfc3339(service.date_updated),
        "url": format!("{}/v1/Services/{}/PhoneNumbers/{sid}", request.base_url, service.sid),
    }))
}

fn render_short_code(
    request: &ApiRequest<'_>,
    service: &StoredService,
    sid: ShortCodeSid,
) -> Option<Value> {
    let context = request.context;
    let code = context.read(|state| state.short_codes.iter().find(|c| c.sid == sid).cloned())?;
    Some(json!({
        "sid": sid,
        "account_sid": context.account_sid,
        "service_sid": service.sid,
        "short_code": code.code,
        "country_code": "US",
        "capabilities": ["SMS"],
        "date_created": rfc3339(code.date_created),
        "date_updated": rfc3339(code.date_created),
        "url": format!("{}/v1/Services/{}/ShortCodes/{sid}", request.base_url, service.sid),
    }))
}
