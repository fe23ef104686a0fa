//! `v1/Tollfree/Verifications`: verifications of toll-free numbers for texts to the USA and Canada.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::details::{self, DetailSchema, DetailType};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::numbers::is_toll_free;
use crate::sandbox::state::{Details, TollFreeVerification, rfc3339};
use crate::types::PhoneNumberSid;

const FILTERS: &[&str] = &[
    "TollfreePhoneNumberSid",
    "Status",
    "ExternalReferenceId",
    "IncludeSubAccounts",
    "TrustProductSid",
];
const NUMBER: &str = "TollfreePhoneNumberSid";
/// Parameters of a new verification. The first nine are required.
const SCHEMA: [DetailSchema; 34] = [
    ("BusinessName", "business_name", DetailType::Text),
    ("BusinessWebsite", "business_website", DetailType::Text),
    ("NotificationEmail", "notification_email", DetailType::Text),
    ("UseCaseCategories", "use_case_categories", DetailType::List),
    ("UseCaseSummary", "use_case_summary", DetailType::Text),
    (
        "ProductionMessageSample",
        "production_message_sample",
        DetailType::Text,
    ),
    ("OptInImageUrls", "opt_in_image_urls", DetailType::List),
    ("OptInType", "opt_in_type", DetailType::Text),
    ("MessageVolume", "message_volume", DetailType::Text),
    (
        "BusinessStreetAddress",
        "business_street_address",
        DetailType::Text,
    ),
    (
        "BusinessStreetAddress2",
        "business_street_address2",
        DetailType::Text,
    ),
    ("BusinessCity", "business_city", DetailType::Text),
    (
        "BusinessStateProvinceRegion",
        "business_state_province_region",
        DetailType::Text,
    ),
    (
        "BusinessPostalCode",
        "business_postal_code",
        DetailType::Text,
    ),
    ("BusinessCountry", "business_country", DetailType::Text),
    (
        "AdditionalInformation",
        "additional_information",
        DetailType::Text,
    ),
    (
        "BusinessContactFirstName",
        "business_contact_first_name",
        DetailType::Text,
    ),
    (
        "BusinessContactLastName",
        "business_contact_last_name",
        DetailType::Text,
    ),
    (
        "BusinessContactEmail",
        "business_contact_email",
        DetailType::Text,
    ),
    (
        "BusinessContactPhone",
        "business_contact_phone",
        DetailType::Text,
    ),
    (
        "BusinessRegistrationNumber",
        "business_registration_number",
        DetailType::Text,
    ),
    (
        "BusinessRegistrationAuthority",
        "business_registration_authority",
        DetailType::Text,
    ),
    (
        "BusinessRegistrationCountry",
        "business_registration_country",
        DetailType::Text,
    ),
    (
        "BusinessRegistrationPhoneNumber",
        "business_registration_phone_number",
        DetailType::Text,
    ),
    ("BusinessType", "business_type", DetailType::Text),
    ("DoingBusinessAs", "doing_business_as", DetailType::Text),
    (
        "OptInConfirmationMessage",
        "opt_in_confirmation_message",
        DetailType::Text,
    ),
    ("OptInKeywords", "opt_in_keywords", DetailType::List),
    ("HelpMessageSample", "help_message_sample", DetailType::Text),
    ("PrivacyPolicyUrl", "privacy_policy_url", DetailType::Text),
    (
        "TermsAndConditionsUrl",
        "terms_and_conditions_url",
        DetailType::Text,
    ),
    ("AgeGatedContent", "age_gated_content", DetailType::Flag),
    ("VettingProvider", "vetting_provider", DetailType::Text),
    ("VettingId", "vetting_id", DetailType::Text),
];
/// Parameters that only a new verification has.
const NEW: [DetailSchema; 2] = [
    (
        "CustomerProfileSid",
        "customer_profile_sid",
        DetailType::Text,
    ),
    (
        "ExternalReferenceId",
        "external_reference_id",
        DetailType::Text,
    ),
];

