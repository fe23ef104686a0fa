//! `v1/Services/{Sid}/Compliance/Usa2p`: campaigns, for texts from ten-digit numbers in the USA.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>

use http::Method;
use serde_json::{Value, json};

use super::brands::registry_id;
use super::campaign_use_cases::{self, SOLE_PROPRIETOR};
use crate::sandbox::api::details::{self, DetailSchema, DetailType};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{Brand, Campaign, Details, rfc3339};
use crate::types::{BrandSid, MessagingServiceSid};

/// Parameters that an update can change. All but the URLs are required.
const CHANGEABLE: [DetailSchema; 9] = [
    ("HasEmbeddedLinks", "has_embedded_links", DetailType::Flag),
    ("HasEmbeddedPhone", "has_embedded_phone", DetailType::Flag),
    ("MessageSamples", "message_samples", DetailType::List),
    ("MessageFlow", "message_flow", DetailType::Text),
    ("Description", "description", DetailType::Text),
    ("AgeGated", "age_gated", DetailType::Flag),
    ("DirectLending", "direct_lending", DetailType::Flag),
    ("PrivacyPolicyUrl", "privacy_policy_url", DetailType::Text),
    (
        "TermsAndConditionsUrl",
        "terms_and_conditions_url",
        DetailType::Text,
    ),
];
/// Parameters of a new campaign only.
const FIXED: [DetailSchema; 8] = [
    (
        "UsAppToPersonUsecase",
        "us_app_to_person_usecase",
        DetailType::Text,
    ),
    ("OptInMessage", "opt_in_message", DetailType::Text),
    ("OptOutMessage", "opt_out_message", DetailType::Text),
    ("HelpMessage", "help_message", DetailType::Text),
    ("OptInKeywords", "opt_in_keywords", DetailType::List),
    ("OptOutKeywords", "opt_out_keywords", DetailType::List),
    ("HelpKeywords", "help_keywords", DetailType::List),
    ("SubscriberOptIn", "subscriber_opt_in", DetailType::Flag),
];

/// Handles a request. `segments` is the path after `Compliance/Usa2p`.
pub(super) fn route(
    request: &ApiRequest<'_>,
    service: MessagingServiceSid,
    segments: &[&str],
) -> ApiResult {
    let stored = request
        .context
        .read(|state| state.registrations.campaign_of(service).cloned());
    match segments {
        [] => list_or_create(request, service, stored.as_ref()),
        ["Usecases"] => campaign_use_cases::route(request),
        [sid] => {
            let campaign = stored
                .filter(|campaign| campaign.sid.as_str() == *sid)
                .ok_or_else(|| request.not_found())?;
            one(request, campaign)
        }
        _ => Err(request.not_found()),
    }
}

