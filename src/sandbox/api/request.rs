//! A request to the API.

use http::Method;

use super::error::ApiError;
use super::form::Form;

/// Method, path, query and form of a request.
pub(super) struct ApiRequest<'a> {
    pub(super) method: Method,
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

    pub(super) fn not_found(&self) -> ApiError {
        ApiError::not_found(self.path)
    }
}
