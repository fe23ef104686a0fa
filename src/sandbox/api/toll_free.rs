//! `v1/Tollfree/Verifications`: may a toll-free number text the USA and Canada?
//!
//! Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page_of_v1};
use super::{ApiError, Asked, Outcome};
use crate::sandbox::registrations::TollFree;
use crate::sandbox::store::{World, rfc3339};

const FILTERS: &[&str] = &[
    "TollfreePhoneNumberSid",
    "Status",
    "ExternalReferenceId",
    "IncludeSubAccounts",
    "TrustProductSid",
];

/// `sid` is what follows `/v1/Tollfree/Verifications`.
pub(super) fn route(world: &World, asked: &Asked<'_>, sid: Option<&str>) -> Outcome {
    if asked.method != Method::GET {
        return Err(ApiError::wrong_method());
    }
    let stored = world.read(|state| state.registrations.toll_free.clone());
    let Some(sid) = sid else {
        check(asked, FILTERS)?;
        let items = stored
            .iter()
            .rev()
            .filter(|filed| {
                let query = &asked.query;
                query.matches("TollfreePhoneNumberSid", filed.number.as_str())
                    && query.matches("Status", &filed.status)
            })
            .map(|filed| render(world, filed));
        let page = page_of_v1(world, asked, "verifications", items.collect())?;
        return Ok((StatusCode::OK, page));
    };
    let filed = stored.iter().find(|filed| filed.sid.as_str() == sid);
    let filed = filed.ok_or_else(|| ApiError::not_found(asked.path))?;
    Ok((StatusCode::OK, render(world, filed)))
}

fn render(world: &World, filed: &TollFree) -> Value {
    let number = world.read(|state| {
        let number = state.numbers.iter().find(|n| n.sid == filed.number);
        number.map(|number| number.number.as_str().to_owned())
    });
    json!({
        "sid": filed.sid,
        "account_sid": world.account_sid,
        "tollfree_phone_number_sid": filed.number,
        "tollfree_phone_number": number,
        "status": filed.status,
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
        "date_created": rfc3339(filed.date_created),
        "date_updated": rfc3339(filed.date_created),
        "url": format!("{}/v1/Tollfree/Verifications/{}", world.base_url, filed.sid),
    })
}
