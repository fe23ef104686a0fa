//! `v1/Consents/Bulk`: consent that people gave or withdrew elsewhere. It permits or blocks messages,
//! as START and STOP do.
//!
//! Source: <https://www.twilio.com/docs/messaging/features/consent-api>,
//! <https://www.twilio.com/docs/api/errors/30646>

use http::Method;
use serde_json::{Map, Value, json};

use crate::phone::{Address, E164};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{OptOutScope, State};
use crate::types::MessagingServiceSid;

/// Twilio's limit for the records of one request.
const LIMIT: usize = 25;
/// Twilio's error for a record that was not stored.
const NOT_STORED: u32 = 30646;

/// Handles a request. Each record is an object in a parameter of its own.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>) -> ApiResult {
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    request.form.allow_only(&["Items"])?;
    let records = request.form.all("Items");
    let records: Option<Vec<Map<String, Value>>> = records
        .into_iter()
        .map(|text| serde_json::from_str(text).ok())
        .collect();
    let records = records.filter(|records| (1..=LIMIT).contains(&records.len()));
    let records = records.ok_or_else(|| {
        ApiError::bad_request(20001, "Items must be 1 to 25 objects, one a parameter")
    })?;
    let items: Vec<Value> = records
        .iter()
        .map(|record| {
            let errors = store(request.context, record);
            json!({
                "correlation_id": record.get("correlation_id"),
                "error_code": if errors.is_empty() { 0 } else { NOT_STORED },
                "error_messages": errors,
            })
        })
        .collect();
    Ok(ApiResponse::created(json!({ "items": items })))
}

/// Stores a record. Returns its errors, in Twilio's words; a record with an error is not stored.
fn store(context: &Context, record: &Map<String, Value>) -> Vec<&'static str> {
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
    let id = text("correlation_id");
    let is_valid_id = id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit());
    let contact = E164::parse(text("contact_id")).ok();
    let date = text("date_of_consent");
    let is_valid_date = date.is_empty() || date.parse::<jiff::Timestamp>().is_ok();
    let source = text("source");
    let is_valid_source = matches!(
        source,
        "website" | "offline" | "opt-in-message" | "opt-out-message" | "others"
    );
    let opted_in = match text("status") {
        "opt-in" => Some(true),
        "opt-out" => Some(false),
        _ => None,
    };
    context.update(|state| {
        let scope = scope(state, text("sender_id"));
        let checks = [
            (is_valid_id, "INVALID_CORRELATION_ID"),
            (scope.is_some(), "INVALID_SENDER_ID"),
            (contact.is_some(), "INVALID_CONTACT_ID"),
            (opted_in.is_some(), "INVALID_STATUS"),
            (is_valid_source, "INVALID_SOURCE"),
            (is_valid_date, "INVALID_DATE_OF_CONSENT"),
        ];
        let failed = checks.iter().filter(|(is_valid, _)| !is_valid);
        let errors: Vec<_> = failed.map(|(_, error)| *error).collect();
        if let (true, Some(scope), Some(contact), Some(opted_in)) =
            (errors.is_empty(), scope, contact, opted_in)
        {
            if opted_in {
                state.opt_outs.remove(scope, contact.into());
            } else {
                state.opt_outs.add(scope, contact.into());
            }
        }
        errors
    })
}

/// Returns the senders that a record is about: a Messaging Service, or a sender of the account.
fn scope(state: &State, sender: &str) -> Option<OptOutScope> {
    if let Ok(service) = MessagingServiceSid::parse(sender) {
        return state
            .service(service)
            .map(|service| OptOutScope::Service(service.sid));
    }
    let sender = Address::parse(sender);
    state
        .owns_sender(&sender)
        .then(|| state.opt_out_scope(&sender))
}
