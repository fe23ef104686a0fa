//! Routes a request to the resource of its path.

use super::error::ApiError;
use super::request::ApiRequest;
use super::resources::{
    a2p, account, applications, calls, incoming_phone_numbers, messages, monitor, permissions,
    services, short_codes, toll_free,
};
use super::response::ApiResult;

pub(super) fn route(request: &ApiRequest<'_>) -> ApiResult {
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    match segments.as_slice() {
        ["2010-04-01", segments @ ..] => route_2010(request, segments),
        ["v1", segments @ ..] => route_v1(request, segments),
        _ => Err(request.not_found()),
    }
}

/// Routes a request to the 2010 API. Its paths end with the format of the response.
fn route_2010(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    let (last, rest) = segments.split_last().ok_or_else(|| request.not_found())?;
    let Some(last) = last.strip_suffix(".json") else {
        // Files, such as recordings and media, have no suffix or that of their format.
        return Err(ApiError::format_not_supported());
    };
    let mut segments = rest.to_vec();
    segments.push(last);
    match segments.as_slice() {
        ["Accounts"] => account::route(request, None),
        ["Accounts", sid] => account::route(request, Some(sid)),
        ["Accounts", sid, rest @ ..] if request.is_own_account(sid) => route_account(request, rest),
        _ => Err(request.not_found()),
    }
}

/// Routes a request to a resource of the account, without the suffix `.json`.
fn route_account(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    match segments {
        ["Applications"] => applications::route(request, None),
        ["Applications", sid] => applications::route(request, Some(sid)),
        ["Balance"] => account::balance(request),
        ["Calls"] => calls::route(request, None),
        ["Calls", sid] => calls::route(request, Some(sid)),
        ["IncomingPhoneNumbers"] => incoming_phone_numbers::route(request, None),
        ["IncomingPhoneNumbers", sid] => incoming_phone_numbers::route(request, Some(sid)),
        ["Messages"] => messages::route(request, None),
        ["Messages", sid] => messages::route(request, Some(sid)),
        ["SMS", "ShortCodes"] => short_codes::route(request, None),
        ["SMS", "ShortCodes", sid] => short_codes::route(request, Some(sid)),
        _ => Err(request.not_found()),
    }
}

/// Routes a request to one of the newer APIs. Twilio has a host for each; the sandbox serves them
/// all from one host, so only the path distinguishes them.
fn route_v1(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    match segments {
        ["Alerts"] => monitor::alerts(request),
        ["DialingPermissions", "Countries"] => permissions::dialing(request, None),
        ["DialingPermissions", "Countries", code] => permissions::dialing(request, Some(code)),
        ["Events"] => monitor::events(request),
        ["Messaging", "GeoPermissions"] => permissions::messaging(request),
        ["Services", rest @ ..] => services::route(request, rest),
        ["Tollfree", "Verifications"] => toll_free::route(request, None),
        ["Tollfree", "Verifications", sid] => toll_free::route(request, Some(sid)),
        ["a2p", "BrandRegistrations"] => a2p::brands(request, None),
        ["a2p", "BrandRegistrations", sid] => a2p::brands(request, Some(sid)),
        _ => Err(request.not_found()),
    }
}
