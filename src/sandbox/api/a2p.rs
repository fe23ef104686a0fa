//! `v1/a2p/BrandRegistrations` and `v1/Services/{Sid}/Compliance/Usa2p`: may the account text the
//! USA from ten-digit numbers?
//!
//! Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>,
//! <https://www.twilio.com/docs/messaging/api/brand-registration-resource>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page_of_v1};
use super::{ApiError, Asked, Outcome};
use crate::sandbox::registrations::{Brand, Campaign};
use crate::sandbox::store::{World, rfc3339};
use crate::types::MessagingServiceSid;

/// `rest` is what follows `/v1/a2p/BrandRegistrations`.
pub(super) fn brands(world: &World, asked: &Asked<'_>, rest: &str) -> Outcome {
    read_only(asked)?;
    let stored = world.read(|state| state.registrations.brands.clone());
    let Some(sid) = rest.strip_prefix('/') else {
        check(asked, &[])?;
        let items = stored.iter().rev().map(|brand| render_brand(world, brand));
        let page = page_of_v1(world, asked, "data", items.collect())?;
        return Ok((StatusCode::OK, page));
    };
    let brand = stored.iter().find(|brand| brand.sid.as_str() == sid);
    let brand = brand.ok_or_else(|| ApiError::not_found(asked.path))?;
    Ok((StatusCode::OK, render_brand(world, brand)))
}

pub(super) fn campaigns(
    world: &World,
    asked: &Asked<'_>,
    service: MessagingServiceSid,
    sid: Option<&str>,
) -> Outcome {
    read_only(asked)?;
    let found = world.read(|state| state.registrations.campaign_of(service).cloned());
    let Some(sid) = sid else {
        check(asked, &[])?;
        let items = found.iter().map(|campaign| render(world, campaign));
        let page = page_of_v1(world, asked, "compliance", items.collect())?;
        return Ok((StatusCode::OK, page));
    };
    let campaign = found
        .filter(|campaign| campaign.sid.as_str() == sid)
        .ok_or_else(|| ApiError::not_found(asked.path))?;
    Ok((StatusCode::OK, render(world, &campaign)))
}

fn read_only(asked: &Asked<'_>) -> Result<(), ApiError> {
    match asked.method {
        Method::GET => Ok(()),
        _ => Err(ApiError::wrong_method()),
    }
}

fn render_brand(world: &World, brand: &Brand) -> Value {
    json!({
        "sid": brand.sid,
        "account_sid": world.account_sid,
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
        "url": format!("{}/v1/a2p/BrandRegistrations/{}", world.base_url, brand.sid),
    })
}

fn render(world: &World, campaign: &Campaign) -> Value {
    let (service, sid) = (campaign.service, campaign.sid);
    json!({
        "sid": sid,
        "account_sid": world.account_sid,
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
        "url": format!("{}/v1/Services/{service}/Compliance/Usa2p/{sid}", world.base_url),
    })
}
