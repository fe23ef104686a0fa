//! Resources of Twilio that the sandbox does not have: their lists are empty.

use http::Method;

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{page, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::ApiResult;

/// Handles a request for the content templates, of which the account has none.
pub(in crate::sandbox::api) fn content(request: &ApiRequest<'_>) -> ApiResult {
    match request.method {
        Method::GET => page_v1(request, "contents", &[]),
        _ => Err(ApiError::not_supported("content templates")),
    }
}

/// Handles a request for a list that is always empty. `name` is its field in the response.
///
/// Filters are not checked, because none can exclude an item.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, name: &str) -> ApiResult {
    match request.method {
        Method::GET => page(request, name, &[]),
        _ => Err(ApiError::not_supported(name)),
    }
}
