//! `v1/Services/{Sid}/Compliance/Usa2p/Usecases`: use cases of campaigns.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/usapptopersonusecase-resource>

use serde_json::json;

use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::types::BrandSid;

/// Only use case of a sole proprietor's brand.
pub(super) const SOLE_PROPRIETOR: &str = "SOLE_PROPRIETOR";

/// Use cases of other brands: code, name, and whether carriers review it after the approval.
const USE_CASES: [(&str, &str, bool); 20] = [
    ("2FA", "Two-factor authentication", false),
    ("ACCOUNT_NOTIFICATION", "Account notification", false),
    ("AGENTS_FRANCHISES", "Agents and franchises", true),
    ("CHARITY", "Charity", false),
    ("PROXY", "Proxy", true),
    ("CUSTOMER_CARE", "Customer care", false),
    ("DELIVERY_NOTIFICATION", "Delivery notification", false),
    ("EMERGENCY", "Emergency", true),
    ("FRAUD_ALERT", "Fraud alert", false),
    ("HIGHER_EDUCATION", "Higher education", false),
    ("K12_EDUCATION", "Education up to grade 12", true),
    ("LOW_VOLUME", "Mixed, in a low volume", false),
    ("MARKETING", "Marketing", false),
    ("MIXED", "Mixed", false),
    ("POLITICAL", "Political", false),
    ("POLLING_VOTING", "Polling and voting", false),
    (
        "PUBLIC_SERVICE_ANNOUNCEMENT",
        "Public service announcement",
        false,
    ),
    ("SECURITY_ALERT", "Security alert", false),
    ("SOCIAL", "Social", true),
    ("SWEEPSTAKE", "Sweepstake", true),
];

/// Handles a request for the list.
pub(super) fn route(request: &ApiRequest<'_>) -> ApiResult {
    request.require_get()?;
    request.query.allow_only(&["BrandRegistrationSid"])?;
    let brand = match request.query.one("BrandRegistrationSid") {
        None => None,
        Some(sid) => {
            let registered = request.context.read(|state| {
                let brand = state.registrations.brand(sid);
                brand.map(|brand| brand.sid)
            });
            Some(registered.ok_or_else(|| request.not_found())?)
        }
    };
    let found: Vec<_> = of(request.context, brand)
        .map(|code| {
            let known = USE_CASES.iter().find(|(other, ..)| *other == code);
            let (name, reviewed) =
                known.map_or(("Sole proprietor", false), |(_, name, it)| (*name, *it));
            json!({
                "code": code,
                "name": name,
                "description": name,
                "post_approval_required": reviewed,
            })
        })
        .collect();
    Ok(ApiResponse::ok(
        json!({ "us_app_to_person_usecases": found }),
    ))
}

/// Returns the use cases that campaigns of a brand can have.
pub(super) fn of(context: &Context, brand: Option<BrandSid>) -> impl Iterator<Item = &'static str> {
    let is_sole_proprietor = brand.is_some_and(|brand| {
        context.read(|state| {
            let brand = state.registrations.brand(brand.as_str());
            let brand_type = brand.and_then(|brand| brand.details.get("brand_type")?.as_str());
            brand_type == Some(SOLE_PROPRIETOR)
        })
    });
    let others = USE_CASES.iter().map(|(code, ..)| *code);
    let own = is_sole_proprietor.then_some(SOLE_PROPRIETOR);
    own.into_iter()
        .chain(others.filter(move |_| !is_sole_proprietor))
}
