//! `Tokens.json`: credentials of the Network Traversal Service.
//!
//! Source: <https://www.twilio.com/docs/stun-turn/api>

use http::Method;
use serde_json::json;

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::rfc2822;

/// Seconds for which credentials are valid by default, and at most.
const DAY: u64 = 86_400;

/// Handles a request. The URLs of the response lead to this machine, where no STUN or TURN server
/// listens.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    request.form.allow_only(&["Ttl"])?;
    let ttl = request.form.number("Ttl", 1..=DAY, 20422)?.unwrap_or(DAY);
    let ids = &context.ids;
    let username = format!("{}{}", ids.hex_digits(), ids.hex_digits());
    let password = ids.hex_digits();
    let turn = |urls: &str| json!({ "url": urls, "urls": urls, "username": username, "credential": password });
    let stun = "stun:127.0.0.1:3478";
    let now = rfc2822(context.now());
    Ok(ApiResponse::created(json!({
        "account_sid": context.account_sid,
        "username": username,
        "password": password,
        "ttl": ttl.to_string(),
        "ice_servers": [
            { "url": stun, "urls": stun },
            turn("turn:127.0.0.1:3478?transport=udp"),
            turn("turn:127.0.0.1:3478?transport=tcp"),
            turn("turn:127.0.0.1:443?transport=tcp"),
        ],
        "date_created": now,
        "date_updated": now,
    })))
}
