//! `v1/a2p/BrandRegistrations`: brands, their vettings and one-time passwords.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>,
//! <https://www.twilio.com/docs/messaging/api/brand-vetting-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::details::{self, DetailSchema, DetailType};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{Brand, Details, Vetting, rfc3339};
use crate::types::BundleSid;

const BUNDLES: [&str; 2] = ["CustomerProfileBundleSid", "A2PProfileBundleSid"];
/// Status of a vetting that its provider has not decided.
const IN_PROGRESS: &str = "IN_PROGRESS";
const SCHEMA: &[DetailSchema] = &[
    (BUNDLES[0], "customer_profile_bundle_sid", DetailType::Text),
    (BUNDLES[1], "a2p_profile_bundle_sid", DetailType::Text),
    ("BrandType", "brand_type", DetailType::Text),
    ("Mock", "mock", DetailType::Flag),
    (
        "SkipAutomaticSecVet",
        "skip_automatic_sec_vet",
        DetailType::Flag,
    ),
];

/// Handles a request. `segments` is the path after `/v1/a2p/BrandRegistrations`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    let Some((sid, rest)) = segments.split_first() else {
        return list_or_create(request);
    };
    let brand = request
        .context
        .read(|state| state.registrations.brand(sid).cloned())
        .ok_or_else(|| request.not_found())?;
    match rest {
        [] => one(request, &brand),
        ["SmsOtp"] => one_time_password(request, &brand),
        ["Vettings"] => vettings(request, &brand),
        ["Vettings", sid] => vetting(request, &brand, sid),
        _ => Err(request.not_found()),
    }
}

