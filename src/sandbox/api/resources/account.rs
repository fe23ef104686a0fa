//! `Accounts.json` and `Balance.json`.
//!
//! Source: <https://www.twilio.com/docs/iam/api/account>, <https://www.twilio.com/docs/usage/api>

use serde_json::{Value, json};

use crate::sandbox::api::paging::{check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::rfc2822;

/// Handles a request. `sid` is the path after `Accounts`, or `None` for the list.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    match sid {
        Some(sid) if sid == context.account_sid.as_str() => Ok(ApiResponse::ok(render(context))),
        Some(_) => Err(request.not_found()),
        None => {
            check_filters(request, &["FriendlyName", "Status"])?;
            let items = vec![render(context)];
            page(request, "accounts", &items)
        }
    }
}

pub(in crate::sandbox::api) fn balance(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    let (balance, currency) = context.read(|state| state.account.balance.clone());
    let body = json!({
        "account_sid": context.account_sid,
        "balance": balance,
        "currency": currency,
    });
    Ok(ApiResponse::ok(body))
}

fn render(context: &Context) -> Value {
    let sid = context.account_sid;
    let (status, tier) = context.read(|state| {
        let account = &state.account;
        (account.status.clone(), account.tier.clone())
    });
    json!({
        "sid": sid,
        "owner_account_sid": sid,
        "auth_token": context.auth_token().expose(),
        "friendly_name": "The sandbox",
        "status": status,
        "type": tier,
        "date_created": rfc2822(context.clock.started()),
        "date_updated": rfc2822(context.clock.started()),
        "subresource_uris": {},
        "uri": format!("/2010-04-01/Accounts/{sid}.json"),
    })
}
