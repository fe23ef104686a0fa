//! Error responses of the API.

use std::fmt;

use http::StatusCode;

use crate::sandbox::messages::checks::Refusal;

/// An error response in Twilio's format.
///
/// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions>
pub(crate) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) code: u32,
    pub(super) message: String,
}

/// Number of resources of each kind that a client can create, so that a sandbox does not fill the
/// memory.
const RESOURCE_LIMIT: usize = 10_000;

impl ApiError {
    pub(super) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    pub(super) fn bad_request(code: u32, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn conflict(code: u32, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    pub(super) fn not_found(path: &str) -> Self {
        let message = format!("The requested resource {path} was not found");
        Self::new(StatusCode::NOT_FOUND, 20404, message)
    }

    /// Creates the error for a path that asks for another format than JSON, such as XML.
    pub(super) fn format_not_supported() -> Self {
        let message = "The sandbox answers in JSON only: the path must end with .json";
        Self::new(StatusCode::NOT_FOUND, 20404, message)
    }

    /// Creates the error for a resource or parameter that Twilio has and the sandbox does not.
    pub(super) fn not_supported(what: &str) -> Self {
        let message = format!("The sandbox does not support {what}");
        Self::new(StatusCode::NOT_FOUND, 20404, message)
    }

    /// Rejects a new resource if there are too many already.
    pub(super) fn check_limit(stored: usize) -> Result<(), Self> {
        if stored < RESOURCE_LIMIT {
            return Ok(());
        }
        Err(Self::not_supported("more than 10,000 resources of a kind"))
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 20003, "Authenticate")
    }

    /// Returns the message for the client. It may contain personal data from the request.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, 20004, "Method not allowed")
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code {
            20005 => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::new(status, refusal.code, refusal.message)
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message may contain personal data from the request.
        write!(f, "ApiError({}, {})", self.status.as_u16(), self.code)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Twilio would respond with error {}", self.code)
    }
}

impl std::error::Error for ApiError {}
