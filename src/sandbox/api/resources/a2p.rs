//! `v1/a2p/BrandRegistrations` and `v1/Services/{Sid}/Compliance/Usa2p`: registrations for texts
//! from ten-digit numbers in the USA.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>,
//! <https://www.twilio.com/docs/messaging/api/brand-registration-resource>

use serde_json::{Value, json};

use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{Brand, Campaign, rfc3339};
use crate::types::MessagingServiceSid;

/// Handles a request. `sid` is the path after `/v1/a2p/BrandRegistrations`.
pub(in crate::sandbox::api) fn brands(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    let stored = context.read(|state| state.registrations.brands.clone());
    let Some(sid) = sid else {
        check_filters(request, &[])?;
        let items = stored
            .iter()
            .rev()
            .map(|brand| render_brand(request, brand));
        return page_v1(request, "data", &items.collect::<Vec<_>>());
    };
    let brand = stored.iter().find(|brand| brand.sid.as_str() == sid);
    let brand = brand.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render_brand(request, brand)))
}

pub(in crate::sandbox::api) fn campaigns(
    request: &ApiRequest<'_>,
    service: MessagingServiceSid,
    sid: Option<&str>,
) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    let found = context.read(|state| state.registrations.campaign_of(service).cloned());
    let Some(sid) = sid else {
        check_filters(request, &[])?;
        let items = found.iter().map(|campaign| render(request, campaign));
        return page_v1(request, "compliance", &items.collect::<Vec<_>>());
    };
    let campaign = found
        .filter(|campaign| campaign.sid.as_str() == sid)
        .ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render(request, &campaign)))
}

fn render_brand(request: &ApiRequest<'_>, brand: &Brand) -> Value {
    let context = request.context;
    json!({
        "sid": brand.sid,
        "account_sid": context.account_sid,
        "a2p_profile_bundle_sid": null,
        "customer_profile_bundle_sid": null,
        "brand_type": "STANDARD",
        "status": brand.status,
        "tcr_id": null,
        "failure_reason": null,
        "errors": [],
        "brand_score": null,
        "brand_feedback": [],
        "identity_status": "VERIFIED",
        "russell_3000": false,
        "government_entity": false,
        "tax_exempt_status": null,
        "skip_automatic_sec_vet": false,
        "mock": false,
        "date_created": rfc3339(brand.date_created),
        "date_updated": rfc3339(brand.date_created),
        "links": {},
        "url": format!("{}/v1/a2p/BrandRegistrations/{}", request.base_url, brand.sid),
    })
}

fn render(request: &ApiRequest<'_>, campaign: &Campaign) -> Value {
    let context = request.context;
    let (service, sid) = (campaign.service, campaign.sid);
    json!({
        "sid": sid,
        "account_sid": context.account_sid,
        "brand_registration_sid": campaign.brand,
        "messaging_service_sid": service,
        "description": "Reminders of visits",
        "message_samples": ["Your visit is tomorrow."],
        "us_app_to_person_usecase": "LOW_VOLUME",
        "has_embedded_links": false,
        "has_embedded_phone": false,
        "subscriber_opt_in": true,
        "age_gated": false,
        "direct_lending": false,
        "campaign_status": campaign.status,
        "campaign_id": null,
        "is_externally_registered": false,
        "rate_limits": null,
        "message_flow": "Volunteers agree in writing.",
        "opt_in_message": null,
        "opt_out_message": null,
        "help_message": null,
        "opt_in_keywords": [],
        "opt_out_keywords": [],
        "help_keywords": [],
        "errors": [],
        "mock": false,
        "date_created": rfc3339(campaign.date_created),
        "date_updated": rfc3339(campaign.date_created),
        "url": format!("{}/v1/Services/{service}/Compliance/Usa2p/{sid}", request.base_url),
    })
}
