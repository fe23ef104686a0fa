//! `v1/Services/{Sid}/PhoneNumbers`: numbers in the sender pool of a Messaging Service.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{StoredService, rfc3339};
use crate::types::{MessagingServiceSid, PhoneNumberSid};

/// Handles a request for the list.
pub(super) fn list_or_create(request: &ApiRequest<'_>, service: &StoredService) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let items = service.numbers.iter();
            let items = items.filter_map(|number| render(request, service, *number));
            page_v1(request, "phone_numbers", &items.collect::<Vec<_>>())
        }
        Method::POST => {
            request.form.allow_only(&["PhoneNumberSid"])?;
            let number = request.form.one("PhoneNumberSid").unwrap_or_default();
            let number = PhoneNumberSid::parse(number)
                .map_err(|_| ApiError::bad_request(21701, "The PhoneNumberSid is not valid"))?;
            add(request.context, service.sid, number)?;
            let added = render(request, service, number);
            let added = added.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::created(added))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Adds a number to a sender pool. A number can be in at most one pool.
pub(crate) fn add(
    context: &Context,
    service: MessagingServiceSid,
    number: PhoneNumberSid,
) -> Result<(), ApiError> {
    context.update(|state| {
        if !state.numbers.iter().any(|owned| owned.sid == number) {
            return Err(ApiError::bad_request(
                21701,
                "The account does not own the number",
            ));
        }
        match state.service_of(number).map(|other| other.sid) {
            Some(other) if other == service => Err(ApiError::conflict(
                21710,
                "The number is already in the Messaging Service",
            )),
            Some(_) => Err(ApiError::conflict(
                21712,
                "The number is in another Messaging Service",
            )),
            None => {
                if let Some(service) = state.service_mut(service) {
                    service.numbers.push(number);
                }
                Ok(())
            }
        }
    })
}

/// Handles a request for one number.
pub(super) fn one(request: &ApiRequest<'_>, service: &StoredService, number: &str) -> ApiResult {
    let not_found = || request.not_found();
    let number = PhoneNumberSid::parse(number).map_err(|_| not_found())?;
    if !service.numbers.contains(&number) {
        return Err(not_found());
    }
    match request.method {
        Method::GET => {
            let found = render(request, service, number).ok_or_else(not_found)?;
            Ok(ApiResponse::ok(found))
        }
        Method::DELETE => {
            request.context.update(|state| {
                if let Some(service) = state.service_mut(service.sid) {
                    service.numbers.retain(|pooled| *pooled != number);
                }
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn render(request: &ApiRequest<'_>, service: &StoredService, sid: PhoneNumberSid) -> Option<Value> {
    let context = request.context;
    let number = context.read(|state| state.number_by_sid(sid).cloned())?;
    let capabilities = ["voice", "sms", "mms"].map(|what| (what, number.has_capability(what)));
    let capabilities = capabilities.iter().filter(|(_, can)| *can);
    let capabilities: Vec<String> = capabilities.map(|(what, _)| what.to_uppercase()).collect();
    Some(json!({
        "sid": sid,
        "account_sid": context.account_sid,
        "service_sid": service.sid,
        "phone_number": number.number.as_str(),
        "country_code": number.country(),
        "capabilities": capabilities,
        "date_created": rfc3339(service.date_updated),
        "date_updated": rfc3339(service.date_updated),
        "url": format!("{}/v1/Services/{}/PhoneNumbers/{sid}", request.base_url, service.sid),
    }))
}