/// Handles a request. `sid` is the path after `/v1/Tollfree/Verifications`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let Some(sid) = sid else {
        return list_or_create(request);
    };
    let stored = request.context.read(|state| {
        let mut stored = state.registrations.toll_free.iter();
        stored.find(|stored| stored.sid.as_str() == sid).cloned()
    });
    let verification = stored.ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request, &verification))),
        Method::POST => update(request, verification),
        Method::DELETE => {
            request
                .context
                .update(|state| state.registrations.remove_verification(&verification));
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list_or_create(request: &ApiRequest<'_>) -> ApiResult {
    match request.method {
        Method::GET => list(request),
        Method::POST => {
            let verification = create(request)?;
            Ok(ApiResponse::created(render(request, &verification)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    check_filters(request, FILTERS)?;
    let stored = request
        .context
        .read(|state| state.registrations.toll_free.clone());
    let items = stored
        .iter()
        .rev()
        .filter(|verification| {
            let reference = verification.details.get("external_reference_id");
            let reference = reference.and_then(Value::as_str).unwrap_or_default();
            let query = &request.query;
            query.matches(NUMBER, verification.number.as_str())
                && query.matches("Status", &verification.status)
                && query.matches("ExternalReferenceId", reference)
        })
        .map(|verification| render(request, verification));
    page_v1(request, "verifications", &items.collect::<Vec<_>>())
}

fn create(request: &ApiRequest<'_>) -> Result<TollFreeVerification, ApiError> {
    let (context, form) = (request.context, &request.form);
    let schema = [&SCHEMA[..], &NEW[..]].concat();
    let mut required = vec![NUMBER];
    required.extend(SCHEMA.iter().take(9).map(|detail| detail.0));
    details::check(&schema, form, &required, &[NUMBER], 20001)?;
    let number = PhoneNumberSid::parse(form.one(NUMBER).unwrap_or_default()).ok();
    let number = context.read(|state| {
        let number = state.number_by_sid(number?)?;
        is_toll_free(number.number).then_some(number.sid)
    });
    let number = number.ok_or_else(|| {
        let message = format!("{NUMBER} is not a toll-free number of the account");
        ApiError::bad_request(20422, message)
    })?;
    let now = context.now();
    let mut details = Details::new();
    details::apply(&schema, form, &mut details);
    let verification = TollFreeVerification {
        sid: context.ids.sid("HH"),
        number,
        status: "PENDING_REVIEW".to_owned(),
        details,
        date_created: now,
        date_updated: now,
    };
    context.update(|state| {
        let stored = &mut state.registrations.toll_free;
        if stored.iter().any(|stored| stored.number == number) {
            let message = "The number has a verification already; update or delete it";
            return Err(ApiError::bad_request(20422, message));
        }
        stored.push(verification.clone());
        Ok(verification)
    })
}

/// Changes a verification that is not under review, and submits it again.
fn update(request: &ApiRequest<'_>, mut verification: TollFreeVerification) -> ApiResult {
    let form = &request.form;
    details::check(&SCHEMA, form, &[], &["EditReason"], 20001)?;
    if verification.status == "IN_REVIEW" {
        let message = "A verification cannot be updated while it is under review";
        return Err(ApiError::bad_request(20422, message));
    }
    details::apply(&SCHEMA, form, &mut verification.details);
    "PENDING_REVIEW".clone_into(&mut verification.status);
    verification.date_updated = request.context.now();
    let rendered = render(request, &verification);
    request.context.update(|state| {
        let mut stored = state.registrations.toll_free.iter_mut();
        if let Some(stored) = stored.find(|stored| stored.sid == verification.sid) {
            *stored = verification;
        }
    });
    Ok(ApiResponse::accepted(rendered))
}

fn render(request: &ApiRequest<'_>, verification: &TollFreeVerification) -> Value {
    let context = request.context;
    let number = context.read(|state| {
        let number = state.number_by_sid(verification.number);
        number.map(|number| number.number.as_str().to_owned())
    });
    let is_rejected = verification.status == "TWILIO_REJECTED";
    // Fields of parameters that the verification does not have.
    let mut details: Details = SCHEMA
        .iter()
        .filter(|detail| detail.2 != DetailType::List)
        .map(|detail| (detail.1.to_owned(), Value::Null))
        .collect();
    details.extend(verification.details.clone());
    if verification.details.is_empty() {
        details.insert("business_name".to_owned(), "A clinic".into());
        details.insert("message_volume".to_owned(), "1,000".into());
        details.insert("opt_in_type".to_owned(), "PAPER_FORM".into());
    }
    let base = json!({
        "sid": verification.sid,
        "account_sid": context.account_sid,
        "tollfree_phone_number_sid": verification.number,
        "tollfree_phone_number": number,
        "status": verification.status,
        "use_case_categories": ["ACCOUNT_NOTIFICATIONS"],
        "rejection_reason": null,
        "rejection_reasons": null,
        "error_code": null,
        "edit_allowed": is_rejected.then_some(true),
        "edit_expiration": null,
        "external_reference_id": null,
        "customer_profile_sid": null,
        "trust_product_sid": null,
        "regulated_item_sid": null,
        "resource_links": {},
        "date_created": rfc3339(verification.date_created),
        "date_updated": rfc3339(verification.date_updated),
        "url": format!("{}/v1/Tollfree/Verifications/{}", request.base_url, verification.sid),
    });
    details::render(base, &details)
}
