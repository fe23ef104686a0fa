//! `v1/Services`: Messaging Services. Their sender pools are in `pooled_numbers`,
//! `pooled_short_codes` and `alpha_senders`.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/service-resource>

use http::Method;
use serde_json::{Value, json};

use super::{alpha_senders, campaigns, pooled_numbers, pooled_short_codes};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::api::settings::{ResourceSchema, SettingSchema, SettingType};
use crate::sandbox::context::Context;
use crate::sandbox::state::{ResourceSettings, StoredService, rfc3339};
use crate::types::MessagingServiceSid;

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

/// Values of `Usecase`, each with its purpose and a description.
const USE_CASES: [(&str, &str, &str); 6] = [
    (
        "notifications",
        "Notify users.",
        "Alerts about an event, such as a delivery, a visit or a change of an account.",
    ),
    (
        "marketing",
        "Market services.",
        "Offers and news about the products of an organization.",
    ),
    (
        "verification",
        "Verify users.",
        "Codes that prove who signs in or owns a number.",
    ),
    (
        "discussion",
        "Have a conversation.",
        "Texts in both directions, such as those of customer care.",
    ),
    (
        "poll",
        "Ask for opinions.",
        "Questions whose answers are counted.",
    ),
    (
        "undeclared",
        "Any other purpose.",
        "Texts of none of the other use cases, or of several.",
    ),
];

/// Handles a request. `segments` is the path after `/v1/Services`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    let context = request.context;
    let (sid, rest) = match segments {
        [] => return services(request),
        ["Usecases"] => return use_cases(request),
        [sid, rest @ ..] => (*sid, rest),
    };
    let service = find(context, sid).ok_or_else(|| request.not_found())?;
    match rest {
        [] => one(request, &service),
        ["PhoneNumbers"] => pooled_numbers::list_or_create(request, &service),
        ["PhoneNumbers", sid] => pooled_numbers::one(request, &service, sid),
        ["ShortCodes"] => pooled_short_codes::list_or_create(request, &service),
        ["ShortCodes", sid] => pooled_short_codes::one(request, &service, sid),
        ["AlphaSenders"] => alpha_senders::list_or_create(request, &service),
        ["AlphaSenders", sid] => alpha_senders::one(request, &service, sid),
        // The account has no senders of channels, and none can be added.
        ["ChannelSenders"] if request.method == Method::GET => page_v1(request, "senders", &[]),
        ["ChannelSenders", ..] => Err(ApiError::not_supported("senders of channels")),
        ["DestinationAlphaSenders", ..] => Err(ApiError::not_supported(
            "alpha senders of one country; use AlphaSenders",
        )),
        ["Compliance", "Usa2p", rest @ ..] => campaigns::route(request, service.sid, rest),
        _ => Err(request.not_found()),
    }
}

fn find(context: &Context, sid: &str) -> Option<StoredService> {
    let sid = MessagingServiceSid::parse(sid).ok()?;
    context.read(|state| state.service(sid).cloned())
}

/// Returns the use cases that a Messaging Service can declare.
fn use_cases(request: &ApiRequest<'_>) -> ApiResult {
    request.require_get()?;
    request.query.allow_only(&[])?;
    let found = USE_CASES.map(|(use_case, purpose, description)| {
        json!({ "usecase": use_case, "description": description, "purpose": purpose })
    });
    Ok(ApiResponse::ok(json!({ "usecases": found })))
}

fn services(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let page = PageRequest::read(request)?;
            let page = context.read(|state| {
                let found = state.services.iter().rev();
                page.select(found, |service| service.sid.as_str())
            })?;
            Ok(page.render_v1("services", |service| render(request, service)))
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
        alpha_sender: None,
        date_created: now,
        date_updated: now,
    };
    context.update(|state| {
        ApiError::check_limit(state.services.len())?;
        state.services.push(service.clone());
        Ok(service)
    })
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