fn list_or_create(request: &ApiRequest<'_>) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let page = PageRequest::read(request)?;
            let page = request.context.read(|state| {
                let found = state.registrations.brands.iter().rev();
                page.select(found, |brand| brand.sid.as_str())
            })?;
            Ok(page.render_v1("data", |brand| render(request, brand)))
        }
        Method::POST => {
            let brand = create(request)?;
            Ok(ApiResponse::created(render(request, &brand)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn create(request: &ApiRequest<'_>) -> Result<Brand, ApiError> {
    let (context, form) = (request.context, &request.form);
    details::check(SCHEMA, form, &BUNDLES, &[], 20001)?;
    for name in BUNDLES {
        // The sandbox has no TrustHub, so it cannot know whether the bundle is approved.
        if BundleSid::parse(form.one(name).unwrap_or_default()).is_err() {
            return Err(ApiError::bad_request(
                20422,
                format!("{name} is not a BU SID"),
            ));
        }
    }
    match form.one("BrandType") {
        None | Some("STANDARD" | "SOLE_PROPRIETOR") => {}
        Some("STARTER") => {
            let message = "Starter brands can no longer be registered";
            return Err(ApiError::bad_request(21726, message));
        }
        Some(_) => {
            let message = "BrandType must be STANDARD or SOLE_PROPRIETOR";
            return Err(ApiError::bad_request(20422, message));
        }
    }
    let now = context.now();
    let mut details = Details::new();
    details::apply(SCHEMA, form, &mut details);
    let brand = Brand {
        sid: context.ids.sid("BN"),
        status: "PENDING".to_owned(),
        details,
        date_created: now,
        date_updated: now,
    };
    context.update(|state| {
        let stored = &mut state.registrations.brands;
        ApiError::check_limit(stored.len())?;
        stored.push(brand.clone());
        Ok(brand)
    })
}

fn one(request: &ApiRequest<'_>, brand: &Brand) -> ApiResult {
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request, brand))),
        Method::POST => {
            request.form.allow_only(&[])?;
            if brand.status != "FAILED" {
                let message = "A brand can be updated only after its registration has failed";
                return Err(ApiError::bad_request(21725, message));
            }
            let mut brand = brand.clone();
            "PENDING".clone_into(&mut brand.status);
            brand.date_updated = request.context.now();
            let rendered = render(request, &brand);
            request.context.update(|state| {
                let mut brands = state.registrations.brands.iter_mut();
                if let Some(stored) = brands.find(|stored| stored.sid == brand.sid) {
                    *stored = brand;
                }
            });
            Ok(ApiResponse::accepted(rendered))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Repeats the one-time password of a brand's contact. The sandbox sends none.
fn one_time_password(request: &ApiRequest<'_>, brand: &Brand) -> ApiResult {
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    request.form.allow_only(&[])?;
    Ok(ApiResponse::created(json!({
        "account_sid": request.context.account_sid,
        "brand_registration_sid": brand.sid,
    })))
}

fn vettings(request: &ApiRequest<'_>, brand: &Brand) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &["VettingProvider"])?;
            let (query, page) = (&request.query, PageRequest::read(request)?);
            let page = request.context.read(|state| {
                let vettings = state.registrations.vettings.iter().rev();
                let found = vettings.filter(|vetting| {
                    vetting.brand == brand.sid
                        && query.matches("VettingProvider", &vetting.provider)
                });
                page.select(found, |vetting| vetting.sid.as_str())
            })?;
            Ok(page.render_v1("data", |vetting| render_vetting(request, vetting)))
        }
        Method::POST => {
            let vetting = create_vetting(request, brand)?;
            Ok(ApiResponse::created(render_vetting(request, &vetting)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn create_vetting(request: &ApiRequest<'_>, brand: &Brand) -> Result<Vetting, ApiError> {
    let (context, form) = (request.context, &request.form);
    form.allow_only(&["VettingProvider", "VettingId"])?;
    let token = form.one("VettingId");
    let provider = match form.one("VettingProvider") {
        // A token of Campaign Verify begins with its kind.
        Some("campaign-verify") if !token.is_some_and(|token| token.starts_with("cv|")) => {
            let message = "VettingId is not a token of Campaign Verify";
            return Err(ApiError::bad_request(21722, message));
        }
        Some(provider @ ("campaign-verify" | "aegis")) => provider,
        Some(_) => {
            let message = "VettingProvider must be campaign-verify or aegis";
            return Err(ApiError::bad_request(20422, message));
        }
        None => return Err(ApiError::bad_request(20001, "VettingProvider is required")),
    };
    let vetting = Vetting {
        sid: context.ids.sid("VT"),
        brand: brand.sid,
        provider: provider.to_owned(),
        provider_token: token.map(str::to_owned),
        status: IN_PROGRESS.to_owned(),
        date_created: context.now(),
        date_updated: context.now(),
    };
    context.update(|state| {
        let stored = &mut state.registrations.vettings;
        let mut pending = stored.iter().filter(|stored| stored.status == IN_PROGRESS);
        if token.is_some() && pending.any(|other| other.provider_token.as_deref() == token) {
            let message = "The token is being imported already";
            return Err(ApiError::bad_request(21723, message));
        }
        ApiError::check_limit(stored.len())?;
        stored.push(vetting.clone());
        Ok(vetting)
    })
}

fn vetting(request: &ApiRequest<'_>, brand: &Brand, sid: &str) -> ApiResult {
    request.require_get()?;
    let found = request.context.read(|state| {
        let mut vettings = state.registrations.vettings.iter();
        let own = vettings.find(|it| it.brand == brand.sid && it.sid.as_str() == sid);
        own.cloned()
    });
    let vetting = found.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render_vetting(request, &vetting)))
}

fn url(request: &ApiRequest<'_>, brand: &str) -> String {
    format!("{}/v1/a2p/BrandRegistrations/{brand}", request.base_url)
}

fn render(request: &ApiRequest<'_>, brand: &Brand) -> Value {
    let url = url(request, brand.sid.as_str());
    // A brand that a test adds was verified before.
    let is_verified = brand.status == "APPROVED" || brand.details.is_empty();
    let base = json!({
        "sid": brand.sid,
        "account_sid": request.context.account_sid,
        "a2p_profile_bundle_sid": null,
        "customer_profile_bundle_sid": null,
        "brand_type": "STANDARD",
        "status": brand.status,
        "tcr_id": registry_id('B', &brand.sid.to_string(), brand.status == "APPROVED"),
        "failure_reason": null,
        "errors": [],
        "brand_score": null,
        "brand_feedback": [],
        "identity_status": if is_verified { "VERIFIED" } else { "UNVERIFIED" },
        "russell_3000": false,
        "government_entity": false,
        "tax_exempt_status": null,
        "skip_automatic_sec_vet": false,
        "mock": false,
        "date_created": rfc3339(brand.date_created),
        "date_updated": rfc3339(brand.date_updated),
        "links": {
            "brand_vettings": format!("{url}/Vettings"),
            "brand_registration_otps": format!("{url}/SmsOtp"),
        },
        "url": url,
    });
    details::render(base, &brand.details)
}

/// Returns the ID of an accepted brand or campaign at The Campaign Registry: a letter, and six
/// characters.
pub(super) fn registry_id(letter: char, sid: &str, is_accepted: bool) -> Option<String> {
    let end = sid.get(sid.len().checked_sub(6)?..)?;
    is_accepted.then(|| format!("{letter}{}", end.to_ascii_uppercase()))
}

fn render_vetting(request: &ApiRequest<'_>, vetting: &Vetting) -> Value {
    let url = url(request, vetting.brand.as_str());
    let class = match vetting.provider.as_str() {
        "campaign-verify" => "POLITICAL",
        _ => "STANDARD",
    };
    json!({
        "account_sid": request.context.account_sid,
        "brand_sid": vetting.brand,
        "brand_vetting_sid": vetting.sid,
        "vetting_provider": vetting.provider,
        "vetting_id": vetting.provider_token,
        "vetting_class": class,
        "vetting_status": vetting.status,
        "date_created": rfc3339(vetting.date_created),
        "date_updated": rfc3339(vetting.date_updated),
        "url": format!("{url}/Vettings/{}", vetting.sid),
    })
}
