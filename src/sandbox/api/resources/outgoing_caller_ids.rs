//! `OutgoingCallerIds.json`: verified caller IDs, and the calls that verify them.
//!
//! Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids>

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::phone::{E164, PhoneNumber};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::calls::{self, Verification};
use crate::sandbox::context::Context;
use crate::sandbox::state::{StoredCallerId, formatted, rfc2822};
use crate::types::{PhoneNumberSid, Redacted};

const CREATE: &[&str] = &[
    "PhoneNumber",
    "FriendlyName",
    "CallDelay",
    "Extension",
    "StatusCallback",
    "StatusCallbackMethod",
];
/// Handles a request for the list, or to verify a number.
pub(in crate::sandbox::api) fn list_or_create(request: &ApiRequest<'_>) -> ApiResult {
    match request.method {
        Method::GET => list(request),
        Method::POST => verify(request.context, &request.form),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Handles a request for one caller ID.
pub(in crate::sandbox::api) fn one(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    let context = request.context;
    let mut caller = PhoneNumberSid::parse(sid)
        .ok()
        .and_then(|sid| {
            context.read(|state| state.caller_ids.iter().find(|c| c.sid == sid).cloned())
        })
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &caller))),
        Method::POST => {
            request.form.allow_only(&["FriendlyName"])?;
            if let Some(name) = request.form.friendly_name()? {
                caller.friendly_name = Redacted::new(name.to_owned());
            }
            caller.date_updated = context.now();
            context.update(|state| {
                let mut stored = state.caller_ids.iter_mut();
                if let Some(stored) = stored.find(|stored| stored.sid == caller.sid) {
                    *stored = caller.clone();
                }
            });
            Ok(ApiResponse::ok(render(context, &caller)))
        }
        Method::DELETE => {
            context.update(|state| state.caller_ids.retain(|stored| stored.sid != caller.sid));
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    check_filters(request, &["PhoneNumber", "FriendlyName"])?;
    let query = &request.query;
    let page = PageRequest::read(request)?;
    let page = context.read(|state| {
        let found = state.caller_ids.iter().rev().filter(|caller| {
            query.matches("PhoneNumber", caller.number.as_str())
                && query.matches("FriendlyName", caller.friendly_name.expose())
        });
        page.select(found, |caller| caller.sid.as_str())
    })?;
    Ok(page.render("outgoing_caller_ids", |caller| render(context, caller)))
}

/// Starts to verify a number: the response has a code, and the person must enter it in a call.
fn verify(context: &Arc<Context>, form: &Form) -> ApiResult {
    form.allow_only(CREATE)?;
    let number = number_to_verify(context, form)?;
    let name = form
        .friendly_name()?
        .map_or_else(|| formatted(&number.into()), str::to_owned);
    let delay = form.number("CallDelay", 0..=60, 21454)?.unwrap_or(0);
    if form.one("Extension").is_some() {
        return Err(ApiError::not_supported("Extension"));
    }
    let status_callback = form.webhook("StatusCallback", "StatusCallbackMethod", 21456)?;
    let code = context.ids.six_digits();
    let verification = Verification {
        caller_id: StoredCallerId::new(context.ids.sid("PN"), number, &name, context.now()),
        code: code.clone(),
        delay: Duration::from_secs(delay),
        status_callback,
    };
    let call_sid = calls::verify(context, verification);
    Ok(ApiResponse::ok(json!({
        "account_sid": context.account_sid,
        "call_sid": call_sid,
        "friendly_name": name,
        "phone_number": number.as_str(),
        "validation_code": code,
    })))
}

fn number_to_verify(context: &Context, form: &Form) -> Result<E164, ApiError> {
    let number = form
        .one("PhoneNumber")
        .and_then(|text| E164::parse(text).ok())
        .filter(|number| PhoneNumber::try_from(*number).is_ok())
        .ok_or_else(|| ApiError::bad_request(21401, "PhoneNumber is invalid"))?;
    let (is_owned, is_verified) = context.read(|state| {
        let is_owned = state.number(number).is_some();
        (is_owned, state.may_call_from(number))
    });
    if is_owned {
        let message = "The account owns the number, which needs no verification";
        return Err(ApiError::bad_request(21449, message));
    }
    if is_verified {
        let message = "The number is verified already";
        return Err(ApiError::bad_request(21450, message));
    }
    Ok(number)
}

fn render(context: &Context, caller: &StoredCallerId) -> Value {
    let (account, sid) = (context.account_sid, caller.sid);
    json!({
        "sid": sid,
        "account_sid": account,
        "friendly_name": caller.friendly_name.expose(),
        "phone_number": caller.number.as_str(),
        "date_created": rfc2822(caller.date_created),
        "date_updated": rfc2822(caller.date_updated),
        "uri": format!("/2010-04-01/Accounts/{account}/OutgoingCallerIds/{sid}.json"),
    })
}
