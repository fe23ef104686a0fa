//! `v1/SafeList/Numbers`: numbers that Twilio's protection against fraud does not block. In the
//! sandbox it blocks texts (30450) to the phones that a test chooses.
//!
//! Source: <https://www.twilio.com/docs/usage/global-safe-list>

use http::Method;
use serde_json::json;

use crate::phone::E164;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::types::SafeListSid;

const NUMBER: &str = "PhoneNumber";

/// Handles a request. The number is a parameter of every method.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    let render =
        |sid: SafeListSid, number: E164| json!({ "sid": sid, "phone_number": number.as_str() });
    match request.method {
        Method::POST => {
            let number = number(&request.form)?;
            ApiError::check_limit(context.read(|state| state.account.safe_list.len()))?;
            let new = context.ids.sid("GN");
            let sid = context.update(|state| *state.account.safe_list.entry(number).or_insert(new));
            Ok(ApiResponse::created(render(sid, number)))
        }
        Method::GET => {
            let number = number(&request.query)?;
            let sid = context.read(|state| state.account.safe_list.get(&number).copied());
            let sid = sid.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::ok(render(sid, number)))
        }
        Method::DELETE => {
            let number = number(&request.query)?;
            let removed = context.update(|state| state.account.safe_list.remove(&number));
            removed.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn number(parameters: &Form) -> Result<E164, ApiError> {
    parameters.allow_only(&[NUMBER])?;
    E164::parse(parameters.one(NUMBER).unwrap_or_default())
        .map_err(|_| ApiError::bad_request(20422, "PhoneNumber is not a number in E.164"))
}
