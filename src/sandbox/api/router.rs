//! Routes a request to the resource of its path.

use super::request::ApiRequest;
use super::resources::{
    a2p, account, applications, calls, incoming_phone_numbers, messages, monitor, permissions,
    services, short_codes, toll_free,
};
use super::response::ApiResult;

pub(super) fn route(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    if let Some(rest) = request.path.strip_prefix("/v1/") {
        return route_v1(request, rest);
    }
    if request.path == "/2010-04-01/Accounts.json" {
        return account::route(request, None);
    }
    if let Some(sid) = request.path.strip_prefix("/2010-04-01/Accounts/")
        && let Some(sid) = sid.strip_suffix(".json").filter(|sid| !sid.contains('/'))
    {
        return account::route(request, Some(sid));
    }
    let account = format!("/2010-04-01/Accounts/{}/", context.account_sid);
    let rest = request
        .path
        .strip_prefix(&account)
        .and_then(|rest| rest.strip_suffix(".json"))
        .ok_or_else(|| request.not_found())?;
    if let Some(rest) = rest.strip_prefix("SMS/ShortCodes") {
        return short_codes::route(request, rest.strip_prefix('/'));
    }
    let (resource, sid) = match rest.split_once('/') {
        Some((resource, sid)) => (resource, Some(sid)),
        None => (rest, None),
    };
    match resource {
        "Balance" => account::balance(request),
        "Messages" => messages::route(request, sid),
        "Calls" => calls::route(request, sid),
        "IncomingPhoneNumbers" => incoming_phone_numbers::route(request, sid),
        "Applications" => applications::route(request, sid),
        _ => Err(request.not_found()),
    }
}

/// Routes a request to one of the newer APIs. Twilio has a host for each; the sandbox serves them
/// all from one host, so only the path distinguishes them.
fn route_v1(request: &ApiRequest<'_>, path: &str) -> ApiResult {
    if let Some(rest) = path.strip_prefix("Services") {
        return services::route(request, rest);
    }
    if let Some(rest) = path.strip_prefix("a2p/BrandRegistrations") {
        return a2p::brands(request, rest);
    }
    if let Some(rest) = path.strip_prefix("Tollfree/Verifications") {
        return toll_free::route(request, rest.strip_prefix('/'));
    }
    if let Some(country) = path.strip_prefix("DialingPermissions/Countries") {
        return permissions::dialing(request, country.strip_prefix('/'));
    }
    match path {
        "Messaging/GeoPermissions" => permissions::messaging(request),
        "Alerts" => monitor::alerts(request),
        "Events" => monitor::events(request),
        _ => Err(request.not_found()),
    }
}
