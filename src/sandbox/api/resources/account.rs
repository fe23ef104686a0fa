//! `Accounts.json` and `Balance.json`: the account and its subaccounts.
//!
//! Source: <https://www.twilio.com/docs/iam/api/account>, <https://www.twilio.com/docs/usage/api>

use http::Method;
use serde_json::{Map, Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{Subaccount, rfc2822};
use crate::types::AccountSid;

/// Fields of `subresource_uris`, with the path of each.
const SUBRESOURCES: &[(&str, &str)] = &[
    ("addresses", "Addresses"),
    ("applications", "Applications"),
    ("authorized_connect_apps", "AuthorizedConnectApps"),
    ("available_phone_numbers", "AvailablePhoneNumbers"),
    ("balance", "Balance"),
    ("calls", "Calls"),
    ("conferences", "Conferences"),
    ("connect_apps", "ConnectApps"),
    ("incoming_phone_numbers", "IncomingPhoneNumbers"),
    ("keys", "Keys"),
    ("messages", "Messages"),
    ("notifications", "Notifications"),
    ("outgoing_caller_ids", "OutgoingCallerIds"),
    ("queues", "Queues"),
    ("recordings", "Recordings"),
    ("short_codes", "SMS/ShortCodes"),
    ("signing_keys", "SigningKeys"),
    ("sip", "SIP"),
    ("transcriptions", "Transcriptions"),
    ("usage", "Usage"),
];

/// Handles a request for the list of accounts: the subaccounts, and the account itself.
pub(in crate::sandbox::api) fn list_or_create(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    match request.method {
        Method::GET => {
            check_filters(request, &["FriendlyName", "Status"])?;
            let query = &request.query;
            let accounts = accounts(context).into_iter().rev();
            let found = accounts.filter(|account| {
                query.matches("FriendlyName", &account.friendly_name)
                    && query.matches("Status", &account.status)
            });
            let items = found.map(|account| render(context, &account));
            page(request, "accounts", &items.collect::<Vec<_>>())
        }
        Method::POST => {
            request.form.allow_only(&["FriendlyName"])?;
            let name = request.form.friendly_name()?;
            ApiError::check_limit(context.read(|state| state.account.subaccounts.len()))?;
            let now = context.now();
            let default_name =
                || format!("SubAccount Created at {}", rfc2822(now).unwrap_or_default());
            let created = Subaccount {
                sid: context.ids.sid("AC"),
                auth_token: context.ids.auth_token(),
                friendly_name: name.map_or_else(default_name, str::to_owned),
                status: "active".to_owned(),
                date_created: now,
                date_updated: now,
            };
            context.update(|state| state.account.subaccounts.push(created.clone()));
            Ok(ApiResponse::created(render(context, &created)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Handles a request for one account.
pub(in crate::sandbox::api) fn one(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    let context = request.context;
    let accounts = accounts(context);
    let account = accounts.iter().find(|account| account.sid.as_str() == sid);
    let account = account.ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, account))),
        Method::POST => update(request, account.sid),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Reports whether a SID is that of a subaccount.
pub(in crate::sandbox::api) fn is_subaccount(request: &ApiRequest<'_>, sid: &str) -> bool {
    request.context.read(|state| {
        let mut subaccounts = state.account.subaccounts.iter();
        subaccounts.any(|account| account.sid.as_str() == sid)
    })
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

/// Returns the account and then its subaccounts, in order of creation.
fn accounts(context: &Context) -> Vec<Subaccount> {
    let started = context.clock.started();
    context.read(|state| {
        let account = &state.account;
        let own = Subaccount {
            sid: context.account_sid,
            auth_token: context.auth_token().clone(),
            friendly_name: account.friendly_name.clone(),
            status: account.status.clone(),
            date_created: started,
            date_updated: account.date_updated.unwrap_or(started),
        };
        let mut found = vec![own];
        found.extend(account.subaccounts.iter().cloned());
        found
    })
}

fn update(request: &ApiRequest<'_>, sid: AccountSid) -> ApiResult {
    let (context, form) = (request.context, &request.form);
    form.allow_only(&["FriendlyName", "Status"])?;
    let name = form.friendly_name()?;
    let status = form.one("Status");
    if status.is_some_and(|status| !matches!(status, "active" | "suspended" | "closed")) {
        return Err(ApiError::bad_request(21475, "Status is invalid"));
    }
    let now = context.now();
    if sid == context.account_sid {
        if status.is_some() {
            let what = "a change of the main account's Status; use `Sandbox::set_account_status`";
            return Err(ApiError::not_supported(what));
        }
        context.update(|state| {
            let account = &mut state.account;
            account.friendly_name = name.unwrap_or(&account.friendly_name).to_owned();
            account.date_updated = Some(now);
        });
    } else {
        context.update(|state| {
            let mut subaccounts = state.account.subaccounts.iter_mut();
            let Some(account) = subaccounts.find(|account| account.sid == sid) else {
                return Ok(());
            };
            // A closed account cannot be opened again.
            if account.status == "closed" {
                return Err(ApiError::bad_request(21472, "Account is not active"));
            }
            account.friendly_name = name.unwrap_or(&account.friendly_name).to_owned();
            account.status = status.unwrap_or(&account.status).to_owned();
            account.date_updated = now;
            Ok(())
        })?;
    }
    let accounts = accounts(context);
    let account = accounts.iter().find(|account| account.sid == sid);
    let account = account.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render(context, account)))
}

fn render(context: &Context, account: &Subaccount) -> Value {
    let tier = context.read(|state| state.account.tier.clone());
    let path = format!("/2010-04-01/Accounts/{}", account.sid);
    let links = SUBRESOURCES
        .iter()
        .map(|(field, name)| ((*field).to_owned(), json!(format!("{path}/{name}.json"))));
    json!({
        "sid": account.sid,
        "owner_account_sid": context.account_sid,
        "auth_token": account.auth_token.expose(),
        "friendly_name": account.friendly_name,
        "status": account.status,
        "type": tier,
        "date_created": rfc2822(account.date_created),
        "date_updated": rfc2822(account.date_updated),
        "subresource_uris": links.collect::<Map<_, _>>(),
        "uri": format!("{path}.json"),
    })
}
