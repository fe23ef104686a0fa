//! Routes a request to the resource of its path.

use std::sync::Arc;

use super::request::ApiRequest;
use super::resources::{
    a2p, account, applications, calls, incoming_phone_numbers, messages, monitor, permissions,
    services, short_codes, toll_free,
};
use super::response::ApiResult;
use crate::sandbox::context::Context;

pub(super) fn route(context: &Arc<Context>, request: &ApiRequest<'_>) -> ApiResult {
    if let Some(rest) = request.path.strip_prefix("/v1/") {
        return route_v1(context, request, rest);
    }
    if request.path == "/2010-04-01/Accounts.json" {
        return account::route(context, request, None);
    }
    if let Some(sid) = request.path.strip_prefix("/2010-04-01/Accounts/")
        && let Some(sid) = sid.strip_suffix(".json").filter(|sid| !sid.contains('/'))
    {
        return account::route(context, request, Some(sid));
    }
    let account = format!("/2010-04-01/Accounts/{}/", context.account_sid);
    let rest = request
        .path
        .strip_prefix(&account)
        .and_then(|rest| rest.strip_suffix(".json"))
        .ok_or_else(|| request.not_found())?;
    if let Some(rest) = rest.strip_prefix("SMS/ShortCodes") {
        return short_codes::route(context, request, rest.strip_prefix('/'));
    }
    let (resource, sid) = match rest.split_once('/') {
        Some((resource, sid)) => (resource, Some(sid)),
        None => (rest, None),
    };
    match resource {
        "Balance" => account::balance(context, request),
        "Messages" => messages::route(context, request, sid),
        "Calls" => calls::route(context, request, sid),
        "IncomingPhoneNumbers" => incoming_phone_numbers::route(context, request, sid),
        "Applications" => applications::route(context, request, sid),
        _ => Err(request.not_found()),
    }
}

/// Routes a request to one of the newer APIs. Twilio has a host for each; the sandbox serves them
/// all from one host, so only the path distinguishes them.
fn route_v1(context: &Context, request: &ApiRequest<'_>, path: &str) -> ApiResult {
    if let Some(rest) = path.strip_prefix("Services") {
        return services::route(context, request, rest);
    }
    if let Some(rest) = path.strip_prefix("a2p/BrandRegistrations") {
        return a2p::brands(context, request, rest);
    }
    if let Some(rest) = path.strip_prefix("Tollfree/Verifications") {
        return toll_free::route(context, request, rest.strip_prefix('/'));
    }
    if let Some(country) = path.strip_prefix("DialingPermissions/Countries") {
        return permissions::dialing(context, request, country.strip_prefix('/'));
    }
    match path {
        "Messaging/GeoPermissions" => permissions::messaging(context, request),
        "Alerts" => monitor::alerts(context, request),
        "Events" => monitor::events(context, request),
        _ => Err(request.not_found()),
    }
}
