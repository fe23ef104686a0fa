//! `v1/Tollfree/Verifications`: verifications of toll-free numbers for texts to the USA and Canada.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>

use serde_json::{Value, json};

use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{TollFreeVerification, rfc3339};

const FILTERS: &[&str] = &[
    "TollfreePhoneNumberSid",
    "Status",
    "ExternalReferenceId",
    "IncludeSubAccounts",
    "TrustProductSid",
];

/// Handles a request. `sid` is the path after `/v1/Tollfree/Verifications`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    let stored = context.read(|state| state.registrations.toll_free.clone());
    let Some(sid) = sid else {
        check_filters(request, FILTERS)?;
        let items = stored
            .iter()
            .rev()
            .filter(|verification| {
                let query = &request.query;
                query.matches("TollfreePhoneNumberSid", verification.number.as_str())
                    && query.matches("Status", &verification.status)
            })
            .map(|verification| render(request, verification));
        return page_v1(request, "verifications", &items.collect::<Vec<_>>());
    };
    let verification = stored
        .iter()
        .find(|verification| verification.sid.as_str() == sid);
    let verification = verification.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render(request, verification)))
}

fn render(request: &ApiRequest<'_>, verification: &TollFreeVerification) -> Value {
    let context = request.context;
    let number = context.read(|state| {
        let number = state.number_by_sid(verification.number);
        number.map(|number| number.number.as_str().to_owned())
    });
    json!({
        "sid": verification.sid,
        "account_sid": context.account_sid,
        "tollfree_phone_number_sid": verification.number,
        "tollfree_phone_number": number,
        "status": verification.status,
        "business_name": "A clinic",
        "business_website": null,
        "use_case_categories": ["ACCOUNT_NOTIFICATIONS"],
        "message_volume": "1,000",
        "rejection_reason": null,
        "error_code": null,
        "edit_allowed": null,
        "edit_expiration": null,
        "external_reference_id": null,
        "customer_profile_sid": null,
        "trust_product_sid": null,
        "regulated_item_sid": null,
        "date_created": rfc3339(verification.date_created),
        "date_updated": rfc3339(verification.date_created),
        "url": format!("{}/v1/Tollfree/Verifications/{}", request.base_url, verification.sid),
    })
}
