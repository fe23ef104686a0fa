//! Routes a request to the resource of its path.

use super::error::ApiError;
use super::products;
use super::request::ApiRequest;
use super::resources::{
    account, api_keys, applications, auth_tokens, available_phone_numbers, brands, calls,
    conferences, consents, deactivations, dialing_permissions, empty_lists, incoming_phone_numbers,
    lookups, messages, messaging_permissions, monitor, oauth, outgoing_caller_ids, queues,
    recordings, safe_list, services, short_codes, tokens, toll_free, transcriptions, usage,
};
use super::response::ApiResult;
use crate::sandbox::state::NumberType;

pub(super) fn route(request: &ApiRequest<'_>) -> ApiResult {
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    products::check(request.product, &segments)?;
    match segments.as_slice() {
        ["2010-04-01", segments @ ..] => route_2010(request, segments),
        ["v1", segments @ ..] => route_v1(request, segments),
        ["v2", "token"] => oauth::v2(request),
        ["v2", "PhoneNumbers", number] => lookups::v2(request, number),
        ["deactivations", file] => deactivations::file(request, file),
        ["v2" | "v3" | "v4", ..] => Err(products::unknown_path(request.path)),
        _ => Err(request.not_found()),
    }
}

/// Routes a request to the 2010 API. Its paths end with the format of the response.
fn route_2010(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    if let ["Accounts", account, "Messages", message, "Media", media] = segments
        && request.is_own_account(account)
        && !media.contains('.')
    {
        return messages::file(request, message, media);
    }
    if let ["Accounts", account, "Recordings", file] = segments
        && request.is_own_account(account)
        && recordings::is_file(file)
    {
        return recordings::file(request, file);
    }
    let (last, rest) = segments.split_last().ok_or_else(|| request.not_found())?;
    let Some(last) = last.strip_suffix(".json") else {
        return Err(ApiError::format_not_supported());
    };
    let mut segments = rest.to_vec();
    segments.push(last);
    match segments.as_slice() {
        ["Accounts"] => account::list_or_create(request),
        ["Accounts", sid] => account::one(request, sid),
        ["Accounts", sid, rest @ ..] if request.is_own_account(sid) => route_account(request, rest),
        ["Accounts", sid, ..] if account::is_subaccount(request, sid) => {
            Err(ApiError::not_supported("resources of subaccounts"))
        }
        _ => Err(request.not_found()),
    }
}

/// Routes a request to a resource of the account, without the suffix `.json`.
fn route_account(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    match segments {
        ["Addresses"] => empty_lists::route(request, "addresses"),
        ["Applications"] => applications::route(request, None),
        ["Applications", sid] => applications::route(request, Some(sid)),
        ["AuthorizedConnectApps"] => empty_lists::route(request, "authorized_connect_apps"),
        ["AvailablePhoneNumbers"] => available_phone_numbers::countries(request),
        ["AvailablePhoneNumbers", country] => available_phone_numbers::country(request, country),
        ["AvailablePhoneNumbers", country, kind] => {
            available_phone_numbers::numbers(request, country, kind)
        }
        ["Balance"] => account::balance(request),
        ["Calls", rest @ ..] => calls::route(request, rest),
        ["Conferences", rest @ ..] => conferences::route(request, rest),
        ["ConnectApps"] => empty_lists::route(request, "connect_apps"),
        ["IncomingPhoneNumbers"] => incoming_phone_numbers::route(request, None),
        ["IncomingPhoneNumbers", "Local"] => {
            incoming_phone_numbers::of_type(request, NumberType::Local)
        }
        ["IncomingPhoneNumbers", "Mobile"] => {
            incoming_phone_numbers::of_type(request, NumberType::Mobile)
        }
        ["IncomingPhoneNumbers", "TollFree"] => {
            incoming_phone_numbers::of_type(request, NumberType::TollFree)
        }
        ["IncomingPhoneNumbers", sid] => incoming_phone_numbers::route(request, Some(sid)),
        ["IncomingPhoneNumbers", sid, "AssignedAddOns"] => {
            incoming_phone_numbers::add_ons(request, sid)
        }
        ["Keys"] => api_keys::list_or_create(request, "keys"),
        ["Keys" | "SigningKeys", sid] => api_keys::one(request, sid),
        ["Messages", rest @ ..] => messages::route(request, rest),
        ["Notifications", ..] => Err(ApiError::not_supported("Notifications; use Alerts")),
        ["OutgoingCallerIds"] => outgoing_caller_ids::list_or_create(request),
        ["OutgoingCallerIds", sid] => outgoing_caller_ids::one(request, sid),
        ["Queues", rest @ ..] => queues::route(request, rest),
        ["Recordings"] => recordings::list(request),
        ["Recordings", sid] => recordings::one(request, sid),
        ["Recordings", sid, "Transcriptions", rest @ ..] => {
            transcriptions::of_recording(request, sid, rest)
        }
        ["SIP", "CredentialLists"] => empty_lists::route(request, "credential_lists"),
        ["SIP", "Domains"] => empty_lists::route(request, "domains"),
        ["SIP", "IpAccessControlLists"] => empty_lists::route(request, "ip_access_control_lists"),
        ["SMS", "ShortCodes"] => short_codes::route(request, None),
        ["SMS", "ShortCodes", sid] => short_codes::route(request, Some(sid)),
        ["SigningKeys"] => api_keys::list_or_create(request, "signing_keys"),
        ["Tokens"] => tokens::route(request),
        ["Transcriptions"] => transcriptions::list(request),
        ["Transcriptions", sid] => transcriptions::one(request, sid),
        ["Usage", "Records"] => usage::records(request, None),
        ["Usage", "Records", period] => usage::records(request, Some(period)),
        ["Usage", "Triggers"] => empty_lists::route(request, "usage_triggers"),
        _ => Err(request.not_found()),
    }
}