fn list_or_create(
    request: &ApiRequest<'_>,
    service: MessagingServiceSid,
    stored: Option<&Campaign>,
) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let items = stored.iter().map(|campaign| render(request, campaign));
            page_v1(request, "compliance", &items.collect::<Vec<_>>())
        }
        Method::POST => {
            let campaign = create(request.context, &request.form, service)?;
            Ok(ApiResponse::created(render(request, &campaign)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn create(
    context: &Context,
    form: &Form,
    service: MessagingServiceSid,
) -> Result<Campaign, ApiError> {
    const REQUIRED: [&str; 7] = [
        "BrandRegistrationSid",
        "Description",
        "MessageFlow",
        "MessageSamples",
        "UsAppToPersonUsecase",
        "HasEmbeddedLinks",
        "HasEmbeddedPhone",
    ];
    let schema = [&CHANGEABLE[..], &FIXED[..]].concat();
    details::check(&schema, form, &REQUIRED, &["BrandRegistrationSid"], 21727)?;
    check_texts(form)?;
    let brand = approved_brand(context, form)?;
    let use_case = form.one("UsAppToPersonUsecase").unwrap_or_default();
    if !campaign_use_cases::of(context, Some(brand)).any(|known| known == use_case) {
        let message = "The brand has no such UsAppToPersonUsecase";
        return Err(ApiError::bad_request(21720, message));
    }
    let mut details = default_keywords();
    details::apply(&schema, form, &mut details);
    let now = context.now();
    let campaign = Campaign {
        sid: context.ids.sid("QE"),
        brand,
        service,
        status: "PENDING".to_owned(),
        details,
        date_created: now,
        date_updated: now,
    };
    let is_sole_proprietor = use_case == SOLE_PROPRIETOR;
    context.update(|state| {
        let stored = &mut state.registrations.campaigns;
        if stored.iter().any(|stored| stored.service == service) {
            let message = "The Messaging Service has a campaign already";
            return Err(ApiError::bad_request(20422, message));
        }
        let of_brand = stored.iter().filter(|stored| stored.brand == brand);
        if is_sole_proprietor && of_brand.count() > 0 {
            let message = "A sole proprietor can have one campaign";
            return Err(ApiError::bad_request(21732, message));
        }
        ApiError::check_limit(stored.len())?;
        stored.push(campaign.clone());
        Ok(campaign)
    })
}

/// Returns the brand of a new campaign, which must be approved.
fn approved_brand(context: &Context, form: &Form) -> Result<BrandSid, ApiError> {
    let sid = form.one("BrandRegistrationSid").unwrap_or_default();
    let status = |brand: &Brand| (brand.sid, brand.status.clone());
    match context.read(|state| state.registrations.brand(sid).map(status)) {
        Some((sid, status)) if status == "APPROVED" => Ok(sid),
        Some((_, status)) if status == "SUSPENDED" => {
            Err(ApiError::bad_request(21731, "The brand is suspended"))
        }
        _ => Err(ApiError::bad_request(
            21717,
            "The brand is not registered, or its registration is not approved",
        )),
    }
}

/// Checks the lengths of a campaign's texts.
fn check_texts(form: &Form) -> Result<(), ApiError> {
    let has_length = |name: &str, bounds: std::ops::RangeInclusive<usize>| {
        let texts = form.all(name);
        texts
            .iter()
            .all(|text| bounds.contains(&text.chars().count()))
    };
    let samples = form.all("MessageSamples").len();
    let checks = [
        ("Description", has_length("Description", 40..=4096)),
        ("MessageFlow", has_length("MessageFlow", 40..=2048)),
        (
            "MessageSamples",
            has_length("MessageSamples", 20..=1024) && samples <= 5,
        ),
    ];
    match checks.iter().find(|(_, is_valid)| !is_valid) {
        None => Ok(()),
        Some((name, _)) => Err(ApiError::bad_request(
            21728,
            format!("{name} is too short or too long"),
        )),
    }
}

/// Returns Twilio's default keywords, which a campaign without keywords of its own has.
fn default_keywords() -> Details {
    let keywords = json!({
        "opt_in_keywords": ["START"],
        "opt_out_keywords": ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"],
        "help_keywords": ["HELP", "INFO"],
    });
    keywords.as_object().cloned().unwrap_or_default()
}

fn one(request: &ApiRequest<'_>, campaign: Campaign) -> ApiResult {
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request, &campaign))),
        Method::POST => update(request, campaign),
        Method::DELETE => {
            request
                .context
                .update(|state| state.registrations.remove_campaign(&campaign));
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Changes a campaign whose registration failed, and submits it again.
fn update(request: &ApiRequest<'_>, mut campaign: Campaign) -> ApiResult {
    let form = &request.form;
    let required = CHANGEABLE.map(|detail| detail.0);
    details::check(
        &CHANGEABLE,
        form,
        required.get(..7).unwrap_or_default(),
        &[],
        21727,
    )?;
    check_texts(form)?;
    if campaign.status != "FAILED" {
        let message = "A campaign can be updated only after its registration has failed";
        return Err(ApiError::bad_request(20422, message));
    }
    details::apply(&CHANGEABLE, form, &mut campaign.details);
    "PENDING".clone_into(&mut campaign.status);
    campaign.date_updated = request.context.now();
    let rendered = render(request, &campaign);
    request.context.update(|state| {
        let mut campaigns = state.registrations.campaigns.iter_mut();
        if let Some(stored) = campaigns.find(|stored| stored.sid == campaign.sid) {
            *stored = campaign;
        }
    });
    Ok(ApiResponse::ok(rendered))
}

fn render(request: &ApiRequest<'_>, campaign: &Campaign) -> Value {
    let (service, sid) = (campaign.service, campaign.sid);
    let is_sole_proprietor =
        campaign.details.get("us_app_to_person_usecase") == Some(&Value::from(SOLE_PROPRIETOR));
    let rate_limits = (!is_sole_proprietor).then(
        || json!({ "att": { "mps": 75, "msg_class": "A" }, "tmobile": { "brand_tier": "LOW" } }),
    );
    let base = json!({
        "sid": sid,
        "account_sid": request.context.account_sid,
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
        "campaign_id": registry_id('C', &sid.to_string(), campaign.status == "VERIFIED"),
        "is_externally_registered": false,
        "rate_limits": rate_limits,
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
        "date_updated": rfc3339(campaign.date_updated),
        "url": format!("{}/v1/Services/{service}/Compliance/Usa2p/{sid}", request.base_url),
    });
    details::render(base, &campaign.details)
}
