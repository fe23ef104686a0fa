//! A request to the API.

use std::sync::Arc;

use http::Method;

use super::error::ApiError;
use super::form::Form;
use crate::sandbox::context::Context;

/// Method, path, query and form of a request.
pub(super) struct ApiRequest<'a> {
    pub(super) context: &'a Arc<Context>,
    /// Base URL that the client used. Links in the response begin with it, so that they work
    /// through a forwarded port, and below the path that names a product.
    pub(super) base_url: &'a str,
    /// Product that the host or the start of the path names.
    pub(super) product: Option<&'static str>,
    pub(super) method: Method,
    /// Path on the host of the product.
    pub(super) path: &'a str,
    pub(super) query: Form,
    pub(super) form: Form,
}

impl ApiRequest<'_> {
    /// Rejects every method except `GET`.
    pub(super) fn require_get(&self) -> Result<(), ApiError> {
        match self.method {
            Method::GET => Ok(()),
            _ => Err(ApiError::method_not_allowed()),
        }
    }

    /// Reports whether a SID in the path is that of the sandbox's account.
    pub(super) fn is_own_account(&self, sid: &str) -> bool {
        sid == self.context.account_sid.as_str()
    }

    /// Returns a segment of the path without its percent escapes.
    pub(super) fn unescape(segment: &str) -> String {
        // A form has the same escapes, and reads a plus as a space.
        let form = format!("s={}", segment.replace('+', "%2B").replace('&', "%26"));
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&form).unwrap_or_default();
        pairs
            .into_iter()
            .next()
            .map_or_else(String::new, |(_, text)| text)
    }

    pub(super) fn not_found(&self) -> ApiError {
        ApiError::not_found(self.path)
    }
}