/// Reports whether a path is that of a file which Twilio serves without credentials, because its
/// URL cannot be guessed: media, and reports of deactivated numbers.
///
/// Source: <https://www.twilio.com/docs/messaging/api/media-resource>
pub(super) fn is_public_file(path: &str) -> bool {
    let is_media = path.contains("/Messages/") && path.contains("/Media/ME") && !path.contains('.');
    is_media || path.starts_with("/deactivations/")
}

/// Routes a request to one of the newer APIs by its path.
fn route_v1(request: &ApiRequest<'_>, segments: &[&str]) -> ApiResult {
    match segments {
        ["Alerts"] => monitor::alerts(request),
        ["Alerts", sid] => monitor::alert(request, sid),
        ["AuthTokens", "Promote"] => auth_tokens::promotion(request),
        ["AuthTokens", "Secondary"] => auth_tokens::secondary(request),
        ["Consents", "Bulk"] => consents::route(request),
        ["Content"] => empty_lists::content(request),
        ["Deactivations"] => deactivations::report(request),
        ["DialingPermissions", "BulkCountryUpdates"] => dialing_permissions::update(request),
        ["DialingPermissions", "Countries"] => dialing_permissions::list_or_fetch(request, None),
        ["DialingPermissions", "Countries", code] => {
            dialing_permissions::list_or_fetch(request, Some(code))
        }
        [
            "DialingPermissions",
            "Countries",
            _,
            "HighRiskSpecialPrefixes",
        ] => Err(ApiError::not_supported("prefixes of high risk")),
        ["Events"] => monitor::events(request),
        ["Events", sid] => monitor::event(request, sid),
        ["Keys"] => api_keys::v1(request),
        ["Keys", sid] => api_keys::one(request, sid),
        ["Messaging", "GeoPermissions"] => messaging_permissions::route(request),
        ["PhoneNumbers", number] => lookups::v1(request, number),
        ["SafeList", "Numbers"] => safe_list::route(request),
        ["Services", rest @ ..] => services::route(request, rest),
        ["Settings"] => dialing_permissions::settings(request),
        ["Tollfree", "Verifications"] => toll_free::route(request, None),
        ["Tollfree", "Verifications", sid] => toll_free::route(request, Some(sid)),
        ["a2p", "BrandRegistrations", rest @ ..] => brands::route(request, rest),
        ["token"] => oauth::v1(request),
        _ => Err(products::unknown_path(request.path)),
    }
}
