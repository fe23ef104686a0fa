//! `v1/Tollfree/Verifications`: verifications of toll-free numbers for texts to the USA and Canada.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>

use std::time::{Duration, SystemTime};

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::details::{self, DetailSchema, DetailType};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{PageRequest, check_filters};
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
const USE_CASES: [&str; 14] = [
    "TWO_FACTOR_AUTHENTICATION",
    "ACCOUNT_NOTIFICATIONS",
    "CUSTOMER_CARE",
    "CHARITY_NONPROFIT",
    "DELIVERY_NOTIFICATIONS",
    "FRAUD_ALERT_MESSAGING",
    "EVENTS",
    "HIGHER_EDUCATION",
    "K12",
    "MARKETING",
    "POLLING_AND_VOTING_NON_POLITICAL",
    "POLITICAL_ELECTION_CAMPAIGNS",
    "PUBLIC_SERVICE_ANNOUNCEMENT",
    "SECURITY_ALERT",
];
const OPT_IN_TYPES: [&str; 7] = [
    "VERBAL",
    "WEB_FORM",
    "PAPER_FORM",
    "VIA_TEXT",
    "MOBILE_QR_CODE",
    "IMPORT",
    "IMPORT_PLEASE_REPLACE",
];
/// Messages a month.
const VOLUMES: [&str; 11] = [
    "10",
    "100",
    "1,000",
    "10,000",
    "100,000",
    "250,000",
    "500,000",
    "750,000",
    "1,000,000",
    "5,000,000",
    "10,000,000+",
];
const AUTHORITIES: [&str; 18] = [
    "EIN",
    "CBN",
    "CRN",
    "PROVINCIAL_NUMBER",
    "VAT",
    "ACN",
    "ABN",
    "BRN",
    "SIREN",
    "SIRET",
    "NZBN",
    "USt-IdNr",
    "CIF",
    "NIF",
    "CNPJ",
    "UID",
    "NEQ",
    "OTHER",
];
const BUSINESS_TYPES: [&str; 5] = [
    "PRIVATE_PROFIT",
    "PUBLIC_PROFIT",
    "SOLE_PROPRIETOR",
    "NON_PROFIT",
    "GOVERNMENT",
];
/// Time in which a rejected verification can be edited.
const EDIT_TIME: Duration = Duration::from_secs(7 * 86_400);
/// Parameters of a new verification. The first nine are required.
const SCHEMA: [DetailSchema; 34] = [
    ("BusinessName", "business_name", DetailType::Text),
    ("BusinessWebsite", "business_website", DetailType::Text),
    ("NotificationEmail", "notification_email", DetailType::Text),
    (
        "UseCaseCategories",
        "use_case_categories",
        DetailType::ListOf(&USE_CASES),
    ),
    ("UseCaseSummary", "use_case_summary", DetailType::Text),
    (
        "ProductionMessageSample",
        "production_message_sample",
        DetailType::Text,
    ),
    ("OptInImageUrls", "opt_in_image_urls", DetailType::List),
    ("OptInType", "opt_in_type", DetailType::OneOf(&OPT_IN_TYPES)),
    (
        "MessageVolume",
        "message_volume",
        DetailType::OneOf(&VOLUMES),
    ),
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
        DetailType::OneOf(&AUTHORITIES),
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
    (
        "BusinessType",
        "business_type",
        DetailType::OneOf(&BUSINESS_TYPES),
    ),
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
    (
        "VettingProvider",
        "vetting_provider",
        DetailType::OneOf(&["CAMPAIGN_VERIFY"]),
    ),
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
    let (query, page) = (&request.query, PageRequest::read(request)?);
    let page = request.context.read(|state| {
        let stored = state.registrations.toll_free.iter().rev();
        let found = stored.filter(|verification| {
            let reference = verification.details.get("external_reference_id");
            let reference = reference.and_then(Value::as_str).unwrap_or_default();
            query.matches(NUMBER, verification.number.as_str())
                && query.matches("Status", &verification.status)
                && query.matches("ExternalReferenceId", reference)
        });
        page.select(found, |verification| verification.sid.as_str())
    })?;
    Ok(page.render_v1("verifications", |found| render(request, found)))
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
    if edit_expiration(&verification).is_some_and(|expires| request.context.now() >= expires) {
        let message = "The rejected verification can no longer be edited; submit a new one";
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

/// Returns the end of the time in which a rejected verification can be edited.
fn edit_expiration(verification: &TollFreeVerification) -> Option<SystemTime> {
    let is_rejected = verification.status == "TWILIO_REJECTED";
    let expires = verification.date_updated.checked_add(EDIT_TIME);
    expires.filter(|_| is_rejected)
}

fn render(request: &ApiRequest<'_>, verification: &TollFreeVerification) -> Value {
    let context = request.context;
    let number = context.read(|state| {
        let number = state.number_by_sid(verification.number);
        number.map(|number| number.number.as_str().to_owned())
    });
    let expiration = edit_expiration(verification);
    let can_edit = expiration.map(|expires| context.now() < expires);
    // Fields of parameters that the verification does not have.
    let mut details: Details = SCHEMA
        .iter()
        .filter(|detail| !detail.2.is_list())
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
        "edit_allowed": can_edit,
        "edit_expiration": expiration.and_then(rfc3339),
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
