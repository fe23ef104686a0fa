//! `v1/Services/{Sid}/ShortCodes`: short codes in the sender pool of a Messaging Service.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{StoredService, rfc3339};
use crate::types::{MessagingServiceSid, ShortCodeSid};

/// Handles a request for the list.
pub(super) fn list_or_create(request: &ApiRequest<'_>, service: &StoredService) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let items = service.short_codes.iter();
            let items = items.filter_map(|code| render(request, service, *code));
            page_v1(request, "short_codes", &items.collect::<Vec<_>>())
        }
        Method::POST => {
            request.form.allow_only(&["ShortCodeSid"])?;
            let code = request.form.one("ShortCodeSid").unwrap_or_default();
            let code = ShortCodeSid::parse(code)
                .map_err(|_| ApiError::bad_request(21701, "The ShortCodeSid is not valid"))?;
            add(request.context, service.sid, code)?;
            let added = render(request, service, code);
            let added = added.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::created(added))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Adds a short code to a sender pool. A short code can be in at most one pool.
fn add(
    context: &Context,
    service: MessagingServiceSid,
    code: ShortCodeSid,
) -> Result<(), ApiError> {
    context.update(|state| {
        if !state.short_codes.iter().any(|owned| owned.sid == code) {
            return Err(ApiError::bad_request(
                21701,
                "The account does not own the short code",
            ));
        }
        let mut services = state.services.iter();
        let pool = services.find(|service| service.short_codes.contains(&code));
        match pool.map(|other| other.sid) {
            Some(other) if other == service => Err(ApiError::bad_request(
                21710,
                "The short code is already in the Messaging Service",
            )),
            Some(_) => Err(ApiError::bad_request(
                21712,
                "The short code is in another Messaging Service",
            )),
            None => {
                if let Some(service) = state.service_mut(service) {
                    service.short_codes.push(code);
                }
                Ok(())
            }
        }
    })
}

/// Handles a request for one short code.
pub(super) fn one(request: &ApiRequest<'_>, service: &StoredService, sid: &str) -> ApiResult {
    let not_found = || request.not_found();
    let sid = ShortCodeSid::parse(sid).map_err(|_| not_found())?;
    if !service.short_codes.contains(&sid) {
        return Err(not_found());
    }
    match request.method {
        Method::GET => {
            let found = render(request, service, sid).ok_or_else(not_found)?;
            Ok(ApiResponse::ok(found))
        }
        Method::DELETE => {
            request.context.update(|state| {
                if let Some(service) = state.service_mut(service.sid) {
                    service.short_codes.retain(|pooled| *pooled != sid);
                }
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn render(request: &ApiRequest<'_>, service: &StoredService, sid: ShortCodeSid) -> Option<Value> {
    let context = request.context;
    let code = context.read(|state| state.short_codes.iter().find(|c| c.sid == sid).cloned())?;
    Some(json!({
        "sid": sid,
        "account_sid": context.account_sid,
        "service_sid": service.sid,
        "short_code": code.code,
        "country_code": "US",
        "capabilities": ["SMS"],
        "date_created": rfc3339(code.date_created),
        "date_updated": rfc3339(code.date_created),
        "url": format!("{}/v1/Services/{}/ShortCodes/{sid}", request.base_url, service.sid),
    }))
}
